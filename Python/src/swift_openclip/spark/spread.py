"""Searching a store, and evaluating decisions on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from swift_openclip.command import ClipCommand
from swift_openclip.evaluate import EvaluateJob
from swift_openclip.search import Query, SearchJob
from swift_openclip.spread import SpreadJob


def search_spark(
    spark: SparkSession,
    store: str,
    query: Query,
    *,
    model: str | ClipCommand,
    count: int = 20,
    tasks: int = 100,
) -> pa.Table:
    """Finds the images of a store nearest to queries, exactly as `clip-cli search` does on one machine.

        search_spark(spark, "/shared/store", Query(["a dog"]), model="/models/ViT-B-32")

    Args:
        spark: The session.
        store: The store's folder, on storage that all machines share under this path.
        query: What to search for.
        model: The model of the store, as for `embed_spark`. Queries with images need its precision, for example
            `ClipCommand("/models/ViT-B-32", arguments=("--precision", "int8"))`.
        count: The number of images per query.
        tasks: The maximum number of tasks, among which the parts of the store are divided.

    Returns:
        The columns `id` and `cosine`, best first; of images with equal cosines, the earlier one in the store is better.
        If each text and image is a query of its own, the column `query` names it.

    Raises:
        FileNotFoundError: There is no store.
        FileExistsError: The store is still being adopted.
        ValueError: A file of the store has an irregular name, or there is nothing to search for.
        pyspark.errors.PySparkException: A task failed; the message has the worker's.
    """
    job = SearchJob(ClipCommand.of(model), store, query, count)
    return job.merged(_spread(spark, job, tasks))


def evaluate_spark(
    spark: SparkSession,
    store: str,
    results: str,
    *,
    model: str | ClipCommand,
    categories: str,
    labels: str,
    options: Sequence[str] = (),
    tasks: int = 100,
) -> str:
    """Measures decisions on a store against labels, exactly as `clip-cli evaluate` does on one machine.

    The workers decide on all images. `clip-cli evaluate` runs on the driver, and reads their decisions.

        print(evaluate_spark(spark, store, results, model=model, categories="dogs.yaml", labels="labels.csv"))

    Args:
        spark: The session.
        store: The store's folder, on storage that all machines share under this path.
        results: The file of decisions to be written, `.parquet`, on storage that all machines share under this path. It
            is one of `clip-cli classify`, and remains.
        model: The model of the store, as for `embed_spark`.
        categories: The category file, under this path on every machine.
        labels: The labels, on the driver's machine.
        options: Further options of `clip-cli evaluate`, such as `("--output", "metrics.csv")`.
        tasks: The maximum number of tasks, among which the parts of the store are divided.

    Returns:
        What `clip-cli evaluate` prints.

    Raises:
        FileNotFoundError: There is no store.
        FileExistsError: The file of decisions exists, or the store is still being adopted.
        ValueError: A file has an irregular name, or the store has no images.
        CommandError: `clip-cli evaluate` failed, for example because labels and store do not fit.
        pyspark.errors.PySparkException: A task failed; the message has the worker's.
    """
    job = EvaluateJob(ClipCommand.of(model), store, categories, results)
    with job.prepared():
        return job.finish(_spread(spark, job, tasks), ["--labels", labels, *options])


def _spread(spark: SparkSession, job: SpreadJob, tasks: int) -> list[pa.RecordBatch]:
    """What the tasks of a job on a store return."""
    shares = job.shares(tasks)

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from (job.run_task(shares[number]) for number in batch.column("id").to_pylist())

    numbers = spark.range(0, len(shares), 1, len(shares))
    table: pa.Table = numbers.mapInArrow(run, from_arrow_schema(job.columns)).toArrow()
    batches: list[pa.RecordBatch] = table.cast(job.columns).to_batches()
    return batches
