#!/usr/bin/env python3
"""Kills `clip-cli embed` again and again at random instants, starts it anew each time, and compares the store that comes
of it with that of a run nobody disturbed: the same ids, and the same vectors to the last bit. After each kill every part
must be readable and no id may occur twice. When all images are embedded before the last kill, a third of the files get other
bytes with the same pixels, so that the kills that follow hit runs that replace rows.
"""

import argparse
import random
import subprocess
import tempfile
import time
from pathlib import Path

from environment import FORGETFUL
from stored import embed_command, make_images, require, require_same, vectors

LIVES_PER_KILL = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--model", default="default", help="name or bundle of the model; a small one is enough")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--images", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        check(arguments, Path(folder))


def check(arguments: argparse.Namespace, scratch: Path) -> None:
    images, undisturbed, killed = scratch / "images", scratch / "undisturbed", scratch / "killed"
    make_images(arguments.photos, images, arguments.images)
    make_images(arguments.photos, scratch / "one", 1)

    def command(store: Path, commit_interval: float, images: Path = images) -> list[str]:
        options = ("--model", arguments.model, "--commit-interval", f"{commit_interval:.3f}")
        return embed_command(arguments.cli, images, store, *options)

    whole = seconds(command(undisturbed, 60))
    # A run with nothing to embed would not open the model.
    startup = seconds(command(scratch / "first", 60, scratch / "one"))
    expected = vectors(undisturbed)
    require(len(expected) == arguments.images, f"{len(expected)} of {arguments.images} images were embedded")

    # On average a life is long enough for its share of the work, and for several commits.
    share = max(whole - startup, 0.1) / arguments.kills
    rng = random.Random(arguments.seed)
    hits = {"before a commit": 0, "after one": 0, "while rows were replaced": 0}
    is_replacing, before, slowness = False, 0, 1.0
    for _ in range(LIVES_PER_KILL * arguments.kills):
        instant = rng.uniform(0, startup) if rng.random() < 0.2 else startup + rng.uniform(-1, 3) * share
        was_running = run_and_kill(command(killed, share / 4), max(slowness * instant, 0))
        stored = vectors(killed)
        require_same({key: expected.get(key) for key in stored}, stored, f"after kill {sum(hits.values())}")
        require(is_replacing or len(stored) >= before, f"{before} rows before a kill, {len(stored)} after it")
        if was_running:
            hits["while rows were replaced" if is_replacing else "after one" if len(stored) > before
                 else "before a commit"] += 1
        else:
            change_a_third(images, rng)
            is_replacing = True
        # What else the machine does may make runs slower than those that were timed: then no life would reach a commit.
        if not is_replacing:
            slowness *= 1.1 if len(stored) == before else 1 / 1.1
        before = len(stored)
        if sum(hits.values()) == arguments.kills:
            break
    require(sum(hits.values()) == arguments.kills, "too many runs ended before they could be killed")
    require(before > 0, f"none of {arguments.kills} lives reached a commit, so that nothing was tried")
    seconds(command(killed, 60))
    require_same(vectors(killed), expected, "after the last run")
    kinds = ", ".join(f"{count} {when}" for when, count in hits.items())
    print(f"{arguments.kills} kills ({kinds}): the store equals that of an undisturbed run, {len(expected)} vectors")


def change_a_third(images: Path, rng: random.Random) -> None:
    """Makes some images other files with the same pixels: decoders pass over what stands behind an image."""
    files = sorted(path for path in images.rglob("*") if path.is_file())
    for path in rng.sample(files, len(files) // 3):
        with path.open("ab") as file:
            file.write(rng.randbytes(8))


def seconds(command: list[str]) -> float:
    """How long a command takes, which must succeed."""
    start = time.monotonic()
    result = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=FORGETFUL)
    require(result.returncode == 0, f"exit code {result.returncode}: {' '.join(command)}\n{result.stderr}")
    return time.monotonic() - start


def run_and_kill(command: list[str], instant: float) -> bool:
    """Kills a command after some seconds; whether it was still running then."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=FORGETFUL)
    try:
        _, errors = process.communicate(timeout=instant)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return True
    require(process.returncode == 0, f"exit code {process.returncode}: {' '.join(command)}\n{errors}")
    return False


if __name__ == "__main__":
    main()
