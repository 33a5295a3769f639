"""Which files of a folder are a store's parts."""

from __future__ import annotations

import tempfile
import unittest
import warnings
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from swift_openclip import ClipCommand
from swift_openclip.classify import ClassifyJob
from swift_openclip.store import IncompleteStoreWarning, part_files


class StoreTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def parts(self, *names: str) -> list[str]:
        for name in names:
            (self.folder / name).touch()
        return [Path(path).name for path in part_files(self.folder)]

    def job(self, complete: str | None) -> ClassifyJob:
        """A job on a store of one part, whose last run recorded whether it was complete."""
        (self.folder / "part-00000.parquet").touch()
        if complete is not None:
            pq.write_table(
                pa.table({"id": pa.array([], pa.string())}).replace_schema_metadata({"openclip.complete": complete}),
                self.folder / "rejects.parquet",
            )
        return ClassifyJob(ClipCommand("model"), str(self.folder), "categories.yaml")

    def test_parts_are_in_the_order_of_their_numbers(self) -> None:
        names = ["part-00000-00002.parquet", "part-99999.parquet", "part-100000.parquet"]
        self.assertEqual(self.parts(*reversed(names)), names)

    def test_parts_that_a_merger_has_replaced_are_left_out(self) -> None:
        self.assertEqual(
            self.parts(
                "part-00000.parquet",
                "part-00000-00002.parquet",
                "part-00001-00002.parquet",
                "part-00002.parquet",
                "part-00003.parquet",
            ),
            ["part-00000-00002.parquet", "part-00003.parquet"],
        )

    def test_other_files_are_no_parts(self) -> None:
        self.assertEqual(self.parts("part-of-it.parquet", "part-00001.parquet.tmp", "rejects.parquet"), [])

    def test_an_irregular_name_is_refused(self) -> None:
        for name in (
            "part-0.parquet",
            "part-00002-00001.parquet",
            "part-00001-00001.parquet",
            "part-1000000000.parquet",
        ):
            with self.subTest(name), self.assertRaisesRegex(ValueError, f"{name} resembles a part"):
                self.parts(name)
            (self.folder / name).unlink()

    def test_a_store_that_is_being_adopted_is_refused(self) -> None:
        job = self.job("true")
        (self.folder / "_staging").mkdir()
        (self.folder / "_staging/manifest.json").touch()
        with self.assertRaisesRegex(FileExistsError, "not complete yet: .*manifest.json"):
            job.parts()

    def test_a_store_without_parts_is_missing(self) -> None:
        job = ClassifyJob(ClipCommand("model"), str(self.folder), "categories.yaml")
        with self.assertRaisesRegex(FileNotFoundError, "There is no store at"):
            job.parts()

    def test_an_interrupted_run_is_mentioned(self) -> None:
        for complete in (None, "false"):
            with self.subTest(complete), self.assertWarnsRegex(IncompleteStoreWarning, "was interrupted"):
                self.assertEqual(len(self.job(complete).parts()), 1)

    def test_a_complete_run_is_not_mentioned(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            self.assertEqual(len(self.job("true").parts()), 1)


if __name__ == "__main__":
    unittest.main()
