"""Prints a result file of `clip-cli classify` as a table, and what changes without negative descriptions."""

import argparse
import csv
from pathlib import Path

Rows = dict[str, dict[str, str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, help="CSV file that `clip-cli classify` wrote")
    parser.add_argument("--without-negatives", type=Path, metavar="CSV",
                        help="results of the same images by the same categories without their negatives")
    arguments = parser.parse_args()

    results = read(arguments.results)
    width = max(len(image) for image in results)
    for image, row in results.items():
        print(f"{image:<{width}}  {describe(row)}")
    if arguments.without_negatives:
        print("\nWhat negative descriptions change:")
        print("\n".join(changes(results, read(arguments.without_negatives))) or "  nothing")


def read(path: Path) -> Rows:
    """The rows of a result file by image id."""
    with path.open(newline="", encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def matches(row: dict[str, str]) -> list[str]:
    """The categories that an image belongs to."""
    return [name for name in row["categories"].split(";") if name]


def describe(row: dict[str, str]) -> str:
    """The matching categories with their scores, or the nearest miss."""
    scores = {name.removeprefix("score_"): float(value) for name, value in row.items() if name.startswith("score_")}
    if names := matches(row):
        return ", ".join(f"{name} {scores[name]:+.2f}" for name in names)
    best = max(scores, key=scores.__getitem__)
    return f"(none; highest score: {best} {scores[best]:+.2f})"


def changes(results: Rows, without: Rows) -> list[str]:
    """A line for each image and category that only one of the two results has."""
    lines = []
    for image, row in results.items():
        now, before = matches(row), matches(without[image])
        lines += [f"  {image}: no longer called {name}" for name in before if name not in now]
        lines += [f"  {image}: now called {name}" for name in now if name not in before]
    return lines


if __name__ == "__main__":
    main()
