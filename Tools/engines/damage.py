"""A damaged store, which no engine may read as if it were whole."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

from engines.job import Job
from stored import require

# What readers say of a page that does not match its checksum.
REASONS = re.compile(r"CRC|FAILED_READ_FILE")


def damaged_copy(job: Job) -> Path:
    """A store of one part, with a changed bit in one of its vectors."""
    folder = job.scratch / "damaged"
    folder.mkdir()
    part = min(job.store.glob("part-*.parquet"))
    vectors = pq.read_table(part, columns=["embedding"])["embedding"].combine_chunks()
    value = vectors[len(vectors) // 2].values.to_numpy().tobytes()
    data = bytearray(part.read_bytes())
    data[data.index(value)] ^= 1
    (folder / part.name).write_bytes(data)
    shutil.copy(job.store / "rejects.parquet", folder)
    return folder


def require_refused(read: Callable[[], object], what: str) -> None:
    """Ends the program unless reading fails because of a checksum."""
    try:
        read()
    except Exception as error:
        require(REASONS.search(str(error)) is not None, f"{what}: the error does not tell of a damaged page: {error}")
    else:
        require(False, f"{what}: a damaged page was read")
