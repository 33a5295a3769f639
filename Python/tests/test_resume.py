"""What a job finds of one whose driver died."""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq
from images import batch, failing, flip_bit, program

from swift_openclip.command import ClipCommand
from swift_openclip.job import EmbedJob
from swift_openclip.resume import EmbeddedBatch, Records
from swift_openclip.staging import StagedFile
from swift_openclip.worker import Worker

DAMAGED = frozenset({3, 30, 77})


class ResumeTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.job = self.job_of(ClipCommand("good", program(self.folder, 'echo "$@"')))

    def job_of(self, command: ClipCommand) -> EmbedJob:
        return EmbedJob(command, str(self.folder / "store"), rows_per_batch=16, rows_per_part=25)

    def read(self, files: list[StagedFile], kind: str) -> pa.Table:
        staging = self.folder / "store" / "_staging"
        return pa.concat_tables(pq.read_table(staging / file.file) for file in files if file.kind == kind)

    def run_task(self, *numbers: int, job: EmbedJob | None = None) -> tuple[list[StagedFile], int]:
        """The files of an attempt, and how many images it gave to a worker."""
        sent = 0
        given = Worker.map

        def counted(worker: Worker, batches: object) -> object:
            nonlocal sent
            for result in given(worker, batches):  # type: ignore[arg-type]
                sent += result.num_rows
                yield result

        with mock.patch.object(Worker, "map", counted):
            files = (job or self.job).run_task([batch(range(*numbers), damaged=DAMAGED)])
        return files, sent

    def require_same(self, files: list[StagedFile], expected: list[StagedFile]) -> None:
        for kind in ("part", "rejects"):
            found, wanted = self.read(files, kind), self.read(expected, kind)
            self.assertTrue(found.schema.equals(wanted.schema, check_metadata=True))
            self.assertEqual(found.to_pylist(), wanted.to_pylist())
        self.assertFalse({file.file for file in files} & {file.file for file in expected})

    def test_a_task_that_finished_before_embeds_nothing(self) -> None:
        first, sent = self.run_task(100)
        self.assertEqual(sent, 100)
        again, sent = self.run_task(100)
        self.assertEqual(sent, 0)
        self.require_same(again, first)
        self.assertEqual([file.rows for file in again], [file.rows for file in first])

    def test_a_longer_task_embeds_the_rest_and_a_shorter_one_nothing(self) -> None:
        self.run_task(64)
        longer, sent = self.run_task(100)
        self.assertEqual(sent, 36)
        self.require_same(
            longer, self.run_task(100, job=self.job_of(ClipCommand("good", self.job.command.program, ["-v"])))[0]
        )
        _, sent = self.run_task(32)
        self.assertEqual(sent, 0)

    def test_other_images_models_and_options_are_embedded(self) -> None:
        self.run_task(100)
        self.assertEqual(self.run_task(1, 101)[1], 100)
        program = self.job.command.program
        for command in (ClipCommand("slow", program), ClipCommand("good", program, ["--precision", "int8"])):
            self.assertEqual(self.run_task(100, job=self.job_of(command))[1], 100)

    def test_an_attempt_that_failed_is_not_recorded(self) -> None:
        with self.assertRaises(RuntimeError):
            self.run_task(100, job=self.job_of(ClipCommand("exit:70", self.job.command.program)))
        self.assertEqual(list((self.folder / "store/_staging").iterdir()), [])

    def test_an_attempt_that_cannot_be_recorded_leaves_nothing(self) -> None:
        # Five files get their names before the record.
        for step, call in (("json.dump", 1), ("Path.rename", 6), ("sync_folder", 1)):
            with self.subTest(step):
                with self.assertRaises(OSError), failing(f"swift_openclip.resume.{step}", call):
                    self.run_task(100)
                self.assertEqual(list((self.folder / "store/_staging").iterdir()), [])

    def test_an_attempt_that_cannot_be_recorded_leaves_the_record_of_another(self) -> None:
        self.run_task(100)
        record = next((self.folder / "store/_staging").glob("*.done.json"))
        found = json.loads(record.read_text())
        batches = [EmbeddedBatch(**batch) for batch in found["batches"]]
        with self.assertRaises(OSError), failing("swift_openclip.resume.json.dump", 1):
            Records(record.parent).write(batches, [])
        self.assertEqual(json.loads(record.read_text()), found)

    def test_a_record_whose_files_are_gone_is_not_used(self) -> None:
        files, _ = self.run_task(100)
        (self.folder / "store/_staging" / files[0].file).unlink()
        self.assertEqual(self.run_task(100)[1], 100)

    def test_a_record_whose_files_have_changed_is_not_used(self) -> None:
        files, _ = self.run_task(100)
        path = self.folder / "store/_staging" / files[0].file
        flip_bit(path, path.stat().st_size // 2)
        again, sent = self.run_task(100)
        self.assertEqual(sent, 100)
        self.assertEqual(files[0].sha256, again[0].sha256)

    def test_records_end_with_the_list_of_the_files(self) -> None:
        files, _ = self.run_task(100)
        self.job.commit(files)
        self.assertEqual(list((self.folder / "store/_staging").glob("*.done.json")), [])


if __name__ == "__main__":
    unittest.main()
