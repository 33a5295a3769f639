"""Runs one pipeline and follows it: time, progress, memory, page faults."""

import json
import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.1
STEADY_AFTER = 0.1
"""The share of the images after which a pipeline counts as running steadily."""


@dataclass(frozen=True)
class Run:
    """One run of a pipeline over a list of images."""

    images: int
    seconds: float  # of the whole process
    early: float  # seconds when a tenth was embedded, or a little later
    late: float  # when the file was complete
    steady_images: int  # embedded in between
    minor_faults: float  # an image, with child processes
    peak_mebibytes: float | None  # of the process tree; None if it was not sampled

    @property
    def steady_seconds(self) -> float:
        """An image. Raises SystemExit after a run that is too short to tell."""
        if self.steady_images == 0:
            raise SystemExit(f"error: {self.images} images are embedded before progress is logged; take more")
        return (self.late - self.early) / self.steady_images


def run(command: list[str], images: int, sample_memory: bool = False) -> Run:
    """Runs a command that logs JSON Lines. Raises SystemExit if it fails or embeds too few images."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    sampler = MemorySampler(process.pid) if sample_memory else None
    events, other = [], []
    for line in process.stderr:
        if line.startswith('{"'):
            events.append(json.loads(line))
        else:
            other.append(line)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    peak = sampler.stop() if sampler else None
    progress = [event for event in events if event["event"] in ("progress", "finished")]
    if process.returncode != 0 or not progress or progress[-1]["embedded"] != images:
        raise SystemExit(f"error: '{' '.join(command)}' ended with exit code {process.returncode}:\n{''.join(other)}")
    early = next(event for event in progress if event["embedded"] >= STEADY_AFTER * images)
    late = progress[-1]
    return Run(images, seconds, early["elapsed"], late["elapsed"], late["embedded"] - early["embedded"],
               usage.ru_minflt / images, peak)


class MemorySampler:
    """Samples the memory of a process and its descendants; what they share counts once."""

    def __init__(self, process: int) -> None:
        self._process, self._peak, self._done = process, 0, threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()

    def stop(self) -> float:
        """The largest sample, MiB."""
        self._done.set()
        self._thread.join()
        return self._peak / 1024

    def _sample(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            self._peak = max(self._peak, sum(map(_kibibytes, _tree(self._process))))


def _tree(process: int) -> list[int]:
    """A process and its descendants, also those of its threads other than the first."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it has just ended
        return []
    return [process, *(descendant for child in children for descendant in _tree(child))]


def _kibibytes(process: int) -> int:
    """The proportional set size."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
