"""Classifying the vectors of a store, whatever the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import pyarrow as pa
import pyarrow.parquet as pq

from swift_openclip.command import ClipCommand
from swift_openclip.parts import sliced
from swift_openclip.store import complete_parts, part_files
from swift_openclip.worker import Worker


@dataclass(frozen=True)
class ClassifyJob:
    """Classifies vectors with `clip-cli worker --mode classify`, which decides as `clip-cli classify` does.

    Attributes:
        command: The program and the model.
        store: The store's folder, on storage that all machines share under this path.
        categories: The category file, under this path on every machine.
        rows_per_batch: How many vectors a worker gets at a time.
    """

    command: ClipCommand
    store: str
    categories: str
    rows_per_batch: int = 4096

    def parts(self) -> list[str]:
        """The store's files with vectors.

        Warns:
            IncompleteStoreWarning: The store's last run was interrupted.

        Raises:
            FileNotFoundError: There are none.
            FileExistsError: The store is being adopted.
            ValueError: A file has an irregular name.
        """
        return complete_parts(self.store)

    def schema(self) -> pa.Schema:
        """The columns of the results, which depend on the categories: what a worker makes of no vectors."""
        vectors = self._input_schema()
        with self.start_worker() as worker:
            (results,) = worker.map([pa.RecordBatch.from_pylist([], schema=vectors)])
        return _plain(results).schema

    def run(self, worker: Worker, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Classifies batches with the columns `id` and `embedding`."""
        schema = self._input_schema()
        vectors = (_vectors(batch, schema) for batch in sliced(batches, self.rows_per_batch))
        return map(_plain, worker.map(vectors))

    def run_task(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Does the same with a process of its own, which is started if there is a vector."""
        rest = sliced(batches, self.rows_per_batch)
        first = next(rest, None)
        if first is None:
            return
        with self.start_worker() as worker:
            yield from self.run(worker, chain([first], rest))

    def start_worker(self) -> Worker:
        """Starts a process that classifies."""
        return Worker(self.command.worker("--mode", "classify", "--categories", self.categories))

    def _input_schema(self) -> pa.Schema:
        """`id` and `embedding` with the metadata of the store, which engines do not keep."""
        schema = pq.read_schema(part_files(self.store)[0])
        return pa.schema([schema.field("id"), schema.field("embedding")], metadata=schema.metadata)


def _vectors(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """A batch in which vectors are lists of a fixed size again."""
    vectors = pa.FixedSizeListArray.from_arrays(
        batch.column("embedding").flatten(), type=schema.field("embedding").type
    )
    return pa.record_batch([batch.column("id").cast(pa.string()), vectors], schema=schema)


def _plain(results: pa.RecordBatch) -> pa.RecordBatch:
    """Results without dictionaries, which engines do not know, and without metadata."""
    columns = {
        field.name: column.cast(field.type.value_type) if pa.types.is_dictionary(field.type) else column
        for field, column in zip(results.schema, results.columns, strict=True)
    }
    return pa.RecordBatch.from_pydict(columns)
