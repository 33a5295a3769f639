"""Parquet files and Arrow streams to start from, with what no fixture of the tests has: checksums, faults in one place, and
every type that is read or refused."""

import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow as arrow
import pyarrow.parquet

FIXTURES = Path(__file__).resolve().parents[2] / "Tests/CLIPArrowTests/Fixtures"
IMAGE = b"\xff\xd8\xff\xe0image"


def _parquet(table: arrow.Table, **options: object) -> bytes:
    file = io.BytesIO()
    pyarrow.parquet.write_table(table, file, **{"store_schema": True, "write_statistics": False} | options)
    return file.getvalue()


def _stream(table: arrow.Table) -> bytes:
    file = io.BytesIO()
    with arrow.ipc.new_stream(file, table.schema) as stream:
        stream.write_table(table)
    return file.getvalue()


def _vectors(rows: int, dimension: int, kind: arrow.DataType) -> arrow.Array:
    values = [[1.0] + [0.0] * (dimension - 1)] * rows
    return arrow.array(values, kind)


def _listed(dimension: int) -> arrow.Array:
    return _vectors(4, dimension, arrow.list_(arrow.float32(), dimension))


def labels() -> Iterator[bytes]:
    ids, categories = ["a", "b", "c", "d"], ["dog", "dog", "cat", "cat"]
    known = {"id": ids, "category": categories}
    drawn = known | {"label": ["yes", "no", "unsure", None], "probability": [0.5, 0.5, 1.0, 1.0], "round": [1, 1, 2, 2]}
    tables = [
        drawn, drawn | {"probability": ["0.5", "0.5", "x", ""]}, drawn | {"round": [1.5, 1, 2, None]}, drawn | {"probability": [True] * 4},
        drawn | {"probability": [1, 1, 1, 2]}, known | {"label": [1, 0, 2, 1]}, known | {"label": [0.5, 1.0, 0.0, 1.0]}, known | {"label": [[1]] * 4},
        known | {"score_dog": [0.1] * 4}, {"id": ids, "categories": ids, "score_dog": [0.1] * 4}, known | {"label": [b"yes", b"\xff", b"no", b"no"]},
        {"id": [[1]] * 4, "category": categories}, {"id": [0.5, 1.0, 2.0, 3.0], "category": categories},
    ]
    for table in tables:
        yield _parquet(arrow.table(table))
    yield _parquet(arrow.table({"id": arrow.array([], arrow.string()), "category": arrow.array([], arrow.string())}))


def stores() -> Iterator[bytes]:
    for name in ("vectors/plain", "vectors/half", "0.1.0/embeddings/part-00000"):
        part = pyarrow.parquet.read_table(FIXTURES / f"{name}.parquet")
        plain = {"use_dictionary": False, "compression": "none", "write_page_checksum": True}
        for version in ("1.0", "2.0"):
            yield _parquet(part, data_page_version=version, **plain)
        yield _parquet(part, data_page_size=64, row_group_size=7, **plain)
        metadata = part.schema.metadata
        for dimension in (b"x", b"0", b"6"):
            yield _parquet(part.replace_schema_metadata(metadata | {b"openclip.dimension": dimension}), **plain)
        yield _parquet(part.replace_schema_metadata({}), **plain)
        carried = {"damage": ["cut"], "t": ["x"], "n": [1], "f": [0.5], "b": [True], "l": [[1]]}
        wide = part
        for column, values in carried.items():
            wide = wide.append_column(column, arrow.array((values + [None] * part.num_rows)[:part.num_rows]))
        yield _parquet(wide, compression="zstd")
    yield _parquet(arrow.table({"id": ["x" * (65 << 20)], "embedding": _listed(32).slice(0, 1)}).replace_schema_metadata(metadata), compression="zstd",
                   use_dictionary=False)


def failures() -> Iterator[bytes]:
    """Lists of failed images."""
    listed = {"id": ["a", "b", "c"], "stage": ["read", "decode", "?"], "reason": ["x", "y", "y"], "bytes": [1, None, 1 << 60]}
    source = (b'[{"directory":"/","sources":["photos"],"lists":[],"allFiles":false,"include":[],"exclude":[],"s3Anonymous":false}]')
    for metadata in ({}, {b"openclip.complete": b"false"}, {b"openclip.complete": b"true", b"openclip.sources": source},
                     {b"openclip.sources": b"[]"}, {b"openclip.sources": b"{"}):
        yield _parquet(arrow.table(listed).replace_schema_metadata(metadata))
    for column, values in {"id": [None, "b", "c"], "stage": [1, 2, 3], "reason": [b"\xff", b"b", b"c"], "bytes": ["1", "2", "3"]}.items():
        yield _parquet(arrow.table(listed | {column: values}))
        yield _parquet(arrow.table({name: values for name, values in listed.items() if name != column}))


