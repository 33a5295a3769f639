"""From a worker's results to the tables of a store: one of vectors, one of failed images."""

from __future__ import annotations

import hashlib
import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from swift_openclip.worker import Worker

# Columns of a worker's results, and of a store; the others are carried from the source.
_RESULT_COLUMNS = ("id", "embedding", "stage", "reason", "damage")
_STORE_COLUMNS = ("id", "embedding", "source_version", "source_sha256", "source_damage")

REJECTS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("stage", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("bytes", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Images:
    """A batch of images for a worker.

    Attributes:
        batch: The columns of `clip-cli worker`.
        hashes: The SHA-256 of each image in a column `bytes`, as `embed` records it; otherwise null.
        sizes: Their lengths.
        name: What the batch is recognised by: a hash of all values, but not of what is behind a path or a URI, and of
            how the images are embedded.
    """

    batch: pa.RecordBatch
    hashes: pa.Array
    sizes: pa.Array
    name: str


def noted(batches: Iterable[pa.RecordBatch], how: Sequence[str]) -> Iterator[Images]:
    """Notes hashes, sizes and names of batches that are embedded in some way: a model and options."""
    for batch in batches:
        hashes, sizes = _hashes_and_sizes(batch)
        columns = [name for name in batch.schema.names if name != "bytes"]
        values = [batch.column(name).to_pylist() for name in columns]
        content = pickle.dumps((list(how), columns, values, hashes.to_pylist()), protocol=4)
        yield Images(batch, hashes, sizes, hashlib.sha256(content).hexdigest())


@dataclass(frozen=True)
class Rows:
    """The results of one batch.

    Attributes:
        embedded: Rows of a part, with its schema and metadata.
        rejected: Rows of a file of failed images.
    """

    embedded: pa.RecordBatch
    rejected: pa.RecordBatch


def part_schema(results: pa.Schema) -> pa.Schema:
    """The schema of a store's part for results with a schema, with the same metadata.

    Raises:
        TypeError: A column has a type that a store does not keep.
        ValueError: A column has a name that a store uses itself, or that occurs twice.
    """
    vectors = results.field("embedding").type
    item = pa.field("item", vectors.value_type, nullable=False)
    return pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            pa.field("embedding", pa.list_(item, vectors.list_size), nullable=False),
            pa.field("source_version", pa.string()),
            pa.field("source_sha256", pa.string()),
            pa.field("source_damage", pa.string()),
            *carried_columns([field for field in results if field.name not in _RESULT_COLUMNS]),
        ],
        metadata=results.metadata,
    )


def carried_columns(fields: list[pa.Field]) -> list[pa.Field]:
    """Columns of the source, other than its ids and images, as a store keeps them.

    Raises:
        TypeError: A column has a type that a store does not keep.
        ValueError: A column has a name that a store or a worker uses itself, or that occurs twice.
    """
    names = set()
    for field in fields:
        if field.name in (*_RESULT_COLUMNS, *_STORE_COLUMNS):
            raise ValueError(
                f"The column '{field.name}' cannot be carried: the name is reserved. Rename it, or leave it out."
            )
        if field.name in names:
            raise ValueError(f"The column '{field.name}' occurs twice. Rename one, or leave it out.")
        names.add(field.name)
    return [pa.field(field.name, _carried(field)) for field in fields]


def _carried(field: pa.Field) -> pa.DataType:
    """The type in which a store keeps a column of the source."""
    kinds = (
        (pa.types.is_boolean, pa.bool_()),
        (pa.types.is_integer, pa.int64()),
        (pa.types.is_floating, pa.float64()),
        (pa.types.is_string, pa.string()),
        (pa.types.is_large_string, pa.string()),
    )
    for is_kind, stored in kinds:
        if is_kind(field.type):
            return stored
    raise TypeError(
        f"The column '{field.name}' of type {field.type} cannot be carried into a store, which keeps text, integers, "
        "floats and booleans. Leave it out, or convert it."
    )


def embed(worker: Worker, images: Iterable[Images]) -> Iterator[Rows]:
    """Embeds batches of images, and yields the results of each, in order."""
    sent: deque[tuple[pa.Array, pa.Array]] = deque()

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in images:
            sent.append((batch.hashes, batch.sizes))
            yield batch.batch

    for results in worker.map(batches()):
        yield _rows(results, *sent.popleft())


def sliced(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """Divides batches into ones of at most `rows` rows; empty ones are left out."""
    for batch in batches:
        for start in range(0, batch.num_rows, rows):
            yield batch.slice(start, rows)


def _hashes_and_sizes(batch: pa.RecordBatch) -> tuple[pa.Array, pa.Array]:
    if "bytes" not in batch.schema.names:
        return pa.nulls(batch.num_rows, pa.string()), pa.nulls(batch.num_rows, pa.int64())
    column = batch.column("bytes")
    hashes = [hashlib.sha256(value.as_buffer()).hexdigest() if value.is_valid else None for value in column]
    return pa.array(hashes, pa.string()), pc.binary_length(column).cast(pa.int64())


def _rows(results: pa.RecordBatch, hashes: pa.Array, sizes: pa.Array) -> Rows:
    is_embedded = pc.is_null(results.column("reason"))
    kept = results.filter(is_embedded)
    schema = part_schema(results.schema)
    vectors = pa.FixedSizeListArray.from_arrays(kept.column("embedding").flatten(), type=schema.field("embedding").type)
    unknown = pa.nulls(kept.num_rows, pa.string())
    carried = [kept.column(field.name).cast(field.type) for field in list(schema)[5:]]
    embedded = pa.record_batch(
        [kept.column("id"), vectors, unknown, hashes.filter(is_embedded), kept.column("damage"), *carried],
        schema=schema,
    )
    failed = results.filter(pc.invert(is_embedded))
    rejected = pa.record_batch(
        [
            failed.column("id"),
            failed.column("stage"),
            failed.column("reason"),
            sizes.filter(pc.invert(is_embedded)),
        ],
        schema=REJECTS.with_metadata(results.schema.metadata),
    )
    return Rows(embedded, rejected)
