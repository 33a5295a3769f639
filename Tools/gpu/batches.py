"""The image tower's speed by batch size, from pixels in the machine's memory to vectors there."""

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from gpu.bundles import MODELS, image_shape, path
from gpu.setup import CORES, Setup, in_process
from peers.libtorch_c import Module, OutOfMemory
from peers.progress import say

WARM_UP = 4
FEWEST_RUNS = 5


def measure(setup: Setup) -> list[dict]:
    """For each precision and batch size: images a second, and the device's peak memory so far."""
    model = setup.timed_model
    rows = []
    for precision in MODELS[model][1]:
        say(f"{model} {precision}: speed by batch size")
        bundle = path(setup.folder / "bundles", model, precision)
        for speed in in_process(_speeds, bundle, setup.device, setup.sizes.batches, setup.sizes.seconds):
            rows.append({"model": model, "precision": precision, "batch": speed.batch, "rate": speed.rate,
                         "warm_up": speed.warm_up,
                         "mebibytes": setup.monitor.load(speed.start, speed.end).peak_mebibytes})
    return rows


@dataclass(frozen=True)
class Speed:
    """Of one batch size."""

    batch: int
    rate: float | None  # images a second; None without enough memory
    warm_up: float | None  # seconds of the first calls together
    start: float  # time.monotonic()
    end: float


def _speeds(bundle: Path, device: str, sizes: tuple[int, ...], seconds: float) -> list[Speed]:
    module = Module(bundle / "image_encoder.pt", CORES, "fp32", device)
    pixels = np.random.default_rng(0).integers(0, 256, (max(sizes), *image_shape(bundle)), dtype=np.uint8)
    results = []
    for size in sizes:
        start = time.monotonic()
        try:
            took = _seconds(module, pixels[:size], seconds)
            rate, warm_up = size / statistics.median(took[WARM_UP:]), sum(took[:WARM_UP])
        except OutOfMemory:
            rate, warm_up = None, None
        results.append(Speed(size, rate, warm_up, start, time.monotonic()))
    return results


def _seconds(module: Module, pixels: np.ndarray, enough: float) -> list[float]:
    """Of each call; the first ones prepare this batch size."""
    took: list[float] = []
    while sum(took[WARM_UP:]) < enough or len(took) < WARM_UP + FEWEST_RUNS:
        start = time.perf_counter()
        module.run(pixels)
        took.append(time.perf_counter() - start)
    return took
