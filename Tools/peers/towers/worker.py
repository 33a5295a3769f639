"""One engine in a process of its own, so that runtimes share neither threads nor memory nor symbols."""

import importlib
import multiprocessing
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

    def __init__(self, engine: Engine, files: ModelFiles, pixels: Path, threads: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, engine, files, pixels, threads))
        self._process.start()
        other.close()
        self._answer(engine.name)

    def vectors(self, batch: int) -> np.ndarray:
        """Of all pixels."""
        return self._ask("vectors", batch)

    def turn(self, batch: int) -> float:
        """Seconds an image: median of several calls after one that warms up, or of that one if it is long."""
        return self._ask("turn", batch)

    def counts(self, batch: int) -> Counts:
        """Of one call, after one that prepares the batch size."""
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

    def __init__(self, engine: Engine, files: ModelFiles, pixels: Path, threads: int) -> None:
        load = importlib.import_module(f"peers.towers.{engine.module}").load
        self._encoder: Encoder = load(files, engine.precision, threads)
        self._pixels = np.load(pixels)
        self._normalisation = files.normalisation

    def vectors(self, size: int) -> np.ndarray:
        return np.concatenate([self._encoder.run(self._batch(start, size)).copy()
                               for start in range(0, len(self._pixels), size)])

    def turn(self, size: int) -> float:
        batch = self._batch(0, size)
        first = self._seconds(batch)
        if first > TURN_SECONDS:
            return first / size
        calls = min(round(TURN_SECONDS / first), MOST_CALLS)
        return statistics.median(self._seconds(batch) for _ in range(calls)) / size

    def counts(self, size: int) -> Counts:
        batch = self._batch(0, size)
        self._encoder.run(batch)
        faults = counts.minor_faults(lambda: self._encoder.run(batch))
        instructions = counts.instructions(lambda: self._encoder.run(batch))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return Counts(faults / size, None if instructions is None else instructions / size, peak)

    def _batch(self, start: int, size: int) -> np.ndarray:
        pixels = self._pixels[start:start + size]
        return pixels if self._encoder.takes_pixels else normalised(pixels, *self._normalisation)

    def _seconds(self, batch: np.ndarray) -> float:
        start = time.perf_counter()
        self._encoder.run(batch)
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
