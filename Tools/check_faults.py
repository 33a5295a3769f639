#!/usr/bin/env python3
"""Makes the calls of `clip-cli` to the file system fail one by one: opening, reading, writing, syncing, renaming, removing,
locking and mapping files, with errors such as EIO, ENOSPC and EACCES; and those that map memory, with ENOMEM. Each time the
command must end with a message that names a file, nothing half-written may have a final name, and the same command must then
give the result of an undisturbed run. Interrupted calls (EINTR) and writes and reads of half the bytes must not be noticed
at all.

The commands: embed (a new store, and one of which images changed or are gone), store compact, store import, classify,
calibrate and sample; or, with --bundles, embed and classify with such models, whose files and memory the calls are for.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from faults import sharing, world
from faults.injection import ERRORS, HARMLESS, Injection, Tally
from faults.scenario import Scenario
from faults.scenarios import Scenarios, chosen
from faults.shim import Shim

MOST_ABSENT = 0.05
"""The share of faults that may not happen: threads take turns, so a run may make a few calls less than the one before."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    world.add_arguments(parser)
    sharing.add_argument(parser)
    parser.add_argument("--bundles", type=Path, nargs="*", default=[], help="models to load, and nothing else")
    parser.add_argument("--most", type=int, default=10_000, help="most calls to try of each kind and error, by chance")
    parser.add_argument("--share", type=float, default=1, help="share of these faults to try, by chance")
    parser.add_argument("--only", default="", help="only commands whose name begins like this")
    parser.add_argument(
        "--harmless", action="store_true", help="only interrupted calls and halves, which must not be noticed"
    )
    arguments = parser.parse_args()
    if arguments.harmless and arguments.bundles:
        parser.error("--harmless is not for --bundles: engines are not asked to go on after interruptions")
    start = time.monotonic()
    total = Tally()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        shim = Shim(scratch / "shim")
        made = Scenarios(world.World(arguments, scratch))
        loading = [scenario for bundle in arguments.bundles for scenario in made.loading(bundle.absolute())]
        for scenario in chosen(loading or made.writing(), arguments.only):
            total.add(tried(shim, scenario, arguments, scratch))
    if total.problems:
        sys.exit(f"{len(total.problems)} of {total.count} faults were not handled")
    if total.absent > MOST_ABSENT * total.count:
        sys.exit(f"{total.absent} of {total.count} faults did not happen")
    result = (
        "made no difference"
        if arguments.harmless
        else "was reported, and a second run gave the result of an undisturbed one, or made no difference"
    )
    print(f"{total.count} faults in {(time.monotonic() - start) / 60:.0f} min: {total.failed} ended the command, "
          f"{total.unaffected} did not, {total.absent} did not happen; each {result}")  # fmt: skip


def tried(shim: Shim, scenario: Scenario, arguments: argparse.Namespace, scratch: Path) -> Tally:
    """The faults of a command, divided among threads."""
    injections = sharing.in_parallel(arguments.jobs, lambda job: Injection(shim, scenario.at(scratch / f"place-{job}")))
    groups = (HARMLESS,) if arguments.harmless else (ERRORS, HARMLESS)
    faults = injections[0].faults(groups, arguments.most, arguments.seed)
    taken = faults[: round(arguments.share * len(faults))]
    tally = Tally()
    for part in sharing.in_parallel(arguments.jobs, lambda job: injections[job].run(taken[job :: arguments.jobs])):
        tally.add(part)
    for problem in tally.problems:
        print(problem)
    calls = ", ".join(f"{count} {kind}" for kind, count in sorted(injections[0].counts.items()))
    print(f"{scenario.name}: {len(taken)} of {len(faults)} faults: {tally.failed} ended the command, {tally.unaffected} did "
          f"not, {tally.absent} did not happen (calls: {calls})", flush=True)  # fmt: skip
    return tally


if __name__ == "__main__":
    main()
