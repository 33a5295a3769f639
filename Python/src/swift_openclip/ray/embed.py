"""Embedding the images of a dataset."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from ray.data import Dataset

from swift_openclip.command import ClipCommand
from swift_openclip.job import EmbeddedStore, EmbedJob
from swift_openclip.ray.actors import Actor, pool
from swift_openclip.staging import StagedFile, file_columns
from swift_openclip.worker import Worker


def embed_ray(
    dataset: Dataset,
    output: str,
    *,
    model: str | ClipCommand,
    workers: int | tuple[int, int],
    expect: int | None = None,
    rows_per_batch: int = 256,
    rows_per_part: int = 50_000,
    rows_per_task: int = 4096,
    remove_others: bool = False,
    **resources: Any,
) -> EmbeddedStore:
    """Embeds the images of a dataset into a new store, each image exactly once.

    Each actor owns one worker process. A task that is repeated because its actor or machine died leaves files that do
    not count.

        store = embed_ray(ray.data.read_parquet("images"), "/shared/store", model="/models/ViT-B-32", workers=8)

    Args:
        dataset: Has the column `id` (text or integers, distinct) and one of `bytes`, `path` and `uri`. The other
            columns are carried into the store.
        output: The folder of the new store, on storage that all machines share under this path.
        model: A bundle's folder, or the name of an installed model, on every machine; or a command with more options.
        workers: The number of actors, or the least and the most.
        expect: The number of rows of `dataset`, to be checked.
        rows_per_batch: How many images a worker gets at a time.
        rows_per_part: The maximum number of vectors in a file of the store.
        rows_per_task: How many images a task has; each task writes a file of its own.
        remove_others: Whether to remove the files of attempts that do not count.
        **resources: What each actor needs, as for `map_batches`: `num_cpus`, `num_gpus`, `memory` and so on.

    Returns:
        The store.

    Raises:
        TypeError: A column has a type that a store does not keep.
        ValueError: A column has a name that is reserved, or that occurs twice.
        FileExistsError: The folder is a store already, or another job's.
        CommandError: `clip-cli store adopt` refused the files, for example because an id occurs twice.
        ray.exceptions.RayError: A task failed; the message has the worker's.
    """
    job = EmbedJob(ClipCommand.of(model), output, rows_per_batch, rows_per_part)
    job.prepare(_arrow_schema(dataset))
    rows = (
        dataset.repartition(target_num_rows_per_block=rows_per_task)
        .map_batches(
            _EmbedActor,
            batch_size=None,
            batch_format="pyarrow",
            zero_copy_batch=True,
            fn_constructor_args=(job,),
            compute=pool(workers),
            **resources,
        )
        .take_all()
    )
    return job.commit([StagedFile(**row) for row in rows], expect=expect, remove_others=remove_others)


def _arrow_schema(dataset: Dataset) -> pa.Schema | None:
    """The columns of a dataset, for which Ray may read its first rows; `None` if they are not Arrow's."""
    schema = dataset.schema()
    return schema.base_schema if schema is not None and isinstance(schema.base_schema, pa.Schema) else None


class _EmbedActor(Actor):
    """Embeds images into staged files, and returns a row per file."""

    def __init__(self, job: EmbedJob) -> None:
        super().__init__(job)
        self._job = job

    def _results(self, worker: Worker, table: pa.Table) -> pa.Table:
        return pa.table(file_columns(self._job.run(worker, table.to_batches())))
