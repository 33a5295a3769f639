"""One target under libFuzzer."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

MEMORY_MIB = 1536
"""More than any decoder may take with the targets' limits, with the sanitizers' own memory."""
SECONDS_PER_INPUT = 20
SANITIZERS = {"ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1:handle_abort=1",
              "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1"}
"""Leaks are for runs of the tests: Swift's runtime keeps some memory for good."""


@dataclass(frozen=True)
class Result:
    """What one run reached."""

    target: str
    inputs: int
    edges: int
    corpus: int
    found: list[Path]  # inputs that trapped, took too long or too much memory


def fuzz(program: Path, target: str, corpus: Path, findings: Path, seconds: int, seed: int) -> Result:
    """Runs a target for some seconds. The corpus grows by inputs that reach something new."""
    findings.mkdir(parents=True, exist_ok=True)
    command = [program, target, f"-max_total_time={seconds}", f"-seed={seed}", f"-rss_limit_mb={MEMORY_MIB}",
               f"-timeout={SECONDS_PER_INPUT}", "-max_len=131072", "-print_final_stats=1",
               f"-artifact_prefix={findings}/{target}-", corpus]
    log = findings / f"{target}.log"
    with log.open("wb") as output:
        subprocess.run(list(map(str, command)), stdout=output, stderr=subprocess.STDOUT, env=os.environ | SANITIZERS)
    text = log.read_text(errors="replace")
    return Result(target, _last(r"stat::number_of_executed_units: (\d+)", text) or _last(r"^#(\d+)", text),
                  _last(r"cov: (\d+)", text), _last(r"corp: (\d+)", text),
                  sorted(findings.glob(f"{target}-*-*")))


def _last(pattern: str, text: str) -> int:
    found = re.findall(pattern, text, re.MULTILINE)
    return int(found[-1]) if found else 0
