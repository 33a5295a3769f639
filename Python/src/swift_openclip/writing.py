"""Parquet files that have their names only when they are complete and durable."""

from __future__ import annotations

import contextlib
import hashlib
import os
from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

# As `embed` writes them.
_ROW_GROUP_ROWS = 4096


class Staged(ABC):
    """Files that are completed at the end of a `with` statement, and removed if that fails or the statement raises."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is not None:
            self._discard()
            return
        try:
            self.close()
        except BaseException:
            self._discard()
            raise

    @abstractmethod
    def close(self) -> None:
        """Completes the files."""

    @abstractmethod
    def _discard(self) -> None:
        """Removes the files."""


class StagedWriter:
    """Writes a Parquet file under a hidden name, and gives it its own when it is complete.

    Attributes:
        name: Its own name.
        rows: The number of rows written.
        schema: The columns and metadata.
    """

    def __init__(self, folder: Path, name: str, schema: pa.Schema) -> None:
        self.name = name
        self.rows = 0
        self._folder = folder
        self._hidden = folder / f".{name}.tmp"
        self._file = _HashedFile(self._hidden)
        self._pending: list[pa.RecordBatch] = []
        self._sha256 = ""
        self.schema = schema
        try:
            # Plain values, which readers of vectors take directly from the file's pages.
            self._writer = pq.ParquetWriter(
                pa.PythonFile(self._file, "w"),
                schema,
                compression="none",
                use_dictionary=False,
                write_page_checksum=True,
            )
        except BaseException:
            self._remove()
            raise

    def write(self, batch: pa.RecordBatch) -> None:
        """Adds rows."""
        self.rows += batch.num_rows
        self._pending.append(batch)
        if sum(pending.num_rows for pending in self._pending) >= _ROW_GROUP_ROWS:
            self._write_pending()

    def close(self) -> str:
        """Gives the complete file its name; has no effect on one that has it.

        Returns:
            Its SHA-256.
        """
        if self._sha256:
            return self._sha256
        self._write_pending()
        self._writer.close()
        sha256 = self._file.finish()
        self._hidden.rename(self._folder / self.name)
        self._sha256 = sha256
        sync_folder(self._folder)
        return self._sha256

    def discard(self) -> None:
        """Removes the file, complete or not, as far as that is possible."""
        with contextlib.suppress(OSError, ValueError, pa.ArrowException):
            self._writer.close()
        self._remove()
        remove(self._folder, [self.name])

    def _remove(self) -> None:
        """Removes what has no name yet."""
        with contextlib.suppress(OSError):
            self._file.close()
        remove(self._folder, [self._hidden.name])

    def _write_pending(self) -> None:
        if self._pending:
            table = pa.Table.from_batches(self._pending, self.schema)
            self._writer.write_table(table, row_group_size=_ROW_GROUP_ROWS)
            self._pending = []


class _HashedFile:
    """A file that is written from start to end and hashed on the way; what `pyarrow.PythonFile` needs of one."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb")
        self._hash = hashlib.sha256()

    def write(self, data: Any) -> int:
        self._hash.update(data)
        return self._file.write(data)

    def tell(self) -> int:
        return self._file.tell()

    def flush(self) -> None:
        self._file.flush()

    @property
    def closed(self) -> bool:
        return self._file.closed

    def close(self) -> None:
        self._file.close()

    def finish(self) -> str:
        """Makes the contents durable, and returns their hash."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._hash.hexdigest()


def remove(folder: Path, names: Iterable[str]) -> None:
    """Removes files of an attempt that failed, where they exist; what went wrong there counts, not what does here."""
    for name in names:
        with contextlib.suppress(OSError):
            (folder / name).unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Makes new names in a folder durable, if its file system supports that."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
