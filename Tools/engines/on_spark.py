"""Spark on one machine, with executors that are processes of their own."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from pyspark.sql import SparkSession

from engines.damage import damaged_copy, require_refused
from engines.job import HITS, QUERIES, TASKS, TASKS_BEFORE_KILL, Job, Outcome
from engines.processes import Killer
from swift_openclip import EmbeddedStore
from swift_openclip.spark import classify_spark, embed_spark, evaluate_spark, search_spark

EXECUTORS = 4
EXECUTOR_PROCESS = "CoarseGrainedExecutorBackend"


def embed(job: Job) -> None:
    """Embeds."""
    with session(job.scratch) as spark:
        embed_images(job, spark)


def run(job: Job, draw_labels: Callable[[Job], None]) -> Outcome:
    """Embeds with a worker and an executor killed in the middle, then classifies, searches and evaluates."""
    killing = Killer(job.running, EXECUTOR_PROCESS, job.store / "_staging", TASKS_BEFORE_KILL)
    with session(job.scratch) as spark, killing as killer:
        store = embed_images(job, spark)
        folder, model, categories = str(job.store), job.deciding, str(job.categories)
        results = classify_spark(spark, folder, model=model, categories=categories)
        found = [search_spark(spark, folder, query, model=model, count=HITS, tasks=TASKS) for query in QUERIES]
        draw_labels(job)
        evaluation = evaluate_spark(
            spark,
            folder,
            str(job.results),
            model=model,
            categories=categories,
            labels=str(job.labels),
            options=job.evaluating,
            tasks=TASKS,
        )
        damaged = classify_spark(spark, str(damaged_copy(job)), model=model, categories=categories)
        require_refused(damaged.toArrow, "spark")
        return Outcome(store, killer.killed, results.toArrow().to_pylist(), found, evaluation)


def embed_images(job: Job, spark: SparkSession) -> EmbeddedStore:
    return embed_spark(spark.read.parquet(str(job.tables)), str(job.store), model=job.command, expect=job.images)


@contextlib.contextmanager
def session(scratch: Path) -> Iterator[SparkSession]:
    """Four executors with one core each; each table is a partition."""
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {
        "spark.master": f"local-cluster[{EXECUTORS},1,1024]",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(scratch),
        "spark.pyspark.python": sys.executable,
        "spark.executorEnv.PYTHONPATH": ":".join(path for path in sys.path if path),
        "spark.sql.files.openCostInBytes": str(128 << 20),
        "spark.speculation": "true",
        "spark.speculation.quantile": "0.5",
        "spark.speculation.multiplier": "1.5",
        "spark.speculation.minTaskRuntime": "1s",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.appName("check_engines")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()
