"""The image tower's speed by batch size, from pixels in the machine's memory to vectors there."""

import statistics
import time
from pathlib import Path

import numpy as np
from gpu.bundles import MODELS, image_shape, path
from gpu.setup import CORES, Setup, in_process
from peers.libtorch_c import Module, OutOfMemory
from peers.progress import say

WARM_UP = 3
FEWEST_RUNS = 5


def measure(setup: Setup) -> list[dict]:
    """For each precision and batch size: images a second, and the device's peak memory so far."""
    model = setup.timed_model
    rows = []
    for precision in MODELS[model][1]:
        say(f"{model} {precision}: speed by batch size")
        bundle = path(setup.folder / "bundles", model, precision)
        for size, rate, start, end in in_process(_rates, bundle, setup.device, setup.sizes.batches,
                                                 setup.sizes.seconds):
            rows.append({"model": model, "precision": precision, "batch": size, "rate": rate,
                         "mebibytes": setup.monitor.load(start, end).peak_mebibytes})
    return rows


def _rates(bundle: Path, device: str, sizes: tuple[int, ...], seconds: float) -> list[tuple]:
    """Batch size, images a second (None without enough memory), and when measuring began and ended."""
    module = Module(bundle / "image_encoder.pt", CORES, "fp32", device)
    pixels = np.random.default_rng(0).integers(0, 256, (max(sizes), *image_shape(bundle)), dtype=np.uint8)
    results = []
    for size in sizes:
        start = time.monotonic()
        try:
            rate = size / _seconds(module, pixels[:size], seconds)
        except OutOfMemory:
            rate = None
        results.append((size, rate, start, time.monotonic()))
    return results


def _seconds(module: Module, pixels: np.ndarray, enough: float) -> float:
    """Of one call, median."""
    for _ in range(WARM_UP):
        module.run(pixels)
    took: list[float] = []
    while sum(took) < enough or len(took) < FEWEST_RUNS:
        start = time.perf_counter()
        module.run(pixels)
        took.append(time.perf_counter() - start)
    return statistics.median(took)
