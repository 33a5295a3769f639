"""AVIF files of every kind, written with Pillow, and with avifenc of libavif for what Pillow does not write."""

import io
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from formats.pictures import deep_picture, picture, smooth


def avif(image: Image.Image, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "AVIF", **{"quality": 80, "speed": 10, "max_threads": 1} | options)
    return buffer.getvalue()


def y4m(width: int, height: int, depth: int, layout: str, alpha: bool = False) -> bytes:
    """An uncompressed image of YCbCr samples."""
    shift_x, shift_y = {"444": (0, 0), "422": (1, 0), "420": (1, 1), "mono": (0, 0)}[layout]
    samples = deep_picture(width, height, 4) >> (16 - depth)
    chroma = samples[::1 << shift_y, ::1 << shift_x]
    planes = [samples[:, :, 0]] + ([] if layout == "mono" else [chroma[:, :, 1], chroma[:, :, 2]])
    planes += [samples[:, :, 3]] if alpha else []
    kind = {"420": "420jpeg"}.get(layout, layout) if depth == 8 else f"{layout}p{depth}".replace("monop", "mono")
    kind = "444alpha" if alpha else kind
    kind_of_sample = np.uint8 if depth == 8 else "<u2"
    body = b"".join(np.ascontiguousarray(plane).astype(kind_of_sample).tobytes() for plane in planes)
    return f"YUV4MPEG2 W{width} H{height} F25:1 Ip A1:1 C{kind}\n".encode() + b"FRAME\n" + body


def avifenc(source: bytes, suffix: str, *options: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path, target = Path(folder, f"image{suffix}"), Path(folder, "image.avif")
        path.write_bytes(source)
        subprocess.run(["avifenc", "--jobs", "1", "--speed", "10", *options, str(path), str(target)], check=True,
                       stdout=subprocess.DEVNULL)
        return target.read_bytes()


def png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def avif_files(width: int = 38, height: int = 30) -> dict[str, bytes]:
    files = {}
    for odd in (0, 1):
        side = (width - odd, height - odd)
        size = f"{side[0]}x{side[1]}"
        rgb, rgba = Image.fromarray(picture(*side, 3), "RGB"), Image.fromarray(picture(*side, 4), "RGBA")
        for subsampling in ("4:2:0", "4:2:2", "4:4:4"):
            name = subsampling.replace(":", "")
            files[f"rgb-8-{name}-{size}.avif"] = avif(rgb, subsampling=subsampling)
            files[f"rgb-8-{name}-{size}-limited.avif"] = avif(rgb, subsampling=subsampling, range="limited")
            files[f"rgba-8-{name}-{size}.avif"] = avif(rgba, subsampling=subsampling)
            files[f"premultiplied-{name}-{size}.avif"] = avif(rgba, subsampling=subsampling, alpha_premultiplied=True)
        files[f"gray-8-{size}.avif"] = avif(rgb, subsampling="4:0:0")
        files[f"gray-alpha-8-{size}.avif"] = avif(rgba, subsampling="4:0:0")
        for depth in (8, 10, 12):
            for layout in ("420", "422", "444", "mono"):
                for range_ in ("full", "limited"):
                    files[f"{layout}-{depth}-{range_}-{size}.avif"] = avifenc(y4m(*side, depth, layout), ".y4m",
                                                                              "--range", range_)
        for depth in ("10", "12"):
            for layout in ("420", "422", "444", "400"):
                files[f"rgba-{depth}-{layout}-{size}.avif"] = avifenc(png(picture(*side, 4)), ".png", "--depth", depth,
                                                                      "--yuv", layout)
    for matrix in (0, 1, 2, 4, 5, 6, 7, 8, 9, 12):
        for layout in ("420", "422", "444"):
            if matrix == 0 and layout != "444":
                continue
            for range_ in ("full", "limited"):
                if matrix == 8 and range_ == "limited":
                    continue
                for depth in ("8", "10"):
                    files[f"matrix-{matrix}-{layout}-{range_}-{depth}.avif"] = avifenc(
                        png(picture(width, height, 3)), ".png", "--cicp", f"{9 if matrix == 12 else 1}/13/{matrix}",
                        "--range", range_, "--yuv", layout, "--depth", depth)
    for turn in range(4):
        for axis in ("", "0", "1"):
            options = ["--irot", str(turn)] + (["--imir", axis] if axis else [])
            files[f"turned-{turn}-{axis or 'none'}.avif"] = avifenc(png(picture(width, height, 3)), ".png", *options)
    exif = Image.Exif()
    exif[0x0112] = 6
    files["exif-6.avif"] = avif(Image.fromarray(picture(width, height, 3), "RGB"), exif=exif)
    large = Image.fromarray(smooth(600, 300, 3), "RGB")
    files["large-420.avif"] = avif(large)
    files["large-444.avif"] = avif(large, subsampling="4:4:4")
    files["large-alpha.avif"] = avif(Image.fromarray(smooth(600, 300, 4), "RGBA"))
    images = [Image.fromarray(picture(width, height, 3, seed), "RGB") for seed in range(3)]
    files["animated.avif"] = avif(images[0], save_all=True, append_images=images[1:])
    files["lossless.avif"] = avif(images[0], quality=100, subsampling="4:4:4")
    files["tiles.avif"] = avifenc(png(picture(256, 128, 3)), ".png", "--grid", "2x1")
    return files
