"""Input of tests, and the double of `clip-cli` they use."""

from __future__ import annotations

import contextlib
import errno
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa

STUB = Path(__file__).with_name("stub_worker.py")


def command(behaviour: str = "good") -> list[str]:
    """The command line of a double that behaves in a certain way."""
    return [sys.executable, str(STUB), "--model", behaviour]


def program(folder: Path, adoption: str) -> str:
    """A double of `clip-cli` whose `store adopt` is a line of shell."""
    script = folder / "clip-cli"
    script.write_text(f'#!/bin/sh\n[ "$1" = worker ] && exec {sys.executable} {STUB} "$@"\n{adoption}\n')
    script.chmod(0o755)
    return str(script)


def flip_bit(path: Path, offset: int) -> None:
    """Changes a bit of a file."""
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(data)


@contextlib.contextmanager
def failing(name: str, call: int) -> Iterator[None]:
    """Lets a function fail at one of its calls, as on a disk that is full."""
    original, calls = pkgutil.resolve_name(name), 0

    def function(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            raise OSError(errno.ENOSPC, "No space left on device")
        return original(*arguments, **options)

    with mock.patch(name, function):
        yield


def batch(numbers: range, damaged: frozenset[int] = frozenset()) -> pa.RecordBatch:
    """Images with integer ids; some are damaged, and have a column to carry."""
    images = [b"damaged" if number in damaged else f"image {number}".encode() * 100 for number in numbers]
    return pa.RecordBatch.from_pydict(
        {
            "id": pa.array(list(numbers), pa.int64()),
            "bytes": pa.array(images, pa.binary()),
            "year": pa.array([2000 + number % 7 for number in numbers], pa.int32()),
        }
    )
