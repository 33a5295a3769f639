"""The files of a store, as `clip-cli` reads them."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pyarrow.parquet as pq

from swift_openclip.staging import FOLDER, MANIFEST

_REJECTS = "rejects.parquet"
_COMPLETE = b"openclip.complete"
_LARGEST_NUMBER = 999_999_999


class IncompleteStoreWarning(UserWarning):
    """The last run on a store was interrupted, so images may be missing."""


def part_files(store: str | Path) -> list[str]:
    """The paths of a store's parts, in the order of their rows; empty if there are none.

    A merged part replaces those in its range of numbers, which may still exist for a while.

    Raises:
        ValueError: The name of a file resembles a part's, but is not one that a store writes.
    """
    ranges = {numbers: path for path in Path(store).glob("part-*.parquet") if (numbers := _numbers(path))}
    read: list[str] = []
    last = -1
    # A merged part comes before those that it covers, and parts overlap only so.
    for numbers in sorted(ranges, key=lambda range: (range[0], -range[1])):
        if numbers[1] > last:
            read.append(str(ranges[numbers]))
            last = numbers[1]
    return read


def complete_parts(store: str | Path) -> list[str]:
    """The same for a store that is to be read as a whole.

    Warns:
        IncompleteStoreWarning: The store's last run was interrupted.

    Raises:
        FileNotFoundError: There are no parts.
        FileExistsError: Staged files are waiting to be adopted, or are being adopted.
        ValueError: As for `part_files`.
    """
    manifest = Path(store) / FOLDER / MANIFEST
    if manifest.exists():
        raise FileExistsError(
            f"{store} is not complete yet: {manifest} lists files that are being adopted. Wait for that, or, if it was "
            f"interrupted, complete it with 'clip-cli store adopt {store} --model MODEL'."
        )
    parts = part_files(store)
    if not parts:
        raise FileNotFoundError(f"There is no store at {store}: it has no part-*.parquet.")
    if not _is_complete(Path(store) / _REJECTS):
        warnings.warn(
            f"{store}: the last run was interrupted, so images may be missing. Repeat it to complete the store.",
            IncompleteStoreWarning,
            stacklevel=2,
        )
    return parts


def _numbers(path: Path) -> tuple[int, int] | None:
    """The numbers of the first and the last part that a file contains; `None` if it is no part."""
    match = re.fullmatch(r"part-([0-9]+)(?:-([0-9]+))?\.parquet", path.name)
    if match is None:
        return None
    first, last = int(match[1]), int(match[2] or match[1])
    regular = f"part-{first:05}.parquet" if first == last else f"part-{first:05}-{last:05}.parquet"
    if first > last or last > _LARGEST_NUMBER or path.name != regular:
        raise ValueError(
            f"{path} resembles a part of the store but is not a valid part name. Rename it, or move it out of the "
            "folder."
        )
    return first, last


def _is_complete(rejects: Path) -> bool:
    """Whether the last run ended; version 0.1 wrote the file at the end of a run and did not record this."""
    if not rejects.exists():
        return False
    metadata: dict[bytes, bytes] = pq.read_schema(rejects).metadata or {}
    return metadata.get(_COMPLETE, b"true") == b"true"
