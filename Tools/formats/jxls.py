"""JPEG XL files of every kind, written with the plug-in for Pillow, and with cjxl for what it does not write."""

import io
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pillow_jxl  # noqa: F401 (registers itself)
from PIL import Image, ImageOps

from formats.pictures import deep_picture, picture, smooth


def jxl(image: Image.Image, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JXL", **{"num_threads": 0} | options)
    return buffer.getvalue()


def cjxl(source: bytes, suffix: str, *options: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path, target = Path(folder, f"image{suffix}"), Path(folder, "image.jxl")
        path.write_bytes(source)
        subprocess.run(["cjxl", "--num_threads=0", *options, str(path), str(target)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return target.read_bytes()


def deep_png(pixels: np.ndarray) -> bytes:
    """A PNG with 16 bits per channel, as PAM, which cjxl reads too."""
    height, width, channels = pixels.shape
    kind = {1: "GRAYSCALE", 2: "GRAYSCALE_ALPHA", 3: "RGB", 4: "RGB_ALPHA"}[channels]
    header = f"P7\nWIDTH {width}\nHEIGHT {height}\nDEPTH {channels}\nMAXVAL 65535\nTUPLTYPE {kind}\nENDHDR\n"
    return header.encode() + pixels.astype(">u2").tobytes()


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(orientation: int) -> Image.Exif:
    data = Image.Exif()
    data[0x0112] = orientation
    return data


def upright(image: Image.Image, data: bytes) -> Image.Image:
    """The image with its orientation applied once.

    libjxl applies the orientation of the image itself. The plug-in then leaves EXIF data in place that repeats it.
    """
    return image if not image.jpeg and orientation(data) != 1 else ImageOps.exif_transpose(image)


def orientation(data: bytes) -> int:
    """The orientation in the image's own header (ISO/IEC 18181-1, D.2 and D.3)."""
    start = data.find(b"\xff\x0a") + 2
    bits = int.from_bytes(data[start:start + 32], "little")

    def read(count: int) -> int:
        nonlocal bits
        value, bits = bits & (1 << count) - 1, bits >> count
        return value

    small = read(1)
    for side in range(2):
        read(5 if small else (9, 13, 18, 30)[read(2)])
        if side == 0 and read(3) != 0:
            break
    is_default = read(1)
    has_extra = not is_default and read(1)
    return 1 + read(3) if has_extra else 1


def jxl_files(width: int = 38, height: int = 30) -> dict[str, bytes]:
    files = {}
    images = {
        "gray": Image.fromarray(picture(width, height, 1)[:, :, 0], "L"),
        "gray-alpha": Image.fromarray(picture(width, height, 2), "LA"),
        "rgb": Image.fromarray(picture(width, height, 3), "RGB"),
        "rgba": Image.fromarray(picture(width, height, 4), "RGBA"),
        "gray16": Image.fromarray(deep_picture(width, height, 1)[:, :, 0]),
    }
    for name, image in images.items():
        files[f"{name}-lossless.jxl"] = jxl(image, lossless=True)
        files[f"{name}-lossy.jxl"] = jxl(image, quality=80)
    files["rgb-container.jxl"] = jxl(images["rgb"], quality=80, use_container=True)
    for orientation in range(1, 9):
        files[f"exif-{orientation}.jxl"] = jxl(images["rgb"], lossless=True, exif=exif(orientation).tobytes())
        turned = encoded(images["rgb"], "JPEG", quality=85, exif=exif(orientation))
        files[f"turned-{orientation}.jxl"] = cjxl(turned, ".jpg", "--lossless_jpeg=0")
        files[f"jpeg-{orientation}.jxl"] = cjxl(turned, ".jpg", "--lossless_jpeg=1")
    for name, options in (("420", {"subsampling": "4:2:0"}), ("422", {"subsampling": "4:2:2"}),
                          ("progressive", {"progressive": True})):
        files[f"jpeg-{name}.jxl"] = cjxl(encoded(images["rgb"], "JPEG", **options), ".jpg", "--lossless_jpeg=1")
    files["jpeg-gray.jxl"] = cjxl(encoded(images["gray"], "JPEG"), ".jpg", "--lossless_jpeg=1")
    for channels, name in ((3, "rgb16"), (4, "rgba16")):
        for distance in ("0", "1"):
            files[f"{name}-distance-{distance}.jxl"] = cjxl(deep_png(deep_picture(width, height, channels)), ".pam", "-d",
                                                            distance)
    frames = [Image.fromarray(picture(width, height, 3, seed), "RGB") for seed in range(3)]
    animation = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    files["animated.jxl"] = cjxl(animation, ".gif", "-d", "0")
    large = Image.fromarray(smooth(600, 300, 3), "RGB")
    files["large-lossy.jxl"] = jxl(large, quality=70)
    files["large-lossless.jxl"] = jxl(large, lossless=True)
    files["large-progressive.jxl"] = cjxl(encoded(large, "PNG"), ".png", "-p", "-d", "2")
    files["large-alpha.jxl"] = jxl(Image.fromarray(smooth(600, 300, 4), "RGBA"), quality=70)
    files["large-jpeg.jxl"] = cjxl(encoded(large, "JPEG", quality=50), ".jpg", "--lossless_jpeg=1")
    return files
