"""Classifying the vectors of a store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from ray.data import Dataset, from_items

from swift_openclip.classify import ClassifyJob
from swift_openclip.command import ClipCommand
from swift_openclip.ray.actors import Actor, pool
from swift_openclip.spread import Part
from swift_openclip.worker import Worker

_ROWS_PER_BLOCK = 4096


def classify_ray(
    store: str,
    *,
    model: str | ClipCommand,
    categories: str,
    workers: int | tuple[int, int],
    rows_per_batch: int = 4096,
    **resources: Any,
) -> Dataset:
    """Classifies the images of a store, as `clip-cli classify` does on one machine.

        results = classify_ray("/shared/store", model="/models/ViT-B-32", categories="/shared/dogs.yaml", workers=8)
        results.write_parquet("/shared/results")

    Args:
        store: The store's folder, on storage that all machines share under this path.
        model: The model of the store, as for `embed_ray`.
        categories: The category file, under this path on every machine.
        workers: The number of actors, or the least and the most.
        rows_per_batch: How many vectors a worker gets at a time.
        **resources: What each actor needs, as for `map_batches`.

    Returns:
        One row per image, with the columns of `clip-cli classify`; it is computed when it is used.

    Raises:
        FileNotFoundError: There is no store.
        FileExistsError: The store is still being adopted.
        ValueError: A file of the store has an irregular name.
        WorkerError: The store, the model and the categories do not fit together.
    """
    job = ClassifyJob(ClipCommand.of(model), store, categories, rows_per_batch)
    parts = [{"path": path} for path in job.parts()]
    # Ray's own reader does not verify pages.
    vectors = from_items(parts, override_num_blocks=len(parts)).map_batches(_vectors, batch_format="pyarrow")
    return vectors.map_batches(
        _ClassifyActor,
        batch_size=None,
        batch_format="pyarrow",
        zero_copy_batch=True,
        fn_constructor_args=(job, job.schema()),
        compute=pool(workers),
        **resources,
    )


def _vectors(parts: pa.Table) -> Iterator[pa.Table]:
    """The ids and vectors of parts of a store, without metadata, in which parts may differ."""
    for path in parts["path"].to_pylist():
        for batch in Part(0, path).vectors(_ROWS_PER_BLOCK):
            yield pa.Table.from_batches([batch]).replace_schema_metadata(None)


class _ClassifyActor(Actor):
    """Classifies vectors."""

    def __init__(self, job: ClassifyJob, schema: pa.Schema) -> None:
        super().__init__(job)
        self._job = job
        self._schema = schema

    def _results(self, worker: Worker, table: pa.Table) -> pa.Table:
        return pa.Table.from_batches(self._job.run(worker, table.to_batches()), self._schema)
