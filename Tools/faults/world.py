"""Images, stores and files that commands work on, made once."""

import random
import shutil
import subprocess
from argparse import ArgumentParser, Namespace
from pathlib import Path

from environment import FORGETFUL
from stored import make_images, require


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments that a world is made from."""
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--model", default="default", help="name or bundle of the model; a small one is enough")
    parser.add_argument("--images", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)


class World:
    """Images, and what earlier commands made of them."""

    def __init__(self, arguments: Namespace, scratch: Path) -> None:
        self.cli, self.scratch = str(arguments.cli.absolute()), scratch
        bundle = Path(arguments.model)
        self.model = str(bundle.absolute()) if bundle.exists() else arguments.model
        self.images = scratch / "images"
        make_images(arguments.photos, self.images, arguments.images)
        self.rng = random.Random(arguments.seed)
        self.inputs = scratch / "inputs"
        self.inputs.mkdir()

    def run(self, *words: object) -> None:
        """Runs a command that must succeed."""
        command = [self.cli, *map(str, words)]
        result = subprocess.run(command, capture_output=True, text=True, env=FORGETFUL)
        require(result.returncode == 0, f"exit code {result.returncode}: {' '.join(command)}\n{result.stderr}")

    def embed(self, store: Path, *options: object, model: object = None) -> list[str]:
        """The words that embed the images; the run commits after each batch."""
        paths = [str(self.images), "--output", str(store), "--model", str(model or self.model)]
        return ["embed", *paths, "--commit-interval", "0", "--batch-size", "8", *map(str, options)]

    def start(self, name: str, *copied: Path) -> Path:
        """The folder that a command starts from, with copies of files and folders."""
        folder = self.scratch / "start" / name
        folder.mkdir(parents=True)
        for path in copied:
            (shutil.copytree if path.is_dir() else shutil.copy)(path, folder / path.name)
        return folder

    def change_images(self) -> None:
        """Changes some of the images, and removes others."""
        files = sorted(path for path in self.images.rglob("*") if path.is_file())
        chosen = self.rng.sample(files, len(files) // 2)
        for path in chosen[: len(files) // 3]:
            # Decoders pass over what stands behind an image.
            with path.open("ab") as file:
                file.write(b"changed")
        for path in chosen[len(files) // 3 :]:
            path.unlink()
