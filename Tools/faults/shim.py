"""The library that stands between `clip-cli` and the C library: building it, and running a command with it."""

import errno
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from environment import FORGETFUL

SOURCES = sorted(Path(__file__).with_name("shim").glob("*.c"))
#: The errno that stands for a call that does half of its work, and for one before which the process is stopped.
SHORT, STOP = 0, -1
#: Records of what the shim did, beside those of calls.
DEEDS = ("failed", "short", "stopped")


@dataclass(frozen=True)
class Fault:
    """The call that fails: which kind, the number of the call from 1, and the errno, `SHORT` or `STOP`."""

    kind: str
    number: int
    error: int

    def __str__(self) -> str:
        name = {SHORT: "short", STOP: "stopped"}.get(self.error) or errno.errorcode[self.error]
        return f"{self.kind} {self.number} {name}"


@dataclass(frozen=True)
class Record:
    """A call that was made, as the shim wrote it down: its name, its arguments, and the bytes that it wrote."""

    call: str
    words: tuple[str, ...]
    data: bytes = b""


@dataclass(frozen=True)
class Run:
    """How a command ended, the calls that it made, how many of each kind the shim counted, and whether the fault happened."""

    result: subprocess.CompletedProcess
    log: list[Record]
    counts: Counter
    is_faulty: bool


class Shim:
    """Runs commands with the shim in front of the C library."""

    def __init__(self, folder: Path) -> None:
        """Builds the library into a folder."""
        self.folder = folder
        self.library = folder / "faults.so"
        folder.mkdir(parents=True, exist_ok=True)
        command = [
            "cc",
            "-shared",
            "-fPIC",
            "-O1",
            "-Wall",
            "-o",
            str(self.library),
            *map(str, SOURCES),
            "-ldl",
            "-lpthread",
        ]
        subprocess.run(command, check=True)

    def environment(self, folder: Path, fault: Fault | None = None, is_blind: bool = False) -> dict[str, str]:
        """The environment of a program of whose calls for files in a folder one fails, or that sees no locks."""
        environment = FORGETFUL | {"LD_PRELOAD": str(self.library), "FAULTS_FOLDER": str(folder)}
        if is_blind:
            environment["FAULTS_BLIND"] = "1"
        if fault:
            environment |= {
                "FAULTS_KIND": fault.kind, "FAULTS_NUMBER": str(fault.number), "FAULTS_ERRNO": str(fault.error),
            }  # fmt: skip
        return environment

    def run(self, command: list[str], folder: Path, fault: Fault | None = None, data: bool = False) -> Run:
        """What a command says and does to files in a folder, which no other command uses, of whose calls one may fail."""
        log = self.folder / f"{folder.name}.log"
        log.unlink(missing_ok=True)
        environment = self.environment(folder, fault) | {"FAULTS_LOG": str(log)}
        if data:
            environment["FAULTS_DATA"] = "1"
        result = subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment)
        records = list(read_log(log)) if log.exists() else []
        return Run(
            result,
            [record for record in records if record.call not in ("begun", *DEEDS)],
            Counter(record.words[0] for record in records if record.call == "begun"),
            any(record.call in DEEDS for record in records),
        )


def read_log(path: Path) -> Iterator[Record]:
    """The records of a log, in order."""
    log = path.read_bytes()
    position = 0
    while position < len(log):
        end = log.index(b"\n", position)
        call, *words = os.fsdecode(log[position:end]).split("\t")
        position = end + 1
        size = int(words[2]) if call == "write" and words[3] == "1" else 0
        yield Record(call, tuple(words), log[position : position + size])
        position += size
