"""Work on a whole store that is spread over a cluster, whatever the engine: each task works on some of its parts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from swift_openclip.command import ClipCommand
from swift_openclip.reading import read_batches
from swift_openclip.store import complete_parts
from swift_openclip.worker import Worker

_COLUMNS = ["id", "embedding"]


@dataclass(frozen=True)
class Part:
    """A part of a store.

    Attributes:
        number: Its place among the parts, from 0.
        path: Its file.
    """

    number: int
    path: str

    def vectors(self, rows: int) -> Iterator[pa.RecordBatch]:
        """Its ids and vectors with the store's metadata, in blocks of at most `rows` rows from its first row on.

        Raises:
            OSError: It cannot be read, or is damaged.
        """
        try:
            yield from read_batches(self.path, columns=_COLUMNS, rows=rows)
        except OSError as error:
            advice = "'clip-cli store verify' names all damaged files of a store, and 'clip-cli store repair' mends it."
            raise OSError(f"{error}. {advice}") from error


@dataclass(frozen=True)
class SpreadJob(ABC):
    """Asks workers about all vectors of a store.

    Blocks begin at the first row of each part, and are as long as those of the command that does the same on one
    machine, because the last bits of a product may depend on the number of its rows.

    Attributes:
        command: The program and the model.
        store: The store's folder, on storage that all machines share under this path.
    """

    command: ClipCommand
    store: str

    @property
    @abstractmethod
    def columns(self) -> pa.Schema:
        """The columns of what a task returns."""

    @abstractmethod
    def start_worker(self) -> Worker:
        """Starts a process that answers for vectors."""

    @abstractmethod
    def run(self, worker: Worker, parts: Iterable[Part]) -> pa.RecordBatch:
        """Asks a worker about parts, as one attempt at a task."""

    def run_task(self, parts: list[Part]) -> pa.RecordBatch:
        """Does the same with a process of its own."""
        with self.start_worker() as worker:
            return self.run(worker, parts)

    def shares(self, tasks: int) -> list[list[Part]]:
        """The parts of the store, divided among at most `tasks` tasks.

        Warns:
            IncompleteStoreWarning: The store's last run was interrupted.

        Raises:
            FileNotFoundError: There is no store.
            FileExistsError: The store is being adopted.
            ValueError: A file has an irregular name, or `tasks` is less than 1.
        """
        if tasks < 1:
            raise ValueError(f"A job needs at least one task, not {tasks}.")
        parts = [Part(number, path) for number, path in enumerate(complete_parts(self.store))]
        return [parts[start::tasks] for start in range(min(tasks, len(parts)))]
