"""Archives to start from: kinds of members that the tests write in Swift, and what is said of them in several ways."""

import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Iterator
from types import SimpleNamespace
from zlib import crc32

TIME = (2024, 1, 1, 0, 0, 0)
UNICODE, ENCRYPTED, DESCRIPTOR = 0x800, 1, 8


def _tar(format: int, *members: tuple[str, bytes, dict[str, object]]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=format) as archive:
        for name, content, fields in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            for field, value in fields.items():
                setattr(member, field, value)
            archive.addfile(member, io.BytesIO(content))
    # Without the padding to a tape's record.
    end = file.getvalue().rstrip(b"\0")
    return end.ljust(-(-len(end) // 512) * 512, b"\0") + bytes(1024)


def _link(target: str, kind: bytes = tarfile.SYMTYPE) -> dict[str, object]:
    return {"type": kind, "linkname": target}


def tars() -> Iterator[bytes]:
    pax, gnu = tarfile.PAX_FORMAT, tarfile.GNU_FORMAT
    long = "l" * 120 + ".jpg"
    for format in (pax, gnu):
        yield _tar(format, (long, b"x", {}), ("a.jpg", b"", _link(long)), ("b.jpg", b"", _link(long, tarfile.LNKTYPE)))
    yield _tar(pax, ("a/b.jpg", b"x", {"pax_headers": {"size": "1", "mtime": "1.5", "linkpath": "c"}}), ("a/b.txt", b"text", {}),
               ("a/b.json", b"{}", {}), ("a/c.jpg", b"", _link("../a/./b.jpg")), ("a/d.jpg", b"", _link("../../b.jpg")))
    # Links to links, to nothing, in a circle, and of a sidecar.
    yield _tar(pax, ("a.jpg", b"", _link("b.jpg")), ("b.jpg", b"", _link("a.jpg")), ("c.jpg", b"", _link("d.jpg", tarfile.LNKTYPE)),
               ("e.jpg", b"", _link("f.jpg")), ("f.jpg", b"", _link("g.jpg")), ("g.jpg", b"x", {}), ("g.txt", b"", _link("h.txt")))
    yield _tar(gnu, *((f"same.{number}.jpg", b"x", {}) for number in range(3)), ("same.txt", b"a", {}), ("same.txt", b"\xff", {}))
    # Sizes above the limit, and beyond the end.
    for size in (3 << 20, 1 << 40):
        head = tarfile.TarInfo("big.jpg")
        head.size = size
        yield head.tobuf(gnu) + b"x" * 512 + bytes(1024)
    yield _tar(pax, ("a.jpg", b"x", {}))[:700]


def xz_with_large_window() -> bytes:
    """A tar archive in xz, whose header asks for a window of 4 GiB."""
    packed = lzma.compress(next(tars()))
    length = 4 * (packed[12] + 1)
    head = packed[12:16] + bytes([40]) + packed[17:12 + length - 4]
    return packed[:12] + head + struct.pack("<I", crc32(head)) + packed[12 + length:]


def _stored(names: dict[str, bytes], compression: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in names.items():
            archive.writestr(zipfile.ZipInfo(name, TIME), content, compression)
    return file.getvalue()


def _member(name: bytes, content: bytes = b"x", flags: int = 0, method: int = 0, extra: bytes = b"", wide: bool = False,
            made_by: int = 3, mode: int = 0o100644, comment: bytes = b"", start: int = 0) -> tuple[bytes, bytes]:
    """A member and its entry in the directory."""
    size = 0xFFFFFFFF if wide else len(content)
    if wide:
        extra += struct.pack("<HHQQ", 1, 16, len(content), len(content))
    sizes = struct.pack("<III", crc32(content), size, size)
    common = struct.pack("<HHHH", flags, method, 0, 0x5821)
    local = b"PK\3\4" + struct.pack("<H", 20) + common + sizes + struct.pack("<HH", len(name), len(extra)) + name + extra + content
    entry = (b"PK\1\2" + struct.pack("<BBH", 20, made_by, 20) + common + sizes
             + struct.pack("<HHHHHII", len(name), len(extra), len(comment), 0, 0, mode << 16, start) + name + extra + comment)
    return local, entry


def _zip(*members: tuple[bytes, bytes], front: bytes = b"", wide: bool = False, disk: int = 0, comment: bytes = b"") -> bytes:
    body, directory = front, b""
    for local, entry in members:
        directory += entry[:42] + struct.pack("<I", len(body) - len(front)) + entry[46:]
        body += local
    start, end = len(body) - len(front), b""
    if wide:
        end = (b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, len(members), len(members), len(directory), start)
               + b"PK\6\7" + struct.pack("<IQI", 0, len(body) + len(directory), 1))
    end += b"PK\5\6" + struct.pack("<HHHHIIH", disk, disk, len(members), len(members), 0xFFFFFFFF if wide else len(directory),
                                   0xFFFFFFFF if wide else start, len(comment)) + comment
    return body + directory + end


def zips() -> Iterator[bytes]:
    names = {"a.jpg": b"image " * 9, "b/": b"", "b/c.png": b"", "__MACOSX/._a.jpg": b"x"}
    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        yield _stored(names, compression)
    streamed = io.BytesIO()
    # A stream without positions: sizes follow the contents.
    with zipfile.ZipFile(SimpleNamespace(write=streamed.write, flush=streamed.flush), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a.jpg", TIME), b"image " * 9, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("b.jpg", TIME), b"image " * 9, zipfile.ZIP_DEFLATED)
    whole = streamed.getvalue()
    cut = whole[:whole.index(b"PK\1\2")]
    yield from (whole, cut, cut[:-30], cut.replace(b"PK\7\x08", b""))
    name = b"\x81.jpg"
    renamed = struct.pack("<HHBI", 0x7075, 5 + 6, 1, crc32(name)) + "ü.jpg".encode()
    yield _zip(_member(name), _member("ü.jpg".encode(), flags=UNICODE), _member(name, extra=renamed), _member(b"a\\b.jpg", made_by=0))
    yield _zip(_member(b"a.jpg", flags=ENCRYPTED), _member(b"b.jpg", method=99), _member(b"c.jpg", b"a.jpg", mode=0o120777),
               _member(b"d.jpg", method=1), _member(b"e.jpg", method=93), _member(b"f.jpg", method=95), _member(b"g.jpg", method=12),
               _member(b"h.jpg", flags=DESCRIPTOR), comment=b"a comment")
    yield _zip(_member(b"a.jpg", wide=True), _member(b"b.jpg", comment=b"c"), wide=True)
    yield _zip(_member(b"a.jpg"), front=b"#!/bin/sh\n" * 9)
    yield _zip(_member(b"a.jpg", wide=True), front=b"MZ" + bytes(80), wide=True)
    yield _zip(_member(b"a.jpg"), disk=1)
    local, entry = _member(b"a.jpg")
    yield _zip((local, entry[:24] + struct.pack("<I", 3 << 20) + entry[28:]), (b"", entry))
    yield _zip((local, entry.replace(b"PK\1\2", b"PK\1\3")))
    yield from (local, local[:-1], b"PK\3\4", local + b"PK\3\4" + bytes(20))
