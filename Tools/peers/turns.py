"""Turns: everything runs once in each, in another order every time, and ratios are taken within turns."""

import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass


def in_turns(functions: dict[str, Callable[[], float]], turns: int) -> dict[str, list[float]]:
    """What each function returned in each turn."""
    results: dict[str, list[float]] = {name: [] for name in functions}
    for turn in range(turns):
        for name in random.Random(turn).sample(sorted(functions), len(functions)):
            results[name].append(functions[name]())
    return results


@dataclass(frozen=True)
class Ratio:
    """How many times as fast: the median over turns, with the first and third quartile."""

    median: float
    low: float
    high: float


def speed_ratio(ours: list[float], theirs: list[float]) -> Ratio:
    """From seconds in the same turns. A machine that was slow in one turn was slow for both."""
    ratios = [their / our for our, their in zip(ours, theirs, strict=True)]
    if len(ratios) == 1:
        return Ratio(ratios[0], ratios[0], ratios[0])
    low, _, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return Ratio(statistics.median(ratios), low, high)
