#!/usr/bin/env python3
"""Embeds a folder of which a tenth are damaged, oversized and misnamed files: each is embedded or failed at the stage
that the generator foretells, every other image is embedded, and the ids of both are the files that are there.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from environment import FORGETFUL
from stored import HERE, embed_command, make_images, failures, require, require_same, vectors

HOSTILE = "hostile"
EMBEDDED = "embedded"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--model", default="default", help="name or bundle of the model")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        images, store = Path(folder, "images"), Path(folder, "store")
        images.mkdir()
        outcomes = make_hostile(images / HOSTILE, arguments.photos / "cat.png")
        make_images(arguments.photos, images, 9 * len(outcomes))
        outcomes |= {str(path.relative_to(images)): EMBEDDED for path in images.glob("[0-9]*/*")}
        options = ("--model", arguments.model, "--allow-failures")
        command = embed_command(arguments.cli, images, store, *options)
        result = subprocess.run(command, capture_output=True, text=True, env=FORGETFUL)
        require(result.returncode == 0, f"exit code {result.returncode}: {result.stderr}")
        found = dict.fromkeys(vectors(store), EMBEDDED)
        failed = failures(store)
        require(not found.keys() & failed.keys(), "an image is both embedded and failed")
        require_same(found | failed, outcomes, "the outcome")
        print(f"{len(outcomes)} files, {len(failed)} of them failed, each at the stage foretold")


def make_hostile(folder: Path, photo: Path) -> dict[str, str]:
    """Makes the hostile files and gives the outcome that each must have, by id."""
    command = [sys.executable, HERE / "make_hostile_files.py", "--output", folder, "--photo", photo]
    manifest = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return {f"{HOSTILE}/{name}": outcome for name, outcome in json.loads(manifest).items()}


if __name__ == "__main__":
    main()
