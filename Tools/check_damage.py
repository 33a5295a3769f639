#!/usr/bin/env python3
"""Flips one bit at a time in the files of a store: `store verify` must find it, or what is read must be what was written.
Of some, `store repair` must keep the sound rows, and `embed` must then give the store as it was.

All bytes at the beginning and the end of a file are tried, where headers and footers are, and others by chance.
"""

import argparse
import random
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from environment import FORGETFUL
from faults import sharing, stores, world
from stored import require

FINDINGS = 4
HEADER_BYTES = 64


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    world.add_arguments(parser)
    sharing.add_argument(parser)
    parser.add_argument("--positions", type=int, default=2000, help="bytes to try, by chance")
    parser.add_argument("--ends", action="store_true", help="all bytes of headers and footers too")
    parser.add_argument("--repair-every", type=int, default=20, help="finds of each job per repair")
    arguments = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        made = world.World(arguments, scratch)
        store = made.inputs / "store"
        made.run(*made.embed(store))
        rng = random.Random(arguments.seed)
        positions = rng.choices(all_bytes(store), k=arguments.positions)
        if arguments.ends:
            positions += ends(store)
        flips = [Flip(name, position, rng.randrange(8)) for name, position in positions]

        def damage(job: int) -> tuple[int, int]:
            """Makes a share of the flips in a copy of the store."""
            damaged = DamagedStore(made, store, scratch / f"place-{job}", arguments.repair_every)
            for flip in flips[job :: arguments.jobs]:
                damaged.check(flip)
            return damaged.found, damaged.repaired

        found, repaired = map(sum, zip(*sharing.in_parallel(arguments.jobs, damage), strict=True))
    require(repaired > 0, f"of {found} damaged stores none was repaired: pass a smaller --repair-every")
    print(f"{len(flips)} flipped bits in {(time.monotonic() - start) / 60:.0f} min: {found} found, {len(flips) - found} of no "
          f"consequence; {repaired} stores repaired and completed")  # fmt: skip


@dataclass(frozen=True)
class Flip:
    """A bit that is flipped."""

    name: str
    position: int
    bit: int

    def __str__(self) -> str:
        return f"{self.name}, byte {self.position}, bit {self.bit}"

    def of(self, data: bytes) -> bytes:
        """The bytes with the other bit."""
        return data[: self.position] + bytes([data[self.position] ^ 1 << self.bit]) + data[self.position + 1 :]


class DamagedStore:
    """A copy of a store that is damaged again and again."""

    def __init__(self, made: world.World, store: Path, place: Path, repair_every: int) -> None:
        self.world, self.store, self.place, self.repair_every = made, store, place, repair_every
        self.expected = stores.rows(store)
        self.found = self.repaired = 0
        shutil.copytree(store, place)

    def check(self, flip: Flip) -> None:
        """Flips a bit, and flips it back."""
        path = self.place / flip.name
        sound = path.read_bytes()
        path.write_bytes(flip.of(sound))
        verified = run(self.world.cli, "store", "verify", self.place, "--sample", 0)
        require(verified.returncode in (0, FINDINGS), f"{flip}: exit code {verified.returncode}: {verified.stderr}")
        if verified.returncode == 0:
            require(stores.rows(self.place) == self.expected, f"{flip}: not found, and other rows are read")
        else:
            require(flip.name in verified.stdout, f"{flip}: the file is not named: {verified.stdout}")
            self.found += 1
            if self.found % self.repair_every == 0:
                repair(self.world, self.place, self.expected, str(flip))
                self.repaired += 1
                shutil.rmtree(self.place)
                shutil.copytree(self.store, self.place)
        path.write_bytes(sound)


def repair(made: world.World, place: Path, expected: dict, what: str) -> None:
    """Repairs a store and completes it."""
    repaired = run(made.cli, "store", "repair", place)
    require(repaired.returncode == 0, f"{what}: store repair fails: {repaired.stderr}")
    kept = stores.rows(place)
    require(all(expected[key] == row for key, row in kept.items()), f"{what}: a repair has changed a row")
    verified = run(made.cli, "store", "verify", place, "--sample", 0)
    require(verified.returncode == 0, f"{what}: still damaged after its repair: {verified.stdout}")
    embedded = run(made.cli, *made.embed(place))
    count = len(expected) - len(kept)
    require(embedded.returncode == 0, f"{what}: embed fails after a repair: {embedded.stderr}")
    require(f"{count} embedded" in embedded.stdout, f"{what}: {count} images are missing: {embedded.stdout}")
    require(stores.rows(place) == expected, f"{what}: after a repair and a run the store has other rows")


def run(cli: str, *words: object) -> subprocess.CompletedProcess:
    """Runs a command of `clip-cli`."""
    return subprocess.run([cli, *map(str, words)], capture_output=True, text=True, errors="replace", env=FORGETFUL)


def all_bytes(store: Path) -> list[tuple[str, int]]:
    """All bytes of a store's files."""
    return [(path.name, position) for path in files(store) for position in range(path.stat().st_size)]


def ends(store: Path) -> list[tuple[str, int]]:
    """The first bytes of a part, and all of its footer."""
    path = files(store)[0]
    data = path.read_bytes()
    footer = int.from_bytes(data[-8:-4], "little") + 8 + 12
    return [(path.name, position) for position in [*range(HEADER_BYTES), *range(len(data) - footer, len(data))]]


def files(store: Path) -> list[Path]:
    """The files of a store."""
    return sorted(store.glob("*.parquet"))


if __name__ == "__main__":
    main()
