"""A job that embeds images, whatever the engine: what its tasks run, and how their files become a store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from swift_openclip.command import ClipCommand, CommandError, is_stopped
from swift_openclip.manifest import Manifest
from swift_openclip.parts import Images, Rows, carried_columns, embed, noted, sliced
from swift_openclip.resume import Records
from swift_openclip.staging import FOLDER, PART, REJECTS, Attempt, StagedFile, total_rows
from swift_openclip.store import part_files
from swift_openclip.worker import Worker


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
    store. Files of attempts that were killed, repeated or too late are not listed. If the driver dies before that, the
    same job, run again, copies the results of attempts that finished.

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

    def prepare(self, source: pa.Schema | None = None) -> None:
        """Creates the folder of the store, and checks what can be checked before any work is done.

        Args:
            source: The columns of the images, if they are known.

        Raises:
            TypeError: A column has a type that a store does not keep.
            ValueError: A column has a name that is reserved, or that occurs twice.
            FileExistsError: The folder is a store already, or the files of another job wait there to be adopted.
        """
        if source is not None:
            carried_columns([field for field in source if field.name not in self.command.input_columns])
        self._staging.mkdir(parents=True, exist_ok=True)
        self._manifest.require_none()
        if part_files(self.output):
            raise FileExistsError(f"{self.output} is a store already. Choose another folder.")

    def start_worker(self, environment: Mapping[str, str] | None = None) -> Worker:
        """Starts a process that embeds."""
        return Worker(self.command.worker(), environment)

    def run(self, worker: Worker, batches: Iterable[pa.RecordBatch]) -> list[StagedFile]:
        """Embeds batches with the columns of `clip-cli worker` into staged files, as one attempt at a task.

        Results that an earlier attempt has recorded are copied.
        """
        return self._attempt(batches, lambda images: embed(worker, images))

    def run_task(
        self, batches: Iterable[pa.RecordBatch], environment: Mapping[str, str] | None = None
    ) -> list[StagedFile]:
        """Does the same with a process of its own, which is started if there is an image to embed."""

        def with_worker(images: Iterator[Images]) -> Iterator[Rows]:
            with self.start_worker(environment) as worker:
                yield from embed(worker, images)

        return self._attempt(batches, with_worker)

    def commit(
        self, files: Iterable[StagedFile], *, expect: int | None = None, remove_others: bool = False
    ) -> EmbeddedStore:
        """Makes a store of the files that the tasks returned.

        Args:
            files: The files of one attempt per task, in the order of the tasks.
            expect: The number of images in the job's input; `None` does not check it.
            remove_others: Whether to remove the files of other attempts. Only if none can still be running.

        Raises:
            FileExistsError: The files of another job wait in the folder to be adopted.
            CommandError: `clip-cli store adopt` refused them, or was stopped.
        """
        files = list(files)
        self._manifest.write(files)
        # From here on, the list is what an interrupted job continues with.
        self._records.remove()
        try:
            message = self.command.adopt(self.output, expect=expect, remove_others=remove_others)
        except CommandError as error:
            advice = self._manifest.advice if is_stopped(error.exit_code) else self._manifest.withdraw(files)
            raise CommandError(f"{error}\n{advice}", error.exit_code) from None
        return EmbeddedStore(self.output, total_rows(files, PART), total_rows(files, REJECTS), message)

    def _attempt(
        self, batches: Iterable[pa.RecordBatch], embed: Callable[[Iterator[Images]], Iterator[Rows]]
    ) -> list[StagedFile]:
        images = noted(sliced(batches, self.rows_per_batch), [self.command.model, *self.command.arguments])
        done = []
        with Attempt(self._staging, rows_per_part=self.rows_per_part) as attempt:
            for batch, rows in self._records.results(images, embed):
                attempt.write(rows)
                done.append(batch)
            attempt.close()
            self._records.write(done, attempt.files)
        return attempt.files

    @property
    def _records(self) -> Records:
        return Records(self._staging)

    @property
    def _staging(self) -> Path:
        return Path(self.output) / FOLDER

    @property
    def _manifest(self) -> Manifest:
        return Manifest(self.output, f"{self.command.program} store adopt {self.output} --model {self.command.model}")
