"""What an actor does about a worker that fails."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import pyarrow as pa
from images import batch, program

from swift_openclip.command import ClipCommand
from swift_openclip.job import EmbedJob
from swift_openclip.process import WorkerError
from swift_openclip.ray.actors import ATTEMPTS
from swift_openclip.ray.embed import _EmbedActor


class ActorTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.table = pa.Table.from_batches([batch(range(30))])

    def actor(self, behaviour: str) -> _EmbedActor:
        command = ClipCommand(behaviour, program(self.folder, "exit 1"))
        actor = _EmbedActor(EmbedJob(command, str(self.folder / "store"), rows_per_batch=16))
        self.addCleanup(lambda: actor._worker.kill())
        return actor

    def test_a_task_whose_worker_dies_is_repeated(self) -> None:
        files = self.actor(f"killed-until:1:{self.folder / 'deaths'}")(self.table)
        self.assertEqual(files["rows"].to_pylist(), [30])
        staged = self.folder.glob("store/_staging/*.parquet")
        self.assertEqual([path.name for path in staged], files["file"].to_pylist())

    def test_a_task_is_not_repeated_for_ever(self) -> None:
        deaths = self.folder / "deaths"
        with self.assertRaises(WorkerError):
            self.actor(f"killed-until:100:{deaths}")(self.table)
        self.assertEqual(len(deaths.read_text().splitlines()), ATTEMPTS)

    def test_a_failure_that_would_come_again_is_raised_at_once(self) -> None:
        actor = self.actor("exit:66")
        started: list[object] = []
        start = actor._start
        actor._start = lambda: started.append(None) or start()  # type: ignore[func-returns-value]
        with self.assertRaises(WorkerError):
            actor(self.table)
        self.assertEqual(len(started), 1)


if __name__ == "__main__":
    unittest.main()
