"""Prints a result file of `clip-cli classify` as a table, and what changes without negative descriptions."""

import argparse
import json
from pathlib import Path

import pyarrow.parquet as pq

Rows = dict[str, dict]
Thresholds = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, help="Parquet file that `clip-cli classify` wrote")
    parser.add_argument("--without-negatives", type=Path, metavar="PARQUET",
                        help="results of the same images by the same categories without their negatives")
    arguments = parser.parse_args()

    results, thresholds = read(arguments.results)
    width = max(len(image) for image in results)
    for image, row in results.items():
        print(f"{image:<{width}}  {describe(row, thresholds)}")
    if arguments.without_negatives:
        print("\nWhat negative descriptions change:")
        print("\n".join(changes(results, read(arguments.without_negatives)[0])) or "  nothing")


def read(path: Path) -> tuple[Rows, Thresholds]:
    """The rows of a result file by image id, and the threshold of each category."""
    table = pq.read_table(path)
    categories = json.loads(table.schema.metadata[b"openclip.results"])["categories"]
    rows = {row["id"]: row for row in table.to_pylist()}
    return rows, {category["name"]: category["threshold"] for category in categories}


def describe(row: dict, thresholds: Thresholds) -> str:
    """The matching categories with their scores, or the nearest miss."""
    scores = {name: row[f"score_{name}"] for name in thresholds}
    if names := row["categories"]:
        return ", ".join(f"{name} {scores[name]:+.2f}" for name in names)
    held_back = [name for name in scores if row[f"outcome_{name}"] == "below-neutral"]
    if held_back:
        closest = max(held_back, key=scores.__getitem__)
        return f"(none; closest: {closest} {scores[closest]:+.3f}, held back by the neutral test)"
    closest = max(scores, key=lambda name: scores[name] - thresholds[name])
    return f"(none; closest: {closest} {scores[closest]:+.3f}, needs {thresholds[closest]:.3f})"


def changes(results: Rows, without: Rows) -> list[str]:
    """A line for each image and category that only one of the two results has."""
    lines = []
    for image, row in results.items():
        now, before = row["categories"], without[image]["categories"]
        lines += [f"  {image}: no longer called {name}" for name in before if name not in now]
        lines += [f"  {image}: now called {name}" for name in now if name not in before]
    return lines


if __name__ == "__main__":
    main()
