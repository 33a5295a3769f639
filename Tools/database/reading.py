"""Images from a query: the same vectors as from the files, with the columns' values."""

import subprocess
from pathlib import Path

from stored import failures, require, require_same, rows, vectors

from database.server import Server
from database.tool import Tool

COUNT = 24
QUERY = "SELECT id, path, taken_at, price, tags, label, seen, day, meta, key FROM photos ORDER BY id"


def check(tool: Tool, server: Server, images: Path, scratch: Path) -> dict[str, list[float]]:
    """Returns the vectors by id."""
    files = sorted(path for path in images.rglob("*") if path.is_file())[:COUNT]
    _fill(server, files)
    expected = _expected(tool, files, scratch)
    store = scratch / "paths"
    tool.run("embed", "--database", server.url, "--query", QUERY, "--output", store)
    found = vectors(store)
    require_same(found, expected, "paths")
    _check_values(store)
    _check_resumption(tool, server, store)

    store = scratch / "bytes"
    query = "SELECT id, image FROM photos WHERE image IS NOT NULL"
    tool.run("embed", "--database", server.url, "--query", query, "--output", store)
    require_same(vectors(store), expected, "bytes")

    # Once to count the rows, once to read them: the query may be a heavy one.
    server.owner_sql("CREATE SEQUENCE evaluated")
    query = "SELECT id, path FROM photos WHERE nextval('evaluated') > 0"
    tool.run("embed", "--database", server.url, "--query", query, "--output", scratch / "counted")
    evaluated = server.owner_sql("SELECT last_value FROM evaluated")
    require(evaluated == [[str(2 * COUNT)]], f"{COUNT} rows of a query were evaluated {evaluated[0][0]} times")

    relative = scratch / "relative"
    query = f"SELECT 'r' || id AS id, replace(path, '{files[0].parent}/', '') AS path FROM photos LIMIT 1"
    tool.run("embed", "--database", server.url, "--query", query, "--output", relative, cwd=files[0].parent)
    tool.run("store", "verify", relative)
    _check_faulty_rows(tool, server, files, scratch)
    return found


def _fill(server: Server, files: list[Path]) -> None:
    server.owner_sql("CREATE TABLE photos (id bigint PRIMARY KEY, path text, taken_at timestamptz, price numeric(10, 2), "
                     "tags text[], label varchar(20), seen boolean, day date, meta jsonb, key uuid, image bytea)")
    key = "00112233-4455-6677-8899-aabbccddeeff"
    lines = [f"{n}\t{path}\t2026-01-02 03:04:05+00\t{n}.50\t{{a,b}}\tünï\t{'t' if n % 2 else 'f'}\t2026-02-03\t"
             f'{{"n": {n}}}\t{key}\t\\\\x{path.read_bytes().hex()}' for n, path in enumerate(files)]
    # Missing values come first: a column's type must not depend on its first rows.
    lines[0] = f"0\t{files[0]}" + "\t\\N" * 8 + f"\t\\\\x{files[0].read_bytes().hex()}"
    server.copy("photos", "".join(f"{line}\n" for line in lines))


def _expected(tool: Tool, files: list[Path], scratch: Path) -> dict[str, list[float]]:
    table = scratch / "photos.csv"
    table.write_text("id,path\n" + "".join(f"{n},{path}\n" for n, path in enumerate(files)))
    tool.run("embed", table, "--output", scratch / "table")
    return vectors(scratch / "table")


def _check_values(store: Path) -> None:
    columns = ["id", "taken_at", "price", "label", "seen", "day", "key"]
    found = {row["id"]: row for part in store.glob("part-*.parquet") for row in rows(part, columns)}
    require(all(found["0"][name] is None for name in columns[1:]), f"row 0 has values: {found['0']}")
    row = found["3"]
    require(row["taken_at"].startswith("2026-01-02 03:04:05"), f"the time is {row['taken_at']}")
    require(row["price"] == "3.50", f"the decimal is {row['price']}")
    require((row["label"], row["seen"], row["day"]) == ("ünï", True, "2026-02-03"), f"row 3 is {row}")
    require(row["key"] == "00112233-4455-6677-8899-aabbccddeeff", f"the UUID is {row['key']}")


def _check_resumption(tool: Tool, server: Server, store: Path) -> None:
    again = tool.run("embed", "--database", server.url, "--query", QUERY, "--output", store)
    require(f"0 embedded, {COUNT} skipped" in again.output, f"rows are not skipped: {again.output}")
    less = QUERY.replace("ORDER", f"WHERE id < {COUNT - 4} ORDER")
    pruned = tool.run("embed", "--database", server.url, "--query", less, "--output", store, "--prune")
    require("4 pruned" in pruned.output, f"rows are not pruned: {pruned.output}")
    more = tool.run("embed", "--database", server.url, "--query", QUERY, "--output", store)
    require("4 embedded" in more.output, f"new rows are not embedded: {more.output}")
    tool.run("store", "verify", store, "--sample", 5)
    info = tool.run("store", "info", store)
    require("127.0.0.1" in info.output, f"the store does not say where its images are from: {info.output}")


def _check_faulty_rows(tool: Tool, server: Server, files: list[Path], scratch: Path) -> None:
    server.owner_sql("CREATE TABLE faulty (id bigint, path text)")
    paths = [files[0], files[1], files[2], files[3]]
    ids = ["1", "\\N", "3", "1"]
    server.copy("faulty", "".join(f"{key}\t{path}\n" for key, path in zip(ids, paths)) + "5\t\\N\n")
    store = scratch / "faulty"
    query = "SELECT * FROM faulty"
    result = tool.run("embed", "--database", server.url, "--query", query, "--output", store, status=1)
    require("2 embedded, 3 failed" in result.output, f"faulty rows: {result.output}")
    require(set(vectors(store)) == {"1", "3"}, "faulty rows are stored")
    reasons = " ".join(row["reason"] for row in rows(store / "rejects.parquet", ["reason"]))
    require("has no value in the column 'id'" in reasons and "has no value in the column 'path'" in reasons, reasons)
    require(set(failures(store)) == {"row 2 of the query", "1", "5"}, f"failures: {failures(store)}")
    for query in ("SELECT * FROM nothing", "DELETE FROM faulty RETURNING *", "SELECT 1; DROP TABLE faulty"):
        tool.run("embed", "--database", server.url, "--query", query, "--output", scratch / "refused", status=3)
    require(server.owner_sql("SELECT count(*) FROM faulty") == [["5"]], "a query changed the table")
