"""Pixels of `clip-cli preprocess` against open_clip's own transform."""

import random
import sys
from pathlib import Path

import numpy as np
from parity.tool import Tool, require

sys.path.append(str(Path(__file__).resolve().parent.parent / "fixtures"))
from make_preprocessing_fixtures import CHANNELS, make_image  # noqa: E402

IMAGES_PER_MODE = 6


def write_images(folder: Path) -> list[Path]:
    """Noise of random sizes in every pixel format, as PNG, and as JPEG where PNG has no such format."""
    generator = random.Random(0)
    paths = []
    for mode in CHANNELS:
        for index in range(IMAGES_PER_MODE):
            size = generator.randint(8, 500), generator.randint(8, 500)
            path = folder / f"{mode.replace(';', '-')}-{index}.{'jpg' if mode == 'CMYK' else 'png'}"
            make_image(mode, *size, seed=index).save(path)
            paths.append(path)
    return paths


def check(tool: Tool, bundle: Path, preprocessing: object, images: list[Path], scratch: Path) -> int:
    """Requires equal bytes for every image; returns how many were compared."""
    output = scratch / "pixels.npy"
    tool.run("preprocess", *images, "--model", bundle, "--exif-orientation", "ignore", "--force", "--output", output)
    for path, pixels in zip(images, np.load(output), strict=True):
        require(np.array_equal(pixels, preprocessing.pixels(path)), f"{bundle.name}: the pixels of {path.name} differ")
    return len(images)
