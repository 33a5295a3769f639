#!/usr/bin/env python3
"""Measures what Spark and Ray cost per image beside `clip-cli embed`, with the same images and model in one run.

    make benchmark-engines ARGS='--model ViT-B-32'

Each way embeds a few images and many, alternately: the difference is the time per image without the start of processes
and the loading of the model, which each task of a cluster pays once. Before the first round, each has embedded a few, so
that the engines run. One task runs at a time, with all cores, as `embed` does.

The same is done with the processor time of all processes, those of the engine among them. It says what an engine costs where
all cores are busy, and does not contain what other programs do meanwhile.
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
from engines.processes import ancestors, processes  # noqa: E402
from swift_openclip import ClipCommand  # noqa: E402

KINDS = ("time", "processor time")
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
        costs: dict[str, list[list[float]]] = {name: [] for name in ways}
        for number in range(arguments.rounds):
            for name, run in ways.items():
                few, many = (cost(run, table, scratch / f"{name}-{number}-{table.stem}") for table in tables)
                images = (arguments.many - arguments.few) / 1000
                costs[name].append([(b - a) / images for a, b in zip(few, many, strict=True)])
                print(f"round {number}: {name} {describe(costs[name][-1])} per image", file=sys.stderr, flush=True)
    for name, values in costs.items():
        print(f"{name}: {describe([statistics.median(column) for column in zip(*values, strict=True)])} per image")
        for kind, own, base in zip(KINDS, zip(*values, strict=True), zip(*costs["embed"], strict=True), strict=True):
            ratios = sorted(a / b for a, b in zip(own, base, strict=True))
            print(f"  {kind}: {statistics.median(ratios):.3f} of embed's ({ratios[0]:.3f} to {ratios[-1]:.3f})")


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


def cost(run: Embed, table: Path, store: Path) -> list[float]:
    """The seconds that a way takes, and those of processors."""
    start = [time.monotonic(), processor_seconds()]
    run(table, store)
    return [time.monotonic() - start[0], processor_seconds() - start[1]]


def describe(milliseconds: list[float]) -> str:
    return ", ".join(f"{value:.2f} ms of {kind}" for kind, value in zip(KINDS, milliseconds, strict=True))


def processor_seconds() -> float:
    """What this process and those below it have used, also those that have ended."""
    own = os.getpid()
    below = [process for process in processes() if process == own or own in ancestors(process)]
    return sum(used(process) for process in below) / os.sysconf("SC_CLK_TCK")


def used(process: int) -> int:
    """The processor time of a process and of its children that have ended, in ticks."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:15]))


def spark(command: ClipCommand, scratch: Path) -> Embed:
    from pyspark.sql import SparkSession

    from swift_openclip.spark import embed_spark

    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
    session = builder.config("spark.local.dir", str(scratch)).getOrCreate()

    def run(table: Path, store: Path) -> None:
        embed_spark(session.read.parquet(str(table)).coalesce(1), str(store), model=command)

    return run


def ray(command: ClipCommand) -> Embed:
    import ray as engine

    from swift_openclip.ray import embed_ray

    engine.init(num_cpus=2, include_dashboard=False, object_store_memory=1 << 30, logging_level="error")

    def run(table: Path, store: Path) -> None:
        embed_ray(engine.data.read_parquet(str(table)), str(store), model=command, workers=1)

    return run


if __name__ == "__main__":
    main()
