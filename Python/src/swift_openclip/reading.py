"""Rows of Parquet files, whose pages are verified by their checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_BYTES_AT_A_TIME = 1 << 20


def read_batches(path: str | Path, *, columns: list[str] | None = None, rows: int = 65_536) -> Iterator[pa.RecordBatch]:
    """The rows of a file, in order, with its metadata.

    Args:
        path: The file.
        columns: The names of the columns; all if there are none.
        rows: The maximum number of rows in a batch, each of which but the last has as many.

    Raises:
        OSError: It cannot be read, or a page does not match its checksum.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            # Without the numbers that Parquet notes beside a column, in which files of the same columns may differ.
            names = columns or file.schema_arrow.names
            fields = [file.schema_arrow.field(name).remove_metadata() for name in names]
            schema = pa.schema(fields, metadata=file.schema_arrow.metadata)
            for batch in file.iter_batches(batch_size=rows, columns=columns):
                yield pa.record_batch(batch.columns, schema=schema)
    except (OSError, pa.ArrowException) as error:
        raise OSError(f"{path} cannot be read, and may be damaged: {error}") from error


def sha256(path: Path) -> str:
    """The SHA-256 of a file: 64 lower-case hexadecimal digits.

    Raises:
        OSError: It cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while data := file.read(_BYTES_AT_A_TIME):
            digest.update(data)
    return digest.hexdigest()
