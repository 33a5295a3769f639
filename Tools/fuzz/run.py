"""One target under libFuzzer."""

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from fuzz.dictionaries import write_dictionary

STALLED_SECONDS = 120
"""Longer than any input takes, also where other programs use the machine; the targets themselves limit CPU time."""
ADDRESSES = "allocator_may_return_null=1:handle_abort=1:quarantine_size_mb=10:detect_stack_use_after_return=0"
"""As OSS-Fuzz sets them. Stacks of their own for each thread, which show that an address outlived its function, take a fifth
of the time where an input starts threads; `make test-asan` has them."""
SANITIZERS = {"ASAN_OPTIONS": f"{ADDRESSES}:detect_leaks=0:malloc_context_size=1",
              "LSAN_OPTIONS": f"suppressions={Path(__file__).resolve().parents[1] / 'sanitizers/fuzzing.txt'}:print_suppressions=0",
              "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
"""Arrow's own allocators would hide its memory. A stack for each allocation takes a sixth of the time, and leaks more:
`look_for_leaks`. Replay a finding with malloc_context_size=30 to see the stack."""
SANITIZER_MIB = 1536
"""What the program and the sanitizers take, beside twice the memory of an input, for the redzones: 512 MiB, and 0.9 KiB for
each thread that ever started, of which some targets start one for each input."""
LARGEST = 1 << 17
"""Bytes of an input."""

WRITTEN = "Test unit written to"
"""What libFuzzer says when it keeps an input."""


def look_for_leaks() -> None:
    """Makes programs report memory that an input leaks, with the stacks that tell whose it is."""
    SANITIZERS["ASAN_OPTIONS"] = ADDRESSES


def pool(jobs: int) -> ThreadPoolExecutor:
    """Threads that keep to a processor each, with the programs that they start.

    On two, threads of an input that wait for each other take up to ten times as long.
    """
    processors = cycle(sorted(os.sched_getaffinity(0)))
    return ThreadPoolExecutor(jobs, initializer=lambda: os.sched_setaffinity(0, {next(processors)}))


def use_libraries(folder: Path) -> None:
    """Makes programs load libparquet-c, and what it opens, from this folder of a build.

    The sanitizer's own `dlopen` knows no library's run path.
    """
    folder = folder.absolute()
    os.environ["LD_LIBRARY_PATH"] = f"{folder}:{folder / 'swift-openclip'}"


@dataclass(frozen=True)
class Target:
    """What the program says of a target."""

    name: str
    mebibytes: int  # the memory of one input
    sources: tuple[str, ...]  # files and folders in Sources whose lines it is there to reach

    @property
    def option(self) -> str:
        """What chooses the target."""
        return f"--{self.name}"

    @property
    def limits(self) -> tuple[str, ...]:
        """libFuzzer's limits; those relative to an input's size are the target's own."""
        resident = SANITIZER_MIB + 2 * self.mebibytes
        return (f"-malloc_limit_mb={self.mebibytes}", f"-rss_limit_mb={resident}", f"-timeout={STALLED_SECONDS}",
                f"-report_slow_units={STALLED_SECONDS}")


@dataclass(frozen=True)
class Result:
    """What one run reached."""

    target: str
    inputs: int
    speed: int  # inputs per second
    edges: int
    memory: int  # the most bytes that an input took
    found: list[Path]  # inputs that trapped, or took too much time or memory
    failure: str | None  # why the run says nothing


def targets(program: Path) -> list[Target]:
    """The targets that a program has."""
    environment = os.environ | {"LLVM_PROFILE_FILE": os.devnull}
    lines = subprocess.run([program], check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout.splitlines()
    fields = [line.split("\t") for line in lines]
    return [Target(name, int(mebibytes), tuple(sources)) for name, mebibytes, *sources in fields]


def fuzz(program: Path, target: Target, corpus: Path, findings: Path, seconds: int, seed: int, inputs: int = -1) -> Result:
    """Runs a target for some seconds, or until it has tried so many inputs. The corpus grows by inputs that reach something new.

    Inputs that were found go to the folder `findings`/`target`. Those of earlier runs are tried first, and deleted if they
    pass now.
    """
    folder = findings / target.name
    folder.mkdir(parents=True, exist_ok=True)
    for earlier in sorted(folder.iterdir()):
        if run(Path(os.devnull), program, target.option, *target.limits, earlier) == 0:
            earlier.unlink()
    log = findings / f"{target.name}.log"
    words = findings / f"{target.name}.dict"
    dictionary = [f"-dict={words}"] if write_dictionary(target.name, words) else []
    code = run(log, program, target.option, f"-max_total_time={seconds}", f"-runs={inputs}", f"-seed={seed}", *target.limits,
               f"-max_len={LARGEST}", "-print_final_stats=1", f"-artifact_prefix={folder}/", *dictionary, corpus)
    text = log.read_text(errors="replace")
    tried = _last(r"stat::number_of_executed_units: (\d+)", text) or _last(r"^#(\d+)", text)
    failure = None
    if WRITTEN not in text and code != 0:
        failure = f"it ended with exit code {code} and kept no input; {log} says why"
    elif WRITTEN not in text and tried == 0:
        failure = f"no input ran; {log} says why"
    return Result(target.name, tried, _last(r"stat::average_exec_per_sec: +(\d+)", text), _last(r"cov: (\d+)", text),
                  _last(r"stat::peak_allocated_bytes: (\d+)", text), sorted(folder.iterdir()), failure)


def run(log: Path, *command: object, **environment: str) -> int:
    """Runs a program with the sanitizers' options, and returns its exit code."""
    environment = {"LLVM_PROFILE_FILE": os.devnull} | SANITIZERS | environment
    with log.open("wb") as output:
        return subprocess.run(list(map(str, command)), stdout=output, stderr=subprocess.STDOUT,
                              env=os.environ | environment).returncode


def _last(pattern: str, text: str) -> int:
    found = re.findall(pattern, text, re.MULTILINE)
    return int(found[-1]) if found else 0
