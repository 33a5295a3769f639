"""Speed of copying memory that no cache holds."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

MEBIBYTES = 256
COPIES = 3


def stream(threads: int, turns: int) -> list[float]:
    """GB/s, read and written, all threads together, in each turn."""
    arrays = [(np.ones(MEBIBYTES << 20, np.uint8), np.zeros(MEBIBYTES << 20, np.uint8)) for _ in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        return [_rate(pool, arrays) for _ in range(turns)]


def _rate(pool: ThreadPoolExecutor, arrays: list[tuple[np.ndarray, np.ndarray]]) -> float:
    start = time.perf_counter()
    list(pool.map(_copy, arrays))
    return 2 * (MEBIBYTES << 20) * COPIES * len(arrays) / (time.perf_counter() - start) / 1e9


def _copy(pair: tuple[np.ndarray, np.ndarray]) -> None:
    source, target = pair
    for _ in range(COPIES):
        np.copyto(target, source)
