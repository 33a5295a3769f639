#!/usr/bin/env python3
"""Runs Docs/Walkthrough.md, and the recipes of Docs/Recipes.md, except that with PostgreSQL, on collections made for them:
each command must print what the page shows.
"""

import argparse
import csv
import shutil
import tempfile
from pathlib import Path

from recipes import page
from recipes.collections import MAKERS, Photos
from stored import require

# check_database.py runs this one on its server.
WITH_SERVER = {"A PostgreSQL table"}
MAN_MADE = (
    "brick-wall.png", "clock-blurred.png", "coffee-cup.png", "coins.png", "motorcycle-left.png", "motorcycle-right.png",
    "page-of-text.png", "photographer.png", "rocket-launch.jpg", "temple.jpg", "word-closeup.png",
)
UNSURE = ("astronaut.png", "naval-officer.jpg")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make collections from")
    arguments = parser.parse_args()
    photos = Photos(arguments.photos)
    recipes = page.recipes()
    require(recipes.keys() == MAKERS.keys() | WITH_SERVER, f"the page has other recipes: {', '.join(recipes)}")
    for name, make in MAKERS.items():
        with tempfile.TemporaryDirectory() as folder:
            make(photos, Path(folder))
            page.run(recipes[name], arguments.cli, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(arguments.photos, Path(folder, "photos"))
        page.run(page.walkthrough(), arguments.cli, Path(folder), after_step=lambda: label(Path(folder)))
    print(f"the walk-through and {len(MAKERS)} recipes print what the pages show: {', '.join(MAKERS)}")


def label(folder: Path) -> None:
    """Answers what the labels files of a walk-through ask for, as its reader does on the page."""
    for path in folder.glob("to-label*.csv"):
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            row["label"] = "unsure" if row["id"] in UNSURE else str(int(row["id"] in MAN_MADE))
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
