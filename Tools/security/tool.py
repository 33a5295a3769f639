"""Runs `clip-cli` and measures what it took."""

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from environment import FORGETFUL

LAUNCHER = """
import os, resource, subprocess, sys
seconds = int(sys.argv[2])
process = subprocess.Popen(sys.argv[3:], preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds)))
_, status, usage = os.wait4(process.pid, 0)
with open(sys.argv[1], "w") as file:
    file.write(f"{os.waitstatus_to_exitcode(status)} {usage.ru_maxrss} {usage.ru_utime + usage.ru_stime}")
"""
"""A program between this one and the tool: the system counts what the starting program had as the started one's memory."""
PATIENCE = 900
"""Seconds after which a program counts as one that waits for ever."""


@dataclass
class Outcome:
    """How a command ended, what it printed as bytes, its peak memory in MiB, and its processor time in seconds."""

    status: int
    output: bytes
    errors: bytes
    memory: int = 0
    seconds: float = 0

    @property
    def text(self) -> str:
        """Everything that was printed."""
        return (self.output + self.errors).decode()


class Tool:
    """The built `clip-cli`, in a folder."""

    def __init__(self, cli: Path, model: str, place: Path) -> None:
        self.cli, self.model, self.place = cli.absolute(), model, place

    def run(self, *words: object, env: dict[str, str] | None = None, seconds: int = 120) -> Outcome:
        """Runs a command; one that takes more processor time than `seconds` is killed."""
        with tempfile.TemporaryDirectory() as folder:
            measured = Path(folder, "measured")
            command = [sys.executable, "-S", "-c", LAUNCHER, measured, str(seconds), self.cli, *map(str, words)]
            process = subprocess.Popen(command, cwd=self.place, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       env=FORGETFUL | (env or {}), start_new_session=True)
            try:
                output, errors = process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                output, errors = process.communicate()
                return Outcome(-signal.SIGKILL, output, errors)
            status, memory, taken = measured.read_text().split()
        return Outcome(int(status), output, errors, int(memory) >> 10, float(taken))

    def embed(self, *words: object, store: str = "store", **options) -> Outcome:
        """Embeds images into a store of the folder."""
        return self.run("embed", *words, "--output", store, "--model", self.model, **options)
