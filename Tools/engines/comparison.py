"""Compares stores row by row."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stored import require, require_same

# Of cosines in 32-bit floats.
ROUNDING = 2e-6


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
    """Ends the program unless rows of results are those of a result file, in any order.

    Numbers may differ as products of other numbers of rows do, and so may decisions so close to their limits.
    """
    found, wanted = by_id(results, what), by_id(pq.read_table(expected).to_pylist(), str(expected))
    require(found.keys() == wanted.keys(), f"{what}: {len(found)} images, not {len(wanted)}")
    for name, row in wanted.items():
        require(is_same_result(found[name], row), f"{what}: '{name}' has {found[name]}, not {row}")


def is_same_result(row: dict, expected: dict) -> bool:
    """Whether results of an image agree; a decision may differ where its own score is at a limit."""
    close = [category for category in categories(expected) if is_close_call(expected, category)]
    settled = [column for column in expected if column not in {f"outcome_{category}" for category in close}]
    return row.keys() == expected.keys() and all(
        without(row[column], close) == without(expected[column], close)
        if column == "categories"
        else is_same(row[column], expected[column])
        for column in settled
    )


def without(assigned: list[str] | None, close: list[str]) -> list[str] | None:
    """The categories of an image except some."""
    return None if assigned is None else [category for category in assigned if category not in close]


def is_same(value: object, expected: object) -> bool:
    if isinstance(value, float) and isinstance(expected, float):
        return abs(value - expected) < ROUNDING
    return value == expected


def is_close_call(row: dict, category: str) -> bool:
    """Whether a score is at its threshold, or as near to the neutral descriptions: both limits are 0."""
    gap = row[f"positive_{category}"] - row[f"neutral_{category}"]
    return any(abs(value) < ROUNDING for value in (row[f"score_{category}"], gap))


def categories(row: dict) -> list[str]:
    """The categories of a row with scores."""
    return [column.removeprefix("score_") for column in row if column.startswith("score_")]
