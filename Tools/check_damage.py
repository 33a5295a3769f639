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
from pathlib import Path

from environment import FORGETFUL
from faults import stores
from faults.scenarios import World
from stored import require

FINDINGS = 4
HEADER_BYTES = 64


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--model", default="default", help="name or bundle of the model; a small one is enough")
    parser.add_argument("--images", type=int, default=40)
    parser.add_argument("--positions", type=int, default=2000, help="bytes to try, by chance")
    parser.add_argument("--ends", action="store_true", help="all bytes of headers and footers too")
    parser.add_argument("--repair-every", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = World(
            arguments.cli, arguments.photos, arguments.model, Path(folder).resolve(), arguments.images, arguments.seed
        )
        store = world.inputs / "store"
        world.run(*world.embed(store))
        check(arguments, world, store, world.place / "store")


def check(arguments: argparse.Namespace, world: World, store: Path, place: Path) -> None:
    expected = stores.rows(store)
    rng = random.Random(arguments.seed)
    positions = rng.choices(all_bytes(store), k=arguments.positions)
    if arguments.ends:
        positions += ends(store)
    shutil.copytree(store, place)
    found = repaired = 0
    for number, (name, position) in enumerate(positions, 1):
        path, bit = place / name, rng.randrange(8)
        sound = (store / name).read_bytes()
        path.write_bytes(sound[:position] + bytes([sound[position] ^ 1 << bit]) + sound[position + 1 :])
        what = f"{name}, byte {position}, bit {bit}"
        verified = run(world.cli, "store", "verify", place, "--sample", 0)
        require(verified.returncode in (0, FINDINGS), f"{what}: exit code {verified.returncode}: {verified.stderr}")
        if verified.returncode == 0:
            require(stores.rows(place) == expected, f"{what}: not found, and other rows are read")
        else:
            require(name in verified.stdout, f"{what}: the file is not named: {verified.stdout}")
            found += 1
            if found % arguments.repair_every == 0:
                repair(world, place, expected, what)
                repaired += 1
                shutil.rmtree(place)
                shutil.copytree(store, place)
        path.write_bytes(sound)
    print(f"{len(positions)} flipped bits: {found} found, {len(positions) - found} of no consequence; "
          f"{repaired} stores repaired and completed")  # fmt: skip


def repair(world: World, place: Path, expected: dict, what: str) -> None:
    """Repairs a store and completes it."""
    repaired = run(world.cli, "store", "repair", place)
    require(repaired.returncode == 0, f"{what}: store repair fails: {repaired.stderr}")
    kept = stores.rows(place)
    require(all(expected[key] == row for key, row in kept.items()), f"{what}: a repair has changed a row")
    verified = run(world.cli, "store", "verify", place, "--sample", 0)
    require(verified.returncode == 0, f"{what}: still damaged after its repair: {verified.stdout}")
    embedded = run(world.cli, *world.embed(place))
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
