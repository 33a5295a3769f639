"""Work that several threads share, each with commands in a folder of its own."""

from argparse import ArgumentParser
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def add_argument(parser: ArgumentParser) -> None:
    """The number of threads."""
    parser.add_argument("--jobs", type=int, default=2, help="commands to run at a time")


def in_parallel(jobs: int, work: Callable[[int], Result]) -> list[Result]:
    """What each thread, told its number, returns; raises what one raises."""
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(work, range(jobs)))
