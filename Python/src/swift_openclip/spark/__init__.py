"""Images in Spark DataFrames, and stores on Spark."""

from swift_openclip.spark.classify import classify_spark
from swift_openclip.spark.embed import embed_spark
from swift_openclip.spark.spread import evaluate_spark, search_spark

__all__ = ["classify_spark", "embed_spark", "evaluate_spark", "search_spark"]
