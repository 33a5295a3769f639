#!/usr/bin/env python3
"""Writes images of every format and what Pillow makes of them, for the tests of CLIPImageFormats to compare with.

    python Tools/check_formats.py --output build/formats

The folder gets generated files (bit depth × colour type × orientation × compression) and, with --images, the images of
another folder, such as Pillow's own Tests/images. expected.json says for each what Pillow decodes after
`ImageOps.exif_transpose` and `convert("RGB")`, whose pixels are in the file of the same name with `.rgb` appended, or
that Pillow refuses it.
"""

import argparse
import fnmatch
import io
import json
import shutil
import sys
import warnings
from pathlib import Path

import PIL
from PIL import Image, ImageOps

import pillow_heif
import pillow_jxl  # noqa: F401 (registers itself)

from formats.avifs import avif_files
from formats.bitmaps import bmp_files, ico_files
from formats.heifs import heic_files
from formats.jxls import jxl_files, upright
from formats.simple import gif_files, jpeg2000_files, pnm_files
from formats.tiffs import tiff_files

# The formats of CLIPImageFormats that are compared here.
PILLOW_FORMATS = {"GIF", "BMP", "DIB", "TIFF", "PPM", "ICO", "JPEG2000", "HEIF", "AVIF", "JXL"}
ENDINGS = {".gif", ".bmp", ".dib", ".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".pnm", ".pfm", ".ico", ".jp2", ".j2k",
           ".jpx", ".jpf", ".j2c", ".jpc", ".heic", ".heif", ".hif", ".avif", ".avifs", ".jxl"}
# Files that Pillow misreads, or that are not read here; Docs/Images.md has the reasons.
DEVIATIONS = {
    "tiff-int16-[lpz]*-big-endian.tif": "Pillow takes decompressed numbers for big-endian ones",
    "tiff-float32-[lpz]*-big-endian.tif": "Pillow takes decompressed numbers for big-endian ones",
    "tiff-*16-None-planar*": "Pillow reads planes of 16 bits without compression as 8 bits",
    "tiff-*16-associated-None-planar*": "Pillow reads planes of 16 bits without compression as 8 bits",
    "lab*.tif": "Lab is not read",
    "hopper.Lab.tif": "Lab is not read",
}
MAXIMUM_PIXELS = 20_000_000
pillow_heif.register_heif_opener()


def expected(data: bytes) -> tuple[dict, bytes | None]:
    """What Pillow decodes, and its pixels; or why it refuses the file."""
    try:
        image = Image.open(io.BytesIO(data))
        if image.format not in PILLOW_FORMATS or image.width * image.height > MAXIMUM_PIXELS:
            return {"skipped": f"{image.format}, {image.width} × {image.height}"}, None
        mode = image.mode
        image.load()
        rgb = (upright(image, data) if image.format == "JXL" else ImageOps.exif_transpose(image)).convert("RGB")
    except Exception as error:  # Pillow's readers raise whatever their parsing does.
        return {"error": f"{type(error).__name__}: {error}"}, None
    return {"width": rgb.width, "height": rgb.height, "mode": mode}, rgb.tobytes()


def generated() -> dict[str, bytes]:
    files = {}
    for group, made in (("bmp", bmp_files()), ("ico", ico_files()), ("gif", gif_files()), ("pnm", pnm_files()),
                        ("jp2", jpeg2000_files()), ("tiff", tiff_files()), ("heic", heic_files()),
                        ("avif", avif_files()), ("jxl", jxl_files())):  # fmt: skip
        files |= {f"{group}-{name}": data for name, data in made.items()}
    return files


def collected(folders: list[Path]) -> dict[str, bytes]:
    files = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in ENDINGS and path.is_file():
                files["-".join(path.relative_to(folder).parts)] = path.read_bytes()
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--images", type=Path, action="append", default=[], help="a folder of further images")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    shutil.rmtree(arguments.output, ignore_errors=True)
    arguments.output.mkdir(parents=True)
    document = {}
    for name, data in (generated() | collected(arguments.images)).items():
        facts, pixels = expected(data)
        if "skipped" in facts:
            continue
        (arguments.output / name).write_bytes(data)
        if pixels is not None:
            (arguments.output / f"{name}.rgb").write_bytes(pixels)
        reasons = [reason for pattern, reason in DEVIATIONS.items() if fnmatch.fnmatch(name, pattern)]
        document[name] = facts | ({"deviation": reasons[0]} if reasons else {})
    (arguments.output / "expected.json").write_text(json.dumps(document, indent=1) + "\n")
    read = sum("error" not in facts for facts in document.values())
    print(f"{len(document)} files, of which Pillow {PIL.__version__} reads {read}")


if __name__ == "__main__":
    sys.exit(main())
