"""Input of tests, and the double of `clip-cli` they use."""

from __future__ import annotations

import sys
from pathlib import Path

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
