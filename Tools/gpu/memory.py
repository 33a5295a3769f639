"""What happens when the device's memory runs out."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from gpu.bundles import image_shape, path
from gpu.embed import embed
from gpu.setup import CORES, Setup, in_process
from peers.libtorch_c import Module, OutOfMemory
from peers.progress import say
from stored import require, vectors

BATCH, IMAGES = 1024, 3000
LEFT = (3072, 2048, 1536, 1024)
"""MiB that another program leaves, tried in this order until a batch does not fit."""
LEAST_COSINE = 0.99999
SMALL, HUGE = 8, 1024


def measure(setup: Setup) -> dict:
    """A run in which batches do not fit; and whether a module still works after that error."""
    if not (setup.is_gpu and setup.sizes.fills_memory):
        return {}
    bundle = path(setup.folder / "bundles", setup.timed_model, "fp32")
    say("a module after an error of memory")
    recovered = in_process(_recovers, bundle, setup.device)
    images = setup.images[:IMAGES]
    expected = setup.folder / "stores/memory"
    embed(setup.cli, bundle, setup.device, images, expected, "--batch-size", BATCH)
    for left in LEFT:
        say(f"embedding with {left} MiB of device memory left")
        with _ballast(setup.device, left) as held:
            store = setup.folder / f"stores/memory-{left}"
            run = embed(setup.cli, bundle, setup.device, images, store, "--batch-size", BATCH)
        if run.notes:
            return {"left": left, "held": held, "images": len(images), "notes": run.notes, "recovered": recovered,
                    "least": _least(vectors(store), vectors(expected))}
    raise SystemExit(f"error: batches of {BATCH} fitted even into {LEFT[-1]} MiB")


def _recovers(bundle: Path, device: str) -> bool:
    """Whether a module gives the same bits before and after a batch that did not fit."""
    module = Module(bundle / "image_encoder.pt", CORES, "fp32", device)
    pixels = np.random.default_rng(0).integers(0, 256, (HUGE, *image_shape(bundle)), dtype=np.uint8)
    before = module.run(pixels[:SMALL])
    with _ballast(device, 64):
        try:
            module.run(pixels)
        except OutOfMemory:
            return bool((module.run(pixels[:SMALL]) == before).all())
    raise SystemExit(f"error: a batch of {HUGE} fitted into 64 MiB")


@contextmanager
def _ballast(device: str, leave: int) -> Iterator[int]:
    """Another program that leaves some MiB of the device; gives how many it holds."""
    command = [sys.executable, str(Path(__file__).with_name("ballast.py")), device.partition(":")[2] or "0", str(leave)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        try:
            held = program.stdout.readline()
            require(held != "", "ballast.py could not take the device's memory")
            yield int(held)
        finally:
            program.stdin.close()


def _least(found: dict, expected: dict) -> float:
    """The least cosine. Raises SystemExit if ids differ."""
    require(found.keys() == expected.keys(), "an image is missing, or there is one too many")
    return min(float(np.dot(found[key], expected[key])) for key in expected)
