"""The images and texts whose reference embeddings travel in the default bundle."""

from pathlib import Path

import numpy as np
from installed import package_file
from PIL import Image

TEXTS = [
    "cat",
    "a photo of a cat.",
    "A Photo Of A GREAT White Shark!",
    "an astronaut in a spacesuit, smiling; behind her: a flag (and a model of the Space Shuttle)",
    "café au lait, crème brûlée & jalapeño",
    "it's 3.14 % of $1,000 - isn't it?",
    "electroencephalographically antidisestablishmentarianism",
    "東京タワーの写真",
    "Кошка на окне",
    "naïve e\u0301clair, ﬁne “quotes” – and a dash",
    "a dog 🐶 on a beach",
    "  spaces\tand\nlines  ",
    "",
    "a very long description of a motorcycle " * 60,
]
"""Plain words, case, punctuation, accents (composed and combining), long words, CJK, Cyrillic, an emoji, blanks, an
empty text, and one that is longer than the context."""


def write_sample_images(folder: Path) -> list[Path]:
    """Writes six images of different shapes, modes and formats, made from scikit-image's photographs."""
    folder.mkdir()
    cat, astronaut, camera, coffee = (_photo(f"{name}.png") for name in ("chelsea", "astronaut", "camera", "coffee"))
    images = {
        "0.png": cat.resize((301, 227), Image.Resampling.LANCZOS),  # landscape, shrinks; odd margins
        "1.png": astronaut.crop((150, 0, 320, 300)),  # portrait, grows
        "2.png": _with_alpha(coffee.resize((288, 259), Image.Resampling.LANCZOS)),  # RGBA: premultiplied resize
        "3.png": camera.resize((256, 256), Image.Resampling.LANCZOS),  # grey
        "4.png": coffee.crop((60, 40, 460, 264)),  # the shorter side is 224 already: crop only
        "5.jpg": _photo("rocket.jpg").resize((320, 213), Image.Resampling.LANCZOS),
    }
    paths = [folder / name for name in images]
    for path, image in zip(paths, images.values()):
        image.save(path, quality=90, optimize=True)
    return paths


def _photo(name: str) -> Image.Image:
    return Image.open(package_file("skimage", f"data/{name}"))


def _with_alpha(image: Image.Image) -> Image.Image:
    """The image with an alpha channel that runs from transparent at the left to opaque at the right."""
    alpha = np.linspace(0, 255, image.width).round().astype(np.uint8)
    result = image.convert("RGBA")
    result.putalpha(Image.fromarray(np.tile(alpha, (image.height, 1))))
    return result
