"""Pixels of random images, resized by random rules, against open_clip and transformers, which use Pillow."""

import random
import sys
from pathlib import Path

import numpy as np
from differential.bundles import write_bundle
from parity.tool import Tool, require
from PIL import Image

sys.path.append(str(Path(__file__).resolve().parent.parent / "fixtures"))
from make_preprocessing_fixtures import CHANNELS, make_image, preprocess, preprocess_in_transformers  # noqa: E402
from make_text_fixtures import FIXTURES  # noqa: E402

LONGEST_SIDE, LONGEST_RESULT = 900, 400


def random_rule(generator: random.Random) -> tuple[tuple, str]:
    """How to resize: mode, filter, height and width, and fill; and whose convention it follows."""
    convention = generator.choice(["open_clip", "open_clip", "transformers"])
    mode = generator.choice(["shortest", "squash"] if convention == "transformers" else ["shortest", "squash", "longest"])
    height, width = _side(generator, LONGEST_RESULT), _side(generator, LONGEST_RESULT)
    # What transformers crops is square.
    width = height if convention == "transformers" and mode == "shortest" else width
    fill = generator.choice([0, 127, 255]) if mode == "longest" else 0
    # For a result that is not square, open_clip's 'shortest' is bicubic whatever it is told, and so are exported bundles.
    is_bicubic = mode == "shortest" and width != height or generator.random() < 0.5
    return (mode, "bicubic" if is_bicubic else "bilinear", (height, width), fill), convention


def check(tool: Tool, count: int, generator: random.Random, folder: Path) -> int:
    """Compares `count` images under one random rule; returns how many of them the reference accepts."""
    rule, convention = random_rule(generator)
    mode, interpolation, size, fill = rule
    image = {"size": list(size), "resize_mode": mode, "interpolation": interpolation, "fill_color": fill, "convention": convention}
    bundle = write_bundle(folder / "bundle", FIXTURES / "wordpiece_vocab.txt", {"kind": "wordpiece"}, 16, image=image)
    reference = preprocess_in_transformers if convention == "transformers" else preprocess
    expected = {}
    for index in range(count):
        path, pixels = _write_image(folder, index, generator), None
        with Image.open(path) as image:
            image.load()
            pixels = reference(image, rule)
        # Pillow refuses images of which nothing is left.
        if pixels is not None:
            expected[path] = pixels
    output = folder / "pixels.npy"
    if expected:
        tool.run("preprocess", *expected, "--model", bundle, "--exif-orientation", "ignore", "--output", output)
        for (path, pixels), found in zip(expected.items(), np.load(output), strict=True):
            require(found.tobytes() == pixels, f"{path.name} differs from {convention} for {rule}")
    return len(expected)


def _write_image(folder: Path, index: int, generator: random.Random) -> Path:
    mode, seed = generator.choice(sorted(CHANNELS)), generator.randrange(1 << 32)
    size = _side(generator, LONGEST_SIDE), _side(generator, LONGEST_SIDE)
    path = folder / f"{index}-{mode.replace(';', '-')}-{size[0]}x{size[1]}-{seed}.{'jpg' if mode == 'CMYK' else 'png'}"
    make_image(mode, *size, seed=seed).save(path)
    return path


def _side(generator: random.Random, longest: int) -> int:
    """Short sides as often as long ones: the logarithm is uniform."""
    return int(longest ** generator.random())
