"""The files that one attempt at a task writes for a store."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from swift_openclip.parts import Rows
from swift_openclip.writing import Staged, StagedWriter, remove

FOLDER = "_staging"
MANIFEST = "manifest.json"
PART = "part"
REJECTS = "rejects"


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


def total_rows(files: Iterable[StagedFile], kind: str) -> int:
    """The number of rows of the files of a kind."""
    return sum(file.rows for file in files if file.kind == kind)


class Attempt(Staged):
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

    def close(self) -> None:
        """Completes the files; has no effect on complete ones."""
        for kind in list(self._open):
            self._close(kind)

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
        writer = self._open[kind]
        self.files.append(StagedFile(kind, writer.name, writer.rows, writer.close()))
        del self._open[kind]

    def _discard(self) -> None:
        for writer in self._open.values():
            writer.discard()
        remove(self._folder, [file.file for file in self.files])
