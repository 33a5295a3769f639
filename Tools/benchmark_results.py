"""Compares writing results as text with pyarrow and pandas, in one run on the same rows.

A million decisions on 12 categories with all their similarities, from memory to a folder in memory: CSV by this library and
pyarrow, JSON Lines by this library and pandas. Fails when the library writes fewer megabytes of CSV per second than pyarrow,
or takes more than a fifth of pandas's time for JSON Lines.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

TURNS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="the built program of the package Benchmarks")
    parser.add_argument("--folder", type=Path, default=Path("/dev/shm"), help="where to write: a folder in memory")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        compare(arguments.benchmarks, Path(folder))


def compare(program: Path, folder: Path) -> None:
    ours = [run_ours(program, folder)]
    table = pq.read_table(folder / "results.parquet")
    check_rows(table, folder)
    theirs = []
    for turn in range(TURNS):
        if turn > 0:
            ours.append(run_ours(program, folder))
        theirs.append(run_theirs(table, folder))
    csv, lines = (statistics.median(turn[format] for turn in ours) for format in ("csv", "jsonl"))
    arrow, pandas = (statistics.median(turn[format] for turn in theirs) for format in ("csv", "jsonl"))
    rates = [megabytes(folder / "results.csv") / csv, megabytes(folder / "pyarrow.csv") / arrow]
    print(f"CSV, this library          {csv:6.2f} s, {megabytes(folder / 'results.csv'):5.0f} MB, {rates[0]:4.0f} MB/s")
    print(f"CSV, pyarrow               {arrow:6.2f} s, {megabytes(folder / 'pyarrow.csv'):5.0f} MB, {rates[1]:4.0f} MB/s")
    print(f"JSON Lines, this library   {lines:6.2f} s, {megabytes(folder / 'results.jsonl'):5.0f} MB")
    print(f"JSON Lines, pandas         {pandas:6.2f} s, {megabytes(folder / 'pandas.jsonl'):5.0f} MB")
    check(rates[0] / rates[1], 1, "pyarrow")
    check(pandas / lines, 5, "pandas")


def run_ours(program: Path, folder: Path) -> dict[str, float]:
    """Seconds per format, medians of three."""
    output = subprocess.run([program, "text-results"], check=True, capture_output=True, text=True,
                            env=os.environ | {"BENCHMARK_FOLDER": str(folder)}).stdout
    return {format: int(re.search(rf"as {name}, ms +(\d+)", output)[1]) / 1000
            for format, name in (("csv", "CSV"), ("jsonl", "JSON Lines"))}


def run_theirs(table: pa.Table, folder: Path) -> dict[str, float]:
    """Seconds per format. pyarrow writes no lists as CSV, so the matching categories are joined before."""
    joined = pa.compute.binary_join(table["categories"].cast(pa.list_(pa.string())), ";")
    flat = table.set_column(1, "categories", joined)
    frame = table.to_pandas()
    return {"csv": seconds(lambda: pa.csv.write_csv(flat, folder / "pyarrow.csv")),
            "jsonl": seconds(lambda: frame.to_json(folder / "pandas.jsonl", orient="records", lines=True))}


def check_rows(table: pa.Table, folder: Path) -> None:
    """The files have the same rows, and every number converts back to exactly itself."""
    types = {name: pa.float32() if pa.types.is_floating(table.schema.field(name).type) else pa.string()
             for name in table.column_names}
    written = pa.csv.read_csv(folder / "results.csv", convert_options=pa.csv.ConvertOptions(column_types=types))
    for name in table.column_names:
        if name != "categories" and not written[name].equals(table[name].cast(types[name])):
            raise SystemExit(f"error: the column {name} of the CSV file differs from that of the Parquet file")
    with open(folder / "results.jsonl") as lines:
        for row in table.slice(0, 1000).to_pylist():
            line = json.loads(next(lines))
            values = {f"{part}_{name}": value for part, values in line.items() if isinstance(values, dict)
                      for name, value in values.items()}
            values = {name: pa.scalar(value, types[name]).as_py() for name, value in values.items()}
            if line["categories"] != row["categories"] or values | {"id": line["id"], "categories": line["categories"]} != row:
                raise SystemExit(f"error: the line of {row['id']} differs from the row of the Parquet file")


def seconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def megabytes(path: Path) -> float:
    return path.stat().st_size / 1e6


def check(ratio: float, required: float, what: str) -> None:
    print(f"{ratio:.2f} times as fast as {what}")
    if ratio < required:
        raise SystemExit(f"error: expected at least {required} times")


if __name__ == "__main__":
    main()
