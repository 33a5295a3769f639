"""GIF, PNM and JPEG 2000 files of every kind."""

import io
import struct

import numpy as np
from PIL import Image

from formats.pictures import deep_picture, picture


def saved(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def lzw(values: bytes, bits: int) -> bytes:
    """GIF's compression without a dictionary: each index is a code, and the table is cleared before it grows."""
    clear, codes, size = 1 << bits, [], bits + 1
    for position, value in enumerate(values):
        if position % ((1 << bits) - 2) == 0:
            codes.append(clear)
        codes.append(value)
    codes.append(clear + 1)
    number = sum(code << (size * position) for position, code in enumerate(codes))
    data = number.to_bytes((size * len(codes) + 7) // 8, "little")
    blocks = b"".join(bytes([len(data[at:at + 255])]) + data[at:at + 255] for at in range(0, len(data), 255))
    return bytes([bits]) + blocks + b"\0"


def gif(canvas: tuple[int, int], frame: tuple[int, int, int, int], values: np.ndarray, *, version: bytes = b"GIF89a",
        palette: bytes = b"", local: bytes = b"", transparent: int | None = None, interlaced: bool = False) -> bytes:
    def table(colors: bytes) -> int:
        return 0x80 | (len(colors) // 3).bit_length() - 2 if colors else 0

    data = version + struct.pack("<HHBBB", *canvas, table(palette) | 0x70, 0, 0) + palette
    if transparent is not None:
        data += b"!\xf9\x04" + struct.pack("<BHB", 1, 0, transparent) + b"\0"
    data += b"!\xfe\x03abc\0"
    data += b"," + struct.pack("<HHHHB", *frame, table(local) | (0x40 if interlaced else 0)) + local
    rows = [values[y] for y in range(len(values))]
    if interlaced:
        rows = [rows[y] for first, step in ((0, 8), (4, 8), (2, 4), (1, 2)) for y in range(first, len(rows), step)]
    return data + lzw(b"".join(bytes(row) for row in rows), 8) + b";"


def gif_files(width: int = 37, height: int = 29) -> dict[str, bytes]:
    image = Image.fromarray(picture(width, height, 3), "RGB")
    files = {}
    for colors in (2, 4, 16, 100, 256):
        files[f"palette-{colors}.gif"] = saved(image.quantize(colors), "GIF")
    files["gray.gif"] = saved(image.convert("L"), "GIF")
    files["bilevel.gif"] = saved(image.convert("1"), "GIF")
    files["noise.gif"] = saved(Image.fromarray(np.random.default_rng(1).integers(0, 256, (90, 120), np.uint8), "L"), "GIF")
    files["animated.gif"] = saved(image.quantize(30), "GIF", save_all=True,
                                  append_images=[Image.fromarray(picture(width, height, 3, 1), "RGB").quantize(30)])
    files["transparent.gif"] = saved(image.quantize(60), "GIF", transparency=3)
    values = picture(20, 15, 1)[:, :, 0]
    table, other = (np.random.default_rng(seed).integers(0, 256, 768, np.uint8).tobytes() for seed in (5, 6))
    ramp = bytes(level for level in range(256) for _ in range(3))
    for interlaced in (False, True):
        suffix = "-interlaced" if interlaced else ""
        files[f"whole{suffix}.gif"] = gif((20, 15), (0, 0, 20, 15), values, palette=table, interlaced=interlaced)
        files[f"partial{suffix}.gif"] = gif((40, 30), (7, 9, 20, 15), values, palette=table, interlaced=interlaced)
    files["partial-transparent.gif"] = gif((40, 30), (7, 9, 20, 15), values, palette=table, transparent=17)
    files["partial-gray.gif"] = gif((40, 30), (7, 9, 20, 15), values, transparent=99)
    files["larger-than-canvas.gif"] = gif((10, 30), (3, 4, 20, 15), values, palette=table)
    files["local-palette.gif"] = gif((20, 15), (0, 0, 20, 15), values, palette=table, local=other)
    files["local-ramp.gif"] = gif((20, 15), (0, 0, 20, 15), values, palette=table, local=ramp)
    files["local-palette-alone.gif"] = gif((20, 15), (0, 0, 20, 15), values, local=other)
    files["short-palette.gif"] = gif((20, 15), (0, 0, 20, 15), values, palette=table[:96])
    files["no-palette-87a.gif"] = gif((20, 15), (0, 0, 20, 15), values, version=b"GIF87a")
    files["ramp.gif"] = gif((20, 15), (0, 0, 20, 15), values, palette=ramp)
    files["empty-canvas.gif"] = gif((0, 0), (0, 0, 20, 15), values, palette=table)
    files["without-end.gif"] = files["whole.gif"][:-2]
    return files


def pnm_files(width: int = 37, height: int = 29) -> dict[str, bytes]:
    gray, color = picture(width, height, 1)[:, :, 0], picture(width, height, 3)
    deep_gray, deep_color = deep_picture(width, height, 1)[:, :, 0], deep_picture(width, height, 3)
    size = f"{width} {height}"
    files = {}

    def raw(kind: str, values: np.ndarray, maximum: int) -> bytes:
        scaled = (values.astype(np.uint32) * maximum // (255 if values.dtype == np.uint8 else 65535))
        return f"{kind}\n{size}\n{maximum}\n".encode() + scaled.astype(">u2" if maximum > 255 else "u1").tobytes()

    def plain(kind: str, values: np.ndarray, maximum: int) -> bytes:
        scaled = (values.astype(np.uint32) * maximum // (255 if values.dtype == np.uint8 else 65535)).ravel()
        lines = [" ".join(map(str, scaled[at:at + 11])) for at in range(0, len(scaled), 11)]
        return f"{kind} # written by hand\n{size}\r\n# largest value\n{maximum}\n".encode() + "\n".join(lines).encode()

    for maximum in (1, 15, 200, 255):
        files[f"gray-{maximum}.pgm"] = raw("P5", gray, maximum)
        files[f"gray-{maximum}-plain.pgm"] = plain("P2", gray, maximum)
        files[f"rgb-{maximum}.ppm"] = raw("P6", color, maximum)
        files[f"rgb-{maximum}-plain.ppm"] = plain("P3", color, maximum)
    for maximum in (256, 1023, 65535):
        files[f"gray-{maximum}.pgm"] = raw("P5", deep_gray, maximum)
        files[f"gray-{maximum}-plain.pgm"] = plain("P2", deep_gray, maximum)
        files[f"rgb-{maximum}.ppm"] = raw("P6", deep_color, maximum)
        files[f"rgb-{maximum}-plain.ppm"] = plain("P3", deep_color, maximum)
    files["dark-65535.pgm"] = raw("P5", deep_gray // 200, 65535)
    bits = gray > 128
    files["bitmap.pbm"] = f"P4\n{size}\n".encode() + np.packbits(bits, axis=1).tobytes()
    files["bitmap-plain.pbm"] = f"P1\n{size}\n".encode() + "".join("01"[int(bit)] for bit in bits.ravel()).encode()
    files["comment.ppm"] = b"P6 # a\n#b\n" + size.encode() + b"\n255#c\n\n" + color.tobytes()
    floats = (gray[::-1].astype(np.float32) * 1.3 - 20)
    files["floats.pfm"] = f"Pf\n{size}\n-1.0\n".encode() + floats.astype("<f4").tobytes()
    files["floats-big-endian.pfm"] = f"Pf\n{size}\n2.5\n".encode() + floats.astype(">f4").tobytes()
    return files


def jpeg2000_files(width: int = 76, height: int = 56) -> dict[str, bytes]:
    gray, color = picture(width, height, 1)[:, :, 0], picture(width, height, 4)
    images = {
        "gray": Image.fromarray(gray), "gray-alpha": Image.fromarray(color[:, :, :2], "LA"),
        "rgb": Image.fromarray(color[:, :, :3], "RGB"), "rgba": Image.fromarray(color, "RGBA"),
        "gray16": Image.fromarray(deep_picture(width, height, 1)[:, :, 0]),
        "ycc": Image.fromarray(color[:, :, :3], "RGB").convert("YCbCr"),
        "cmyk": Image.fromarray(color, "CMYK"),
    }  # fmt: skip
    files = {}
    for name, image in images.items():
        for suffix in (".jp2", ".j2k"):
            for variant, options in (
                ("", {}), ("-lossy", {"irreversible": True, "quality_mode": "rates", "quality_layers": [20, 8]}),
                ("-tiles", {"tile_size": (48, 32), "num_resolutions": 3}),
                ("-offset", {"offset": (5, 3), "tile_size": (64, 64), "tile_offset": (2, 1)}),
                ("-precincts", {"precinct_size": (64, 64), "codeblock_size": (16, 16), "progression": "RPCL"}),
            ):  # fmt: skip
                try:
                    files[f"{name}{variant}{suffix}"] = saved(image, "JPEG2000", no_jp2=suffix == ".j2k", **options)
                except (OSError, ValueError):
                    continue
    return files
