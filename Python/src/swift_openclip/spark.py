"""Images in Spark DataFrames, and stores on Spark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
from pyspark import TaskContext
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

from swift_openclip.classify import ClassifyJob
from swift_openclip.command import ClipCommand
from swift_openclip.evaluate import EvaluateJob
from swift_openclip.job import EmbeddedStore, EmbedJob
from swift_openclip.search import Query, SearchJob
from swift_openclip.spread import SpreadJob
from swift_openclip.staging import StagedFile, file_columns

# Spark reads pages that do not match their checksums otherwise.
_VERIFIED = {"parquet.page.verify-checksum.enabled": "true"}
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


def classify_spark(
    spark: SparkSession,
    store: str,
    *,
    model: str | ClipCommand,
    categories: str,
    rows_per_batch: int = 4096,
) -> DataFrame:
    """Classifies the images of a store, as `clip-cli classify` does on one machine.

        classify_spark(spark, "/shared/store", model="/models/ViT-B-32", categories="/shared/categories.yaml") \\
            .write.parquet("/shared/results")

    Args:
        spark: The session.
        store: The store's folder, on storage that all machines share under this path.
        model: The model of the store, as for `embed_spark`.
        categories: The category file, under this path on every machine.
        rows_per_batch: How many vectors a worker gets at a time.

    Returns:
        One row per image, with the columns of `clip-cli classify`; it is computed when it is used.

    Raises:
        FileNotFoundError: There is no store.
        FileExistsError: The store is still being adopted.
        ValueError: A file of the store has an irregular name.
        WorkerError: The store, the model and the categories do not fit together.
    """
    job = ClassifyJob(ClipCommand.of(model), store, categories, rows_per_batch)
    vectors = spark.read.options(**_VERIFIED).parquet(*job.parts()).select("id", "embedding")
    return vectors.mapInArrow(job.run_task, from_arrow_schema(job.schema()))


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


def _environment() -> dict[str, str]:
    """Shows a worker the GPUs that Spark gave its task, if it gave any."""
    task = TaskContext.get()
    gpu = task.resources().get("gpu") if task else None
    return {"CUDA_VISIBLE_DEVICES": ",".join(gpu.addresses)} if gpu else {}
