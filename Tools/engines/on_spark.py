"""Spark on one machine, with executors that are processes of their own."""

import os
import sys
from pathlib import Path

from pyspark.sql import SparkSession

EXECUTORS = 4
EXECUTOR_PROCESS = "CoarseGrainedExecutorBackend"


def session(scratch: Path) -> SparkSession:
    """Four executors with one core each; each table is a partition, and slow tasks get a second copy soon."""
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
