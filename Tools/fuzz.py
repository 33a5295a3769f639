#!/usr/bin/env python3
"""Runs what parses under libFuzzer, with the address and undefined-behaviour sanitizers.

Each target starts from the corpus in the repository and the fixtures of the tests, knows its format's words, and keeps the
inputs that reached something new. Ends with exit code 1 if an input trapped, or took more time or memory than the target
allows, or if a target did not run. Such inputs are kept in findings/TARGET, and belong among the fixtures once they are
fixed; each run tries them first, and deletes those that pass.

With --coverage, each corpus is replayed at the end, and the lines are counted that it reaches in the sources that the target
names; their files are listed in coverage/TARGET.txt. `make fuzz MINUTES=…` and `make fuzz-coverage` build what they need.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from fuzz.corpus import keep
from fuzz.coverage import measure
from fuzz.run import Result, Target, fuzz, look_for_leaks, pool, targets, use_libraries
from fuzz.seeds import write_seeds


def main() -> None:
    arguments = _arguments()
    if arguments.libraries:
        use_libraries(arguments.libraries)
    if arguments.leaks:
        look_for_leaks()
    chosen = targets(arguments.program)
    if unknown := set(arguments.only or []) - {target.name for target in chosen}:
        sys.exit(f"error: there is no target {', '.join(sorted(unknown))}; there are {', '.join(t.name for t in chosen)}")
    chosen = [target for target in chosen if target.name in (arguments.only or [target.name])]
    seconds = max(round(60 * arguments.minutes * arguments.jobs / len(chosen)), 1)
    (arguments.folder / "findings").mkdir(parents=True, exist_ok=True)
    with pool(arguments.jobs) as threads:
        problems = []
        if arguments.minutes > 0:
            print(f"{len(chosen)} targets, {seconds} s each", flush=True)
            results = list(threads.map(lambda target: _fuzz(target, seconds, arguments), chosen))
            _print_runs(results, _tally(arguments.folder / "inputs.json", results))
            problems = _problems(results)
        if arguments.coverage:
            _print_coverage(list(threads.map(lambda target: _cover(target, arguments), chosen)), arguments.folder / "inputs.json")
        if arguments.keep:
            for target, size in zip(chosen, threads.map(lambda target: _keep(target, arguments), chosen)):
                print(f"Tests/Fuzzing/Corpus/{target.name}.zip: {size:,} bytes")
    if problems:
        sys.exit("\n".join(problems))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, required=True, help="the built program 'fuzz'")
    parser.add_argument("--libraries", type=Path, help="folder of a build of libparquet-c to use instead of the installed one")
    parser.add_argument("--folder", type=Path, required=True, help="folder for corpora and findings; reused")
    parser.add_argument("--minutes", type=float, default=2, help="of all targets together; 0 tries nothing (default: %(default)s)")
    parser.add_argument("--inputs", type=int, default=-1, help="of each target, after which it ends early")
    parser.add_argument("--only", action="append", help="this target; may be repeated")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="targets at a time (default: one a processor)")
    parser.add_argument("--seed", type=int, default=1, help="of the mutations (default: %(default)s)")
    parser.add_argument("--leaks", action="store_true", help="report memory that inputs leak, too, which takes more time")
    parser.add_argument("--images", type=Path, help="folder with further image files to start from, such as Pillow's Tests/images; "
                        "use a --folder of its own, whose corpora are not for --keep")
    parser.add_argument("--coverage", action="store_true", help="count the lines that each corpus reaches")
    parser.add_argument("--keep", action="store_true", help="write the smallest inputs that reach most into the repository")
    return parser.parse_args()


def _corpus(target: Target, arguments: argparse.Namespace) -> Path:
    return arguments.folder / "corpus" / target.name


def _fuzz(target: Target, seconds: int, arguments: argparse.Namespace) -> Result:
    corpus = _corpus(target, arguments)
    write_seeds(target.name, corpus, arguments.images)
    findings = arguments.folder / "findings"
    return fuzz(arguments.program, target, corpus, findings, seconds, arguments.seed, arguments.inputs)


def _cover(target: Target, arguments: argparse.Namespace) -> tuple[str, str]:
    """The name, and a row of the table from the lines on."""
    corpus = _corpus(target, arguments)
    write_seeds(target.name, corpus, arguments.images)
    libraries = sorted(arguments.libraries.glob("swift-openclip/*.so")) if arguments.libraries else []
    coverage = measure(arguments.program, target, corpus, arguments.folder / "coverage", libraries)
    listed = "".join(f"{reached:5} of {lines:5}  {name}\n" for name, (lines, reached) in coverage.files.items())
    (arguments.folder / "coverage" / f"{target.name}.txt").write_text(listed)
    inputs = [path.stat().st_size for path in corpus.iterdir()]
    return target.name, (f"{coverage.reached:,} of {coverage.lines:,} | {100 * coverage.share:.1f} % | {len(inputs):,} | "
                         f"{sum(inputs):,}")


def _keep(target: Target, arguments: argparse.Namespace) -> int:
    return keep(arguments.program, target, _corpus(target, arguments), arguments.folder / "findings")


def _tally(path: Path, results: list[Result]) -> dict[str, int]:
    """Adds a run to the inputs of earlier runs in this folder."""
    tried = json.loads(path.read_text()) if path.exists() else {}
    for result in results:
        tried[result.target] = tried.get(result.target, 0) + result.inputs
    path.write_text(json.dumps(tried, indent=1))
    return tried


def _print_runs(results: list[Result], tried: dict[str, int]) -> None:
    print("| target | inputs | in all runs | inputs/s | edges | most memory (MiB) | findings |\n| --- " + "| ---: " * 6 + "|")
    for result in results:
        print(f"| {result.target} | {result.inputs:,} | {tried[result.target]:,} | {result.speed:,} | {result.edges:,} | "
              f"{result.memory / 2**20:.1f} | {len(result.found)} |")


def _print_coverage(rows: list[tuple[str, str]], path: Path) -> None:
    tried = json.loads(path.read_text()) if path.exists() else {}
    print("| target | inputs tried | lines reached | share | inputs kept | bytes kept |\n| --- " + "| ---: " * 5 + "|")
    for name, row in rows:
        print(f"| {name} | {tried.get(name, 0):,} | {row} |")


def _problems(results: list[Result]) -> list[str]:
    problems = [f"error: {result.target}: {result.failure}" for result in results if result.failure]
    if found := [str(path) for result in results for path in result.found]:
        problems += ["Found:", *found]
    return problems


if __name__ == "__main__":
    main()
