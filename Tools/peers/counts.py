"""Counts, which noise does not change: page faults, and instructions where the machine counts them."""

import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable

ATTACH_SECONDS = 0.5
EVENT = "instructions:u"


def minor_faults(function: Callable[[], object]) -> int:
    """Page faults of this process, while a function runs, that need no reading from disk."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    function()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def instructions(function: Callable[[], object]) -> int | None:
    """Instructions of this process's threads while a function runs; None where `perf` cannot count them."""
    if not counts_instructions():
        return None
    command = ["perf", "stat", "-x,", "-e", EVENT, "-p", str(os.getpid())]
    perf = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    time.sleep(ATTACH_SECONDS)
    function()
    perf.send_signal(signal.SIGINT)
    return parsed(perf.communicate()[1])


def counts_instructions() -> bool:
    """Whether `perf` is installed and the machine counts instructions."""
    if shutil.which("perf") is None:
        return False
    result = subprocess.run(["perf", "stat", "-x,", "-e", EVENT, "true"], capture_output=True, text=True)
    return parsed(result.stderr) is not None


def parsed(statistics: str) -> int | None:
    """The count in what `perf stat -x,` prints."""
    values = [line.split(",")[0] for line in statistics.splitlines() if EVENT.split(":")[0] in line]
    return int(values[0]) if values and values[0].isdigit() else None
