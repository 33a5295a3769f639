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
    """The rows of some of a store's files by id."""
    return by_id([row for path in sorted(store.glob(pattern)) for row in pq.read_table(path).to_pylist()], str(store))


def by_id(rows: list[dict], what: str) -> dict[str, dict]:
    """Rows by their ids, of which none occurs twice."""
    found: dict[str, dict] = {}
    for row in rows:
        require(row["id"] not in found, f"{what}: the id '{row['id']}' occurs twice")
        found[row["id"]] = row
    return found


def require_same_results(results: list[dict], expected: Path, what: str) -> None:
    """Ends the program unless rows of results are those of a result file, in any order."""
    require_same(by_id(results, what), by_id(pq.read_table(expected).to_pylist(), str(expected)), what)
