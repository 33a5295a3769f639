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
import time
from collections.abc import Iterator
from pathlib import Path

from environment import FORGETFUL
from faults import sharing, stores, world
from faults.power import Disk, write_state
from faults.scenario import Scenario
from faults.scenarios import Scenarios, chosen
from faults.shim import Record, Shim
from stored import require


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    world.add_arguments(parser)
    sharing.add_argument(parser)
    parser.add_argument("--most", type=int, default=10_000, help="most states to try of each command, by chance")
    parser.add_argument("--only", default="", help="only commands whose name begins like this")
    arguments = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        shim = Shim(scratch / "shim")
        scenarios = Scenarios(world.World(arguments, scratch)).writing()
        count, problems = 0, []
        for scenario in chosen(scenarios, arguments.only):
            tried, found = power_losses(shim, scenario, arguments, scratch)
            count += tried
            problems += found
    if problems:
        sys.exit(f"{len(problems)} of {count} states were not handled")
    print(f"{count} states after a power failure in {(time.monotonic() - start) / 60:.0f} min: each was whole, and a "
          "second run gave the same result")  # fmt: skip


def power_losses(shim: Shim, scenario: Scenario, arguments: argparse.Namespace, scratch: Path) -> tuple[int, list[str]]:
    """How many states of a command were tried, divided among threads, and what is wrong in some."""
    checks = sharing.in_parallel(arguments.jobs, lambda job: PowerLoss(shim, scenario.at(scratch / f"place-{job}")))
    states = checks[0].states(random.Random(f"{arguments.seed} {scenario.name}"))
    taken = random.Random(arguments.seed).sample(states, min(arguments.most, len(states)))
    parts = sharing.in_parallel(arguments.jobs, lambda job: checks[job].problems(taken[job :: arguments.jobs]))
    found = [problem for part in parts for problem in part]
    for problem in found:
        print(problem)
    print(f"{scenario.name}: {len(taken)} of {len(states)} states after {len(checks[0].log)} calls", flush=True)
    return len(taken), found


class PowerLoss:
    """A command that the power fails."""

    def __init__(self, shim: Shim, scenario: Scenario) -> None:
        self.scenario = scenario
        scenario.reset()
        self.before = scenario.content()
        run = shim.run(scenario.command, scenario.place, data=True)
        require(run.result.returncode == 0, f"{scenario.name} fails: {run.result.stderr}")
        self.log = run.log
        self.after = scenario.content()

    def states(self, rng: random.Random) -> list[tuple[str, dict[str, bytes]]]:
        """All different states, each with a description."""
        return list(distinct(replayed(self.scenario.start, self.log, rng)))

    def problems(self, states: list[tuple[str, dict[str, bytes]]]) -> list[str]:
        """What is wrong in some states."""
        return [problem for what, state in states if (problem := self.attempt(what, state))]

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
            command = [self.scenario.cli, "store", "verify", str(place / "store"), "--sample", "0"]
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
