#!/usr/bin/env python3
"""Makes many different images from a few photographs: crops of varied size, quality, format and orientation.

Image number n depends on the seed and on n alone. Folders of 1,000 images are complete or absent, so that an interrupted
run goes on where it stopped. Every image differs from all others: its number is in a comment of the file.
"""

import argparse
import os
import random
import shutil
import sys
import time
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

from PIL import Image, PngImagePlugin

FOLDER_SIZE = 1000
SHORT_SIDES = (360, 520, 800, 1040)
SMALLEST_WIDTH = 160
PNG_SHARE, WEBP_SHARE, ORIENTED_SHARE = 0.02, 0.02, 0.06
ORIENTATION_TAG = 0x0112


@dataclass(frozen=True)
class Maker:
    """The photographs at several sizes, the seed, and the largest width."""

    photos: list[list[Image.Image]]
    seed: int
    largest_width: int

    @staticmethod
    def load(folder: Path, seed: int, largest_width: int) -> "Maker":
        files = sorted(path for path in folder.iterdir() if path.suffix in (".jpg", ".png"))
        if not files:
            sys.exit(f"'{folder}' holds no photographs; make them with Tools/fetch_demo_photos.py")
        return Maker([sizes_of(Image.open(path).convert("RGB")) for path in files], seed, largest_width)

    def write(self, number: int, folder: Path) -> None:
        """Writes image `number` into `folder`."""
        rng = random.Random(f"{self.seed}/{number}")
        image = self.crop(rng)
        kind = rng.random()
        quality = rng.randint(50, 95)
        comment = f"{self.seed}/{number}"
        exif = exif_bytes(rng.randint(1, 8) if rng.random() < ORIENTED_SHARE else 1)
        path = folder / f"{number:08d}"
        if kind < PNG_SHARE:
            text = PngImagePlugin.PngInfo()
            text.add_text("Comment", comment)
            image.save(path.with_suffix(".png"), compress_level=1, pnginfo=text, exif=exif)
        elif kind < PNG_SHARE + WEBP_SHARE:
            image.save(path.with_suffix(".webp"), quality=quality, method=0, exif=exif, xmp=comment.encode())
        else:
            image.save(path.with_suffix(".jpg"), quality=quality, comment=comment, exif=exif)

    def crop(self, rng: random.Random) -> Image.Image:
        """A piece of one photograph; up to a largest width of 1024, the average is near 400."""
        low, high = SMALLEST_WIDTH, self.largest_width
        width = round(low * (high / low) ** rng.betavariate(1.7, 2.0))
        height = min(max(round(width * rng.choice((0.67, 0.75, 0.75, 1.0, 1.33))), 120), SHORT_SIDES[-1])
        sizes = [size for size in rng.choice(self.photos) if size.width >= width and size.height >= height]
        size = rng.choice(sizes)
        left, top = rng.randint(0, size.width - width), rng.randint(0, size.height - height)
        return size.crop((left, top, left + width, top + height))


def sizes_of(photo: Image.Image) -> list[Image.Image]:
    """A photograph scaled so that its shorter side has each of the `SHORT_SIDES`."""
    scales = [side / min(photo.size) for side in SHORT_SIDES]
    return [photo.resize((round(photo.width * scale), round(photo.height * scale))) for scale in scales]


def exif_bytes(orientation: int) -> bytes:
    """An EXIF block that says nothing but the orientation."""
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = orientation
    return exif.tobytes()


maker: Maker


def prepare(photos: Path, seed: int, largest_width: int) -> None:
    global maker
    maker = Maker.load(photos, seed, largest_width)


def make_folder(task: tuple[Path, range]) -> int:
    """Makes one folder under a hidden name and gives it its name when it is complete."""
    folder, numbers = task
    pending = folder.with_name(f".{folder.name}")
    shutil.rmtree(pending, ignore_errors=True)
    pending.mkdir()
    for number in numbers:
        maker.write(number, pending)
    pending.rename(folder)
    return len(numbers)


def missing_folders(output: Path, count: int) -> list[tuple[Path, range]]:
    """The folders that are not there, or not of the right number of images, which are removed."""
    tasks = []
    for index, start in enumerate(range(0, count, FOLDER_SIZE)):
        folder, numbers = output / f"{index:04d}", range(start, min(start + FOLDER_SIZE, count))
        if folder.is_dir() and len(os.listdir(folder)) == len(numbers):
            continue
        shutil.rmtree(folder, ignore_errors=True)
        tasks.append((folder, numbers))
    return tasks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True, metavar="DIR", help="photographs to cut from")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder for the images")
    parser.add_argument("--count", type=int, default=200_000, help="number of images")
    parser.add_argument("--largest-width", type=int, default=1024, help="pixels, from 160 to 1024")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes")
    arguments = parser.parse_args()
    if not SMALLEST_WIDTH <= arguments.largest_width <= 1024:
        parser.error("--largest-width must be from 160 to 1024")
    arguments.output.mkdir(parents=True, exist_ok=True)
    tasks = missing_folders(arguments.output, arguments.count)
    start, made = time.monotonic(), 0
    setup = (arguments.photos, arguments.seed, arguments.largest_width)
    with Pool(arguments.workers, prepare, setup) as pool:
        for done in pool.imap_unordered(make_folder, tasks):
            made += done
            print(f"{made} made, {made / (time.monotonic() - start):.0f} images/s", file=sys.stderr)
    print(f"{arguments.count} images in '{arguments.output}'")


if __name__ == "__main__":
    main()
