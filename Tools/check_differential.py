#!/usr/bin/env python3
"""Compares tokenizers and the resampler with their references on random texts and images, from a seed.

Each kind of tokenizer reads the same random texts as open_clip, transformers or tokenizers with the same vocabulary.
Images of random sizes and pixel formats are resized by random rules, as open_clip and transformers do it with Pillow. Stops
with exit code 1 at the first difference, which the seed repeats.
"""

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

IMAGES_PER_RULE = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--seed", type=int, default=1, help="of texts and images (default: %(default)s)")
    parser.add_argument("--texts", type=int, default=10_000, help="for each tokenizer (default: %(default)s)")
    parser.add_argument("--images", type=int, default=2_000, help="in all (default: %(default)s)")
    arguments = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from export_openclip import silence_libraries
    silence_libraries()
    from differential import pixels, texts
    from parity.tool import Tool

    tool = Tool(arguments.cli.absolute())
    with tempfile.TemporaryDirectory() as folder:
        lines = texts.random_texts(arguments.texts, arguments.seed)
        for bundle, reference in texts.tokenizers(Path(folder)):
            texts.check(tool, bundle, reference, lines)
            print(f"{bundle.name:<34} {len(lines):>7,} texts equal", flush=True)
    generator = random.Random(arguments.seed)
    count = compared = 0
    while count < arguments.images:
        with tempfile.TemporaryDirectory() as folder:
            compared += pixels.check(tool, IMAGES_PER_RULE, generator, Path(folder))
        count += IMAGES_PER_RULE
    print(f"{compared:,} of {count:,} images equal under {count // IMAGES_PER_RULE:,} rules; the others, the reference refuses")


if __name__ == "__main__":
    main()
