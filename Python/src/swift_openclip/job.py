"""A job that embeds images, whatever the engine: what its tasks run, and how their files become a store."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import pyarrow as pa

from swift_openclip.command import ClipCommand
from swift_openclip.parts import embed, sliced
from swift_openclip.staging import FOLDER, PART, REJECTS, Attempt, StagedFile, sync_folder, total_rows
from swift_openclip.worker import Worker

_MANIFEST = "manifest.json"
_MANIFEST_FORMAT = 1


@dataclass(frozen=True)
class EmbeddedStore:
    """A store that a job has written.

    Attributes:
        path: Its folder.
        embedded: The number of images with vectors.
        rejected: The number of images that failed; `rejects.parquet` lists them.
        message: What `clip-cli store adopt` printed.
    """

    path: str
    embedded: int
    rejected: int
    message: str


@dataclass(frozen=True)
class EmbedJob:
    """Embeds images exactly once, however often their tasks run.

    Each attempt at a task writes files under names of its own into `OUTPUT/_staging`, which all machines share, and
    returns their names. An engine returns the result of one successful attempt per task, so the files whose names come
    back hold each image once. `commit` lists them in a manifest, and `clip-cli store adopt` checks them and makes the
    store. Files of attempts that were killed, repeated or too late are not listed and never read.

    Attributes:
        command: The program and the model.
        output: The folder of the new store, on storage that all machines share under this path.
        rows_per_batch: How many images a worker gets at a time: a multiple of its batch size.
        rows_per_part: The maximum number of vectors in a file.
    """

    command: ClipCommand
    output: str
    rows_per_batch: int = 256
    rows_per_part: int = 50_000

    def prepare(self) -> None:
        """Creates the folder of the store.

        Raises:
            FileExistsError: The folder is a store already, or the files of an earlier job wait there to be adopted.
        """
        folder = Path(self.output)
        self._staging.mkdir(parents=True, exist_ok=True)
        if (self._staging / _MANIFEST).exists():
            raise FileExistsError(
                f"{self._staging / _MANIFEST} lists the files of an earlier job. Complete it with "
                f"'{self.command.program} store adopt {self.output} --model {self.command.model}'."
            )
        if next(folder.glob("part-*.parquet"), None) is not None:
            raise FileExistsError(f"{self.output} is a store already. Choose another folder.")

    def start_worker(self, environment: Mapping[str, str] | None = None) -> Worker:
        """Starts a process that embeds."""
        return Worker(self.command.worker(), environment)

    def run(self, worker: Worker, batches: Iterable[pa.RecordBatch]) -> list[StagedFile]:
        """Embeds batches with the columns of `clip-cli worker` into staged files, as one attempt at a task."""
        with Attempt(self._staging, rows_per_part=self.rows_per_part) as attempt:
            for rows in embed(worker, sliced(batches, self.rows_per_batch)):
                attempt.write(rows)
        return attempt.files

    def run_task(
        self, batches: Iterable[pa.RecordBatch], environment: Mapping[str, str] | None = None
    ) -> list[StagedFile]:
        """Does the same with a process of its own, which is started if there is an image."""
        rest = sliced(batches, self.rows_per_batch)
        first = next(rest, None)
        if first is None:
            return []
        with self.start_worker(environment) as worker:
            return self.run(worker, chain([first], rest))

    def commit(
        self, files: Iterable[StagedFile], *, expect: int | None = None, remove_others: bool = False
    ) -> EmbeddedStore:
        """Makes a store of the files that the tasks returned.

        Args:
            files: The files of one attempt per task, in the order of the tasks.
            expect: The number of images in the job's input; `None` does not check it.
            remove_others: Whether to remove the files of other attempts. Only if none can still be running.

        Raises:
            CommandError: `clip-cli store adopt` refused them.
        """
        files = list(files)
        parts = [file for file in files if file.kind == PART]
        rejects = [file for file in files if file.kind == REJECTS]
        self._write_manifest(parts, rejects)
        message = self.command.adopt(self.output, expect=expect, remove_others=remove_others)
        return EmbeddedStore(self.output, total_rows(files, PART), total_rows(files, REJECTS), message)

    @property
    def _staging(self) -> Path:
        return Path(self.output) / FOLDER

    def _write_manifest(self, parts: list[StagedFile], rejects: list[StagedFile]) -> None:
        def entries(files: list[StagedFile]) -> list[dict[str, object]]:
            return [{key: value for key, value in asdict(file).items() if key != "kind"} for file in files]

        manifest = {"format": _MANIFEST_FORMAT, "parts": entries(parts), "rejects": entries(rejects)}
        hidden = self._staging / f".{_MANIFEST}.tmp"
        with hidden.open("w", encoding="utf-8") as file:
            json.dump(manifest, file)
            file.flush()
            os.fsync(file.fileno())
        hidden.rename(self._staging / _MANIFEST)
        sync_folder(self._staging)
