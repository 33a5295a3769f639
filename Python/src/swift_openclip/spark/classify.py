"""Classifying the vectors of a store."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from swift_openclip.classify import ClassifyJob
from swift_openclip.command import ClipCommand

# Spark reads pages that do not match their checksums otherwise.
_VERIFIED = {"parquet.page.verify-checksum.enabled": "true"}


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
