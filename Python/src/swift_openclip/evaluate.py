"""Evaluating decisions on a whole store, whatever the engine."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from swift_openclip.reading import read_batches
from swift_openclip.spread import Part, SpreadJob
from swift_openclip.worker import Worker
from swift_openclip.writing import Staged, StagedWriter, remove

# As `clip-cli classify` and `clip-cli evaluate` read a store.
_ROWS_PER_BLOCK = 2048
_FILES = pa.schema([pa.field("part", pa.int32()), pa.field("file", pa.string())])


@dataclass(frozen=True)
class EvaluateJob(SpreadJob):
    """Decides on all images with `clip-cli worker --mode classify`, and runs `clip-cli evaluate` on the decisions.

    Each task writes a file of results for each of its parts, under a name of its own, and returns the names. The driver
    joins the files of one attempt per task in store order, and `clip-cli evaluate` reads the result.

    Attributes:
        categories: The category file, under this path on every machine.
        results: The file of results to be written, on storage that all machines share under this path.
        name: What no other job has in the name of the folder of its tasks' files.
    """

    categories: str
    results: str
    name: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def columns(self) -> pa.Schema:
        return _FILES

    @contextlib.contextmanager
    def prepared(self) -> Iterator[None]:
        """Checks that the file of results can be written, and keeps a folder beside it for the files of the tasks.

        The folder is removed at the end, also after an error.

        Raises:
            FileExistsError: The file exists.
            ValueError: Its name does not end in `.parquet`.
        """
        if not self.results.endswith(".parquet"):
            raise ValueError(f"{self.results}: the name of a file of results must end in '.parquet'.")
        self._require_none()
        self._staging.mkdir(parents=True)
        try:
            yield
        finally:
            shutil.rmtree(self._staging, ignore_errors=True)

    def start_worker(self) -> Worker:
        return Worker(self.command.worker("--mode", "classify", "--categories", self.categories))

    def run(self, worker: Worker, parts: Iterable[Part]) -> pa.RecordBatch:
        numbers: list[int] = []

        def vectors() -> Iterator[pa.RecordBatch]:
            for part in parts:
                for batch in part.vectors(_ROWS_PER_BLOCK):
                    numbers.append(part.number)
                    yield batch

        with _PartFiles(self._staging) as files:
            for block, answers in enumerate(worker.map(vectors())):
                files.write(numbers[block], answers)
        columns = [pa.array(files.names, pa.int32()), pa.array(files.names.values(), pa.string())]
        return pa.record_batch(columns, schema=_FILES)

    def finish(self, files: Iterable[pa.RecordBatch], options: Sequence[str]) -> str:
        """Joins the files of all tasks, and evaluates them.

        Args:
            files: What the tasks returned.
            options: Options of `clip-cli evaluate`, among them `--labels`.

        Returns:
            What the command printed.

        Raises:
            ValueError: There are none, because the store has no images.
            FileExistsError: Another job has written the file of results in the meantime.
            OSError: A file of a task cannot be read, or is damaged.
            CommandError: The command failed; the file of results remains.
        """
        rows = pa.Table.from_batches(files, _FILES).sort_by("part")
        if rows.num_rows == 0:
            raise ValueError(f"{self.store} has no images to evaluate decisions on: all of its parts are empty.")
        self._join([self._staging / name for name in rows["file"].to_pylist()])
        return self.command.run("evaluate", self.results, "--categories", self.categories, *options)

    def _join(self, paths: list[Path]) -> None:
        joined = self._staging / "joined.parquet"
        with pq.ParquetWriter(joined, pq.read_schema(paths[0]), write_page_checksum=True) as writer:
            for path in paths:
                for batch in read_batches(path):
                    writer.write_batch(batch)
        self._require_none()
        joined.rename(self.results)

    def _require_none(self) -> None:
        if Path(self.results).exists():
            raise FileExistsError(f"{self.results} exists already. Remove it, or choose another name.")

    @property
    def _staging(self) -> Path:
        return Path(f"{self.results}.{self.name}.parts")


class _PartFiles(Staged):
    """Writes the results of one attempt at a task, part by part: a file for each, of which only the last is open.

    The files of an attempt that raises are removed.

    Attributes:
        names: The name of the file of each part.
    """

    def __init__(self, folder: Path) -> None:
        self.names: dict[int, str] = {}
        self._folder = folder
        self._part: int | None = None
        self._writer: StagedWriter | None = None

    def __enter__(self) -> _PartFiles:
        return self

    def write(self, part: int, results: pa.RecordBatch) -> None:
        """Adds results to the file of a part, which is complete once those of another part follow."""
        if self._writer is None or part != self._part:
            self.close()
            self._writer = self._begin(part, results.schema)
        self._writer.write(results)

    def _begin(self, part: int, schema: pa.Schema) -> StagedWriter:
        if part in self.names:
            raise ValueError(f"Part {part} of the store is named twice. Name each part of a task once.")
        self._part = part
        self.names[part] = f"{uuid.uuid4().hex}.parquet"
        return StagedWriter(self._folder, self.names[part], schema)

    def close(self) -> None:
        """Completes the last file."""
        if self._writer is not None:
            self._writer.close()

    def _discard(self) -> None:
        if self._writer is not None:
            self._writer.discard()
        remove(self._folder, self.names.values())
