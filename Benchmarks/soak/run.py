#!/usr/bin/env python3
"""Embeds very many images, and the first 2,000 of them alone, and checks what must not change with their number:
memory, the processor time an image takes, and that every image is accounted for once. Prints the table for
Docs/Benchmarks.md.

Processor time, because what else the machine does changes it little, while it changes images a second as it likes. For
the same reason OpenMP's threads are told to sleep while they wait for each other: by default they count up a number, which
takes the longer the more other programs want the processors.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute
import pyarrow.parquet

HERE = Path(__file__).resolve().parent
FEW = 2_000
TOLERANCE = 0.10
TENTHS = ((0, 0.1), (0.9, 1))


@dataclass(frozen=True)
class Sample:
    """How far a run is."""

    seconds: float
    """Since the first image was asked for."""
    images: int
    """That are done with."""
    cpu_seconds: float
    """That the process has used, in user and in system mode."""
    resident_mebibytes: float
    """Memory of the process."""
    live_mebibytes: float
    """Memory that was allocated and not freed, if it is counted."""
    files: int
    """In the folder of the store."""
    open_files: int
    """Of the process: files, connections and the like."""

    @staticmethod
    def take(seconds: float, images: int, process: int, store: Path, heap: Path | None) -> "Sample":
        """Looks at a process that was not waited for yet, at the store that it writes, and at the count of its heap."""
        state = Path(f"/proc/{process}")
        fields = (state / "stat").read_text().rpartition(")")[2].split()
        return Sample(
            seconds, images,
            cpu_seconds=sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK"),
            resident_mebibytes=int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 2**20,
            live_mebibytes=int(heap.read_text()) / 2**20 if heap else 0,
            files=len(os.listdir(store)) if store.exists() else 0,
            open_files=len(os.listdir(state / "fd")))


@dataclass(frozen=True)
class Run:
    """What one run of `clip-cli embed` did."""

    embedded: int
    failed: int
    seconds: float
    peak_mebibytes: float
    progress: list[Sample]

    def part(self, start: float, end: float) -> tuple[Sample, Sample]:
        """The samples around two shares of the images, or a little further where no progress was told just then."""
        last = self.progress[-1].images
        return ([sample for sample in self.progress if sample.images <= start * last][-1],
                next(sample for sample in self.progress if sample.images >= end * last))

    def samples(self, start: float, end: float) -> list[Sample]:
        """Those between two shares of the images."""
        first, last = self.part(start, end)
        return self.progress[self.progress.index(first):self.progress.index(last) + 1]

    def rate(self, start: float, end: float) -> float:
        """Images a second between two shares of the images."""
        first, last = self.part(start, end)
        return (last.images - first.images) / (last.seconds - first.seconds)

    def cpu_milliseconds(self, start: float, end: float) -> float:
        """Processor time an image between two shares of the images."""
        first, last = self.part(start, end)
        return 1000 * (last.cpu_seconds - first.cpu_seconds) / (last.images - first.images)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--folder", type=Path, required=True, help="folder for images and stores; images are reused")
    parser.add_argument("--count", type=int, default=200_000, help="number of images")
    parser.add_argument("--model", default="default", help="name or bundle of the model")
    arguments = parser.parse_args()
    runs = []
    for count in (min(FEW, arguments.count), arguments.count):
        images, store = arguments.folder / f"images-{count}", arguments.folder / f"store-{count}"
        command = [HERE / "make_images.py", "--photos", arguments.photos, "--output", images, "--count", str(count)]
        subprocess.run([sys.executable, *command], check=True)
        shutil.rmtree(store, ignore_errors=True)
        run = embed(arguments.cli, images, store, arguments.model)
        check_store(store, run, count)
        runs.append(run)
    few, many = runs
    print(table(few, many))
    check(many, few)


def embed(cli: Path, images: Path, store: Path, model: str | Path, heap: Path | None = None,
          preload: Path | None = None) -> Run:
    """Runs `clip-cli embed`, follows its progress and takes its peak memory. `images` is any source. The library
    `preload` counts the process's heap and writes the count to the file `heap`."""
    command = [cli.absolute(), "embed", images, "--output", store, "--model", model, "--log-format", "json"]
    environment = os.environ | {"OMP_WAIT_POLICY": "PASSIVE"}
    if heap:
        environment |= {"LD_PRELOAD": str(preload), "LIVE_BYTES_FILE": str(heap)}
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    progress, last = [], {"embedded": 0, "failed": 0}
    for line in process.stderr:
        event = json.loads(line) if line.startswith("{") else {}
        if event.get("event") == "started":
            progress.append(Sample.take(0, 0, process.pid, store, heap))
        elif event.get("event") in ("progress", "finished"):
            last = event
            progress.append(Sample.take(event["elapsed"], event["processed"], process.pid, store, heap))
        else:
            print(line, end="", file=sys.stderr)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"clip-cli embed ended with exit code {process.returncode}")
    seconds = time.monotonic() - start
    return Run(last["embedded"], last["failed"], seconds, usage.ru_maxrss / 1024, progress)


def check_store(store: Path, run: Run, count: int) -> None:
    """Every image is in the store once."""
    parts = [pyarrow.parquet.read_table(path, columns=["id"]) for path in sorted(store.glob("part-*.parquet"))]
    ids = pyarrow.concat_tables(parts)["id"]
    unique = pyarrow.compute.count_distinct(ids).as_py()
    failed = pyarrow.parquet.read_metadata(store / "rejects.parquet").num_rows
    require(len(ids) == unique, f"{store}: {len(ids)} rows, and {unique} ids")
    require(len(ids) == run.embedded, f"{store}: {len(ids)} rows, and {run.embedded} were reported as embedded")
    require(failed == run.failed, f"{store}: {failed} failures, and {run.failed} were reported")
    require(len(ids) + failed == count, f"{store}: {len(ids)} rows and {failed} failures of {count} images")


def check(many: Run, few: Run) -> None:
    """Neither memory nor the work on an image changes with the number of images."""
    require(many.peak_mebibytes <= (1 + TOLERANCE) * few.peak_mebibytes, "memory grows with the number of images")
    first, last = (many.cpu_milliseconds(*tenth) for tenth in TENTHS)
    require(abs(last - first) <= TOLERANCE * first, "an image of the last tenth did not take as long as one of the first")


def table(few: Run, many: Run) -> str:
    """The measurements as Markdown."""
    columns = ["images", "embedded", "failed", "time (min)", "images/s", "first tenth", "last tenth",
               "CPU ms/image, first tenth", "last tenth", "peak memory (MiB)"]
    lines = [f"| {' | '.join(columns)} |", "| --- " * len(columns) + "|"]
    for run in (few, many):
        cells = [f"{run.embedded + run.failed:,}", f"{run.embedded:,}", f"{run.failed:,}", f"{run.seconds / 60:.1f}",
                 *(f"{run.rate(*part):.1f}" for part in ((0, 1), *TENTHS)),
                 *(f"{run.cpu_milliseconds(*tenth):.2f}" for tenth in TENTHS), f"{run.peak_mebibytes:.0f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def require(condition: bool, message: str) -> None:
    """Ends the program with a message unless a condition holds."""
    if not condition:
        sys.exit(message)


if __name__ == "__main__":
    main()
