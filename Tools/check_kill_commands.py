#!/usr/bin/env python3
"""Kills every command of `clip-cli` that writes at random instants. After each kill every file must be the old or the new
one; after some kills in a row the command runs to its end, and its result must be that of an undisturbed run.

check_kill.py kills long runs of `embed`; this one goes through all commands of check_faults.py.
"""

import argparse
import random
import subprocess
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from environment import FORGETFUL
from faults import sharing, world
from faults.scenario import Scenario
from faults.scenarios import Scenarios, chosen
from stored import require

LIVES = 4
"""How often in a row a command is killed."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    world.add_arguments(parser)
    sharing.add_argument(parser)
    parser.add_argument("--only", default="", help="only commands whose name begins like this")
    parser.add_argument("--kills", type=int, default=1000)
    arguments = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        scenarios = chosen(Scenarios(world.World(arguments, scratch)).writing(), arguments.only)
        kills, counting = Counter(), threading.Lock()

        def kill(job: int) -> None:
            """Kills all commands in turn, in a folder of its own, until all threads together have killed enough."""
            rng = random.Random(f"{arguments.seed} {job}")
            victims = [
                Victim(scenario.at(scratch / f"place-{job}-{number}"), rng) for number, scenario in enumerate(scenarios)
            ]
            while kills.total() < arguments.kills:
                for victim in victims:
                    hits = victim.round()
                    with counting:
                        kills[victim.scenario.name] += hits

        sharing.in_parallel(arguments.jobs, kill)
    kinds = ", ".join(f"{count} {name}" for name, count in kills.items())
    print(f"{kills.total()} kills ({kinds}) in {(time.monotonic() - start) / 60:.0f} min: every file was whole, and every "
          "result that of an undisturbed run")  # fmt: skip


class Victim:
    """A command that is killed."""

    def __init__(self, scenario: Scenario, rng: random.Random) -> None:
        self.scenario, self.rng = scenario, rng
        scenario.reset()
        self.before = scenario.content()
        start = time.monotonic()
        require(scenario.rerun().returncode == 0, f"{scenario.name} fails")
        self.duration = time.monotonic() - start
        self.after = scenario.content()

    def round(self) -> int:
        """Kills the command some times in a row, then lets it end; the number of kills that hit it."""
        scenario = self.scenario
        scenario.reset()
        hits = 0
        for _ in range(LIVES):
            hits += self.kill(self.rng.uniform(0, 1.1 * self.duration))
            now, old, new = (scenario.fragments(c) for c in (scenario.content(), self.before, self.after))
            for key, value in now.items():
                require(value in (old.get(key), new.get(key)), f"{scenario.name}: '{key}' is neither old nor new")
        start = time.monotonic()
        result = scenario.rerun()
        # What else the machine does makes commands slower and faster.
        self.duration = (self.duration + time.monotonic() - start) / 2
        require(result.returncode == 0, f"{scenario.name} fails after kills: {result.stderr}")
        require(scenario.content() == self.after, f"{scenario.name}: another result after kills")
        return hits

    def kill(self, instant: float) -> bool:
        """Kills the command after some seconds; whether it was still running then."""
        process = subprocess.Popen(
            self.scenario.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=FORGETFUL
        )
        try:
            process.wait(timeout=instant)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return True
        return False


if __name__ == "__main__":
    main()
