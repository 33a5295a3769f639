#!/usr/bin/env python3
"""Lets the disk of a store run full in the middle of `clip-cli embed`: the run must fail with a message that says so, every
part must be readable, and once there is room the same command must complete the store, equal to that of a run with room
from the start. Mounts a small file system in memory, so it has to run as root.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from environment import FORGETFUL
from stored import embed_command, make_images, require, require_same, vectors

SMALL, LARGE = "384k", "64m"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--model", default="default", help="name or bundle of the model")
    parser.add_argument("--images", type=int, default=600)
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("Mounting a file system takes root: run this as root.")
    with tempfile.TemporaryDirectory() as folder:
        disk = Path(folder, "disk")
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", disk], check=True)
        try:
            check(arguments, Path(folder), disk)
        finally:
            subprocess.run(["umount", disk], check=True)


def check(arguments: argparse.Namespace, scratch: Path, disk: Path) -> None:
    images, store = scratch / "images", disk / "store"
    make_images(arguments.photos, images, arguments.images)

    def embed(output: Path) -> subprocess.CompletedProcess:
        options = ("--model", arguments.model, "--commit-interval", "0.1")
        command = embed_command(arguments.cli, images, output, *options)
        return subprocess.run(command, capture_output=True, text=True, env=FORGETFUL)

    require(embed(scratch / "roomy").returncode == 0, "the run with room fails")
    expected = vectors(scratch / "roomy")
    full = embed(store)
    require(full.returncode == 3, f"exit code {full.returncode} on a full disk instead of 3: {full.stderr}")
    require("No space left" in full.stderr and str(store) in full.stderr, f"unclear message: {full.stderr}")
    kept = vectors(store)
    require(0 < len(kept) < len(expected), f"{len(kept)} vectors fit: choose another size for the disk")
    require_same({key: expected.get(key) for key in kept}, kept, "on the full disk")
    subprocess.run(["mount", "-o", f"remount,size={LARGE}", disk], check=True)
    resumed = embed(store)
    require(resumed.returncode == 0, f"exit code {resumed.returncode} when there is room again: {resumed.stderr}")
    require_same(vectors(store), expected, "when there was room again")
    print(f"the disk ran full at {len(kept)} of {len(expected)} vectors: {full.stderr.strip().splitlines()[-1]}")


if __name__ == "__main__":
    main()
