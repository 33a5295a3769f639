"""Compares stores row by row."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stored import require, require_same


def require_same_stores(store: Path, expected: Path, what: str) -> int:
    """Ends the program unless two stores hold the same rows, in any order; returns the number of images."""
    columns = schema(expected)
    require(schema(store).equals(columns, check_metadata=True), f"{what}: the schema is {schema(store)}, not {columns}")
    embedded = rows(store, "part-*.parquet")
    require_same(embedded, rows(expected, "part-*.parquet"), what)
    rejected = rows(store, "rejects.parquet")
    require_same(rejected, rows(expected, "rejects.parquet"), f"{what}, rejects")
    return len(embedded) + len(rejected)


def schema(store: Path) -> pa.Schema:
    """The schema of a store's parts."""
    return pq.read_schema(next(iter(sorted(store.glob("part-*.parquet")))))


def rows(store: Path, pattern: str) -> dict[str, dict]:
    """The rows of some of a store's files by id; none occurs twice."""
    found: dict[str, dict] = {}
    for path in sorted(store.glob(pattern)):
        for row in pq.read_table(path).to_pylist():
            require(row["id"] not in found, f"{path}: the id '{row['id']}' occurs twice")
            found[row["id"]] = row
    return found
