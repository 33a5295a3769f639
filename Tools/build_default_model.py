#!/usr/bin/env python3
"""Builds the default model bundle from pretrained networks that installed Python packages carry. Needs no network.

See Tools/README.md for what the model is; install Tools/requirements.txt and Debian's package wordnet-base first.
"""

import argparse
import os
import time
import warnings
from pathlib import Path

from bundle import is_intact, sha256, sha256_of_file, staged_bundle
from default_model.vocabulary import FILE as VOCABULARY_FILE
from default_model.vocabulary import write_vocabulary

TOOLS = Path(__file__).resolve().parent
RECIPE_FILE = "recipe.txt"


def recipe() -> str:
    """A hash of all that decides the bundle's content: these sources and the pinned requirements."""
    names = ["build_default_model.py", "bundle.py", "installed.py", "preprocessing.py", "torchvision_ops.py",
             "requirements.txt"]
    sources = [*(TOOLS / name for name in names), *sorted((TOOLS / "default_model").glob("*.py"))]
    return sha256("\n".join(f"{path.name} {sha256_of_file(path)}" for path in sources).encode())


def is_current(folder: Path, wanted: str) -> bool:
    """Whether `folder` holds an intact bundle that was built by the recipe `wanted`."""
    path = folder / RECIPE_FILE
    is_complete = path.is_file() and (folder / VOCABULARY_FILE).is_file()
    return is_complete and path.read_text(encoding="utf-8") == wanted and is_intact(folder)


def build(output: Path, wordnet: Path) -> None:
    """Builds the bundle at `output`, unless an equal one is there already."""
    wanted = recipe()
    if is_current(output, wanted):
        print(f"'{output}' is up to date")
        return
    started = time.monotonic()
    from default_model.assemble import assemble  # imports torch: seconds that an up-to-date bundle does not need

    with staged_bundle(output) as folder:
        assemble(folder, wordnet)
        # Written last: they are no part of the model, so model.json does not list them.
        write_vocabulary(folder / VOCABULARY_FILE, wordnet)
        (folder / RECIPE_FILE).write_text(wanted, encoding="utf-8")
    megabytes = sum(path.stat().st_size for path in output.rglob("*") if path.is_file()) / 1e6
    print(f"built '{output}': {megabytes:.0f} MB in {time.monotonic() - started:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True, metavar="DIR",
                        help="the bundle's folder; it appears whole or not at all, and replaces an older bundle")
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"), metavar="DIR",
                        help="folder with WordNet 3.0's data.noun (default: %(default)s)")
    arguments = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*torch.jit.*")
    build(arguments.output.absolute(), arguments.wordnet)


if __name__ == "__main__":
    main()
