#!/usr/bin/env python3
"""Compares `clip-cli worker` with `clip-cli embed` over sound, damaged and hostile images: bytes, paths and URIs, also
those of servers on loopback, in record batches of several sizes, must give the same vectors, to the bit, the same rejects and the same words on damage.

Then feeds it what goes wrong between two processes: garbage, streams cut short, wrong columns, a reader that stops reading
or leaves, signals.
"""

import argparse
import itertools
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow
import pyarrow.ipc
import pyarrow.parquet
from environment import FORGETFUL
from stored import HERE, make_images, require
from workers.broken import check_bad_input, check_ends
from workers.client import INPUT, MODEL, OUTCOME, USAGE, Worker, stream, stream_of
from workers.expected import embedded
from workers.uris import check_uris

IMAGES = 40
FIXTURES = [HERE.parent / "Tests" / name / "Fixtures" for name in ("CLIPImageTests", "CLIPImageFormatsTests")]
CATEGORIES = {
    "neutral": ["a photo."], "threshold": 0.0, "neutral_margin": 0.0,
    "categories": {"animal": {"positive": ["a cat", "a dog"], "negative": ["a wall"]}, "space": {"positive": ["a rocket"]}},
}


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
        table = Path(folder) / "files.parquet"
        pyarrow.parquet.write_table(pyarrow.table({"id": list(map(str, files)), "path": list(map(str, files))}), table)
        expected = embedded(arguments.cli, arguments.model, table, Path(folder) / "store")
        check_same(worker, files, expected)
        check_decisions(worker, arguments.cli, arguments.model, files, Path(folder))
        check_cosines(worker, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        addresses = check_uris(arguments.cli, arguments.model, arguments.photos, Path(folder))
    photo = (arguments.photos / "cat.png").read_bytes()
    check_columns(worker, photo)
    check_bad_input(worker, photo)
    check_ends(worker, photo)
    failed = sum(outcome["stage"] is not None for outcome in expected.values())
    print(
        f"{len(files)} images, {failed} of them rejects, and {addresses} addresses are the same from embed and worker; "
        "streams end as they should"
    )


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


def check_cosines(worker: Worker, folder: Path) -> None:
    """`--mode search` answers with a cosine for each query, for vectors and for images."""
    parts = [pyarrow.parquet.read_table(part) for part in sorted((folder / "store").glob("part-*.parquet"))]
    table = pyarrow.concat_tables(parts).select(["id", "embedding"]).combine_chunks()
    values = table["embedding"].to_pylist()
    missing = table.set_column(1, "embedding", pyarrow.array([*values[:-1], None], table.schema.field("embedding").type))
    texts = ("--mode", "search", "--text", "a cat", "--text", "a rocket", "--separate-queries")
    found = pyarrow.Table.from_batches(worker.batches(missing, 7, *texts))
    require(found.column_names == ["id", "cosines"], f"columns {found.column_names}")
    require(found["cosines"][-1].as_py() is None, "a missing vector has cosines")
    same = dict(zip(found["id"].to_pylist()[:-1], found["cosines"].to_pylist()[:-1]))
    require(all(len(cosines) == 2 and all(-1.001 < cosine < 1.001 for cosine in cosines) for cosines in same.values()),
            "cosines")
    images = pyarrow.table({"id": list(same)[:9], "path": list(same)[:9]})
    for row in (row for batch in worker.batches(images, 9, *texts) for row in batch.to_pylist()):
        close = all(abs(a - b) < 1e-5 for a, b in zip(row["cosines"], same[row["id"]], strict=True))
        require(row["stage"] is None and close, f"the cosines of the image '{row['id']}': {row['cosines']}")
    joined = pyarrow.Table.from_batches(worker.batches(table, 7, *texts[:-1], "--weights", "1,-0.5"))
    require(joined.schema.field("cosines").type.list_size == 1, "weighted texts are one query")
    image = pyarrow.Table.from_batches(worker.batches(table, 7, "--mode", "search", "--image", list(same)[0]))
    require(abs(image["cosines"][image["id"].to_pylist().index(list(same)[0])][0].as_py() - 1) < 1e-5, "an image finds itself")
    long = pyarrow.table({"id": ["a"], "embedding": pyarrow.array([[2 * x for x in values[0]]], pyarrow.list_(pyarrow.float32()))})
    worker.fails(stream(long, 7), INPUT, "not 1", *texts)
    worker.fails(b"", USAGE, "Pass a text or --image", "--mode", "search")
    worker.fails(b"", USAGE, "need --mode search", "--text", "a cat")


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


if __name__ == "__main__":
    main()
