#!/usr/bin/env python3
"""Runs what parses files under libFuzzer, with the address and undefined-behaviour sanitizers.

Each target starts from the fixtures of the tests and keeps the inputs that reached something new. Ends with exit code 1
if an input trapped, or took too long or too much memory, or if a target did not run. Such inputs are kept in
findings/TARGET, and belong among the fixtures once they are mended; each run tries them first, and deletes those that
pass. `make fuzz MINUTES=…` builds what it needs.
"""

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fuzz.run import Result, fuzz
from fuzz.seeds import write_seeds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, required=True, help="the built program 'fuzz'")
    parser.add_argument("--folder", type=Path, required=True, help="folder for corpora and findings; reused")
    parser.add_argument("--minutes", type=float, default=2, help="of all targets together (default: %(default)s)")
    parser.add_argument("--only", action="append", help="this target; may be repeated")
    parser.add_argument("--seed", type=int, default=1, help="of the mutations (default: %(default)s)")
    arguments = parser.parse_args()
    targets = subprocess.run([arguments.program], check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    if unknown := set(arguments.only or []) - set(targets):
        parser.error(f"there is no target {', '.join(sorted(unknown))}; there are {', '.join(targets)}")
    targets = arguments.only or targets
    workers = len(os.sched_getaffinity(0))
    seconds = max(round(60 * arguments.minutes * workers / len(targets)), 1)
    print(f"{len(targets)} targets, {seconds} s each", flush=True)

    def run(target: str) -> Result:
        corpus = arguments.folder / "corpus" / target
        write_seeds(target, corpus)
        return fuzz(arguments.program, target, corpus, arguments.folder / "findings", seconds, arguments.seed)

    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(run, targets))
    print("| target | inputs | edges | inputs kept | findings |\n| --- | --- | --- | --- | --- |")
    for result in results:
        print(f"| {result.target} | {result.inputs:,} | {result.edges:,} | {result.corpus:,} | {len(result.found)} |")
    problems = [f"error: {result.target}: {result.failure}" for result in results if result.failure]
    if found := [str(path) for result in results for path in result.found]:
        problems += ["Found:", *found]
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
