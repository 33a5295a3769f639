#!/usr/bin/env python3
"""Lets programs meet on one store: two runs, a run and a compaction, a run and a repair, and readers beside all of them,
with random delays; and the same without locks, as between two computers whose file system does not show the locks of one to
the other. Each program must do its work or be refused with a message, and the next run must give the store of an
undisturbed run. check_locks.py has locks that are lost, or cannot be had.
"""

import argparse
import random
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

from environment import FORGETFUL
from faults import stores
from faults.shim import Shim
from faults.world import World, add_arguments
from stored import require

RUNTIME_ERROR = 3
#: What a program says that is refused, or that stops, because of another one.
REFUSALS = ("Another run is writing to", "another run is writing to it", "There are no embeddings", "There is no store")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--rounds", type=int, default=50)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        shim = Shim(scratch / "shim")
        Meeting(World(arguments, scratch), shim, arguments).check()


class Meeting:
    """Programs that meet on one store."""

    def __init__(self, world: World, shim: Shim, arguments: argparse.Namespace) -> None:
        self.world, self.shim, self.rounds = world, shim, arguments.rounds
        self.rng = random.Random(arguments.seed)
        self.place = world.start("place")
        self.store = self.place / "store"
        sound = world.inputs / "store"
        world.run(*world.embed(sound))
        self.expected = stores.rows(sound)
        embed, verify = world.embed(self.store), ["store", "verify", self.store, "--sample", "0"]
        self.pairs = {
            "two runs": (embed, embed),
            "a run and a compaction": (embed, ["store", "compact", self.store]),
            "a run and a repair": (embed, ["store", "repair", self.store]),
            "a run and a reader": (embed, verify),
            "a compaction and a reader": (["store", "compact", self.store], verify),
        }

    def check(self) -> None:
        """All meetings."""
        outcomes: Counter = Counter()
        for blind in (False, True):
            for name, commands in self.pairs.items():
                for _ in range(self.rounds):
                    self.meet(name, commands, blind, outcomes)
        print(f"{outcomes.total()} programs beside another, half of them without locks: {outcomes['done']} did their "
              f"work, {outcomes['refused']} were refused or stopped with a message")  # fmt: skip

    def meet(self, name: str, commands: tuple, blind: bool, outcomes: Counter) -> None:
        """Starts two programs, one a little later, and completes the store."""
        self.clear()
        if name.startswith("a compaction") or self.rng.random() < 0.5:
            self.world.run(*self.world.embed(self.store))
        environment = self.shim.environment(self.place, is_blind=True) if blind else FORGETFUL
        programs = []
        for command in self.rng.sample(commands, 2):
            words = [self.world.cli, *map(str, command)]
            programs.append(
                subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
            )
            time.sleep(self.rng.uniform(0, 0.6))
        for program in programs:
            _, errors = program.communicate()
            done = program.returncode == 0
            refused = program.returncode == RUNTIME_ERROR and any(text in errors for text in REFUSALS)
            require(done or refused, f"{name}, without locks: {blind}: exit code {program.returncode}: {errors}")
            outcomes["done" if done else "refused"] += 1
        self.world.run(*self.world.embed(self.store))
        require(stores.rows(self.store) == self.expected, f"{name}, without locks: {blind}: another store")

    def clear(self) -> None:
        """Removes the store."""
        subprocess.run(["rm", "-rf", self.store], check=True)


if __name__ == "__main__":
    main()
