"""A job without an engine: what its tasks return, and what it hands over for adoption."""

from __future__ import annotations

import errno
import io
import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import pyarrow as pa
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

    @property
    def staging(self) -> Path:
        return self.store / "_staging"

    def job(self, adoption: str = 'echo "$@"') -> EmbedJob:
        return EmbedJob(ClipCommand("good", program(self.folder, adoption)), str(self.store), rows_per_batch=16)

    def test_a_task_returns_its_files(self) -> None:
        files = self.job().run_task([batch(range(30)), batch(range(30, 50), damaged=frozenset({31}))])
        self.assertEqual([(file.kind, file.rows) for file in files], [("part", 49), ("rejects", 1)])
        self.assertEqual(sorted(path.name for path in self.staging.glob("*.parquet")), sorted(f.file for f in files))

    def test_a_task_without_images_starts_no_worker(self) -> None:
        job = EmbedJob(ClipCommand("good", "no-such-program"), str(self.store))
        self.assertEqual(job.run_task([batch(range(0))]), [])

    def test_columns_are_checked_before_the_job_starts(self) -> None:
        text = pa.string()
        images = [("id", text), ("bytes", pa.binary()), ("year", pa.int32())]
        for columns, error in (
            ([("source_version", text)], "'source_version' cannot be carried: the name is reserved"),
            ([("stage", text)], "'stage' cannot be carried: the name is reserved"),
            ([("year", text)], "'year' occurs twice"),
            ([("day", pa.date32())], "'day' of type date32"),
            ([("picture", pa.binary())], "'picture' of type binary"),
        ):
            with self.subTest(error), self.assertRaisesRegex((TypeError, ValueError), error):
                self.job().prepare(pa.schema(images + columns))
            self.assertFalse(self.store.exists())
        self.job().prepare(pa.schema(images))

    def test_options_name_the_columns_that_are_not_carried(self) -> None:
        for options in (
            ("--image-column", "picture", "--id-column", "key"),
            ("--image-column=picture", "--id-column=key"),
        ):
            self.assertEqual(ClipCommand("good", arguments=options).input_columns, {"picture", "key"})
        self.assertEqual(ClipCommand("good").input_columns, {"id", "bytes", "path", "uri"})

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

    def test_an_adoption_succeeds_also_if_its_messages_cannot_be_passed_on(self) -> None:
        closed = io.StringIO()
        closed.close()
        for stream in (closed, None):
            job = self.job("echo 'warning: files remain' >&2; rm \"$3/_staging/manifest.json\"; echo adopted")
            job.prepare()
            with mock.patch("sys.stderr", stream):
                self.assertEqual(job.commit([]).message, "adopted\n")

    def test_a_refused_adoption_is_raised_with_its_reason(self) -> None:
        job = self.job("echo 'error: an id occurs twice' >&2; exit 3")
        job.prepare()
        with self.assertRaisesRegex(
            CommandError, "^error: an id occurs twice\nNothing has been adopted. To start over"
        ):
            job.commit([])

    def test_after_a_refused_adoption_the_job_can_run_again(self) -> None:
        job = self.job('[ -e "$3/mended" ] || { echo "error: an id occurs twice" >&2; exit 3; }')
        job.prepare()
        first = job.run_task([batch(range(30))])
        with self.assertRaises(CommandError):
            job.commit(first)
        self.assertTrue(all((self.staging / file.file).exists() for file in first))
        self.assertEqual(len(json.loads((self.staging / "manifest.refused.json").read_text())["parts"]), 1)
        (self.store / "mended").touch()
        job.prepare()
        self.assertEqual(job.commit(job.run_task([batch(range(30))])).embedded, 30)

    def test_a_job_that_comes_second_is_not_adopted_over_the_first(self) -> None:
        # The first one's store is complete; a part of it has the name of one that is staged.
        job = self.job("exit 3")
        job.prepare()
        files = job.run_task([batch(range(30))])
        (self.store / "part-00000.parquet").touch()
        with self.assertRaises(CommandError):
            job.commit(files)
        self.assertFalse((self.staging / "manifest.json").exists())

    def test_an_adoption_that_failed_after_a_move_is_to_be_completed(self) -> None:
        for move in ("mv", "ln"):
            with self.subTest(move):
                self.store = self.folder / move
                job = self.job(f'{move} "$3"/_staging/*-part-*.parquet "$3/part-00000.parquet"; exit 3')
                job.prepare()
                with self.assertRaisesRegex(CommandError, "Complete it with '.*store adopt"):
                    job.commit(job.run_task([batch(range(30))]))
                self.assertTrue((self.staging / "manifest.json").exists())

    def test_an_adoption_that_was_stopped_is_to_be_completed(self) -> None:
        for end in ("kill -9 $$", "exit 130"):
            with self.subTest(end):
                self.store = self.folder / end[:4]
                job = self.job(end)
                job.prepare()
                with self.assertRaisesRegex(CommandError, "Complete it with '.*store adopt"):
                    job.commit([])
                self.assertTrue((self.staging / "manifest.json").exists())

    def test_of_two_jobs_on_one_folder_only_one_is_listed(self) -> None:
        job = self.job()
        job.prepare()
        job.commit([StagedFile("part", "first", 3, "1")])
        with self.assertRaisesRegex(FileExistsError, "of another job on the same folder"):
            job.commit([StagedFile("part", "second", 3, "1")])
        self.assertEqual(json.loads((self.staging / "manifest.json").read_text())["parts"][0]["file"], "first")
        self.assertEqual([path.name for path in self.staging.iterdir()], ["manifest.json"])

    def test_a_file_system_without_links_has_one_list_too(self) -> None:
        job = self.job()
        job.prepare()
        with mock.patch("os.link", side_effect=OSError(errno.EOPNOTSUPP, "not supported")):
            job.commit([])
            with self.assertRaises(FileExistsError):
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
