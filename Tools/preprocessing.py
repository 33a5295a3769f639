"""The reference image preprocessing: open_clip's `image_transform` up to, and without, the conversion to floats."""

from pathlib import Path

import numpy as np
from PIL import Image


def resize_shortest(image: Image.Image, size: int) -> Image.Image:
    """Resizes, bicubic, so that the shorter side is `size`; the longer side is truncated as torchvision does."""
    width, height = image.size
    if min(width, height) == size:
        return image
    if width <= height:
        return image.resize((size, int(size * height / width)), Image.Resampling.BICUBIC)
    return image.resize((int(size * width / height), size), Image.Resampling.BICUBIC)


def centre_crop(image: Image.Image, size: int) -> Image.Image:
    """Crops a `size` x `size` square from the middle; halves round to even, as torchvision's `center_crop` does."""
    width, height = image.size
    left, top = round((width - size) / 2.0), round((height - size) / 2.0)
    return image.crop((left, top, left + size, top + size))


def preprocess(path: Path, size: int) -> np.ndarray:
    """The uint8 pixels, [size, size, 3], that an image encoder receives for the image file at `path`.

    The image is resized in its own mode and converted to RGB last: open_clip's order, which matters for images with
    an alpha channel (the resize is premultiplied, then alpha is dropped).
    """
    with Image.open(path) as image:
        return np.asarray(centre_crop(resize_shortest(image, size), size).convert("RGB")).copy()
