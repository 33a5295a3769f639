"""All limits of the machine."""

import multiprocessing
from pathlib import Path

from peers.limits.decoding import decoding
from peers.limits.memory import stream
from peers.limits.products import products
from peers.progress import say


def measure(files: list[Path], threads: int, has_bf16: bool, turns: int) -> dict[str, object]:
    """`products` (GFLOP/s by kind), `decoding` (images/s by decoder) and `stream` (GB/s), each in each turn.

    Runs in a process of its own, which ends with torch's threads.
    """
    say("limits of the machine")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (files, threads, has_bf16, turns))


def _measure(files: list[Path], threads: int, has_bf16: bool, turns: int) -> dict[str, object]:
    return {"products": products(threads, has_bf16, turns), "decoding": decoding(files, turns),
            "stream": stream(threads, turns)}
