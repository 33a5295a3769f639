"""Results of earlier attempts, also those of a job whose driver died before it listed their files."""

from __future__ import annotations

import json
import os
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import pyarrow as pa

from swift_openclip.parts import Images, Rows
from swift_openclip.reading import read_batches, sha256
from swift_openclip.staging import PART, StagedFile
from swift_openclip.writing import remove, sync_folder

_SUFFIX = ".done.json"


@dataclass(frozen=True)
class EmbeddedBatch:
    """A batch of images whose results are in staged files.

    Attributes:
        name: What the batch is recognised by.
        embedded: The number of its rows in files of vectors.
        rejected: The number of its rows in files of failed images.
    """

    name: str
    embedded: int
    rejected: int


class Records:
    """Records of attempts that finished, in the staging folder, each under the name of the attempt's first batch.

    An attempt copies the results of the batches at its beginning if an earlier one began with the same, and embeds the
    rest. So it does not matter how another run divides the images among tasks, and the files that count are still those
    of one attempt per task.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def results(
        self, images: Iterable[Images], embed: Callable[[Iterator[Images]], Iterator[Rows]]
    ) -> Iterator[tuple[EmbeddedBatch, Rows]]:
        """The results of batches, in order; `embed` is called for those that no record has, if there are any."""
        rest = iter(images)
        batch = next(rest, None)
        record = self._find(batch.name) if batch else None
        while batch and record and (copied := record.next(batch.name)):
            yield copied
            batch = next(rest, None)
        if batch is None:
            return
        names: deque[str] = deque()

        def named() -> Iterator[Images]:
            for image in chain([batch], rest):
                names.append(image.name)
                yield image

        for rows in embed(named()):
            yield EmbeddedBatch(names.popleft(), rows.embedded.num_rows, rows.rejected.num_rows), rows

    def write(self, batches: list[EmbeddedBatch], files: list[StagedFile]) -> None:
        """Records an attempt whose files are complete."""
        if not batches:
            return
        record = {"batches": [asdict(batch) for batch in batches], "files": [asdict(file) for file in files]}
        path = self._path(batches[0].name)
        hidden = self._folder / f".{uuid.uuid4().hex}{_SUFFIX}.tmp"
        written = [hidden.name]
        try:
            with hidden.open("x", encoding="utf-8") as file:
                json.dump(record, file)
                file.flush()
                os.fsync(file.fileno())
            hidden.rename(path)
            # Until now, a record of this name is of another attempt.
            written.append(path.name)
            sync_folder(self._folder)
        except BaseException:
            remove(self._folder, written)
            raise

    def remove(self) -> None:
        """Removes all records, but not the files."""
        for path in self._folder.glob(f"*{_SUFFIX}"):
            path.unlink(missing_ok=True)

    def _find(self, name: str) -> _Record | None:
        """The record that begins with a batch; `None` if there is none, or one of its files is gone or changed."""
        try:
            record = json.loads(self._path(name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        files = [StagedFile(**file) for file in record["files"]]
        if not all(self._is_whole(file) for file in files):
            return None
        return _Record(self._folder, [EmbeddedBatch(**batch) for batch in record["batches"]], files)

    def _is_whole(self, file: StagedFile) -> bool:
        """Whether a file is what its attempt wrote."""
        try:
            return sha256(self._folder / file.file) == file.sha256
        except OSError:
            return False

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{_SUFFIX}"


class _Record:
    """What an attempt has embedded, read batch by batch."""

    def __init__(self, folder: Path, batches: list[EmbeddedBatch], files: list[StagedFile]) -> None:
        self._batches = deque(batches)
        self._embedded = _StoredRows([folder / file.file for file in files if file.kind == PART])
        self._rejected = _StoredRows([folder / file.file for file in files if file.kind != PART])

    def next(self, name: str) -> tuple[EmbeddedBatch, Rows] | None:
        """The results of the next batch, if it has this name."""
        if not self._batches or self._batches[0].name != name:
            return None
        batch = self._batches.popleft()
        return batch, Rows(self._embedded.take(batch.embedded), self._rejected.take(batch.rejected))


class _StoredRows:
    """The rows of Parquet files, one after another."""

    def __init__(self, paths: list[Path]) -> None:
        self._batches = chain.from_iterable(map(read_batches, paths))
        self._rest = _NO_ROWS

    def take(self, count: int) -> pa.RecordBatch:
        """The next rows."""
        taken = []
        while count > 0:
            if self._rest.num_rows == 0:
                self._rest = next(self._batches)
            taken.append(self._rest.slice(0, count))
            count -= taken[-1].num_rows
            self._rest = self._rest.slice(taken[-1].num_rows)
        return pa.Table.from_batches(taken).combine_chunks().to_batches()[0] if taken else _NO_ROWS


_NO_ROWS = pa.RecordBatch.from_pylist([], schema=pa.schema([]))
