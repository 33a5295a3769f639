#!/usr/bin/env python3
"""Embeds, classifies, searches and evaluates the same small images with `clip-cli`, on Spark and on Ray, and compares
row by row: vectors, hits and metrics must be the same, to the bit.

On each engine, a first driver dies when some tasks are done, and the job is run again. Four workers run. When more tasks
are done, one of them is killed, and the process of the engine above another. Another attempt at one of the tasks has left its
files, as a speculative copy does: Spark starts copies, but not on the host of the original, so none on one machine.
Each image must be in the store once nevertheless. A copy of a part with a changed bit must not be classified.
"""

import argparse
import dataclasses
import functools
import importlib
import os
import shutil
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq
from environment import FORGETFUL
from stored import require

os.environ.update(FORGETFUL)
# With these kernels, on any processor, the last bits of a product depend on its other rows.
os.environ["OPENBLAS_CORETYPE"] = "Haswell"

from engines import single  # noqa: E402
from engines.comparison import require_same_results, require_same_stores  # noqa: E402
from engines.images import classify, embed, write_tables  # noqa: E402
from engines.job import RUNNING, Job, Outcome  # noqa: E402
from engines.processes import are_gone, die_in_the_middle, finished  # noqa: E402
from swift_openclip.job import EmbedJob  # noqa: E402

TABLES = 20
# Of the first driver.
TASKS_BEFORE_DEATH = 4
SECONDS_TO_END = 60
CATEGORIES = """
neutral: ["a photo."]
threshold: 0
neutral_margin: 0
categories:
  red: {positive: ["something red"], negative: ["something blue"]}
  green: {positive: ["something green"]}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--model", type=Path, required=True, help="a small bundle")
    parser.add_argument("--images", type=int, default=20_000)
    parser.add_argument("--engines", nargs="+", choices=("spark", "ray"), default=("spark", "ray"))
    arguments = parser.parse_args()
    cli, model = arguments.cli.absolute(), str(arguments.model.absolute())
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        tables, store, results = scratch / "tables", scratch / "expected", scratch / "expected.parquet"
        categories = scratch / "categories.yaml"
        categories.write_text(CATEGORIES)
        write_tables(tables, arguments.images, TABLES)
        embed(cli, model, tables, store)
        classify(cli, model, store, categories, results)
        for engine in arguments.engines:
            own = scratch / engine
            own.mkdir()
            job = Job(counted_program(cli, own), model, tables, arguments.images, categories, own)
            check(engine, cli, job, store, results)
            shutil.rmtree(own)


def check(engine: str, cli: Path, job: Job, store: Path, results: Path) -> None:
    start = time.monotonic()
    others = other_attempt(cli, job)
    module = importlib.import_module(f"engines.on_{engine}")
    staging = job.store / "_staging"
    die_in_the_middle(functools.partial(module.embed, job), staging, TASKS_BEFORE_DEATH)
    require(are_gone(job.scratch, SECONDS_TO_END), f"{engine}: a worker outlived its driver")
    done = finished(staging)
    require(TASKS_BEFORE_DEATH <= done < TABLES, f"{engine}: the first driver died after {done} of {TABLES} tasks")
    (job.scratch / "embedding").unlink()
    outcome: Outcome = module.run(job, functools.partial(single.draw_labels, cli))
    seconds = time.monotonic() - start
    require(len(outcome.killed) == 2, f"{engine}: the job ended before two processes could be killed")
    require(outcome.store.embedded + outcome.store.rejected == job.images, f"{engine}: {outcome.store}")
    count = require_same_stores(job.store, store, engine)
    require(count == job.images, f"{engine}: {count} of {job.images} images")
    require_same_results(outcome.results, results, f"{engine}, results")
    single.require_same_hits(cli, job, outcome, engine)
    single.require_same_evaluation(cli, job, outcome, engine)
    workers = (job.scratch / "embedding").read_text().count("\n")
    # On Spark, a worker per table that was not done, and the repetitions of those two that were killed; on Ray, one per
    # actor, and the same repetitions.
    expected = {"spark": range(2, TABLES), "ray": range(6, TABLES)}[engine]
    require(workers in expected, f"{engine}: {workers} workers were started, not from {expected[0]} to {expected[-1]}")
    require(others and all(path.exists() for path in others), f"{engine}: files of another attempt are gone")
    require(are_gone(job.scratch, SECONDS_TO_END), f"{engine}: a worker is still running")
    print(
        f"{engine}: {outcome.store.embedded} vectors, {outcome.store.rejected} failed images and "
        f"{len(outcome.results)} results equal clip-cli's, and so do hits and metrics, after the death of a driver "
        f"with {done} of {TABLES} tables done and two kills, with {workers} workers, in {seconds:.0f} s",
        flush=True,
    )


def counted_program(cli: Path, scratch: Path) -> Path:
    """`clip-cli` under a name of its own; it lists the workers that embed."""
    program, script = scratch / RUNNING, scratch / "clip-cli-counted"
    program.symlink_to(cli)
    script.write_text(
        "#!/bin/sh\n"
        f'case "$*" in *"--mode "*) ;; "worker "*) echo $$ >> {scratch}/embedding ;; esac\n'
        f'exec {program} "$@"\n'
    )
    script.chmod(0o755)
    return script


def other_attempt(cli: Path, job: Job) -> list[Path]:
    """The files of an attempt at a task that does not count."""
    table = min(job.tables.iterdir())
    embedding = EmbedJob(dataclasses.replace(job.command, program=str(cli)), str(job.store))
    files = embedding.run_task(pq.read_table(table).to_batches())
    return [job.store / "_staging" / file.file for file in files]


if __name__ == "__main__":
    main()
