#!/usr/bin/env python3
"""Runs the Python recipes of Docs/ReadingEmbeddings.md on a store that `clip-cli` makes: each must find the ids and vectors."""

import argparse
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy

from environment import FORGETFUL
from stored import HERE, embed_command, require, vectors

PAGE = HERE.parent / "Docs/ReadingEmbeddings.md"
STORE = "embeddings"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to embed")
    arguments = parser.parse_args()
    cli, photos = arguments.cli.absolute(), arguments.photos.absolute()
    recipes = re.findall(r"^## (.+?)\n+```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    require(len(recipes) > 0, f"{PAGE} has no recipes")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        command = embed_command(cli, photos, Path(STORE), "--allow-failures")
        subprocess.run(command, check=True, capture_output=True, env=FORGETFUL)
        require(Path(STORE, "rejects.parquet").exists(), "the store has no rejects.parquet to be left out")
        # A part that was made by compaction is called by its range.
        shutil.move(f"{STORE}/part-00000.parquet", f"{STORE}/part-00000-00001.parquet")
        expected = vectors(Path(STORE))
        for name, recipe in recipes:
            check(name, recipe, expected)


def check(name: str, recipe: str, expected: dict[str, list[float]]) -> None:
    """Runs one recipe, which must leave `ids` and `vectors` behind."""
    results: dict = {}
    exec(compile(recipe, f"{PAGE}: {name}", "exec"), results)
    require(results["ids"] == list(expected), f"the recipe for {name} finds other ids")
    found, wanted = results["vectors"], numpy.array(list(expected.values()), dtype="float32")
    require(found.dtype == wanted.dtype and numpy.array_equal(found, wanted), f"the recipe for {name} finds other vectors")
    print(f"{name}: {found.shape[0]} vectors of {found.shape[1]} values")


if __name__ == "__main__":
    main()
