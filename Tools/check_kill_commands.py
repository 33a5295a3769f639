#!/usr/bin/env python3
"""Kills every command of `clip-cli` that writes at random instants. After each kill every file must be the old or the new
one; after some kills in a row the command runs to its end, and its result must be that of an undisturbed run.

check_kill.py kills long runs of `embed`; this one goes through all commands of check_faults.py.
"""

import argparse
import random
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

from environment import FORGETFUL
from faults.scenarios import Scenario, World
from stored import require

LIVES = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--model", default="default", help="name or bundle of the model; a small one is enough")
    parser.add_argument("--images", type=int, default=40)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = World(arguments.cli, arguments.photos, arguments.model, Path(folder).resolve(), arguments.images,
                      arguments.seed)  # fmt: skip
        victims = [Victim(scenario, random.Random(arguments.seed)) for scenario in world.scenarios()]
        kills = Counter()
        while kills.total() < arguments.kills:
            for victim in victims:
                kills[victim.scenario.name] += victim.round()
    kinds = ", ".join(f"{count} {name}" for name, count in kills.items())
    print(f"{kills.total()} kills ({kinds}): every file was whole, and every result that of an undisturbed run")


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
