"""Evaluating decisions on a whole store, whatever the engine."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from swift_openclip.spread import Part, SpreadJob
from swift_openclip.staging import StagedWriter
from swift_openclip.worker import Worker

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
    """

    categories: str
    results: str

    @property
    def columns(self) -> pa.Schema:
        return _FILES

    def prepare(self) -> None:
        """Checks that the file of results can be written.

        Raises:
            FileExistsError: It exists.
            ValueError: Its name does not end in `.parquet`.
        """
        if not self.results.endswith(".parquet"):
            raise ValueError(f"{self.results}: the name of a file of results must end in '.parquet'.")
        if Path(self.results).exists():
            raise FileExistsError(f"{self.results} exists already. Remove it, or choose another name.")
        self._staging.mkdir(parents=True, exist_ok=True)

    def start_worker(self) -> Worker:
        return Worker(self.command.worker("--mode", "classify", "--categories", self.categories))

    def run(self, worker: Worker, parts: Iterable[Part]) -> pa.RecordBatch:
        numbers: list[int] = []

        def vectors() -> Iterator[pa.RecordBatch]:
            for part in parts:
                for batch in part.vectors(_ROWS_PER_BLOCK):
                    numbers.append(part.number)
                    yield batch

        files: dict[int, StagedWriter] = {}
        try:
            for block, answers in enumerate(worker.map(vectors())):
                part = numbers[block]
                if part not in files:
                    files[part] = StagedWriter(self._staging, f"{uuid.uuid4().hex}.parquet", answers.schema)
                files[part].write(answers)
            for writer in files.values():
                writer.close()
        except BaseException:
            for writer in files.values():
                writer.discard()
            raise
        names = [writer.name for writer in files.values()]
        return pa.record_batch([pa.array(files, pa.int32()), pa.array(names, pa.string())], schema=_FILES)

    def finish(self, files: Iterable[pa.RecordBatch], options: Sequence[str]) -> str:
        """Joins the files of all tasks, and evaluates them.

        Args:
            files: What the tasks returned.
            options: Options of `clip-cli evaluate`, among them `--labels`.

        Returns:
            What the command printed.

        Raises:
            CommandError: It failed; the file of results remains.
        """
        rows = pa.Table.from_batches(files, _FILES).sort_by("part")
        self._join([self._staging / name for name in rows["file"].to_pylist()])
        shutil.rmtree(self._staging, ignore_errors=True)
        return self.command.run("evaluate", self.results, "--categories", self.categories, *options)

    def _join(self, paths: list[Path]) -> None:
        hidden = Path(f"{self.results}.tmp")
        with pq.ParquetWriter(hidden, pq.read_schema(paths[0])) as writer:
            for path in paths:
                with pq.ParquetFile(path) as file:
                    for batch in file.iter_batches():
                        writer.write_batch(batch)
        hidden.rename(self.results)

    @property
    def _staging(self) -> Path:
        return Path(f"{self.results}.parts")