def results() -> Iterator[bytes]:
    table = pyarrow.parquet.read_table(FIXTURES / "results-0.1.parquet")
    yield _parquet(table, write_page_checksum=True)
    yield _parquet(table.select(["id"]))
    described = {key: value.replace(b'"score"', b'"outcome"') for key, value in table.schema.metadata.items()}
    yield _parquet(table.replace_schema_metadata(described))
    empty = table.set_column(1, "score_dog", arrow.nulls(table.num_rows, arrow.float32()))
    yield _parquet(empty)
    yield _parquet(table.set_column(1, "score_dog", arrow.nulls(table.num_rows)))


def matrices() -> Iterator[bytes]:
    """Of NumPy: three vectors of 16 values."""
    for kind, values in (("<f4", b"\0\0\x80?" + bytes(60)), ("<f2", b"\0<" + bytes(30)), (">f4", bytes(64)), ("<f8", bytes(128))):
        for order, shape in ((False, "(3, 16)"), (True, "(3, 16)"), (False, "(3,)"), (False, "(3, 15)"), (False, "(1, 48)")):
            head = f"{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}".encode()
            head = head.ljust(117) + b"\n"
            yield b"\x93NUMPY\1\0" + len(head).to_bytes(2, "little") + head + values * 3


def clip_retrieval() -> Iterator[bytes]:
    table = pyarrow.parquet.read_table(FIXTURES / "clip-retrieval/metadata/metadata_0.parquet")
    yield _parquet(table.slice(0, 2))
    for paths in ([None, "b", "c"], [["a"], ["b"], ["c"]], [1.5, 2.0, 3.0], ["a", "a", "b"], [b"\xff", b"b", b"c"]):
        yield _parquet(table.set_column(0, "image_path", arrow.array(paths)))
    yield _parquet(table.append_column("vectors", arrow.array([[1.0], [2.0], [3.0]])))
    yield _parquet(table.append_column("image", arrow.array([IMAGE] * 3)))
    yield _parquet(table.append_column("id", arrow.array([1, 2, 3])))
    yield _parquet(arrow.concat_tables([table] * 30), row_group_size=9)


TYPES = [arrow.int8(), arrow.int16(), arrow.int32(), arrow.int64(), arrow.uint8(), arrow.uint16(), arrow.uint32(), arrow.uint64(),
         arrow.float32(), arrow.float64(), arrow.bool_(), arrow.string(), arrow.large_string(), arrow.string_view(), arrow.date32(),
         arrow.timestamp("us", "UTC"), arrow.dictionary(arrow.int32(), arrow.string()), arrow.null(), arrow.decimal128(24, 2), arrow.uuid()]


def _of_type(kind: arrow.DataType, count: int) -> arrow.Array:
    if arrow.types.is_dictionary(kind):
        return arrow.array(["a\x01\"\\é"] * count).dictionary_encode()
    if kind == arrow.uuid():
        return arrow.array([bytes(16)] * count, arrow.binary(16)).cast(kind)
    values = arrow.array([1] * count)
    texts = arrow.array(["a\x01\"\\\u2028"] * count)
    return arrow.nulls(count, kind) if arrow.types.is_null(kind) or arrow.types.is_temporal(kind) else (
        texts.cast(kind) if "string" in str(kind) else values.cast(kind))


