"""Images in Ray datasets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from ray.data import Dataset

from swift_openclip.command import ClipCommand
from swift_openclip.job import EmbeddedStore, EmbedJob
from swift_openclip.staging import StagedFile


def embed_ray(
    dataset: Dataset,
    output: str,
    *,
    model: str,
    workers: int | tuple[int, int],
    program: str = "clip-cli",
    arguments: Sequence[str] = (),
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
        model: A bundle's folder, or the name of an installed model, on every machine.
        workers: The number of actors, or the least and the most.
        program: `clip-cli` on every machine.
        arguments: Further options of `clip-cli worker`.
        expect: The number of rows of `dataset`, to be checked.
        rows_per_batch: How many images a worker gets at a time.
        rows_per_part: The maximum number of vectors in a file of the store.
        rows_per_task: How many images a task has; each task writes a file of its own.
        remove_others: Whether to remove the files of attempts that do not count.
        **resources: What each actor needs, as for `map_batches`: `num_cpus`, `num_gpus`, `memory` and so on.

    Returns:
        The store.

    Raises:
        FileExistsError: The folder is a store already.
        CommandError: `clip-cli store adopt` refused the files, for example because an id occurs twice.
        ray.exceptions.RayError: A task failed; the message has the worker's.
    """
    job = EmbedJob(ClipCommand(model, program, tuple(arguments)), output, rows_per_batch, rows_per_part)
    job.prepare()
    rows = dataset.map_batches(
        _EmbedActor,
        batch_size=rows_per_task,
        batch_format="pyarrow",
        zero_copy_batch=True,
        fn_constructor_args=(job,),
        concurrency=workers,
        **resources,
    ).take_all()
    files = [StagedFile(row["kind"], row["file"], row["rows"], row["sha256"]) for row in rows]
    return job.commit(files, expect=expect, remove_others=remove_others)


class _EmbedActor:
    """Keeps a worker process for the tasks of an actor."""

    def __init__(self, job: EmbedJob) -> None:
        self._job = job
        self._worker = job.start_worker()

    def __call__(self, table: pa.Table) -> pa.Table:
        try:
            files = self._job.run(self._worker, table.to_batches())
        except BaseException:
            # The next task finds a new one.
            self._worker.kill()
            self._worker = self._job.start_worker()
            raise
        return pa.table(
            {
                "kind": pa.array([file.kind for file in files], pa.string()),
                "file": pa.array([file.file for file in files], pa.string()),
                "rows": pa.array([file.rows for file in files], pa.int64()),
                "sha256": pa.array([file.sha256 for file in files], pa.string()),
            }
        )
