#!/usr/bin/env python3
"""Copies the photographs that installed Python packages carry into a folder, with credits. Needs no network."""

import argparse
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from installed import package_file


@dataclass(frozen=True)
class Collection:
    """A package that carries photographs: its name on the package index, its import name, and its image folder."""

    distribution: str
    package: str
    folder: str


@dataclass(frozen=True)
class Photo:
    """One photograph: its name here, the collection and file it comes from, and its origin as stated there."""

    name: str
    collection: Collection
    file: str
    credit: str


SKIMAGE = Collection("scikit-image", "skimage", "data")
SKLEARN = Collection("scikit-learn", "sklearn", "datasets/images")
MATPLOTLIB = Collection("matplotlib", "matplotlib", "mpl-data/sample_data")

PHOTOS = [
    Photo("astronaut.png", SKIMAGE, "astronaut.png", "Eileen Collins; NASA, public domain"),
    Photo("brick-wall.png", SKIMAGE, "brick.png", "CC0Textures, CC0"),
    Photo("cat.png", SKIMAGE, "chelsea.png", "Chelsea the cat; Stefan van der Walt, CC0"),
    Photo("cell-microscopy.png", SKIMAGE, "cell.png", "Paul Müller et al., CC0"),
    Photo("clock-blurred.png", SKIMAGE, "clock_motion.png", "Stefan van der Walt, public domain"),
    Photo("coffee-cup.png", SKIMAGE, "coffee.png", "Rachel Michetti, courtesy of Pikolo Espresso Bar, CC0"),
    Photo("coins.png", SKIMAGE, "coins.png", "Brooklyn Museum, no known copyright restrictions"),
    Photo("flower.jpg", SKLEARN, "flower.jpg", "flickr.com/photos/vultilion/6056698931, CC BY 2.0"),
    Photo("galaxies.jpg", SKIMAGE, "hubble_deep_field.jpg", "NASA, Hubble eXtreme Deep Field, public domain"),
    Photo("grass.png", SKIMAGE, "grass.png", "CC0"),
    Photo("gravel.png", SKIMAGE, "gravel.png", "CC0Textures, CC0"),
    Photo("microaneurysms.png", SKIMAGE, "microaneurysms.png", "High-Resolution Fundus Image Database, CC0"),
    Photo("moon.png", SKIMAGE, "moon.png", "origin not stated by the package"),
    Photo("motorcycle-left.png", SKIMAGE, "motorcycle_left.png", "Middlebury 2014 stereo benchmark, Scharstein et al."),
    Photo("motorcycle-right.png", SKIMAGE, "motorcycle_right.png",
          "Middlebury 2014 stereo benchmark, Scharstein et al."),
    Photo("naval-officer.jpg", MATPLOTLIB, "grace_hopper.jpg", "Grace Hopper; origin not stated by the package"),
    Photo("page-of-text.png", SKIMAGE, "page.png", "origin not stated by the package"),
    Photo("photographer.png", SKIMAGE, "camera.png", "Lav Varshney, CC0"),
    Photo("retina.jpg", SKIMAGE, "retina.jpg", "Mikael Häggström, CC0"),
    Photo("rocket-launch.jpg", SKIMAGE, "rocket.jpg", "SpaceX, public domain"),
    Photo("temple.jpg", SKLEARN, "china.jpg", "flickr.com/photos/danielbuechele/6061409035, CC BY 2.0"),
    Photo("tissue-microscopy.png", SKIMAGE, "ihc.png",
          "Center for Microscopy and Molecular Imaging, no known copyright restrictions"),
    Photo("word-closeup.png", SKIMAGE, "text.png", "Wikipedia, Corner.png, public domain"),
]


def source(photo: Photo) -> Path:
    """The photograph's file inside its installed package."""
    return package_file(photo.collection.package, f"{photo.collection.folder}/{photo.file}")


def credit_line(photo: Photo) -> str:
    """One line of CREDITS.txt: name, package with version, file, and origin with licence."""
    origin = photo.collection
    package = f"{origin.distribution} {version(origin.distribution)}"
    return f"{photo.name}: {package}, {origin.package}/{origin.folder}/{photo.file}; {photo.credit}\n"


def fetch(output: Path) -> None:
    """Copies every photograph, byte for byte, into `output` and writes CREDITS.txt beside them."""
    sources = [source(photo) for photo in PHOTOS]
    output.mkdir(parents=True, exist_ok=True)
    for photo, path in zip(PHOTOS, sources):
        shutil.copyfile(path, output / photo.name)
    (output / "CREDITS.txt").write_text("".join(map(credit_line, PHOTOS)), encoding="utf-8")
    print(f"copied {len(PHOTOS)} photographs to '{output}'")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, metavar="DIR",
                        help="folder for the photographs and CREDITS.txt; made when missing")
    fetch(parser.parse_args().output)


if __name__ == "__main__":
    main()
