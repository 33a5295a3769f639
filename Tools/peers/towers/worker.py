"""One engine in a process of its own, so that runtimes share neither threads nor memory nor symbols."""

import importlib
import multiprocessing
import os
import resource
import statistics
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from peers import counts
from peers.models import ModelFiles
from peers.pixels import normalised
from peers.towers.engines import Encoder, Engine

TURN_SECONDS = 1.0
"""Calls are repeated for about this long in one turn."""
MOST_CALLS = 20


@dataclass(frozen=True)
class Counts:
    """Per image; instructions are None where the machine does not count them."""

    minor_faults: float
    instructions: float | None
    peak_mebibytes: float


class Worker:
    """Runs one engine on request. Every method waits for its answer, so only one worker computes at a time."""

    def __init__(self, engine: Engine, files: ModelFiles, pixels: Path, batches: list[int], threads: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        os.environ["OMP_NUM_THREADS"] = str(threads)  # before libraries read it
        self._process = context.Process(target=_serve, args=(other, engine, files, pixels, batches, threads))
        self._process.start()
        other.close()
        self._answer(engine.name)

    def vectors(self) -> np.ndarray:
        """Of all pixels, in the first batch size."""
        return self._ask("vectors")

    def turn(self, batch: int) -> float:
        """Seconds an image, median of several calls after one that is not timed."""
        return self._ask("turn", batch)

    def counts(self, batch: int) -> Counts:
        """Of one call."""
        return self._ask("counts", batch)

    def close(self) -> None:
        """Ends the process."""
        self._pipe.close()
        self._process.join()

    def _ask(self, method: str, *arguments: object) -> object:
        self._pipe.send((method, arguments))
        return self._answer(method)

    def _answer(self, what: str) -> object:
        try:
            return self._pipe.recv()
        except EOFError:
            raise SystemExit(f"error: '{what}' failed; its own message is above") from None


class _Server:
    """The other side of a worker."""

    def __init__(self, engine: Engine, files: ModelFiles, pixels: Path, batches: list[int], threads: int) -> None:
        load = importlib.import_module(f"peers.towers.{engine.module}").load
        self._encoders: dict[int, Encoder] = {size: load(files, engine.precision, size, threads) for size in batches}
        self._pixels = np.load(pixels)
        self._normalisation = files.normalisation

    def vectors(self) -> np.ndarray:
        size, encoder = next(iter(self._encoders.items()))
        return np.concatenate([encoder.run(self._input(encoder, start, size)).copy()
                               for start in range(0, len(self._pixels), size)])

    def turn(self, size: int) -> float:
        encoder = self._encoders[size]
        batch = self._input(encoder, 0, size)
        calls = min(max(round(TURN_SECONDS / _seconds(encoder, batch)), 1), MOST_CALLS)
        return statistics.median(_seconds(encoder, batch) for _ in range(calls)) / size

    def counts(self, size: int) -> Counts:
        encoder = self._encoders[size]
        batch = self._input(encoder, 0, size)
        encoder.run(batch)
        faults = counts.minor_faults(lambda: encoder.run(batch))
        instructions = counts.instructions(lambda: encoder.run(batch))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return Counts(faults / size, None if instructions is None else instructions / size, peak)

    def _input(self, encoder: Encoder, start: int, size: int) -> np.ndarray:
        pixels = self._pixels[start:start + size]
        return pixels if encoder.takes_pixels else normalised(pixels, *self._normalisation)


def _seconds(encoder: Encoder, batch: np.ndarray) -> float:
    start = time.perf_counter()
    encoder.run(batch)
    return time.perf_counter() - start


def _serve(pipe: Connection, *arguments: object) -> None:
    server = _Server(*arguments)
    pipe.send(None)
    while True:
        try:
            method, values = pipe.recv()
        except EOFError:
            return
        pipe.send(getattr(server, method)(*values))