def images() -> Iterator[bytes]:
    """Tables with images, and with a column of each type, alone, in lists and in structs."""
    paths = arrow.array(["a.jpg", "https://a/b?sig=c", "\0", " "])
    everything = {}
    for number, kind in enumerate(TYPES):
        values = _of_type(kind, 4)
        everything[f"c{number}"] = values
        if kind == arrow.uuid():
            continue
        items = _of_type(kind, 8)
        offsets = [0, 2, 2, 5, 8]
        everything[f"l{number}"] = arrow.ListArray.from_arrays(offsets, items)
        everything[f"s{number}"] = arrow.StructArray.from_arrays([values, items.slice(0, 4)], ["x", "y"])
        if number % 4 == 0:
            everything[f"f{number}"] = arrow.FixedSizeListArray.from_arrays(items, 2)
            everything[f"g{number}"] = arrow.LargeListArray.from_arrays(offsets, items)
    names = list(everything)
    for start in range(0, len(names), 10):
        yield _parquet(arrow.table({"path": paths} | {name: everything[name] for name in names[start:start + 10]}))
    files = arrow.StructArray.from_arrays([arrow.array([IMAGE, None, b"", IMAGE]), paths], ["bytes", "path"])
    yield _parquet(arrow.table({"image": files, "id": [1.0, 0.5, float("nan"), 1e300]}))
    for lists in (arrow.ListArray, arrow.LargeListArray):
        yield _parquet(arrow.table({"images": lists.from_arrays([0, 1, 1, 3, 4], files)}))
    yield _parquet(arrow.table({"images": arrow.FixedSizeListArray.from_arrays(files, 2)}))
    yield _parquet(arrow.table({"image": arrow.array([IMAGE + bytes(2 << 20), IMAGE])}), compression="zstd")
    yield _parquet(arrow.table({"jpg": [IMAGE, IMAGE], "png": [IMAGE, IMAGE], "id": [[1], [2]]}))
    yield _parquet(arrow.table({"image": [IMAGE, IMAGE], "image_id": [True, None], "image.path": ["a", "b"]}))
    yield _parquet(arrow.table({"x": [IMAGE, IMAGE], "y": ["a.jpg", "b.jpg"]}))
    yield _parquet(arrow.table({"path": ["a", "b"], "id": ["s3://u:p@b/k", "https://u:p@h/"]}))


def streams() -> Iterator[bytes]:
    """What a worker may be sent."""
    ids = arrow.array(["a", "b", "c", "d"])
    model = {"openclip.model_name": "stub", "openclip.model_sha256": "0", "openclip.dimension": "16", "openclip.normalized": "true",
             "openclip.preprocessing": "none", "openclip.library_version": "1", "openclip.precision": "fp32"}
    half = _vectors(4, 16, arrow.list_(arrow.float32())).cast(arrow.list_(arrow.float16(), 16))
    vectors = [_listed(16), _vectors(4, 16, arrow.list_(arrow.float32())), _vectors(4, 16, arrow.large_list(arrow.float32())), half,
               _vectors(4, 15, arrow.list_(arrow.float32())), _vectors(4, 16, arrow.list_(arrow.float64())),
               arrow.array([[2.0] * 16, None, [1.0] + [0.0] * 15, [float("nan")] * 16], arrow.list_(arrow.float32())), arrow.array([1.0] * 4)]
    for number, column in enumerate(vectors):
        table = arrow.table({"id": ids, "embedding": column})
        yield _stream(table)
        if number < 4:
            yield _stream(table.replace_schema_metadata(model))
    yield _stream(arrow.table({"id": ids, "embedding": vectors[0]}).replace_schema_metadata(model | {"openclip.dimension": "15"}))
    yield _stream(arrow.table({"id": ids, "embedding": vectors[0]}).replace_schema_metadata(model | {"openclip.precision": "bf16"}))
    large = arrow.array([IMAGE + bytes(40_000)])
    tables = [
        {"id": [1, 2, None, 4], "path": ["a\0", "", None, "ftp://a"]}, {"id": [0.5, 1.0], "path": ["/nowhere/a", "/nowhere/b"]},
        {"id": [[1], [2]], "path": ["a", "b"]}, {"id": [b"\xff", b"a"], "image": [IMAGE, b""]}, {"image": [IMAGE, IMAGE]},
        {"id": ["https://u:p@a/", "b"], "image": [IMAGE, None]}, {"id": ["a", "b"], "image": [IMAGE, IMAGE], "bytes": [IMAGE, IMAGE]},
        {"id": ["a", "b"], "image": [IMAGE, IMAGE], "embedding": [1, 2], "failure": ["x", "y"], "model": [{"a": 1}, {"a": 2}]},
        {"id": ["a", "b"], "image": [["x"], ["y"]]}, {"id": ["a"], "image": large}, {"bytes": [IMAGE, IMAGE], "path": ["a", "b"]}]
    for table in tables:
        yield _stream(arrow.table(table))
    yield _stream(arrow.table({"id": ["a"] * 600, "image": [b""] * 600}))
