"""What is in a store, read with pyarrow, as far as it can be compared."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet

from stored import require

PART = re.compile(r"part-(\d+)(?:-(\d+))?\.parquet")


def parts(store: Path) -> list[Path]:
    """The parts that count: those that no merger covers."""
    found = {}
    for path in store.glob("part-*.parquet"):
        match = PART.fullmatch(path.name)
        require(match is not None, f"{path}: there is no such name of a part")
        found[path] = (int(match[1]), int(match[2] or match[1]))
    return sorted(
        path
        for path, (first, last) in found.items()
        if not any(other != path and a <= first and last <= b for other, (a, b) in found.items())
    )


def all_rows(store: Path) -> Iterator[tuple[str, tuple]]:
    """All rows with their ids; every part must be readable to its end."""
    for part in parts(store):
        try:
            table = pyarrow.parquet.read_table(part)
        except (OSError, ValueError) as error:
            require(False, f"{part} cannot be read: {error}")
        for row in table.to_pylist():
            yield row["id"], tuple(tuple(value) if isinstance(value, list) else value for value in row.values())


def rows(store: Path) -> dict[str, tuple]:
    """All rows by id, of which none may occur twice."""
    stored: dict[str, tuple] = {}
    for id, row in all_rows(store):
        require(id not in stored, f"{store}: the id '{id}' occurs twice")
        stored[id] = row
    return stored


def is_complete(store: Path) -> bool:
    """Whether the last run came to its end, as the store says."""
    path = store / "rejects.parquet"
    metadata = pyarrow.parquet.read_metadata(path).metadata or {} if path.exists() else {}
    return metadata.get(b"openclip.complete") == b"true"
