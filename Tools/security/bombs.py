"""Files of a few kilobytes that stand for gigabytes: each is refused or read as far as it is an image, and takes neither the
memory nor the time.
"""

import bz2
import gzip
import io
import lzma
import random
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow
import pyarrow.parquet
from make_hostile_files import chunk, png
from stored import failures, require, vectors

from security.tool import Tool

MIB = 1 << 20
ZEROS = {"gz": 1100, "xz": 1100, "zst": 2048, "bz2": 100}
"""MiB of zeros in compressed archives: more than the largest file that is read, but for bz2, which unpacks slowly."""
REFUSED = "small.parquet"
"""A file that is too small for what one of its pages asks for."""
SECONDS = 60
"""Of processor time: a multiple of what each takes on a slow machine; without limits, most take minutes or all memory."""


@dataclass
class Bomb:
    """A source; the number of its images that are stored, and of those that fail; the MiB that it may take."""

    source: str
    stored: int
    failed: int
    memory: int


def check_bombs(tool: Tool, photo: bytes) -> str:
    """Embeds each bomb beside sound photographs, and compares peak memory with that of a run over two photographs."""
    place = tool.place
    with tarfile.open(place / "two.tar", "w") as archive:
        for name in ("a.png", "b.png"):
            add(archive, name, photo)
    alone = tool.embed("two.tar", store="two-store")
    require(alone.status == 0, f"two photographs: {alone.text}")
    bombs = [*archives(place, photo), *windows(place), *images(place, photo), *tables(place, photo)]
    most, longest = 0, 0.0
    for bomb in bombs:
        store = f"{bomb.source}-store"
        outcome = tool.embed(bomb.source, "--allow-failures", store=store, seconds=SECONDS)
        require(outcome.status == 0, f"{bomb.source} ends with {outcome.status}: {outcome.text}")
        require(len(outcome.text) < 200_000, f"{bomb.source} prints {len(outcome.text)} characters")
        counts = len(vectors(place / store)), len(failures(place / store))
        require(counts == (bomb.stored, bomb.failed), f"{bomb.source}: {counts} stored and failed: {outcome.text}")
        more = outcome.memory - alone.memory
        require(more < bomb.memory, f"{bomb.source} takes {more} MiB more than two photographs")
        most, longest = max(most, more), max(longest, outcome.seconds)
    outcome = tool.embed(REFUSED, "--allow-failures", store="refused-store", seconds=SECONDS)
    require(outcome.status != 0 and "it asks for" in outcome.text, f"{REFUSED} ends with {outcome.status}: {outcome.text}")
    more = outcome.memory - alone.memory
    require(more < 100, f"{REFUSED} takes {more} MiB more than two photographs")
    return f"bombs: {len(bombs) + 1}, which take at most {most} MiB more than two photographs, and {longest:.0f} s of processor time"


def add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))


def archives(place: Path, photo: bytes) -> list[Bomb]:
    """Compressed archives of two photographs and, between them, an image of gigabytes, which is all zeros."""
    openers: dict[str, Callable[[Path], BinaryIO]] = {
        "gz": lambda path: gzip.open(path, "wb", compresslevel=1), "bz2": lambda path: bz2.open(path, "wb"),
        "xz": lambda path: lzma.open(path, "wb", preset=0), "zst": lambda path: pyarrow.CompressedOutputStream(str(path), "zstd"),
    }
    for kind, opener in openers.items():
        with opener(place / f"bomb.tar.{kind}") as file:
            file.write(tar_member("a.png", photo))
            head = tarfile.TarInfo("bomb.png")
            head.size = ZEROS[kind] * MIB
            file.write(head.tobuf())
            for _ in range(ZEROS[kind]):
                file.write(bytes(MIB))
            file.write(tar_member("b.png", photo) + bytes(2 * tarfile.BLOCKSIZE))
    with zipfile.ZipFile(place / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", photo)
        with archive.open("bomb.png", "w", force_zip64=True) as member:
            for _ in range(1100):
                member.write(bytes(MIB))
        archive.writestr("b.png", photo)
    return [Bomb(f"bomb.tar.{kind}", 2, 1, 200) for kind in openers] + [Bomb("bomb.zip", 2, 1, 100)]


def tar_member(name: str, data: bytes) -> bytes:
    head = tarfile.TarInfo(name)
    head.size = len(data)
    return head.tobuf() + data + bytes(-len(data) % tarfile.BLOCKSIZE)


def windows(place: Path) -> list[Bomb]:
    """Small archives whose headers ask for a window of more than a gigabyte."""
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1536 * MIB - 1}]
    (place / "window.tar.xz").write_bytes(lzma.compress(bytes(10_000), filters=filters))
    # A frame without a size: magic, descriptor, a window of 2 GiB, and one raw block of 512 zeros, the last.
    frame = b"\x28\xb5\x2f\xfd" + bytes([0, 21 << 3]) + (512 << 3 | 1).to_bytes(3, "little") + bytes(512)
    (place / "window.tar.zst").write_bytes(frame)
    return [Bomb("window.tar.xz", 0, 1, 100), Bomb("window.tar.zst", 0, 1, 100)]


def images(place: Path, photo: bytes) -> list[Bomb]:
    """PNG images whose texts, profile or pixels expand, once or many times."""
    zeros, some = zlib.compress(bytes(512 * MIB)), zlib.compress(bytes(8 * MIB))
    text = b"Raw profile type exif\0\0"
    chunks = {
        "ztxt": chunk(b"zTXt", text + zeros), "itxt": chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zeros),
        "iccp": chunk(b"iCCP", b"icc\0\0" + zeros), "many": chunk(b"zTXt", text + some) * 1000,
    }
    for name, extra in chunks.items():
        (place / name).mkdir()
        (place / name / "image.png").write_bytes(photo[:33] + extra + photo[33:])
    (place / "idat").mkdir()
    data = png(8, 8, bytes(64))
    (place / "idat/image.png").write_bytes(data[:33] + chunk(b"IDAT", zeros) + data[-12:])
    # Pixels behind those of the header are left alone, as libpng does.
    return [Bomb(name, 1, 0, 100) for name in (*chunks, "idat")]


def tables(place: Path, photo: bytes) -> list[Bomb]:
    """Parquet files whose values expand: one huge image, one image that many rows share, one path that many share."""
    huge = pyarrow.array([photo, bytes(900 * MIB), photo], pyarrow.binary())
    table = pyarrow.table({"id": ["a", "bomb", "b"], "image": huge})
    pyarrow.parquet.write_table(table, place / REFUSED, compression="zstd", use_dictionary=False)
    # Beside what does not shrink.
    table = table.append_column("noise", pyarrow.array([random.Random(1).randbytes(2 * MIB), None, None]))
    pyarrow.parquet.write_table(table, place / "huge.parquet", compression="zstd", use_dictionary=False)
    for name, column, rows, value in (("shared", "image", 300, bytes(4 * MIB)), ("paths", "path", 300, "x" * MIB)):
        values = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * rows, pyarrow.int32()), pyarrow.array([value]))
        table = pyarrow.table({"id": [f"{row}" for row in range(rows)], column: values})
        pyarrow.parquet.write_table(table, place / f"{name}.parquet", compression="zstd")
    return [Bomb("huge.parquet", 2, 1, 3000), Bomb("shared.parquet", 0, 300, 1000), Bomb("paths.parquet", 0, 300, 1000)]
