"""A job without an engine: what its tasks return, and what it hands over for adoption."""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path

from images import batch, program

from swift_openclip.command import ClipCommand, CommandError
from swift_openclip.job import EmbedJob
from swift_openclip.staging import StagedFile


class JobTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.store = self.folder / "store"

    def job(self, adoption: str = 'echo "$@"') -> EmbedJob:
        return EmbedJob(ClipCommand("good", program(self.folder, adoption)), str(self.store), rows_per_batch=16)

    def test_a_task_returns_its_files(self) -> None:
        files = self.job().run_task([batch(range(30)), batch(range(30, 50), damaged=frozenset({31}))])
        self.assertEqual([(file.kind, file.rows) for file in files], [("part", 49), ("rejects", 1)])
        self.assertEqual(sorted(path.name for path in self.store.glob("_staging/*")), sorted(f.file for f in files))

    def test_a_task_without_images_starts_no_worker(self) -> None:
        job = EmbedJob(ClipCommand("good", "no-such-program"), str(self.store))
        self.assertEqual(job.run_task([batch(range(0))]), [])

    def test_files_are_listed_in_the_order_of_the_tasks_and_adopted(self) -> None:
        job = self.job()
        job.prepare()
        files = [StagedFile("part", "b", 3, "1"), StagedFile("rejects", "c", 1, "2"), StagedFile("part", "a", 4, "3")]
        store = job.commit(files, expect=8, remove_others=True)
        self.assertEqual((store.embedded, store.rejected), (7, 1))
        self.assertEqual(
            store.message.split(),
            ["store", "adopt", str(self.store), "--model", "good", "--expect", "8", "--remove-others"],
        )
        self.assertEqual(
            json.loads((self.store / "_staging/manifest.json").read_text()),
            {
                "format": 1,
                "parts": [{"file": "b", "rows": 3, "sha256": "1"}, {"file": "a", "rows": 4, "sha256": "3"}],
                "rejects": [{"file": "c", "rows": 1, "sha256": "2"}],
            },
        )

    def test_a_refused_adoption_is_raised_with_its_reason(self) -> None:
        job = self.job("echo 'error: an id occurs twice' >&2; exit 3")
        job.prepare()
        with self.assertRaisesRegex(CommandError, "^error: an id occurs twice$"):
            job.commit([])

    def test_a_job_does_not_start_where_another_waits_to_be_adopted(self) -> None:
        job = self.job()
        job.prepare()
        job.commit([])
        with self.assertRaisesRegex(FileExistsError, "Complete it with '.*store adopt .*store --model good'"):
            job.prepare()

    def test_a_job_does_not_start_where_a_store_is(self) -> None:
        self.store.mkdir()
        (self.store / "part-00000.parquet").touch()
        with self.assertRaisesRegex(FileExistsError, "is a store already"):
            self.job().prepare()


if __name__ == "__main__":
    unittest.main()
