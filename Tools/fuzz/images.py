"""Images to start from: small fixtures of the tests with other headers, for what no encoder of theirs writes."""

import struct
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2] / "Tests"
MOST_SCANS = 500
"""That are decoded of a JPEG file."""
PRIMARIES = (1, 2, 4, 5, 6, 8, 9, 10, 11, 12, 22)
"""Code points of colours that HEIF files name; their matrix follows from them with the code point 12."""


def jpegs() -> Iterator[bytes]:
    fixtures = TESTS / "CLIPImageTests/Fixtures"
    baseline = (fixtures / "rgb-420-8x8.jpg").read_bytes()
    frame = baseline.index(b"\xff\xc0")
    for marker in (0xC3, 0xC9, 0xCA, 0xCF):
        yield baseline[:frame + 1] + bytes([marker]) + baseline[frame + 2:]
    for offset, value in ((4, 12), (5, 0), (9, 2), (9, 5), (11, 0x55)):
        yield baseline[:frame + offset] + bytes([value]) + baseline[frame + offset + 1:]
    # Another frame, and another image, behind tables alone.
    tables = baseline[:frame] + b"\xff\xd9"
    yield from (tables + baseline, baseline[:frame] + (fixtures / "gray.jpg").read_bytes()[2:], baseline[:-2])
    progressive = (fixtures / "gray-progressive.jpg").read_bytes()
    last = progressive.rindex(b"\xff\xda")
    for scans in (2, MOST_SCANS + 1):
        yield progressive[:last] + progressive[last:-2] * scans + b"\xff\xd9"


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def jpeg_2000s() -> Iterator[bytes]:
    fixtures = TESTS / "CLIPImageFormatsTests/Fixtures"
    palette = _box(b"pclr", struct.pack(">HB3B", 4, 3, 7, 7, 7) + bytes(range(12))) + _box(
        b"cmap", b"".join(struct.pack(">HBB", 0, 1, column) for column in range(3)))
    for name in ("gray", "gray-alpha"):
        file = (fixtures / f"jp2-{name}-lossy.jp2").read_bytes()
        start = file.index(b"jp2h") - 4
        size = struct.unpack_from(">I", file, start)[0]
        head = file[start + 8:start + size]
        yield file[:start] + _box(b"jp2h", head + palette) + file[start + size:]
        yield file[:start] + _box(b"jp2h", head + palette.replace(b"\0\4\3", b"\0\0\3")) + file[start + size:]
        yield file[:start + size] + _box(b"xml ", b"<x/>" * 9) + file[start + size:]
    for name in ("gray.j2k", "rgb-lossy.j2k"):
        stream = (fixtures / f"jp2-{name}").read_bytes()
        # Behind the mark of sizes: bits and signs of the first component, its steps, and the number of components.
        for offset, value in ((42, 0x87), (42, 15), (42, 23), (42, 30), (42, 0x9E), (42, 0), (43, 2), (44, 0), (41, 2), (41, 5)):
            yield stream[:offset] + bytes([value]) + stream[offset + 1:]
        for sizes in ((256, 257, 0, 0, 1, 1), (1 << 31, 9, 0, 0, 9, 9), (64, 64, 64, 64, 8, 8), (64, 64, 8, 8, 8, 8)):
            yield stream[:8] + struct.pack(">6I", *sizes) + stream[32:]
        coding = stream.index(b"\xff\x52")
        end = coding + 2 + struct.unpack_from(">H", stream, coding + 2)[0]
        of_component = b"\0\0" + stream[coding + 9:end]
        yield stream[:end] + b"\xff\x53" + struct.pack(">H", 2 + len(of_component)) + of_component + stream[end:]
        yield from (stream[:len(stream) // 2], stream[:coding], stream[:end] + b"\xff\x64\0\6\0\1ab" + stream[end:])


def heics() -> Iterator[bytes]:
    file = (TESTS / "CLIPImageFormatsTests/Fixtures/heic-matrix-1-limited-420.heic").read_bytes()
    start = file.index(b"nclx") + 4
    colors = [(primaries, 12) for primaries in PRIMARIES] + [(1, matrix) for matrix in (0, 1, 2, 8, 9, 10, 11, 14)]
    for primaries, matrix in colors:
        yield file[:start] + struct.pack(">HHHB", primaries, 2, matrix, 0) + file[start + 7:]
    configuration = file.index(b"hvcC")
    # Cut image data, and parameters of another size.
    yield from (file[:-100], file[:configuration + 60] + bytes(9) + file[configuration + 69:], file.replace(b"hvcC", b"hvcD"))
    for side in (struct.pack(">I", 9), struct.pack(">I", 1000)):
        size = file.index(b"ispe") + 8
        yield file[:size] + side + file[size + 4:]
