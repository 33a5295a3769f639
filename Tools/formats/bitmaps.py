"""BMP and ICO files of every kind, written by hand: Pillow writes only a few."""

import io
import struct

import numpy as np
from PIL import Image

from formats.pictures import picture


def header(size: int, width: int, height: int, bits: int, compression: int = 0, colors: int = 0,
           masks: tuple[int, ...] = ()) -> bytes:
    """A bitmap header, with masks inside it or, with 40 bytes, after it."""
    if size == 12:
        return struct.pack("<IHHHH", size, width, height, 1, bits)
    fields = struct.pack("<IiiHHIIiiII", size, width, height, 1, bits, compression, 0, 2835, 2835, colors, 0)
    inside = struct.pack(f"<{len(masks)}I", *masks)
    return fields + (inside if size == 40 else inside.ljust(size - 40, b"\0"))


def bitmap(size: int, width: int, height: int, bits: int, rows: bytes, palette: bytes = b"", **options) -> bytes:
    """A BMP file."""
    head = header(size, width, height, bits, **options)
    start = 14 + len(head) + len(palette)
    return struct.pack("<2sIII", b"BM", start + len(rows), 0, start) + head + palette + rows


def rows(values: np.ndarray, bits: int) -> bytes:
    """Rows from the bottom, padded to four bytes; values are indices, or bytes of whole pixels."""
    lines = []
    for line in values[::-1]:
        if bits < 8:
            digits = "".join(f"{value:0{bits}b}" for value in line)
            digits += "0" * (-len(digits) % 32)
            lines.append(int(digits, 2).to_bytes(len(digits) // 8, "big"))
        else:
            data = np.ascontiguousarray(line).tobytes()
            lines.append(data + b"\0" * (-len(data) % 4))
    return b"".join(lines)


def palette(count: int, entry: int, seed: int = 0) -> bytes:
    colors = np.random.default_rng(seed).integers(0, 256, (count, entry), np.uint8)
    if entry == 4:
        colors[:, 3] = 0
    return colors.tobytes()


def indices(width: int, height: int, count: int) -> np.ndarray:
    return (picture(width, height, 1)[:, :, 0].astype(int) * count // 256).astype(np.uint8)


def runs8(values: np.ndarray) -> bytes:
    """Encoded and literal runs, with the ends of lines."""
    data = b""
    for line in values[::-1]:
        literal = bytes(line[:5])
        data += bytes([0, 5]) + literal + b"\0"
        position = 5
        while position < len(line):
            length = 1
            while position + length < len(line) and line[position + length] == line[position] and length < 255:
                length += 1
            data += bytes([length, line[position]])
            position += length
        data += b"\0\0"
    return data + b"\0\1"


def runs4(values: np.ndarray) -> bytes:
    data = b""
    for line in values[::-1]:
        for first in range(0, len(line), 2):
            pair = list(line[first:first + 2]) + [0]
            data += bytes([min(2, len(line) - first), int(pair[0]) << 4 | int(pair[1])])
        data += b"\0\0"
    return data + b"\0\1"


def bmp_files(width: int = 37, height: int = 29) -> dict[str, bytes]:
    files = {}
    for bits in (1, 4, 8):
        count = 1 << bits
        values = indices(width, height, count)
        files[f"os2-{bits}.bmp"] = bitmap(12, width, height, bits, rows(values, bits), palette(count, 3))
        for size in (40, 52, 56, 64, 108, 124):
            files[f"palette-{bits}-v{size}.bmp"] = bitmap(size, width, height, bits, rows(values, bits), palette(count, 4))
        files[f"palette-{bits}-top-down.bmp"] = bitmap(40, width, -height, bits, rows(values[::-1], bits),
                                                       palette(count, 4))
    few = indices(width, height, 200)
    files["palette-8-of-200.bmp"] = bitmap(40, width, height, 8, rows(few, 8), palette(200, 4), colors=200)
    gray = b"".join(bytes([level] * 3 + [0]) for level in range(256))
    files["gray.bmp"] = bitmap(40, width, height, 8, rows(picture(width, height, 1)[:, :, 0], 8), gray)
    for name, colors in (("black-white", (0, 255)), ("white-black", (255, 0))):
        two = b"".join(bytes([level] * 3 + [0]) for level in colors)
        files[f"{name}.bmp"] = bitmap(40, width, height, 1, rows(indices(width, height, 2), 1), two)
    files["runs-8.bmp"] = bitmap(40, width, height, 8, runs8(few), palette(256, 4), compression=1)
    sixteen = indices(width, height, 16)
    files["runs-4.bmp"] = bitmap(40, width, height, 4, runs4(sixteen), palette(16, 4), compression=2)
    delta = b"\0\2\3\1" + bytes([34, 7]) + b"\0\0" + runs8(few[:-2])[:-2]
    files["runs-8-delta.bmp"] = bitmap(40, width, height, 8, delta + b"\0\1", palette(256, 4), compression=1)
    wide = picture(width, height, 4)
    files["bgr-24.bmp"] = bitmap(40, width, height, 24, rows(wide[:, :, :3], 24))
    files["bgr-24-top-down.bmp"] = bitmap(40, width, -height, 24, rows(wide[::-1, :, :3], 24))
    files["bgr-24-os2.bmp"] = bitmap(12, width, height, 24, rows(wide[:, :, :3], 24))
    files["bgrx-32.bmp"] = bitmap(40, width, height, 32, rows(wide, 32))
    words = picture(width, height, 2)
    files["bgr-555.bmp"] = bitmap(40, width, height, 16, rows(words, 16))
    for name, bits, masks in (
        ("565", 16, (0xF800, 0x7E0, 0x1F)), ("555-masks", 16, (0x7C00, 0x3E0, 0x1F)),
        ("bgrx-masks", 32, (0xFF0000, 0xFF00, 0xFF)), ("xbgr-masks", 32, (0xFF000000, 0xFF0000, 0xFF00)),
        ("bgra-v56", 32, (0xFF0000, 0xFF00, 0xFF, 0xFF000000)), ("rgba-v108", 32, (0xFF, 0xFF00, 0xFF0000, 0xFF000000)),
        ("abgr-v124", 32, (0xFF000000, 0xFF0000, 0xFF00, 0xFF)), ("zero-v56", 32, (0, 0, 0, 0)),
    ):  # fmt: skip
        size = int(name.split("-v")[1]) if "-v" in name else 40
        pixels = rows(words if bits == 16 else wide, bits)
        files[f"bgr-{name}.bmp"] = bitmap(size, width, height, bits, pixels, compression=3, masks=masks)
    files["headerless.dib"] = files["bgr-24.bmp"][14:]
    return files


def icon(images: list[tuple[int, int, int, bytes]]) -> bytes:
    """An icon of images: width, height, bits, content."""
    directory, contents = b"", b""
    start = 6 + 16 * len(images)
    for width, height, bits, content in images:
        directory += struct.pack("<BBBBHHII", width % 256, height % 256, 0, 0, 1, bits, len(content),
                                 start + len(contents))
        contents += content
    return struct.pack("<HHH", 0, 1, len(images)) + directory + contents


def icon_bitmap(side: int, bits: int) -> bytes:
    mask = rows(indices(side, side, 2), 1)
    if bits <= 8:
        pixels, colors = rows(indices(side, side, 1 << bits), bits), palette(1 << bits, 4)
    else:
        pixels, colors = rows(picture(side, side, bits // 8), bits), b""
    return header(40, side, 2 * side, bits) + colors + pixels + mask


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def ico_files() -> dict[str, bytes]:
    files = {f"bitmap-{bits}.ico": icon([(35, 35, bits, icon_bitmap(35, bits))]) for bits in (1, 4, 8, 24, 32)}
    small, large = icon_bitmap(16, 8), icon_bitmap(48, 24)
    files["several-sizes.ico"] = icon([(16, 16, 8, small), (48, 48, 24, large), (32, 32, 32, icon_bitmap(32, 32))])
    files["same-size.ico"] = icon([(32, 32, 32, icon_bitmap(32, 32)), (32, 32, 4, icon_bitmap(32, 4))])
    files["png.ico"] = icon([(16, 16, 8, small), (256, 256, 32, png(Image.fromarray(picture(256, 256, 4), "RGBA")))])
    files["png-palette.ico"] = icon([(64, 64, 8, png(Image.fromarray(picture(64, 64, 3), "RGB").quantize(20)))])
    return files
