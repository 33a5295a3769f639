#!/usr/bin/env python3
"""Embeds and classifies the same small images with `clip-cli`, on Spark and on Ray, and compares row by row.

On each engine four workers run. One is delayed so that it is in everyone's way, and the process of the engine above
another is killed in the middle: each image must be in the store once nevertheless. Spark runs with speculative
execution, so that the delayed task runs twice.
"""

import argparse
import importlib
import os
import shutil
import tempfile
import time
from pathlib import Path

from environment import FORGETFUL
from stored import require

os.environ.update(FORGETFUL)

from engines.comparison import require_same_results, require_same_stores  # noqa: E402
from engines.images import classify, embed, write_tables  # noqa: E402
from engines.job import RUNNING, Job, Outcome  # noqa: E402
from engines.processes import are_gone  # noqa: E402

TABLES = 20
# How long the first worker is delayed. Spark starts a copy of its task when all others have begun; Ray waits for it.
SECONDS_OF_DELAY = {"spark": 150, "ray": 15}
# A task per table, the repetition of the one whose executor was killed and, on Spark, the copy of the delayed one.
LEAST_WORKERS = {"spark": TABLES + 2, "ray": 5}
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
            program = delayed_program(cli, own, SECONDS_OF_DELAY[engine])
            job = Job(program, model, tables, arguments.images, categories, own)
            check(engine, job, store, results)
            shutil.rmtree(own)


def check(engine: str, job: Job, store: Path, results: Path) -> None:
    start = time.monotonic()
    outcome: Outcome = importlib.import_module(f"engines.on_{engine}").run(job)
    seconds = time.monotonic() - start
    require(outcome.killed is not None, f"{engine}: the job ended before a process could be killed")
    require(outcome.store.embedded + outcome.store.rejected == job.images, f"{engine}: {outcome.store}")
    count = require_same_stores(job.store, store, engine)
    require(count == job.images, f"{engine}: {count} of {job.images} images")
    require_same_results(outcome.results, results, f"{engine}, results")
    workers = (job.scratch / "embedding").read_text().count("\n")
    require(workers >= LEAST_WORKERS[engine], f"{engine}: only {workers} workers were started")
    require(are_gone(job.scratch, SECONDS_OF_DELAY[engine] + 60), f"{engine}: a worker is still running")
    print(
        f"{engine}: {outcome.store.embedded} vectors, {outcome.store.rejected} failed images and "
        f"{len(outcome.results)} results equal clip-cli's, after a kill, with {workers} workers for {TABLES} tables, "
        f"in {seconds:.0f} s",
        flush=True,
    )


def delayed_program(cli: Path, scratch: Path, seconds: int) -> Path:
    """`clip-cli` under a name of its own, whose first worker is slow to start; it lists the workers that embed."""
    program, script = scratch / RUNNING, scratch / "clip-cli-delayed"
    program.symlink_to(cli)
    script.write_text(
        "#!/bin/sh\n"
        'case "$*" in *"--mode "*) ;; "worker "*)\n'
        f"    echo $$ >> {scratch}/embedding\n"
        f"    mkdir {scratch}/delayed 2>/dev/null && sleep {seconds}\n"
        "esac\n"
        f'exec {program} "$@"\n'
    )
    script.chmod(0o755)
    return script


if __name__ == "__main__":
    main()
