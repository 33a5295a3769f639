"""The image tower's speed by batch size, from pixels in the machine's memory to vectors there."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from gpu.bundles import MODELS, image_shape, path
from gpu.eager import EagerModel
from gpu.setup import CORES, Setup, Sizes, in_process
from peers.libtorch_c import Module, OutOfMemory
from peers.progress import say

WARM_UP = 4
FEWEST_RUNS = 5


def measure(setup: Setup) -> list[dict]:
    """For each precision and batch size: images a second, open_clip's too, and the device's peak memory so far."""
    model = setup.timed_model
    rows = []
    for precision in MODELS[model][1]:
        say(f"{model} {precision}: speed by batch size")
        for speed in in_process(_speeds, setup.folder / "bundles", model, precision, setup.device, setup.sizes):
            rows.append({"model": model, "precision": precision, "batch": speed.batch, "rate": speed.rate,
                         "eager_rate": speed.eager_rate, "warm_up": speed.warm_up,
                         "mebibytes": setup.monitor.load(speed.start, speed.end).peak_mebibytes})
    return rows


@dataclass(frozen=True)
class Speed:
    """Of one batch size."""

    batch: int
    rate: float | None  # images a second; None without enough memory
    eager_rate: float | None  # of open_clip's own model
    warm_up: float | None  # seconds of the first calls together
    start: float  # time.monotonic()
    end: float


def _speeds(bundles: Path, model: str, precision: str, device: str, sizes: Sizes) -> list[Speed]:
    bundle = path(bundles, model, precision)
    module = Module(bundle / "image_encoder.pt", CORES, "fp32", device)
    pixels = np.random.default_rng(0).integers(0, 256, (max(sizes.batches), *image_shape(bundle)), dtype=np.uint8)
    results = []
    for size in sizes.batches:
        start = time.monotonic()
        took = _seconds(module.run, pixels[:size], sizes.seconds)
        results.append(Speed(size, _rate(size, took), None, sum(took[:WARM_UP]) if took else None, start,
                             time.monotonic()))
    # Afterwards, so that its memory does not count.
    eager = EagerModel(bundles, model, precision, device)
    return [replace(speed, eager_rate=_rate(speed.batch, _seconds(eager.run, pixels[:speed.batch], sizes.seconds)))
            for speed in results]


def _rate(size: int, took: list[float] | None) -> float | None:
    return size / statistics.median(took[WARM_UP:]) if took else None


def _seconds(run: Callable[[np.ndarray], np.ndarray], pixels: np.ndarray, enough: float) -> list[float] | None:
    """Of each call, of which the first ones prepare this batch size; None without enough memory."""
    took: list[float] = []
    while sum(took[WARM_UP:]) < enough or len(took) < WARM_UP + FEWEST_RUNS:
        start = time.perf_counter()
        try:
            run(pixels)
        except (OutOfMemory, torch.OutOfMemoryError):
            return None
        took.append(time.perf_counter() - start)
    return took
