"""Spark on one machine, with executors that are processes of their own."""

import os
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from engines.job import FILES_BEFORE_KILL, WORKER_OPTIONS, Job, Outcome
from engines.processes import Killer
from swift_openclip.spark import classify_spark, embed_spark

EXECUTORS = 4
EXECUTOR_PROCESS = "CoarseGrainedExecutorBackend"


def run(job: Job) -> Outcome:
    """Embeds with a worker and an executor killed in the middle, then classifies."""
    spark = session(job.scratch)
    killer = Killer(job.running, EXECUTOR_PROCESS, job.store / "_staging", FILES_BEFORE_KILL)
    killer.start()
    try:
        frame = spark.read.parquet(str(job.tables))
        program = str(job.program)
        store = embed_spark(
            frame, str(job.store), model=job.model, program=program, arguments=WORKER_OPTIONS, expect=job.images
        )
        results = classify_spark(
            spark, str(job.store), model=job.model, categories=str(job.categories), program=program
        )
        return Outcome(store, killer.killed, results.toArrow().to_pylist())
    finally:
        killer.stop()
        spark.stop()


def session(scratch: Path) -> SparkSession:
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
    return builder.getOrCreate()
