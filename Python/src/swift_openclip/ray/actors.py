"""Actors that own worker processes."""

from __future__ import annotations

from abc import ABC, abstractmethod

import pyarrow as pa
from ray.data import ActorPoolStrategy

from swift_openclip.classify import ClassifyJob
from swift_openclip.job import EmbedJob
from swift_openclip.process import WorkerError
from swift_openclip.spread import SpreadJob
from swift_openclip.worker import Worker

# As often as Spark tries a task.
ATTEMPTS = 4


def pool(workers: int | tuple[int, int]) -> ActorPoolStrategy:
    """A number of actors, or the least and the most."""
    if isinstance(workers, int):
        return ActorPoolStrategy(size=workers)
    return ActorPoolStrategy(min_size=workers[0], max_size=workers[1])


class Actor(ABC):
    """Keeps a worker process for the tasks of an actor, and repeats a task if the process fails temporarily.

    Ray repeats a task whose actor dies, but not one that raises.
    """

    def __init__(self, job: EmbedJob | ClassifyJob | SpreadJob) -> None:
        self._start = job.start_worker
        self._worker = self._start()

    def __call__(self, table: pa.Table) -> pa.Table:
        attempt = 1
        while True:
            try:
                return self._results(self._worker, table)
            except BaseException as error:
                # Another attempt, or the next task, finds a new one.
                self._worker.kill()
                self._worker = self._start()
                if attempt == ATTEMPTS or not (isinstance(error, WorkerError) and error.is_temporary):
                    raise
                attempt += 1

    @abstractmethod
    def _results(self, worker: Worker, table: pa.Table) -> pa.Table: ...
