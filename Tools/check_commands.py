#!/usr/bin/env python3
"""Runs every `clip-cli` command that the README, the guides and the articles show, and lints the category files in them.

The commands of one page run in order, in a folder that has what pages speak of: photos, a store, labels, category files,
and the default model, also under the name ViT-B-32. Recipes and the walk-through need collections of their own:
check_recipes.py runs them.
"""

import argparse
import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pyarrow
import pyarrow.ipc
import pyarrow.parquet

from doc_commands import category_files, commands
from environment import FORGETFUL
from stored import HERE, require

ROOT = HERE.parent
PAGES = ("README.md", "Docs/**/*.md", "Examples/*.md", "Tools/*.md", "Sources/*/*.docc/*.md")
WITH_COLLECTIONS = {Path("Docs/Recipes.md"), Path("Docs/Walkthrough.md")}
NEEDS_POSTGRESQL = "needs a PostgreSQL server; check_database.py starts one"
NOT_RUN = {
    "clip-cli embed s3://photos/2024/ --output from-bucket": "needs an S3 server; check_sources.py embeds from one",
    'clip-cli embed --database $db --query "SELECT id, path, taken_at FROM photos WHERE NOT hidden" --output store':
        NEEDS_POSTGRESQL,
    "clip-cli classify store --categories categories.yaml --output-database $db --table decisions --if-exists upsert":
        NEEDS_POSTGRESQL,
    "clip-cli store export store --database $db --table embeddings": NEEDS_POSTGRESQL,
    "clip-cli calibrate embeddings --categories categories.yaml --labels labels.csv --target precision=0.95 --confidence 0.95 "
    "--output calibrated.yaml": "needs labels of more images than there are; CalibrationTests runs it with enough",
}
# So many of each photo that calibration has enough labels, and enough background for a quantile of 0.99.
COPIES = 11
MEMBERS = {"cat": "cat.png", "motorcycle": "motorcycle-left.png", "coffee": "coffee-cup.png"}
BACKGROUND = (
    "brick-wall.png", "cell-microscopy.png", "coins.png", "galaxies.jpg", "grass.png", "gravel.png", "microaneurysms.png",
    "moon.png", "retina.jpg", "tissue-microscopy.png",
)
CATEGORIES = """\
threshold: 0.10
neutral: ["a photo.", "an image of something.", "an object.", "a thing."]
neutral_margin: 0.02
categories:
  cat: {positive: ["a cat", "a kitten"], negative: ["a dog", "a wild animal"]}
  motorcycle: {positive: ["a motorcycle", "a moped"], negative: ["a car", "a bicycle"]}
  coffee: {positive: ["a cup of coffee", "an espresso"], negative: ["a plate of food", "a bowl"]}
"""
WORDS = ("animal", "ball", "bicycle", "car", "cat", "coin", "cup", "espresso", "fox", "mug", "object", "stone", "wall", "worm")
PRODUCTS = "threshold: 0.0\ncategories:\n" + "".join(f"  {name}: {{rule: nearest-exemplar}}\n" for name in MEMBERS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to embed")
    arguments = parser.parse_args()
    pages = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for glob in PAGES for path in sorted(ROOT.glob(glob))}
    shown = [command for page, text in pages.items() if page not in WITH_COLLECTIONS for command in commands(page, text)]
    files = [file for page, text in pages.items() for file in category_files(page, text)]
    unknown = NOT_RUN.keys() - {command.text for command in shown}
    require(not unknown, f"no page shows what is listed as not run: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder).resolve(), arguments.cli.absolute(), arguments.photos.absolute())
        failures = [(file, failure) for file in files if (failure := world.lint(file.text))]
        for page in {command.page: None for command in shown}:
            place = world.copy()
            of_page = [command for command in shown if command.page == page and command.text not in NOT_RUN]
            failures += [(command, failure) for command in of_page if (failure := world.run(command.text, place))]
    require(not failures, "\n".join(f"{passage.place}: {failure}" for passage, failure in failures))
    print(f"{len(shown) - len(NOT_RUN)} commands of the pages run, and {len(files)} category files are good")
    for command, reason in NOT_RUN.items():
        print(f"not run: {command} ({reason})")


def label(drawn: Path) -> None:
    """Does what pages say between two commands: labels the images of a sample."""
    if drawn.exists():
        rows = (line.split(",") for line in drawn.read_text().splitlines())
        named = ([*row[:2], str(int(MEMBERS[row[1]] in row[0])) if row[2] == "" else row[2], *row[3:]] for row in rows)
        drawn.write_text("".join(f"{','.join(row)}\n" for row in named))


class World:
    """A folder with everything that pages speak of, to be copied for each page."""

    def __init__(self, folder: Path, cli: Path, photos: Path):
        self.folder, self.original, self.copies = folder, folder / "original", 0
        models = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "swift-openclip/models"
        (folder / "bin").mkdir()
        (folder / "bin/clip-cli").symlink_to(cli)
        (folder / "cache/swift-openclip/models").mkdir(parents=True)
        for name in ("default", "ViT-B-32"):
            (folder / "cache/swift-openclip/models" / name).symlink_to(models / "default")
        self.environment = FORGETFUL | {
            "HOME": str(folder / "home"),
            "OMP_WAIT_POLICY": "PASSIVE",
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        self.original.mkdir()
        self.add_images(photos)
        self.add_tables()
        for name in ("categories.yaml", "before.yaml", "after.yaml"):
            (self.original / name).write_text(CATEGORIES)
        (self.original / "products.yaml").write_text(PRODUCTS)
        (self.original / "words.txt").write_text("\n".join(WORDS) + "\n")
        (self.original / "models").mkdir()
        (self.original / "models/ViT-B-32").symlink_to(models / "default")
        failure = self.run("clip-cli embed photos --output embeddings", self.original)
        require(failure is None, f"there is no store to run commands on: {failure}")
        self.add_stream()

    def add_images(self, photos: Path) -> None:
        """Copies of the photos in the home folder, which other names link to; archives; and single files."""
        for number in range(COPIES):
            copies = self.folder / f"home/Pictures/{number:02}"
            copies.mkdir(parents=True)
            for name in (*MEMBERS.values(), *BACKGROUND):
                shutil.copy(photos / name, copies)
        (self.original / "moved").mkdir()
        (self.original / "shards").mkdir()
        for link in ("photos", "moved/photos"):
            (self.original / link).symlink_to(self.folder / "home/Pictures")
        for name in ("photo.jpg", "cat.jpg", "street.jpg"):
            shutil.copy(photos / "cat.png", self.original / name)
        for number in range(4):
            with tarfile.open(self.original / f"shards/{number:03}.tar", "w") as archive:
                archive.add(photos / "cat.png", arcname=f"{number}.png")

    def add_tables(self) -> None:
        """Labels of all photos, a list, tables, a zip file and a database."""
        images = [(f"{number:02}/{name}", name) for number in range(COPIES) for name in (*MEMBERS.values(), *BACKGROUND)]
        rows = [f"{id},{category},{int(name == member)}\n" for id, name in images for category, member in MEMBERS.items()]
        for name in ("labels.csv", "results-labels.csv"):
            (self.original / name).write_text("id,category,label\n" + "".join(rows))
        with zipfile.ZipFile(self.original / "takeout.zip", "w") as archive:
            archive.write(self.original / "photo.jpg", "Takeout/photo.jpg")
        (self.original / "data").mkdir()
        for shard in range(2):
            rows = {"image": [{"bytes": (self.original / "photo.jpg").read_bytes(), "path": f"{shard}.jpg"}]}
            pyarrow.parquet.write_table(pyarrow.table(rows), self.original / f"data/train-{shard:05}-of-00002.parquet")
        (self.original / "images.txt").write_text("photo.jpg\nphotos/00/coins.png\n")
        (self.original / "products.csv").write_text("sku,path\n1,photo.jpg\n2,photos/00/coins.png\n")
        with contextlib.closing(sqlite3.connect(self.original / "photos.sqlite")) as database, database:
            database.execute("CREATE TABLE photos (id INTEGER PRIMARY KEY, path TEXT)")
            database.executemany("INSERT INTO photos (path) VALUES (?)", [["photo.jpg"], ["photos/00/coins.png"]])

    def add_stream(self) -> None:
        """The store's vectors as an engine sends them."""
        parts = sorted((self.original / "embeddings").glob("part-*.parquet"))
        vectors = pyarrow.parquet.read_table(parts, columns=["id", "embedding"])
        with pyarrow.ipc.new_stream(self.original / "vectors.arrows", vectors.schema) as stream:
            stream.write_table(vectors)

    def copy(self) -> Path:
        """A fresh copy of the folder."""
        self.copies += 1
        return shutil.copytree(self.original, self.folder / f"copy-{self.copies}", symlinks=True)

    def run(self, command: str, place: Path) -> str | None:
        """Runs a command in a folder; returns what went wrong, if anything did."""
        shell = ["bash", "-o", "pipefail", "-c", command]
        result = subprocess.run(shell, cwd=place, env=self.environment, capture_output=True, text=True)
        if result.returncode == 0:
            label(place / "to-label.csv")
            return None
        return f"exit code {result.returncode}: {command}\n{result.stderr.strip() or result.stdout.strip()}"

    def lint(self, file: str) -> str | None:
        """Lints the text of a category file."""
        (self.folder / "shown.yaml").write_text(file, encoding="utf-8")
        return self.run("clip-cli lint shown.yaml --no-model", self.folder)


if __name__ == "__main__":
    sys.exit(main())
