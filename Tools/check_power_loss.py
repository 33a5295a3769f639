#!/usr/bin/env python3
"""Records what `clip-cli` writes, and cuts the power after each call: what was not synced is lost, kept, or cut off in the
middle, and renamed and removed files have their old or their new names. In each of these states every file must be the old
or the new one, `store verify` must find nothing, and the same command must give the result of an undisturbed run.

The commands are those of check_faults.py.
"""

import argparse
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from environment import FORGETFUL
from faults import stores
from faults.power import Disk, write_state
from faults.scenarios import Scenario, World
from faults.shim import Record, Shim
from stored import require


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--model", default="default", help="name or bundle of the model; a small one is enough")
    parser.add_argument("--images", type=int, default=40)
    parser.add_argument("--most", type=int, default=10_000, help="most states to try of each command, by chance")
    parser.add_argument("--only", default="", help="only commands whose name begins like this")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        shim = Shim(scratch / "shim")
        world = World(arguments.cli, arguments.photos, arguments.model, scratch, arguments.images, arguments.seed)
        count, problems = 0, []
        for scenario in world.chosen(arguments.only):
            check = PowerLoss(shim, scenario, world.cli)
            states = check.states(random.Random(f"{arguments.seed} {scenario.name}"))
            chosen = random.Random(arguments.seed).sample(states, min(arguments.most, len(states)))
            found = [problem for what, state in chosen if (problem := check.attempt(what, state))]
            count += len(chosen)
            problems += found
            for problem in found:
                print(problem)
            print(f"{scenario.name}: {len(chosen)} of {len(states)} states after {len(check.log)} calls", flush=True)
    if problems:
        sys.exit(f"{len(problems)} of {count} states were not handled")
    print(f"{count} states after a power failure: each was whole, and a second run gave the same result")


class PowerLoss:
    """A command that the power fails."""

    def __init__(self, shim: Shim, scenario: Scenario, cli: str) -> None:
        self.scenario, self.cli = scenario, cli
        scenario.reset()
        self.before = scenario.content()
        run = shim.run(scenario.command, scenario.place, data=True)
        require(run.result.returncode == 0, f"{scenario.name} fails: {run.result.stderr}")
        self.log = run.log
        self.after = scenario.content()

    def states(self, rng: random.Random) -> list[tuple[str, dict[str, bytes]]]:
        """All different states, each with a description."""
        return list(distinct(replayed(self.scenario.start, self.log, rng)))

    def attempt(self, what: str, state: dict[str, bytes]) -> str | None:
        """What is wrong in a state, if anything is."""
        try:
            return self.problem(what, state)
        except SystemExit as problem:
            return f"{self.scenario.name}, {what}: {problem}"

    def problem(self, what: str, state: dict[str, bytes]) -> str | None:
        place = self.scenario.place
        write_state(state, place)
        now, old, new = (self.scenario.fragments(c) for c in (self.scenario.content(), self.before, self.after))
        for key, value in now.items():
            if value not in (old.get(key), new.get(key)):
                return f"{self.scenario.name}, {what}: '{key}' is neither the old nor the new one"
        if stores.parts(place / "store"):
            command = [self.cli, "store", "verify", str(place / "store"), "--sample", "0"]
            verified = subprocess.run(command, capture_output=True, text=True, env=FORGETFUL)
            if verified.returncode != 0:
                return f"{self.scenario.name}, {what}: store verify: {verified.stdout} {verified.stderr}"
        again = self.scenario.rerun()
        if again.returncode != 0:
            return f"{self.scenario.name}, {what}: the command fails when run again: {again.stderr.strip()[-300:]}"
        if self.scenario.content() != self.after:
            return f"{self.scenario.name}, {what}: the second run's result is not that of an undisturbed run"
        return None


def replayed(start: Path, log: list[Record], rng: random.Random) -> Iterator[tuple[str, dict[str, bytes]]]:
    """The states that each call leaves."""
    disk = Disk(start)
    for number, record in enumerate(log, 1):
        disk.replay(record)
        for what, state in disk.states(rng):
            yield f"after call {number} ({record.call}), {what}", state


def distinct(states: Iterator[tuple[str, dict[str, bytes]]]) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Each state once."""
    seen = set()
    for what, state in states:
        key = hash(frozenset(state.items()))
        if key not in seen:
            seen.add(key)
            yield what, state


if __name__ == "__main__":
    main()
