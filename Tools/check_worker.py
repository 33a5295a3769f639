#!/usr/bin/env python3
"""Compares `clip-cli worker` with `clip-cli embed` over sound, damaged and hostile images: bytes, paths and URIs, in record
batches of several sizes, must give the same vectors, to the bit, the same rejects and the same words on damage.

Then feeds it what goes wrong between two processes: garbage, streams cut short, wrong columns, a reader that stops reading
or leaves, signals.
"""

import argparse
import itertools
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import pyarrow
import pyarrow.ipc
import pyarrow.parquet
from environment import FORGETFUL

from stored import HERE, make_images, require, rows

IMAGES = 40
BATCH = 8
FIXTURES = [HERE.parent / "Tests" / name / "Fixtures" for name in ("CLIPImageTests", "CLIPImageFormatsTests")]
OUTCOME = ["embedding", "stage", "reason", "damage"]
CATEGORIES = {
    "neutral": ["a photo."], "threshold": 0.0, "neutral_margin": 0.0,
    "categories": {"animal": {"positive": ["a cat", "a dog"], "negative": ["a wall"]}, "space": {"positive": ["a rocket"]}},
}
USAGE, INPUT, MODEL, STREAM, STOPPED = 64, 65, 66, 74, 130


class Worker:
    def __init__(self, cli: Path, model: str):
        self.command = [str(cli.absolute()), "worker", "--model", model, "--batch-size", str(BATCH)]

    def run(self, stream: bytes, *options: str) -> subprocess.CompletedProcess:
        return subprocess.run([*self.command, *options], input=stream, capture_output=True, env=FORGETFUL)

    def start(self, *options: str) -> subprocess.Popen:
        return subprocess.Popen([*self.command, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=FORGETFUL)

    def batches(self, table: pyarrow.Table, size: int, *options: str) -> list[pyarrow.RecordBatch]:
        """The answers to a table, cut into record batches of a size."""
        result = self.run(stream(table, size), *options)
        require(result.returncode == 0, f"exit code {result.returncode}: {result.stderr.decode()}")
        with pyarrow.ipc.open_stream(result.stdout) as reader:
            return list(reader)

    def fails(self, data: bytes, status: int, words: str, *options: str) -> None:
        result = self.run(data, *options)
        message = result.stderr.decode()
        require(result.returncode == status and words in message,
                f"exit code {result.returncode}, not {status}, or no '{words}' in: {message}")
        require_whole_messages(result.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--model", default="default", help="name or bundle of the model")
    parser.add_argument("--all", action="store_true", help="compare all images, hostile ones too, which takes minutes")
    arguments = parser.parse_args()
    worker = Worker(arguments.cli, arguments.model)
    with tempfile.TemporaryDirectory() as folder:
        files = image_files(arguments.photos, Path(folder), arguments.all)
        expected = embedded(arguments.cli, arguments.model, files, Path(folder))
        check_same(worker, files, expected)
        check_decisions(worker, arguments.cli, arguments.model, files, Path(folder))
    photo = (arguments.photos / "cat.png").read_bytes()
    check_columns(worker, photo)
    check_bad_input(worker, photo)
    check_ends(worker, photo)
    failed = sum(outcome["stage"] is not None for outcome in expected.values())
    print(f"{len(files)} images, {failed} of them rejects, are the same from embed and worker; streams end as they should")


def image_files(photos: Path, folder: Path, are_all: bool) -> list[Path]:
    """Sound images, fixtures of the decoders' tests, sound and damaged, and hostile files."""
    make_images(photos, folder / "images", IMAGES)
    files = sorted(path for path in (folder / "images").rglob("*") if path.is_file())
    fixtures = sorted(path for folder in FIXTURES for path in folder.rglob("*") if path.suffix not in (".json", ".py"))
    fixtures = [path for path in fixtures if path.is_file() and 0 < path.stat().st_size < 1 << 22]
    if are_all:
        hostile = folder / "hostile"
        command = [sys.executable, HERE / "make_hostile_files.py", "--output", hostile, "--photo", photos / "cat.png"]
        names = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        hostile_files = [hostile / name for name in names if "\\x" not in name]
        files += fixtures + [path for path in hostile_files if path.is_file() and path.stat().st_size > 0]
    else:
        files += fixtures[::len(fixtures) // 60]
    random.Random(0).shuffle(files)
    return files


def embedded(cli: Path, model: str, files: list[Path], folder: Path) -> dict[str, dict]:
    """What `embed` makes of the files, by id."""
    table, store = folder / "files.parquet", folder / "store"
    pyarrow.parquet.write_table(pyarrow.table({"id": list(map(str, files)), "path": list(map(str, files))}), table)
    command = [cli.absolute(), "embed", table, "--output", store, "--model", model, "--batch-size", str(BATCH)]
    result = subprocess.run([*map(str, command), "--allow-failures"], capture_output=True, text=True, env=FORGETFUL)
    require(result.returncode == 0, f"embed: exit code {result.returncode}: {result.stderr}")
    outcomes = {}
    for part in store.glob("part-*.parquet"):
        for row in rows(part, ["id", "embedding", "source_damage"]):
            outcomes[row["id"]] = {"embedding": row["embedding"], "stage": None, "reason": None,
                                   "damage": row["source_damage"]}
    for row in rows(store / "rejects.parquet", ["id", "stage", "reason"]):
        outcomes[row["id"]] = {"embedding": None, "stage": row["stage"], "reason": row["reason"], "damage": None}
    return outcomes


def check_same(worker: Worker, files: list[Path], expected: dict[str, dict]) -> None:
    ids = list(map(str, files))
    images = {"bytes": [path.read_bytes() for path in files], "path": ids, "uri": [path.as_uri() for path in files]}
    for name, size in itertools.product(images, (7, 1000)):
        compare(worker.batches(pyarrow.table({"id": ids, name: images[name]}), size), size, ids, expected, name)
    few = dict(itertools.islice(zip(ids, images["bytes"]), 12))
    compare(worker.batches(pyarrow.table({"id": list(few), "bytes": list(few.values())}), 1), 1, list(few), expected, "1")


def compare(batches: list[pyarrow.RecordBatch], size: int, ids: list[str], expected: dict, what: str) -> None:
    sizes = [batch.num_rows for batch in batches]
    require(sizes == [min(size, len(ids) - start) for start in range(0, len(ids), size)], f"{what}: batches of {sizes}")
    found = [row for batch in batches for row in batch.to_pylist()]
    require([row["id"] for row in found] == ids, f"{what}: the rows are not in the input's order")
    for row in found:
        wanted = expected[row["id"]]
        for column in OUTCOME:
            require(row[column] == wanted[column],
                    f"{what}, batches of {size}: {column} of '{row['id']}': {row[column]} instead of {wanted[column]}")


def check_decisions(worker: Worker, cli: Path, model: str, files: list[Path], folder: Path) -> None:
    """`--mode classify` over vectors of any type, and over images, decides as `classify` does over the store."""
    categories, results = folder / "categories.json", folder / "results.parquet"
    categories.write_text(json.dumps(CATEGORIES))
    command = [cli.absolute(), "classify", folder / "store", "--categories", categories, "--output", results]
    result = subprocess.run([*map(str, command), "--model", model], capture_output=True, text=True, env=FORGETFUL)
    require(result.returncode == 0, f"classify: exit code {result.returncode}: {result.stderr}")
    decided = pyarrow.parquet.read_table(results)
    expected = {row["id"]: row for row in decided.to_pylist()}
    parts = [pyarrow.parquet.read_table(part) for part in sorted((folder / "store").glob("part-*.parquet"))]
    table = pyarrow.concat_tables(parts).select(["id", "embedding"]).combine_chunks()
    options = ("--mode", "classify", "--categories", str(categories))
    values = table["embedding"].to_pylist()
    for kind in (table.schema.field("embedding").type, pyarrow.list_(pyarrow.float32()),
                 pyarrow.large_list(pyarrow.float64())):
        vectors = table.set_column(1, "embedding", pyarrow.array([*values[:-1], None], kind))
        vectors = vectors.append_column("n", pyarrow.array(range(len(values))))
        found = pyarrow.Table.from_batches(worker.batches(vectors, 7, *options))
        require(found.column_names == [*decided.column_names, "n"], f"columns {found.column_names}")
        require(found["n"].to_pylist() == list(range(len(values))), "carried rows")
        require(all(found[name][-1].as_py() is None for name in decided.column_names[1:]), "a missing vector")
        for row in found.to_pylist()[:-1]:
            require_close(row, expected[row["id"]], str(kind))
    images = pyarrow.table({"id": list(map(str, files)), "path": list(map(str, files))})
    found = pyarrow.Table.from_batches(worker.batches(images, 50, *options))
    require(found.column_names == [*decided.column_names, *OUTCOME[1:]], f"columns {found.column_names}")
    for row in found.to_pylist():
        require((row["stage"] is None) == (row["id"] in expected), f"the outcome of '{row['id']}'")
        if row["stage"] is None:
            require_close(row, expected[row["id"]], "images")
    empty = table.slice(0, 0).append_column("n", pyarrow.array([], pyarrow.int64()))
    data = stream_of(empty.schema, [pyarrow.RecordBatch.from_pylist([], empty.schema)])
    with pyarrow.ipc.open_stream(worker.run(data, *options).stdout) as answers:
        require([batch.num_rows for batch in answers] == [0], "an empty batch of vectors")
    other = table.replace_schema_metadata({**table.schema.metadata, b"openclip.model_sha256": b"0" * 64})
    worker.fails(stream(other, 7), INPUT, "was made with the model", *options)
    other = table.replace_schema_metadata({**table.schema.metadata, b"openclip.dimension": b"7"})
    worker.fails(stream(other, 7), INPUT, "but 7 dimensions instead of", *options)
    short = pyarrow.table({"id": ["a"], "embedding": pyarrow.array([[1.0, 0.0]], pyarrow.list_(pyarrow.float32()))})
    worker.fails(stream(short, 7), INPUT, "has 2 values in row 1", *options)
    long = table.set_column(1, "embedding", pyarrow.array([[2 * x for x in vector] for vector in values],
                                                          pyarrow.list_(pyarrow.float32())))
    worker.fails(stream(long, 7), INPUT, "not 1", *options)
    worker.fails(b"", MODEL, "none.yaml", "--mode", "classify", "--categories", "none.yaml")
    worker.fails(b"", MODEL, "/", "--mode", "classify", "--categories", "/")


def require_close(found: dict, expected: dict, what: str) -> None:
    """Ends the program unless decisions are the same, and scores up to rounding."""
    for column, value in expected.items():
        is_number = isinstance(value, float)
        same = abs(found[column] - value) < 1e-5 if is_number else found[column] == value
        require(same, f"{what}: {column} of '{expected['id']}': {found[column]} instead of {value}")


def check_columns(worker: Worker, photo: bytes) -> None:
    """Ids of many types, and columns of any type beside them."""
    count = 3
    ids = {
        "string": pyarrow.array(["a", "b", "ü"]), "large_string": pyarrow.array(["a", "b", "c"], pyarrow.large_string()),
        "string_view": pyarrow.array(["a", "b", "c" * 20], pyarrow.string_view()),
        "dictionary": pyarrow.array(["a", "b", "a"]).dictionary_encode(),
        "int8": pyarrow.array([-1, 0, 1], pyarrow.int8()), "uint64": pyarrow.array([0, 1, 2**64 - 1], pyarrow.uint64()),
    }
    kinds = [pyarrow.binary(), pyarrow.large_binary(), pyarrow.binary_view()]
    for (name, values), kind in zip(ids.items(), itertools.cycle(kinds)):
        table = pyarrow.table({"id": values, "bytes": pyarrow.array([photo] * count, kind)})
        found = [row["id"] for batch in worker.batches(table, 2) for row in batch.to_pylist()]
        require(found == [str(value) for value in values.to_pylist()], f"ids of type {name}: {found}")
    nested = pyarrow.array([{"a": [1, None], "b": {"c": "x"}}, None, {"a": [], "b": None}],
                           pyarrow.struct([("a", pyarrow.list_(pyarrow.int32())), ("b", pyarrow.struct([("c", "string")]))]))
    carried = pyarrow.table({
        "nested": nested, "map": pyarrow.array([[("k", 1)], None, []], pyarrow.map_("string", "int64")),
        "dictionary": pyarrow.array(["x", None, "y"]).dictionary_encode(), "nothing": pyarrow.nulls(count),
        "view": pyarrow.array(["short", None, "longer than twelve bytes"], pyarrow.string_view()),
        "decimal": pyarrow.array([1, None, 2], pyarrow.decimal128(20, 3)),
        "time": pyarrow.array([0, None, 1], pyarrow.timestamp("ns", "Europe/Berlin")),
        "half": pyarrow.array([0.5, None, 1], pyarrow.float32()).cast(pyarrow.float16()),
    })
    fields = [field.with_metadata({"note": field.name}) for field in carried.schema]
    carried = carried.cast(pyarrow.schema(fields))
    table = carried.append_column("key", pyarrow.array([1, 2, 3])).append_column("picture", [[photo, b"no image", None]])
    for size in (1, 3):
        batches = worker.batches(table, size, "--id-column", "key", "--image-column", "picture")
        found = pyarrow.Table.from_batches(batches)
        require(found.column_names == ["id", *OUTCOME, *carried.column_names], f"columns {found.column_names}")
        for field in carried.schema:
            same = found.schema.field(field.name).equals(field, check_metadata=True)
            require(same and found[field.name].to_pylist() == carried[field.name].to_pylist(), f"{field.name} has changed")
        require([row["stage"] for row in found.to_pylist()] == [None, "decode", "read"], "stages")
    metadata = found.schema.metadata
    require(metadata[b"openclip.normalized"] == b"true" and b"openclip.model_sha256" in metadata, f"metadata {metadata}")


def check_bad_input(worker: Worker, photo: bytes) -> None:
    good = pyarrow.table({"id": ["a", "b", "c"], "bytes": [photo] * 3})
    whole = stream(good, 1)
    require(worker.batches(good.slice(0, 0), 1) == [], "a stream without batches")
    empty = stream_of(good.schema, [pyarrow.RecordBatch.from_pylist([], good.schema), *good.to_batches(2)])
    with pyarrow.ipc.open_stream(worker.run(empty).stdout) as answers:
        sizes = [batch.num_rows for batch in answers]
    require(sizes == [0, 2, 1], f"an empty batch: {sizes}")
    worker.fails(b"", INPUT, "Arrow")
    worker.fails(b"id,path\na,b\n", INPUT, "Arrow")
    worker.fails(bytes(100), INPUT, "Arrow")
    worker.fails(b"\xff" * 4 + b"\xff\xff\xff\x7f" + bytes(100), INPUT, "larger than the maximum")
    for cut in (5, 100, len(whole) // 2, len(whole) - 20):
        worker.fails(whole[:cut], INPUT, "The input")
    for name in ("id", "bytes"):
        worker.fails(stream(good.drop_columns([name]), 1), INPUT, f"no column '{name}'")
    worker.fails(stream(good.append_column("path", good["id"]), 1), INPUT, "'bytes' and 'path'")
    worker.fails(stream(good.append_column("reason", good["id"]), 1), INPUT, "'reason'")
    worker.fails(stream(good.set_column(1, "bytes", [[1, 2, 3]]), 1), INPUT, "'bytes'")
    worker.fails(stream(good.set_column(0, "id", [["a", None, "c"]]), 3), INPUT, "row 2")
    worker.fails(stream(good, 3), INPUT, "3 rows, more than the maximum of 2", "--max-batch-rows", "2")
    worker.fails(whole, INPUT, "larger than the maximum of 1000", "--max-batch-bytes", "1000")
    zeros = pyarrow.table({"id": ["a"], "bytes": [bytes(64 << 20)]})
    small = stream_of(zeros.schema, zeros.to_batches(), pyarrow.ipc.IpcWriteOptions(compression="zstd"))
    worker.fails(small, INPUT, "far larger than the maximum", "--max-batch-bytes", "1000000")
    worker.fails(whole, USAGE, "--precision", "--precision", "auto")
    worker.fails(whole, USAGE, "--no-such", "--no-such-option")
    worker.fails(whole, MODEL, "none-there", "--model", "none-there")


def check_ends(worker: Worker, photo: bytes) -> None:
    """A receiver that leaves or stops reading, and signals."""
    table = pyarrow.table({"id": list(map(str, range(40))), "bytes": [photo] * 40})
    with tempfile.TemporaryFile() as file:
        file.write(stream(table, 4))
        file.seek(0)
        leaving = subprocess.Popen(worker.command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=FORGETFUL)
        leaving.stdout.read(8)
        leaving.stdout.close()
        message = leaving.stderr.read()
        require((leaving.wait(), message) == (STREAM, b""), f"a closed output: {leaving.returncode} {message}")
    check_back_pressure(worker, photo)
    for number in (signal.SIGTERM, signal.SIGINT):
        process = worker.start()
        writer = pyarrow.ipc.new_stream(process.stdin, table.schema)
        writer.write_batch(table.to_batches(4)[0])
        process.stdin.flush()
        answers = pyarrow.ipc.open_stream(process.stdout)
        require(answers.read_next_batch().num_rows == 4, "an answer before the end of the input")
        process.send_signal(number)
        rest = process.stdout.read()
        require(process.wait() == STOPPED, f"{number.name}: exit code {process.returncode}")
        require(rest == b"", f"{number.name}: {len(rest)} bytes after the last message")


def check_back_pressure(worker: Worker, photo: bytes) -> None:
    """A worker whose answers nobody reads stops reading: it takes no more batches than fit into a pipe and two."""
    wide = pyarrow.array(["x" * 100_000] * 2)
    batch = pyarrow.record_batch({"id": ["a", "b"], "bytes": [b"no image"] * 2, "wide": wide})
    process = worker.start()
    writer = pyarrow.ipc.new_stream(process.stdin, batch.schema)
    sent = []

    def send() -> None:
        for number in range(100):
            writer.write_batch(batch)
            sent.append(number)
        writer.close()
        process.stdin.close()

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    quiet_seconds, previous = 0, 0
    while quiet_seconds < 3 or not sent:
        time.sleep(1)
        quiet_seconds, previous = (quiet_seconds + 1, previous) if previous == len(sent) else (0, len(sent))
    require(len(sent) < 10, f"{len(sent)} batches were taken although no answer was read")
    found = sum(answer.num_rows for answer in pyarrow.ipc.open_stream(process.stdout))
    sender.join()
    require((found, process.wait()) == (200, 0), f"{found} rows, exit code {process.returncode}")


def stream(table: pyarrow.Table, size: int) -> bytes:
    return stream_of(table.schema, table.combine_chunks().to_batches(size))


def stream_of(schema: pyarrow.Schema, batches: Iterable[pyarrow.RecordBatch],
              options: pyarrow.ipc.IpcWriteOptions | None = None) -> bytes:
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, schema, options=options) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


def require_whole_messages(data: bytes) -> None:
    """Ends the program unless the bytes are whole messages of a stream."""
    source = pyarrow.BufferReader(data)
    while source.tell() < len(data):
        pyarrow.ipc.read_message(source)


if __name__ == "__main__":
    main()
