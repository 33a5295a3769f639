"""Writes a folder of damaged, oversized and misnamed files, made from one photograph.

    python Tools/make_hostile_files.py --output DIR --photo FILE > manifest.json

The manifest, on standard output, gives for each id (the file's path below DIR, with each byte that is not UTF-8 as \\xNN)
what embedding the folder should make of it: `embedded`, or the stage at which it fails. `DIR/.photo.jpg` is a sound
JPEG of the photograph, which folders do not offer. The same photograph gives the same files.
"""

import argparse
import io
import json
import os
import struct
import zlib
from pathlib import Path

from PIL import Image

EMBEDDED, READ, DECODE, LIMIT = "embedded", "read", "decode", "limit"
SIDE = 65_500
"""The largest side that libjpeg takes."""


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, rows: bytes) -> bytes:
    """A grey PNG whose image data need not be what its header says."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def scan_start(jpeg: bytes) -> int:
    """Index of the marker that starts the first scan."""
    position = 2
    while jpeg[position + 1] != 0xDA:
        position += 2 + int.from_bytes(jpeg[position + 2:position + 4], "big")
    return position


def resized_header(jpeg: bytes, width: int, height: int) -> bytes:
    """The JPEG with another size in its frame header."""
    frame = jpeg.index(b"\xff\xc0")
    return jpeg[:frame + 5] + struct.pack(">HH", height, width) + jpeg[frame + 9:]


def with_exif(jpeg: bytes, tiff: bytes) -> bytes:
    content = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content + jpeg[2:]


def truncations(kind: str, data: bytes, header: int) -> dict[str, tuple[bytes, str]]:
    size = len(data)
    ends = {"0-bytes": 0, "1-byte": 1, "2-bytes": 2, "10-bytes": 10, "header-only": header, "25-percent": size // 4,
            "50-percent": size // 2, "99-percent": size * 99 // 100, "minus-2-bytes": size - 2, "minus-1-byte": size - 1}
    # A PNG file that lacks a part of its last chunk has all its pixels.
    complete = {"minus-2-bytes", "minus-1-byte"} if kind == "png" else set()
    return {f"truncated/{name}.{kind}": (data[:end], EMBEDDED if name in complete else DECODE)
            for name, end in ends.items()}


def damaged_exif(jpeg: bytes) -> dict[str, tuple[bytes, str]]:
    little = b"II*\0"
    entry = struct.pack("<HHI", 0x0112, 3, 1)
    cases = {
        "directory-beyond-end": little + struct.pack("<I", 0xFFFFFFF0),
        "directory-in-header": little + struct.pack("<I", 0),
        "directory-loops": little + struct.pack("<IH", 8, 0) + struct.pack("<I", 8),
        "huge-entry-count": little + struct.pack("<IH", 8, 0xFFFF),
        "huge-value-count": little + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0x0112, 3, 0xFFFFFFFF, 6),
        "orientation-200": little + struct.pack("<IH", 8, 1) + entry + struct.pack("<II", 200, 0),
        "cut-within-entry": little + struct.pack("<IH", 8, 1) + entry[:5],
        "garbage": bytes((index * 73 + 41) % 256 for index in range(400)),
        "empty": b"",
    }
    return {f"exif/{name}.jpg": (with_exif(jpeg, tiff), EMBEDDED) for name, tiff in cases.items()}


def bombs(jpeg: bytes) -> dict[str, tuple[bytes, str]]:
    canvas = (100_000 - 1).to_bytes(3, "little") * 2
    strip = Image.new("L", (5000, 2), 90)
    return {
        "bombs/100000x100000.png": (png(100_000, 100_000, bytes(1000)), LIMIT),
        "bombs/65500x65500.jpg": (resized_header(jpeg, SIDE, SIDE), LIMIT),
        "bombs/100000x100000.webp": (b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + canvas, LIMIT),
        "bombs/strip-5000x2.png": (encoded(strip, "PNG"), LIMIT),
        "bombs/strip-5000x2.jpg": (encoded(strip, "JPEG"), LIMIT),
        "bombs/strip-5000x2.webp": (encoded(strip, "WEBP", lossless=True), LIMIT),
    }


def other_kinds(photo: Image.Image, png_data: bytes) -> dict[str, tuple[bytes, str]]:
    heic = struct.pack(">I", 24) + b"ftypheic\0\0\0\0mif1heic" + bytes(64)
    return {
        "kinds/png-named.jpg": (png_data, EMBEDDED),
        "kinds/webp-named.png": (encoded(photo, "WEBP", quality=80), EMBEDDED),
        "kinds/zeros.jpg": (bytes(4096), DECODE),
        "kinds/text.jpg": (b"What a lovely picture.\n", DECODE),
        "kinds/page.jpg": (b"<!DOCTYPE html><title>404 Not Found</title>\n", DECODE),
        "kinds/picture.gif": (encoded(photo, "GIF"), EMBEDDED),
        "kinds/picture.bmp": (encoded(photo, "BMP"), EMBEDDED),
        "kinds/picture.tiff": (encoded(photo, "TIFF"), EMBEDDED),
        "kinds/picture.heic": (heic, DECODE),
    }


def odd_names(jpeg: bytes) -> dict[bytes, tuple[bytes, str]]:
    names = [b"names/new\nline.jpg", "names/caf\u00e9 \U0001F408.jpg".encode(), b"names/bad-\xff-byte.jpg",
             b"names/ space at both ends .jpg", b"names/quote'\"`$(true);&.jpg", b"names/-dash.jpg",
             b"names/" + b"n" * 240 + b".jpg"]
    return {name: (jpeg, EMBEDDED) for name in names}


def path_text(path: bytes) -> str:
    """The id that a folder gives a path."""
    return path.decode("utf-8", errors="backslashreplace")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True, help="folder to write to; must not exist")
    parser.add_argument("--photo", type=Path, required=True)
    arguments = parser.parse_args()
    with Image.open(arguments.photo) as image:
        photo = image.convert("RGB")
    photo.thumbnail((320, 320))
    jpeg = encoded(photo, "JPEG", quality=85)
    png_data = encoded(photo, "PNG")
    webp = encoded(photo, "WEBP", quality=80)

    files = truncations("jpg", jpeg, scan_start(jpeg)) | truncations("png", png_data, 33)
    files |= truncations("webp", webp, 20)
    files |= damaged_exif(jpeg) | bombs(jpeg) | other_kinds(photo, png_data)
    contents = {os.fsencode(name): content for name, content in files.items()} | odd_names(jpeg)

    root = os.fsencode(arguments.output)
    os.makedirs(root)
    for name, (data, _) in contents.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
    with open(os.path.join(root, b".photo.jpg"), "wb") as file:
        file.write(jpeg)
    os.makedirs(os.path.join(root, b"special", b"folder.jpg"))
    os.mkfifo(os.path.join(root, b"special", b"pipe.jpg"))
    os.symlink(b"nowhere.jpg", os.path.join(root, b"special", b"dangling.jpg"))

    outcomes = {path_text(name): outcome for name, (_, outcome) in contents.items()}
    outcomes |= {"special/pipe.jpg": READ, "special/dangling.jpg": READ}
    print(json.dumps(dict(sorted(outcomes.items())), indent=1, ensure_ascii=True))


if __name__ == "__main__":
    main()
