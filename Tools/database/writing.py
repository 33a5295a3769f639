"""Results and vectors in tables: the same as in files, once each, whatever is interrupted."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pyarrow.parquet

from stored import require, vectors

from database.server import Server
from database.tool import Tool

CATEGORIES = """
threshold: 0.1
neutral: ["a photo."]
categories:
  cat: {positive: ["a cat"], negative: ["a dog"]}
  fruit: {positive: ["a fruit"], threshold: 0.05}
"""


def check(tool: Tool, server: Server, store: Path, scratch: Path) -> None:
    categories = scratch / "categories.yaml"
    categories.write_text(CATEGORIES)
    file = scratch / "results.parquet"
    tool.run("classify", store, "--categories", categories, "--output", file)
    expected = {row["id"]: row for row in pyarrow.parquet.read_table(file).to_pylist()}
    classify = ["classify", store, "--categories", categories, "--output-database", server.url, "--table"]

    tool.run(*classify, "decisions")
    _require_rows(server, "decisions", expected)
    again = tool.run(*classify, "decisions", status=3)
    require("--if-exists" in again.errors, again.errors)
    server.owner_sql("ALTER TABLE decisions ADD COLUMN reviewed text; UPDATE decisions SET reviewed = 'yes'; "
                     "UPDATE decisions SET score_cat = 7; DELETE FROM decisions WHERE id = '1'")
    for _ in range(2):
        tool.run(*classify, "decisions", "--if-exists", "upsert")
        _require_rows(server, "decisions", expected)
    require(server.owner_sql("SELECT count(*) FROM decisions WHERE reviewed = 'yes'") == [[str(len(expected) - 1)]],
            "an update lost a column of the user's")
    tool.run(*classify, "decisions", "--if-exists", "replace")
    _require_rows(server, "decisions", expected)
    comment = server.owner_sql("SELECT obj_description('decisions'::regclass)")
    require("model" in comment[0][0], f"the table does not name its model: {comment}")

    server.owner_sql("CREATE SCHEMA \"my results\"")
    tool.run(*classify, "my results.decisions")
    _require_rows(server, '"my results".decisions', expected)
    refused = tool.run(*classify, "photos", "--if-exists", "replace", status=3)
    require("holds something else" in refused.errors, refused.errors)
    refused = tool.run(*classify, "photos", "--if-exists", "upsert", status=3)
    require("primary key" in refused.errors, refused.errors)
    server.owner_sql("CREATE TABLE lookalike AS SELECT * FROM decisions")
    refused = tool.run(*classify, "lookalike", "--if-exists", "replace", status=3)
    require("holds something else" in refused.errors, refused.errors)
    server.owner_sql("CREATE TABLE rounded AS SELECT * FROM decisions; ALTER TABLE rounded ADD PRIMARY KEY (id); "
                     "ALTER TABLE rounded ALTER score_cat TYPE integer")
    refused = tool.run(*classify, "rounded", "--if-exists", "upsert", status=3)
    require("fractions" in refused.errors, refused.errors)
    _check_other_columns(tool, server, store, scratch)
    _check_interruptions(tool, server, classify, expected)
    _check_vectors(tool, server, store)


def _check_other_columns(tool: Tool, server: Server, store: Path, scratch: Path) -> None:
    """Updates a table that has more columns than the results, and one of another model."""
    plain = scratch / "plain.yaml"
    plain.write_text(CATEGORIES.replace('neutral: ["a photo."]', ""))
    table = '"my results".decisions'
    update = ["classify", store, "--categories", plain, "--output-database", server.url, "--table", "my results.decisions",
              "--if-exists", "upsert"]
    server.owner_sql(f"ALTER TABLE {table} ADD COLUMN neutral_note real; UPDATE {table} SET neutral_note = 1")
    tool.run(*update)
    found = server.owner_sql(f"SELECT DISTINCT neutral_cat IS NULL, neutral_fruit IS NULL, neutral_note FROM {table}")
    require(found == [["t", "t", "1"]], f"an update left other columns as {found}")

    server.owner_sql(f"ALTER TABLE {table} ADD COLUMN score_bird real NOT NULL DEFAULT 0")
    tool.run(*update)
    server.owner_sql(f"ALTER TABLE {table} ALTER score_bird DROP DEFAULT")
    refused = tool.run(*update, status=3)
    require("needs values that the new rows do not have (score_bird)" in refused.errors, refused.errors)
    server.owner_sql("CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql "
                     "AS 'BEGIN NEW.score_bird := 0; RETURN NEW; END'; "
                     f"CREATE TRIGGER fill BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fill()")
    tool.run(*update)

    server.owner_sql(f"COMMENT ON TABLE {table} IS 'results of swift-openclip 0; model other, sha256 00ff. Checked'")
    refused = tool.run(*update, status=3)
    require("of the model other (sha256 00ff" in refused.errors, refused.errors)


def _require_rows(server: Server, table: str, expected: dict[str, dict]) -> None:
    lines = server.owner_sql(f"SELECT to_jsonb(t) - 'reviewed' FROM {table} AS t")
    found = {row["id"]: row for row in (json.loads(line[0]) for line in lines)}
    require(found.keys() == expected.keys(), f"{table} has other ids: {sorted(found)}")
    for key, row in expected.items():
        for name, value in row.items():
            other = found[key][name]
            is_same = abs(other - value) < 1e-6 if isinstance(value, float) else other == value
            require(is_same, f"{table}: {name} of {key} is {other}, not {value}")


def _check_interruptions(tool: Tool, server: Server, classify: list, expected: dict[str, dict]) -> None:
    """Ends the tool or its connection while it puts the rows into the table."""
    for how in ("killed", "disconnected"):
        server.owner_sql("UPDATE decisions SET score_cat = 7")
        process, lock = _held_up(tool, server, [*classify, "decisions", "--if-exists", "upsert"])
        if how == "killed":
            process.send_signal(signal.SIGKILL)
        else:
            server.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {WAITING}")
        _, errors = process.communicate()
        require(process.returncode == (-signal.SIGKILL if how == "killed" else 3), f"{how}: {process.returncode} {errors}")
        _end_session(server, lock, 602)
        changed = server.owner_sql("SELECT count(*) FROM decisions WHERE score_cat <> 7")
        require(changed == [["0"]], f"{how}: {changed[0][0]} rows of an unfinished run are there")
        tool.run(*classify, "decisions", "--if-exists", "upsert")
        _require_rows(server, "decisions", expected)


WAITING = "wait_event_type = 'Lock' AND usename = 'clip' AND query NOT LIKE '%pg_sleep%'"


def _held_up(tool: Tool, server: Server, words: list) -> tuple[subprocess.Popen, subprocess.Popen]:
    """The tool, waiting for the table at its end, and the session that has locked it.

    The session asks for its lock while the tool checks the table, and gets it before the tool is done: during the run, the
    table is nobody's.
    """
    def wait_for(condition: str) -> None:
        while not server.sql(f"SELECT pid FROM pg_stat_activity WHERE {condition}"):
            require(process is None or process.poll() is None, "the tool kept the table locked during its run")
            time.sleep(0.05)

    process = None
    first = tool.server_session("BEGIN; LOCK TABLE decisions; SELECT pg_sleep(601)")
    wait_for("query LIKE '%pg_sleep(601)' AND wait_event = 'PgSleep'")
    process = tool.start(*words)
    wait_for(WAITING)
    second = tool.server_session("BEGIN; LOCK TABLE decisions IN SHARE MODE; SELECT pg_sleep(602)")
    wait_for("query LIKE '%pg_sleep(602)' AND wait_event_type = 'Lock'")
    _end_session(server, first, 601)
    wait_for("query LIKE '%pg_sleep(602)' AND wait_event = 'PgSleep'")
    wait_for(WAITING)
    return process, second


def _end_session(server: Server, session: subprocess.Popen, seconds: int) -> None:
    server.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep({seconds})' "
               "AND pid <> pg_backend_pid()")
    session.communicate()


def _check_vectors(tool: Tool, server: Server, store: Path) -> None:
    expected = vectors(store)
    export = ["store", "export", store, "--database", server.url, "--table"]
    tool.run(*export, "embeddings")
    lines = server.owner_sql("SELECT id, to_jsonb(embedding), price FROM embeddings")
    require({line[0] for line in lines} == set(expected), "other ids")
    for key, text, _ in lines:
        differences = [abs(a - b) for a, b in zip(json.loads(text), expected[key], strict=True)]
        require(max(differences) < 1e-6, f"the vector of {key} differs by {max(differences)}")
    require([line[2] for line in lines if line[0] == "3"] == ["3.50"], "a column is missing")
    server.sql(STAND_IN.read_text())
    tool.run(*export, "embeddings", "--if-exists", "replace")
    dimension = len(next(iter(expected.values())))
    kind = server.owner_sql("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = "
                            "'embeddings'::regclass AND attname = 'embedding'")
    require(kind == [[f"vector({dimension})"]], f"vectors have the type {kind}")
    lines = server.owner_sql("SELECT id, embedding::text FROM embeddings")
    require(all(len(json.loads(text)) == dimension for _, text in lines), "vectors are incomplete")
    tool.run(*export, "embeddings", "--if-exists", "upsert")


STAND_IN = Path(__file__).with_name("vector.sql")
