"""HEIC files of every kind, written with pillow-heif."""

import io

import numpy as np
import pillow_heif
from PIL import Image

from formats.pictures import deep_picture, picture, smooth

SUBSAMPLINGS = ("4:2:0", "4:2:2", "4:4:4")


def heic(mode: str, pixels: np.ndarray, **options) -> bytes:
    """A file of one image; the mode is one of pillow-heif's, such as RGB;16."""
    return sequence(mode, [pixels], **options)


def sequence(mode: str, images: list[np.ndarray], primary: int = 0, twelve_bits: bool = False, **options) -> bytes:
    pillow_heif.options.SAVE_HDR_TO_12_BIT = twelve_bits
    file = pillow_heif.HeifFile()
    for pixels in images:
        height, width = pixels.shape[:2]
        file.add_frombytes(mode, (width, height), np.ascontiguousarray(pixels).tobytes())
    buffer = io.BytesIO()
    file.save(buffer, save_all=True, primary_index=primary, **{"quality": 80} | options)
    return buffer.getvalue()


def gray(width: int, height: int) -> np.ndarray:
    return picture(width, height, 1)[:, :, 0]


def oriented(width: int, height: int, orientation: int, subsampling: str, draw=picture, **options) -> bytes:
    """A file whose own properties turn the image, and whose EXIF data says the same."""
    image = Image.fromarray(draw(width, height, 3), "RGB")
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    image.save(buffer, "HEIF", **{"quality": 80} | options, subsampling=subsampling, exif=exif.tobytes())
    return buffer.getvalue()


def heic_files(width: int = 38, height: int = 30) -> dict[str, bytes]:
    files = {}
    for subsampling in SUBSAMPLINGS:
        name = subsampling.replace(":", "")
        for odd in (0, 1):
            size = f"{width - odd}x{height - odd}"
            rgb, deep = picture(width - odd, height - odd, 3), deep_picture(width - odd, height - odd, 3)
            files[f"rgb-8-{name}-{size}.heic"] = heic("RGB", rgb, subsampling=subsampling)
            files[f"rgb-10-{name}-{size}.heic"] = heic("RGB;16", deep, subsampling=subsampling)
            files[f"rgb-12-{name}-{size}.heic"] = heic("RGB;16", deep, subsampling=subsampling, twelve_bits=True)
            rgba, deep = picture(width - odd, height - odd, 4), deep_picture(width - odd, height - odd, 4)
            files[f"rgba-8-{name}-{size}.heic"] = heic("RGBA", rgba, subsampling=subsampling)
            files[f"rgba-10-{name}-{size}.heic"] = heic("RGBA;16", deep, subsampling=subsampling)
            files[f"rgba-12-{name}-{size}.heic"] = heic("RGBA;16", deep, subsampling=subsampling, twelve_bits=True)
            for orientation in range(1, 9):
                files[f"turned-{orientation}-{name}-{size}.heic"] = oriented(width - odd, height - odd, orientation,
                                                                             subsampling)
        for matrix in (1, 4, 5, 6, 7, 8, 9, 12):
            for full in (0, 1):
                files[f"matrix-{matrix}-{'full' if full else 'limited'}-{name}.heic"] = heic(
                    "RGB", picture(width, height, 3), subsampling=subsampling, matrix_coefficients=matrix,
                    color_primaries=9 if matrix == 12 else 1, transfer_characteristics=13, full_range_flag=full)
    for full in (0, 1):
        for bits in (8, 10, 12):
            mode, make = ("RGB", picture) if bits == 8 else ("RGB;16", deep_picture)
            files[f"limited-{bits}-{full}.heic"] = heic(mode, make(width, height, 3), full_range_flag=full,
                                                        twelve_bits=bits == 12, matrix_coefficients=1)
        for matrix in (0, 8, 9):
            files[f"matrix-{matrix}-{'full' if full else 'limited'}-10.heic"] = heic(
                "RGB;16", deep_picture(width, height, 3), subsampling="4:4:4", matrix_coefficients=matrix,
                full_range_flag=full)
        files[f"identity-{full}.heic"] = heic("RGB", picture(width, height, 3), subsampling="4:4:4",
                                              matrix_coefficients=0, full_range_flag=full)
    files["lossless.heic"] = heic("RGB", picture(width, height, 3), quality=-1, subsampling="4:4:4",
                                  matrix_coefficients=0, full_range_flag=1)
    files["no-colors.heic"] = heic("RGB", picture(width, height, 3), save_nclx_profile=False)
    files["premultiplied.heic"] = heic("RGBa", premultiplied(width, height))
    files["gray-8.heic"] = heic("L", gray(width, height))
    files["gray-10.heic"] = heic("L;16", deep_picture(width, height, 1)[:, :, 0])
    files["gray-12.heic"] = heic("L;16", deep_picture(width, height, 1)[:, :, 0], twelve_bits=True)
    files["gray-alpha-8.heic"] = heic("LA", picture(width, height, 2))
    files["gray-odd.heic"] = heic("L", gray(width - 1, height - 1))
    for side in ((130, 70), (131, 71)):
        name = f"{side[0]}x{side[1]}"
        for subsampling in SUBSAMPLINGS:
            chroma = subsampling.replace(":", "")
            files[f"tiles-8-{chroma}-{name}.heic"] = heic("RGB", picture(*side, 3), subsampling=subsampling, tile_size=64)
            files[f"tiles-10-{chroma}-{name}.heic"] = heic("RGB;16", deep_picture(*side, 3), subsampling=subsampling,
                                                           tile_size=64)
        files[f"tiles-gray-{name}.heic"] = heic("L", gray(*side), tile_size=64)
        for orientation in (2, 3, 6, 7, 8):
            files[f"tiles-turned-{orientation}-{name}.heic"] = oriented(*side, orientation, "4:2:0", tile_size=64)
    large, deep = smooth(400, 300, 3), smooth(400, 300, 3).astype(np.uint16) * 257
    files["large-420.heic"] = heic("RGB", large, quality=30)
    files["large-444.heic"] = heic("RGB", large, subsampling="4:4:4", quality=30)
    files["large-10.heic"] = heic("RGB;16", deep, quality=30)
    files["large-alpha.heic"] = heic("RGBA", smooth(400, 300, 4), quality=30)
    files["large-gray.heic"] = heic("L", large[:, :, 0], quality=30)
    files["large-tiles.heic"] = heic("RGB", large, tile_size=128, quality=30)
    files["large-turned.heic"] = oriented(400, 300, 6, "4:2:0", draw=smooth, quality=30)
    several = [picture(width, height, 3, seed) for seed in range(3)]
    files["second-of-three.heic"] = sequence("RGB", several, primary=1)
    files["thumbnails.heic"] = heic("RGB", picture(130, 100, 3), thumbnails=[32, 64])
    return files


def premultiplied(width: int, height: int) -> np.ndarray:
    """Colours that are multiplied by their alpha."""
    rgba = picture(width, height, 4)
    alpha = rgba[:, :, 3:].astype(int)
    return np.concatenate([(rgba[:, :, :3] * alpha // 255).astype(np.uint8), rgba[:, :, 3:]], axis=2)
