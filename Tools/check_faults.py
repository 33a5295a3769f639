#!/usr/bin/env python3
"""Makes the calls of `clip-cli` to the file system fail one by one: opening, reading, writing, syncing, renaming, removing,
locking and mapping files, with errors such as EIO, ENOSPC and EACCES. Each time the command must end with a message that
names a file, nothing half-written may have a final name, and the same command must then give the result of an undisturbed
run. Interrupted calls (EINTR) and writes and reads of half the bytes must not be noticed at all.

The commands: embed (a new store, and one of which images changed or are gone), store compact, store import, classify,
calibrate and sample.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from faults.injection import ERRORS, HARMLESS, Injection
from faults.scenarios import World
from faults.shim import Shim

MOST_ABSENT = 0.05
"""The share of faults that may not happen: threads take turns, so a run may make a few calls less than the one before."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--model", default="default", help="name or bundle of the model; a small one is enough")
    parser.add_argument("--images", type=int, default=40)
    parser.add_argument("--most", type=int, default=10_000, help="most calls to try of each kind and error, by chance")
    parser.add_argument("--only", default="", help="only commands whose name begins like this")
    parser.add_argument("--harmless", action="store_true", help="only interrupted calls and halves, which must not be noticed")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        shim = Shim(scratch / "shim")
        world = World(arguments.cli, arguments.photos, arguments.model, scratch, arguments.images, arguments.seed)
        count, absent, problems = 0, 0, []
        for scenario in world.chosen(arguments.only):
            injection = Injection(shim, scenario)
            groups = (HARMLESS,) if arguments.harmless else (ERRORS, HARMLESS)
            faults = injection.faults(groups, arguments.most, arguments.seed)
            tally = injection.run(faults)
            count += len(faults)
            absent += tally.absent
            problems += tally.problems
            for problem in tally.problems:
                print(problem)
            calls = ", ".join(f"{count} {kind}" for kind, count in sorted(injection.counts.items()))
            print(f"{scenario.name}: {len(faults)} faults: {tally.failed} ended the command, {tally.unaffected} did not, "
                  f"{tally.absent} did not happen (calls: {calls})", flush=True)  # fmt: skip
    if problems:
        sys.exit(f"{len(problems)} of {count} faults were not handled")
    if absent > MOST_ABSENT * count:
        sys.exit(f"{absent} of {count} faults did not happen")
    result = "made no difference" if arguments.harmless else "was reported or made no difference, and a second run gave the same result"
    print(f"{count} faults, of which {absent} did not happen: each {result}")


if __name__ == "__main__":
    main()
