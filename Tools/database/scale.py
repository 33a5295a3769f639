"""A table of 200,000 rows: memory, speed beside the same rows from Parquet, and a connection that is lost."""

import time
from pathlib import Path

import pyarrow
import pyarrow.parquet

from stored import require, rows

from database.server import Server
from database.tool import Tool

COUNT = 200_000
MEMORY = 60 << 10
"""KiB that ten times as many rows, some 80 MiB, may take at most."""
# Images that do not exist: nothing but the rows takes time.
QUERY = "SELECT id, path, note FROM many"


def check(tool: Tool, server: Server, scratch: Path) -> str:
    """Returns what was measured."""
    note = "n" * 400
    server.owner_sql(f"CREATE TABLE many AS SELECT i AS id, '/nowhere/' || i || '.jpg' AS path, '{note}' || i AS note "
                     f"FROM generate_series(1, {COUNT}) AS i")
    numbers = range(1, COUNT + 1)
    table = pyarrow.table({"id": list(numbers), "path": [f"/nowhere/{n}.jpg" for n in numbers],
                           "note": [f"{note}{n}" for n in numbers]})
    pyarrow.parquet.write_table(table, scratch / "many.parquet")
    _check_lost_connection(tool, server, scratch)
    parquet = tool.measure("embed", scratch / "many.parquet", "--output", scratch / "many-parquet", status=1)
    database = tool.measure("embed", "--database", server.url, "--query", QUERY, "--output", scratch / "many-database",
                            status=1)
    for store in ("many-parquet", "many-database"):
        found = {row["id"] for row in rows(scratch / store / "rejects.parquet", ["id"])}
        require(len(found) == COUNT, f"{store}: {len(found)} rows of {COUNT}")
    few = tool.measure("embed", "--database", server.url, "--query", f"{QUERY} LIMIT 20000", "--output", scratch / "few",
                       status=1)
    text = (f"{COUNT} rows: database {database.seconds:.1f} s, {database.peak >> 10} MiB; Parquet {parquet.seconds:.1f} s, "
            f"{parquet.peak >> 10} MiB; a tenth of the rows {few.peak >> 10} MiB")
    require(database.peak - few.peak < MEMORY, f"memory is not bounded: {text}")
    return text


def _check_lost_connection(tool: Tool, server: Server, scratch: Path) -> None:
    store = scratch / "lost"
    process = tool.start("embed", "--database", server.url, "--query", QUERY, "--output", store)
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%FROM many%' " \
            "AND query LIKE 'COPY%' AND query NOT LIKE '%COUNT%' AND usename = 'clip' AND now() - query_start > '0.2 s'"
    while process.poll() is None and ["t"] not in server.sql(ended):
        time.sleep(0.02)
    output, errors = process.communicate()
    require(process.returncode == 3, f"a lost connection ends with exit code {process.returncode}: {errors}{output}")
    require("the query" in errors and "terminat" in errors, f"a lost connection is not named: {errors[-1000:]}")
    info = tool.run("store", "info", store)
    require("incomplete" in info.output, f"half a result is complete: {info.output}")
