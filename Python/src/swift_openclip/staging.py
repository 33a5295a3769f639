"""The files that one attempt at a task writes for a store."""

from __future__ import annotations

import contextlib
import hashlib
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from swift_openclip.parts import Rows

FOLDER = "_staging"
MANIFEST = "manifest.json"
PART = "part"
REJECTS = "rejects"
# As `embed` writes them.
_ROW_GROUP_ROWS = 4096


@dataclass(frozen=True)
class StagedFile:
    """A complete file in the staging folder.

    Attributes:
        kind: `part` or `rejects`.
        file: Its name.
        rows: The number of its rows.
        sha256: 64 lower-case hexadecimal digits.
    """

    kind: str
    file: str
    rows: int
    sha256: str


def file_columns(files: list[StagedFile]) -> dict[str, pa.Array]:
    """Files as the columns of a table, in which engines pass them to the driver; `StagedFile(**row)` is one again."""
    types = {"kind": pa.string(), "file": pa.string(), "rows": pa.int64(), "sha256": pa.string()}
    return {name: pa.array([getattr(file, name) for file in files], type) for name, type in types.items()}


class Attempt:
    """Writes the results of one attempt at a task into files of its own.

    A file gets its name when it is complete. Names are random: attempts at the same task, even at the same time, do not
    meet. The files of an attempt that raises are removed; those of one that is killed, or whose results are not used,
    remain and are not listed by any manifest.

        with Attempt(staging, rows_per_part=50_000) as attempt:
            attempt.write(rows)
        attempt.files
    """

    def __init__(self, folder: Path, *, rows_per_part: int) -> None:
        self._folder = folder
        self._rows_per_part = rows_per_part
        self._name = uuid.uuid4().hex
        self._open: dict[str, StagedWriter] = {}
        self.files: list[StagedFile] = []

    def __enter__(self) -> Attempt:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is None:
            for name in list(self._open):
                self._close(name)
            return
        for writer in self._open.values():
            writer.discard()
        for file in self.files:
            (self._folder / file.file).unlink(missing_ok=True)

    def write(self, rows: Rows) -> None:
        """Writes the results of a batch."""
        self._write(PART, rows.embedded, self._rows_per_part)
        self._write(REJECTS, rows.rejected, None)

    def _write(self, kind: str, batch: pa.RecordBatch, rows_per_file: int | None) -> None:
        while batch.num_rows > 0:
            writer = self._open.get(kind)
            if writer is None:
                name = f"{self._name}-{kind}-{len(self.files) + len(self._open):05}.parquet"
                writer = self._open[kind] = StagedWriter(self._folder, name, batch.schema)
            elif batch.schema != writer.schema or batch.schema.metadata != writer.schema.metadata:
                raise ValueError(
                    f"{self._folder} has files of an interrupted run with another model or version. Remove it, and run "
                    "the job again."
                )
            count = batch.num_rows if rows_per_file is None else min(batch.num_rows, rows_per_file - writer.rows)
            writer.write(batch.slice(0, count))
            batch = batch.slice(count)
            if writer.rows == rows_per_file:
                self._close(kind)

    def _close(self, kind: str) -> None:
        writer = self._open.pop(kind)
        self.files.append(StagedFile(kind, writer.name, writer.rows, writer.close()))


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
        # Plain values, which readers of vectors take directly from the file's pages.
        self._writer = pq.ParquetWriter(
            pa.PythonFile(self._file, "w"),
            schema,
            compression="none",
            use_dictionary=False,
            write_page_checksum=True,
        )

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
        self._sha256 = self._file.finish()
        self._hidden.rename(self._folder / self.name)
        sync_folder(self._folder)
        return self._sha256

    def discard(self) -> None:
        """Removes the file, unless it is complete."""
        with contextlib.suppress(OSError):
            self._writer.close()
        with contextlib.suppress(OSError):
            self._file.close()
        self._hidden.unlink(missing_ok=True)

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


def sync_folder(folder: Path) -> None:
    """Makes new names in a folder durable, if its file system supports that."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def total_rows(files: Iterable[StagedFile], kind: str) -> int:
    """The number of rows of the files of a kind."""
    return sum(file.rows for file in files if file.kind == kind)
