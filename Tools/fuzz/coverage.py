"""Which lines of its sources the corpus of a target reaches."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from fuzz.run import Target, run

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Coverage:
    """The lines with code of some files."""

    lines: int
    reached: int
    files: dict[str, tuple[int, int]]  # the lines of each file, and how many of them were reached

    @property
    def share(self) -> float:
        return self.reached / self.lines if self.lines else 0


def measure(program: Path, target: Target, corpus: Path, folder: Path, libraries: list[Path]) -> Coverage:
    """Replays a corpus, and counts the lines of the target's sources that it reached.

    `libraries` are instrumented, too. Raises SystemExit if an input of the corpus traps, or a source does not exist.
    """
    paths = [REPOSITORY / ("" if name.startswith("native/") else "Sources") / name for name in target.sources]
    if missing := [path for path in paths if not path.exists()]:
        raise SystemExit(f"error: {target.name}: there is no {missing[0]}; correct the target's sources in Tests/Fuzzing")
    folder.mkdir(parents=True, exist_ok=True)
    merged, log = folder / f"{target.name}.profdata", folder / f"{target.name}.log"
    # LLVM writes its counters when the program ends: one file for the program, and one for each instrumented library.
    raw = folder / f"{target.name}.raw"
    shutil.rmtree(raw, ignore_errors=True)
    if run(log, program, target.option, "-runs=0", *target.limits, corpus, LLVM_PROFILE_FILE=f"{raw}/%m") != 0:
        raise SystemExit(f"error: {target.name}: an input of {corpus} fails; {log} says why")
    _run(_tool("llvm-profdata"), "merge", "-sparse", "-o", merged, *sorted(raw.iterdir()))
    shutil.rmtree(raw)
    report = _run(_tool("llvm-cov"), "export", "-summary-only", f"-instr-profile={merged}", os.path.realpath(program),
                  *(f"-object={library}" for library in libraries), *paths)
    lines = {file["filename"]: file["summary"]["lines"] for file in json.loads(report)["data"][0]["files"]}
    files = {os.path.relpath(name, REPOSITORY): (count["count"], count["covered"]) for name, count in sorted(lines.items())}
    return Coverage(sum(count for count, _ in files.values()), sum(reached for _, reached in files.values()), files)


def _tool(name: str) -> Path:
    """A tool of Swift's own LLVM, whose profiles others do not read."""
    swift = shutil.which("swift")
    if swift is None or not (path := Path(swift).resolve().parent / name).exists():
        raise SystemExit(f"error: there is no {name} beside the program 'swift'; install the whole toolchain")
    return path


def _run(*command: object) -> str:
    return subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True).stdout
