#!/usr/bin/env python3
"""Measures what Spark and Ray cost per image beside `clip-cli embed`, with the same images and model in one run.

    make benchmark-engines ARGS='--model ViT-B-32'

Each way embeds a few images and many, alternately: the difference is the time per image without the start of processes
and the loading of the model, which each task of a cluster pays once. Before the first round, each has embedded a few, so
that the engines run. One task runs at a time, with all cores, as `embed` does. Beside the time, which other programs change,
it measures the processor time of the engine: of all its processes without `clip-cli`.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from environment import FORGETFUL
from stored import make_images

os.environ.update(FORGETFUL)

from engines.images import embed  # noqa: E402
from engines.processes import ProcessorTime  # noqa: E402
from swift_openclip import ClipCommand  # noqa: E402

Embed = Callable[[Path, Path], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--model", required=True, help="name or bundle of the model")
    parser.add_argument("--few", type=int, default=256)
    parser.add_argument("--many", type=int, default=1280)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--precision", default="fp32", help="number format of the image encoder")
    parser.add_argument("--ways", nargs="+", choices=("spark", "ray"), default=("spark", "ray"))
    arguments = parser.parse_args()
    cli = arguments.cli.absolute()
    model = str(Path(arguments.model).absolute()) if Path(arguments.model).exists() else arguments.model
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        tables = [write_table(arguments.photos, scratch, count) for count in (arguments.few, arguments.many)]
        command = ClipCommand(model, str(cli), ("--precision", arguments.precision))
        ways: dict[str, Embed] = {
            "embed": lambda table, store: embed(cli, model, table, store, "--precision", arguments.precision)
        }
        if "spark" in arguments.ways:
            ways["spark"] = spark(command, scratch)
        if "ray" in arguments.ways:
            ways["ray"] = ray(command)
        for name, run in ways.items():
            run(tables[0], scratch / f"{name}-first")
        times: dict[str, list[float]] = {name: [] for name in ways}
        processor: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(arguments.rounds):
            for name, run in ways.items():
                few, many = (measured(run, table, scratch / f"{name}-{number}-{table.stem}", cli) for table in tables)
                for values, less, more in zip((times, processor), few, many, strict=True):
                    values[name].append((more - less) / (arguments.many - arguments.few))
                print(f"round {number}: {name} {1000 * times[name][-1]:.2f} ms per image", file=sys.stderr, flush=True)
    for name, values in times.items():
        ratios = sorted(value / base for value, base in zip(values, times["embed"], strict=True))
        print(
            f"{name}: {1000 * statistics.median(values):.2f} ms per image, {statistics.median(ratios):.3f} of embed's "
            f"({ratios[0]:.3f} to {ratios[-1]:.3f})"
            + (f"; {1000 * statistics.median(processor[name]):.2f} ms of its own processor time" if name != "embed" else "")
        )


def write_table(photos: Path, scratch: Path, count: int) -> Path:
    """A table of JPEG files."""
    images = scratch / f"images-{count}"
    make_images(photos, images, count)
    files = sorted(path for path in images.rglob("*") if path.is_file())
    columns = {
        "id": pa.array([str(path.relative_to(images)) for path in files]),
        "bytes": pa.array([path.read_bytes() for path in files], pa.binary()),
    }
    path = scratch / f"{count}.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def measured(run: Embed, table: Path, store: Path, cli: Path) -> tuple[float, float]:
    """Seconds of a run, and seconds of processor time that the engine takes during it."""
    start = time.monotonic()
    with ProcessorTime(os.getpid(), cli) as processor:
        run(table, store)
        took = time.monotonic() - start
    return took, processor.seconds


def spark(command: ClipCommand, scratch: Path) -> Embed:
    from pyspark.sql import SparkSession

    from swift_openclip.spark import embed_spark

    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    session = builder.config("spark.local.dir", str(scratch)).getOrCreate()

    def run(table: Path, store: Path) -> None:
        embed_spark(session.read.parquet(str(table)).coalesce(1), str(store), model=command)

    return run


def ray(command: ClipCommand) -> Embed:
    import ray as engine

    from swift_openclip.ray import embed_ray

    # Ray's workers would give way to every other process, which `embed` does not.
    os.environ["RAY_worker_niceness"] = "0"
    engine.init(num_cpus=2, include_dashboard=False, object_store_memory=1 << 30, logging_level="error")

    def run(table: Path, store: Path) -> None:
        embed_ray(engine.data.read_parquet(str(table)), str(store), model=command, workers=1)

    return run


if __name__ == "__main__":
    main()
