"""What the parts of the check have in common."""

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Callable

from gpu.monitor import Monitor

GENERATOR = Path(__file__).resolve().parents[2] / "Benchmarks/soak/make_images.py"
CORES = len(os.sched_getaffinity(0))


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    models: tuple[str, ...]  # names of gpu.bundles.MODELS; the last one is timed
    compared: int  # images whose vectors are compared
    batches: tuple[int, ...]
    seconds: float  # for each batch size
    images: int  # to embed with many workers
    images_per_worker: int  # with few
    workers: tuple[int, ...]
    batch: int  # of runs
    fills_memory: bool


FULL = Sizes(models=("small", "resnet", "ViT-B-32"), compared=256, batches=tuple(2**n for n in range(10)), seconds=0.5,
             images=16_000, images_per_worker=4_000, workers=(1, 2, 4, 8, 12, 16, 24, 32), batch=256, fills_memory=True)
QUICK = Sizes(models=("resnet", "small"), compared=32, batches=(1, 8, 32), seconds=0.2, images=400,
              images_per_worker=200, workers=(1, 2), batch=32, fills_memory=False)


@dataclass(frozen=True)
class Setup:
    """The device, the files, and what is measured."""

    cli: Path
    device: str
    folder: Path
    images: list[Path]
    sizes: Sizes
    monitor: Monitor

    @property
    def is_gpu(self) -> bool:
        return self.device != "cpu"

    @property
    def timed_model(self) -> str:
        return self.sizes.models[-1]


def make_images(photos: Path, folder: Path, count: int) -> list[Path]:
    """Different images, made from the photographs unless they are there."""
    command = [GENERATOR, "--photos", photos, "--output", folder, "--count", count]
    subprocess.run([sys.executable, *map(str, command)], check=True, capture_output=True)
    return sorted(folder.rglob("*.*"))[:count]


def in_process(function: Callable, *arguments: object) -> object:
    """Calls a function in a process of its own, so that its device memory is free afterwards."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()
