#!/usr/bin/env python3
"""Runs the recipes of Docs/Recipes.md, except that with PostgreSQL, on collections made for them: each command must
print what the page shows.
"""

import argparse
import tempfile
from pathlib import Path

from recipes import page
from recipes.collections import MAKERS, Photos
from stored import require

# check_database.py runs this one on its server.
WITH_SERVER = {"A PostgreSQL table"}


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
    print(f"{len(MAKERS)} recipes print what the page shows: {', '.join(MAKERS)}")


if __name__ == "__main__":
    main()
