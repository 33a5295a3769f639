"""Compares scoring and deciding with Python, in one run on the same file.

Medians of several runs: a loop over the images in Python, the same vectorised with NumPy, and this library. Then, in turns,
reading a Parquet file with pyarrow, and this library's reading, deciding and writing. Fails when the library is less than 60
times as fast as the loop, slower than NumPy, or takes longer from embeddings to decisions than pyarrow takes to read.
"""

import argparse
import os
import re
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

CATEGORIES, PROMPTS, NEUTRALS, DIMENSION, IMAGES = 20, 3, 4, 512, 200_704
TURNS = 5
THRESHOLD, MARGIN = 0.1, 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="the built program of the package Benchmarks")
    parser.add_argument("--store", type=Path, required=True, help="folder for the store of random embeddings")
    arguments = parser.parse_args()
    ours = run_ours(arguments.benchmarks, arguments.store, "scoring-speed", {
        "this library, scoring and deciding": r"^scoring .* ms +(\d+)$"})
    theirs = scoring_in_python()
    rounds = [reading_in_turns(arguments.benchmarks, arguments.store) for _ in range(TURNS)]
    for name in rounds[0]:
        (theirs if name.startswith("pyarrow") else ours)[name] = statistics.median(turn[name] for turn in rounds)
    for name, milliseconds in (theirs | ours).items():
        print(f"{name:<45} {milliseconds:8.0f} ms")
    check(theirs["Python, image by image"] / ours["this library, scoring and deciding"], 60, "the loop in Python")
    check(theirs["NumPy, all images at once"] / ours["this library, scoring and deciding"], 1, "NumPy")
    check(theirs["pyarrow, reading"] / ours["this library, Parquet in, decisions out"], 1, "reading with pyarrow")


def check(ratio: float, required: float, what: str) -> None:
    print(f"{ratio:.2f} times as fast as {what}")
    if ratio < required:
        raise SystemExit(f"error: expected at least {required} times")


def reading_in_turns(program: Path, store: Path) -> dict[str, float]:
    """One turn of each: milliseconds, medians of five."""
    ours = run_ours(program, store, "stored-decisions", {
        "this library, reading": r"^reading .* ms +(\d+)$",
        "this library, Parquet in, decisions out": r"^Parquet in, decisions out, ms +(\d+)$",
        "the same, with all scores": r"^Parquet in, decisions with all scores out, ms +(\d+)$"})
    return {"pyarrow, reading": median(lambda: pq.read_table(store, columns=["id", "embedding"]), 5)} | ours


def run_ours(program: Path, store: Path, benchmark: str, wanted: dict[str, str]) -> dict[str, float]:
    """The library's times in milliseconds."""
    output = subprocess.run([program, benchmark], check=True, capture_output=True, text=True,
                            env=os.environ | {"BENCHMARK_STORE": str(store)}).stdout
    times = {}
    for name, pattern in wanted.items():
        found = re.search(pattern, output, re.MULTILINE)
        if not found:
            raise SystemExit(f"error: the benchmark {benchmark} did not print '{pattern}'")
        times[name] = float(found[1])
    return times


def scoring_in_python() -> dict[str, float]:
    """Milliseconds of the loop, over a tenth of the images, and of NumPy."""
    generator = np.random.default_rng(0)
    images = unit(generator.standard_normal((IMAGES, DIMENSION), dtype=np.float32))
    positive = unit(generator.standard_normal((CATEGORIES, PROMPTS, DIMENSION), dtype=np.float32).mean(1))
    negative = unit(generator.standard_normal((CATEGORIES, PROMPTS, DIMENSION), dtype=np.float32).mean(1))
    neutral = unit(generator.standard_normal((NEUTRALS, DIMENSION), dtype=np.float32).mean(0))

    def loop() -> None:
        for image in images[:IMAGES // 10]:
            base = image @ neutral
            for category in range(CATEGORIES):
                near = image @ positive[category]
                _ = near - image @ negative[category] >= THRESHOLD and near >= base + MARGIN

    def vectorised() -> np.ndarray:
        near = images @ positive.T
        score = near - images @ negative.T
        return (score >= THRESHOLD) & (near >= (images @ neutral)[:, None] + MARGIN)

    return {"Python, image by image": 10 * median(loop, 1), "NumPy, all images at once": median(vectorised, 9)}


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def median(function: Callable[[], object], rounds: int) -> float:
    """Milliseconds of a call, the median of several after one that warms up."""
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times[1:])


if __name__ == "__main__":
    main()
