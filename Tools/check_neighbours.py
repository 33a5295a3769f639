#!/usr/bin/env python3
"""Lets programs meet on one store: two runs, a run and a compaction, a run and a repair, and readers beside all of them,
with random delays; the same without locks, as between two computers whose file system does not show the locks of one to the
other; and with a lock that cannot be had at all. Each program must do its work or be refused with a message, and the next
run must give the store of an undisturbed run.
"""

import argparse
import errno
import random
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

from environment import FORGETFUL
from faults import stores
from faults.scenarios import World
from faults.shim import Fault, Shim
from stored import require

RUNTIME_ERROR = 3
#: What a program says that is refused, or that stops, because of another one.
REFUSALS = ("Another run is writing to", "another run is writing to it", "There are no embeddings", "There is no store")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--model", default="default", help="name or bundle of the model; a small one is enough")
    parser.add_argument("--images", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        shim = Shim(scratch / "shim")
        world = World(arguments.cli, arguments.photos, arguments.model, scratch, arguments.images, arguments.seed)
        Meeting(world, shim, arguments).check()


class Meeting:
    """Programs that meet on one store."""

    def __init__(self, world: World, shim: Shim, arguments: argparse.Namespace) -> None:
        self.world, self.shim, self.rounds = world, shim, arguments.rounds
        self.rng = random.Random(arguments.seed)
        self.store = world.place / "store"
        world.place.mkdir()
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
        self.refuse_without_lock()
        print(f"{outcomes.total()} programs beside another, half of them without locks: {outcomes['done']} did their "
              f"work, {outcomes['refused']} were refused or stopped with a message")  # fmt: skip

    def meet(self, name: str, commands: tuple, blind: bool, outcomes: Counter) -> None:
        """Starts two programs, one a little later, and completes the store."""
        self.clear()
        if name.startswith("a compaction") or self.rng.random() < 0.5:
            self.world.run(*self.world.embed(self.store))
        environment = FORGETFUL | (self.blindness() if blind else {})
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

    def blindness(self) -> dict[str, str]:
        """The environment of a program that sees no locks."""
        return {"LD_PRELOAD": str(self.shim.library), "FAULTS_FOLDER": str(self.world.place), "FAULTS_BLIND": "1"}

    def refuse_without_lock(self) -> None:
        """A file system that cannot lock."""
        for error in (errno.ENOLCK, errno.ENOSYS, errno.EIO):
            self.clear()
            command = [self.world.cli, *map(str, self.world.embed(self.store))]
            result = self.shim.run(command, self.world.place, Fault("lock", 1, error)).result
            require(
                result.returncode == RUNTIME_ERROR and "Cannot lock the folder" in result.stderr,
                f"without a lock: exit code {result.returncode}: {result.stderr}",
            )

    def clear(self) -> None:
        """Removes the store."""
        subprocess.run(["rm", "-rf", self.store], check=True)


if __name__ == "__main__":
    main()
