#!/usr/bin/env python3
"""Exchanges a store with the layout of clip-retrieval: numpy and pandas must read what `clip-cli store export` writes, and
`clip-cli store import` must make a store of it that holds the same.
"""

import argparse
import csv
import subprocess
import tempfile
from pathlib import Path

import numpy
import pandas

from environment import FORGETFUL
from stored import embed_command, require, vectors

MODEL = "default"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to embed")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        photos = sorted(path.absolute() for path in arguments.photos.iterdir() if path.suffix != ".txt")
        captions = [f"photograph of {photo.stem}, {number}" for number, photo in enumerate(photos)]
        with (work / "table.csv").open("w", newline="") as table:
            rows = ((photo.name, photo, caption) for photo, caption in zip(photos, captions))
            csv.writer(table).writerows([("id", "path", "caption"), *rows])
        run(embed_command(arguments.cli, work / "table.csv", work / "store", "--model", MODEL))
        stored = vectors(work / "store")
        require(list(stored) == [photo.name for photo in photos], "the store has other ids than the table")

        store = [arguments.cli.absolute(), "store"]
        run([*store, "export", work / "store", "--output", work / "laion"])
        exported = check_export(work / "laion", stored, captions)
        run([*store, "import", work / "laion", "--output", work / "copy", "--model", MODEL])
        check_import(work / "copy", exported, captions)
        info = run([*store, "info", work / "copy"])
        require(f"{len(photos)} embedded, in 1 part" in info and "caption (text)" in info, f"the imported store is:\n{info}")
    print(f"clip-retrieval: {len(photos)} vectors exported, read by numpy and pandas, and imported")


def check_export(folder: Path, stored: dict[str, list[float]], captions: list[str]) -> dict[str, numpy.ndarray]:
    """The exported vectors by id, which must be the stored ones rounded to 16 bits, in their order."""
    matrix = numpy.load(folder / "img_emb/img_emb_0.npy")
    metadata = pandas.read_parquet(folder / "metadata/metadata_0.parquet")
    require(matrix.dtype == numpy.float16, f"the exported vectors are {matrix.dtype}")
    require(len(matrix) == len(metadata) == len(stored), f"{len(matrix)} vectors and {len(metadata)} rows were exported")
    require(metadata["image_path"].tolist() == list(stored), "other ids were exported")
    require(metadata["caption"].tolist() == captions, "other captions were exported")
    rounded = numpy.array(list(stored.values()), dtype="float32").astype("float16")
    require(numpy.array_equal(matrix, rounded), "the exported vectors are not the stored ones rounded to 16 bits")
    return dict(zip(metadata["image_path"], matrix))


def check_import(folder: Path, exported: dict[str, numpy.ndarray], captions: list[str]) -> None:
    """The imported store must hold the exported vectors, brought to length 1 again, with their ids and captions."""
    imported = vectors(folder)
    require(list(imported) == list(exported), "other ids were imported")
    require(pandas.read_parquet(folder / "part-00000.parquet")["caption"].tolist() == captions, "other captions were imported")
    found, halves = (numpy.array(list(rows.values()), dtype="float64") for rows in (imported, exported))
    expected = halves / numpy.linalg.norm(halves, axis=1, keepdims=True)
    # Stored as 32-bit floats below 1, which are rounded by at most 2**-25, and divided by a length of that precision.
    require(numpy.abs(found - expected).max() <= 2**-22, "other vectors were imported")


def run(command: list[object]) -> str:
    """The output of a command, which must succeed."""
    words = [str(word) for word in command]
    result = subprocess.run(words, capture_output=True, text=True, env=FORGETFUL)
    require(result.returncode == 0, f"exit code {result.returncode}: {' '.join(words)}\n{result.stderr}")
    return result.stdout


if __name__ == "__main__":
    main()
