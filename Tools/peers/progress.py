"""What the benchmark is doing, for runs of many minutes."""

import sys
import time

_start = time.monotonic()


def say(what: str) -> None:
    """Prints a step, with the seconds since the start."""
    print(f"{time.monotonic() - _start:5.0f} s  {what}", file=sys.stderr, flush=True)
