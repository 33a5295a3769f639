"""Embedding the images of a DataFrame."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyspark import TaskContext
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import to_arrow_schema

from swift_openclip.command import ClipCommand
from swift_openclip.job import EmbeddedStore, EmbedJob
from swift_openclip.staging import StagedFile, file_columns

_FILES = "task int, kind string, file string, rows long, sha256 string"


def embed_spark(
    df: DataFrame,
    output: str,
    *,
    model: str | ClipCommand,
    expect: int | None = None,
    rows_per_batch: int = 256,
    rows_per_part: int = 50_000,
    remove_others: bool = False,
) -> EmbeddedStore:
    """Embeds the images of a DataFrame into a new store, each image exactly once.

    Each partition is one task with one worker process. A task that fails, is killed with its executor, or runs twice
    because of speculation, leaves files that do not count.

        store = embed_spark(spark.read.parquet("images"), "/shared/store", model="/models/ViT-B-32")

    Args:
        df: Has the column `id` (text or integers, distinct) and one of `bytes`, `path` and `uri`. The other columns are
            carried into the store.
        output: The folder of the new store, on storage that all machines share under this path.
        model: A bundle's folder, or the name of an installed model, on every machine; or a command with more options.
        expect: The number of rows of `df`, to be checked; `df.count()` computes it in a job of its own.
        rows_per_batch: How many images a worker gets at a time.
        rows_per_part: The maximum number of vectors in a file of the store.
        remove_others: Whether to remove the files of attempts that do not count. With speculation, a copy of a task may
            still be running: then remove them later.

    Returns:
        The store, whose rows are in the order of the DataFrame's partitions.

    Raises:
        TypeError: A column has a type that a store does not keep.
        ValueError: A column has a name that is reserved, or that occurs twice.
        FileExistsError: The folder is a store already, or another job's.
        CommandError: `clip-cli store adopt` refused the files, for example because an id occurs twice.
        pyspark.errors.PySparkException: A task failed as often as Spark tries it; the message has the worker's.
    """
    job = EmbedJob(ClipCommand.of(model), output, rows_per_batch, rows_per_part)
    job.prepare(to_arrow_schema(df.schema))

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        files = job.run_task(batches, _environment())
        task = TaskContext.get()
        partition = task.partitionId() if task else 0
        yield pa.RecordBatch.from_pydict(
            {"task": pa.array([partition] * len(files), pa.int32()), **file_columns(files)}
        )

    rows = sorted(df.mapInArrow(run, _FILES).collect(), key=lambda row: (row["task"], row["file"]))
    files = [StagedFile(row["kind"], row["file"], row["rows"], row["sha256"]) for row in rows]
    return job.commit(files, expect=expect, remove_others=remove_others)


def _environment() -> dict[str, str]:
    """Shows a worker the GPUs that Spark gave its task, if it gave any."""
    task = TaskContext.get()
    gpu = task.resources().get("gpu") if task else None
    return {"CUDA_VISIBLE_DEVICES": ",".join(gpu.addresses)} if gpu else {}
