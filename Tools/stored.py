"""Runs `clip-cli embed` and reads what it stored, for checks of runs that go wrong."""

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet

HERE = Path(__file__).resolve().parent
GENERATOR = HERE.parent / "Benchmarks/soak/make_images.py"


def make_images(photos: Path, output: Path, count: int) -> None:
    """Makes small varied images from the photographs."""
    command = [GENERATOR, "--photos", photos, "--output", output, "--count", str(count), "--largest-width", "240"]
    subprocess.run([sys.executable, *command], check=True, capture_output=True)


def embed_command(cli: Path, images: Path, store: Path, *options: object) -> list[str]:
    """The command that embeds a folder."""
    return [str(word) for word in (cli.absolute(), "embed", images, "--output", store, *options)]


def rows(path: Path, columns: list[str]) -> list[dict]:
    """The rows of one Parquet file, which must be readable to its end."""
    return pyarrow.parquet.read_table(path, columns=columns).to_pylist()


def vectors(store: Path) -> dict[str, list[float]]:
    """All stored vectors by id; every part must be readable, and no id may occur twice."""
    stored: dict[str, list[float]] = {}
    for part in sorted(store.glob("part-*.parquet")):
        for row in rows(part, ["id", "embedding"]):
            require(row["id"] not in stored, f"{part}: the id '{row['id']}' occurs twice")
            stored[row["id"]] = row["embedding"]
    return stored


def failures(store: Path) -> dict[str, str]:
    """The stage at which each failed image failed, by id."""
    return {row["id"]: row["stage"] for row in rows(store / "rejects.parquet", ["id", "stage"])}


def require_same(stored: dict, expected: dict, what: str) -> None:
    """Ends the program when two sets of rows differ, and names the first difference."""
    for key in sorted(stored.keys() | expected.keys()):
        require(key in stored, f"{what}: '{key}' is missing")
        require(key in expected, f"{what}: '{key}' should not be there")
        require(stored[key] == expected[key], f"{what}: '{key}' has another value")


def require(condition: bool, message: str) -> None:
    """Ends the program with a message unless a condition holds."""
    if not condition:
        sys.exit(message)
