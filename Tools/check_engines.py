#!/usr/bin/env python3
"""Embeds the same small images with `clip-cli embed`, on Spark and on Ray, and compares the stores row by row.

On each engine four workers run, one is delayed so that it is in everyone's way, and the process of the engine above
another is killed in the middle: each image must be in the store once nevertheless. Spark runs with speculative execution,
so the delayed task runs twice.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from environment import FORGETFUL
from stored import require

os.environ.update(FORGETFUL)

from engines.comparison import require_same_stores  # noqa: E402
from engines.images import embed, write_tables  # noqa: E402
from engines.processes import Killer, are_gone  # noqa: E402
from swift_openclip import EmbeddedStore  # noqa: E402

TABLES = 20
# How long the first worker is delayed: long beside a task, which a copy of it shows to be slow.
SECONDS_OF_DELAY = 40
# What workers are called once they run.
RUNNING = "clip-cli-here"
WORKER_OPTIONS = ("--encoder-threads", "1")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--model", required=True, help="a small bundle")
    parser.add_argument("--images", type=int, default=20_000)
    parser.add_argument("--engines", nargs="+", choices=("spark", "ray"), default=("spark", "ray"))
    arguments = parser.parse_args()
    arguments.model = str(Path(arguments.model).absolute())
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        tables, expected = scratch / "tables", scratch / "expected"
        write_tables(tables, arguments.images, TABLES)
        embed(arguments.cli.absolute(), arguments.model, tables, expected)
        for engine in arguments.engines:
            run = {"spark": spark, "ray": ray}[engine]
            check(engine, run, arguments, tables, expected, scratch / engine)


def check(
    engine: str,
    run: Callable[..., EmbeddedStore],
    arguments: argparse.Namespace,
    tables: Path,
    expected: Path,
    scratch: Path,
) -> None:
    scratch.mkdir()
    program, starts = delayed_program(arguments.cli.absolute(), scratch)
    start = time.monotonic()
    store = run(program=program, model=arguments.model, images=arguments.images, tables=tables, scratch=scratch)
    seconds = time.monotonic() - start
    require(store.embedded + store.rejected == arguments.images, f"{engine}: {store}")
    count = require_same_stores(Path(store.path), expected, engine)
    require(count == arguments.images, f"{engine}: {count} of {arguments.images} images")
    require(are_gone(scratch, 2 * SECONDS_OF_DELAY), f"{engine}: a worker is still running")
    print(
        f"{engine}: {store.embedded} vectors and {store.rejected} failed images equal embed's, after a kill, with "
        f"{len(starts.read_text().splitlines())} workers for {TABLES} tables, in {seconds:.0f} s",
        flush=True,
    )
    shutil.rmtree(scratch)


def delayed_program(cli: Path, scratch: Path) -> tuple[Path, Path]:
    """`clip-cli` under a name of its own, whose first worker is slow to start; it lists the workers that were started."""
    program, starts, delayed = scratch / RUNNING, scratch / "starts", scratch / "delayed"
    program.symlink_to(cli)
    script = scratch / "clip-cli-delayed"
    script.write_text(
        "#!/bin/sh\n"
        f'[ "$1" = worker ] && echo $$ >> {starts} && mkdir {delayed} 2>/dev/null && sleep {SECONDS_OF_DELAY}\n'
        f'exec {program} "$@"\n'
    )
    script.chmod(0o755)
    return script, starts


def spark(*, program: Path, model: str, images: int, tables: Path, scratch: Path) -> EmbeddedStore:
    from engines.on_spark import EXECUTOR_PROCESS, session
    from swift_openclip.spark import embed_spark

    store = scratch / "store"
    started = session(scratch)
    killer = Killer(scratch / RUNNING, EXECUTOR_PROCESS, store / "_staging", files=3)
    killer.start()
    try:
        frame = started.read.parquet(str(tables))
        options = {"program": str(program), "arguments": WORKER_OPTIONS}
        result = embed_spark(frame, str(store), model=model, expect=images, **options)
    finally:
        killer.stop()
        started.stop()
    require(killer.killed is not None, "spark: no executor was killed before the job ended")
    return result


def ray(*, program: Path, model: str, images: int, tables: Path, scratch: Path) -> EmbeddedStore:
    import ray as engine

    from swift_openclip.ray import embed_ray

    store = scratch / "store"
    engine.init(num_cpus=4, include_dashboard=False, object_store_memory=512 << 20, logging_level="error")
    killer = Killer(scratch / RUNNING, "ray::", store / "_staging", files=3)
    killer.start()
    try:
        dataset = engine.data.read_parquet(str(tables))
        options = {"program": str(program), "arguments": WORKER_OPTIONS, "rows_per_task": 500}
        result = embed_ray(dataset, str(store), model=model, workers=4, num_cpus=0.5, expect=images, **options)
    finally:
        killer.stop()
        engine.shutdown()
    require(killer.killed is not None, "ray: no actor was killed before the job ended")
    return result


if __name__ == "__main__":
    main()
