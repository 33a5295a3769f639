"""One target under libFuzzer."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

MEMORY_MIB = 1536
"""More than any decoder may take with the targets' limits, with the sanitizers' own memory."""
SECONDS_PER_INPUT = 20
LIMITS = (f"-rss_limit_mb={MEMORY_MIB}", f"-timeout={SECONDS_PER_INPUT}")
SANITIZERS = {"ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1:handle_abort=1",
              "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1"}
"""Leaks are for runs of the tests: Swift's runtime keeps some memory for good."""

WRITTEN = "Test unit written to"
"""What libFuzzer says when it keeps an input."""


@dataclass(frozen=True)
class Result:
    """What one run reached."""

    target: str
    inputs: int
    edges: int
    corpus: int
    found: list[Path]  # inputs that trapped, took too long or too much memory
    failure: str | None  # why the run says nothing


def fuzz(program: Path, target: str, corpus: Path, findings: Path, seconds: int, seed: int) -> Result:
    """Runs a target for some seconds. The corpus grows by inputs that reach something new.

    Inputs that were found go to the folder `findings`/`target`. Those of earlier runs are tried first, and deleted if they
    pass now.
    """
    folder = findings / target
    folder.mkdir(parents=True, exist_ok=True)
    for earlier in sorted(folder.iterdir()):
        if _run(Path(os.devnull), program, target, *LIMITS, earlier) == 0:
            earlier.unlink()
    log = findings / f"{target}.log"
    code = _run(log, program, target, f"-max_total_time={seconds}", f"-seed={seed}", *LIMITS, "-max_len=131072",
                "-print_final_stats=1", f"-artifact_prefix={folder}/", corpus)
    text = log.read_text(errors="replace")
    inputs = _last(r"stat::number_of_executed_units: (\d+)", text) or _last(r"^#(\d+)", text)
    failure = None
    if WRITTEN not in text and code != 0:
        failure = f"it ended with exit code {code} and kept no input; {log} says why"
    elif WRITTEN not in text and inputs == 0:
        failure = f"no input ran; {log} says why"
    return Result(target, inputs, _last(r"cov: (\d+)", text), _last(r"corp: (\d+)", text), sorted(folder.iterdir()), failure)


def _run(log: Path, *command: object) -> int:
    with log.open("wb") as output:
        return subprocess.run(list(map(str, command)), stdout=output, stderr=subprocess.STDOUT,
                              env=os.environ | SANITIZERS).returncode


def _last(pattern: str, text: str) -> int:
    found = re.findall(pattern, text, re.MULTILINE)
    return int(found[-1]) if found else 0
