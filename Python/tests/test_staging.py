"""Staged files: what is in them, and what an attempt leaves."""

from __future__ import annotations

import errno
import hashlib
import tempfile
import unittest
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from images import batch, command, failing

from swift_openclip import Worker
from swift_openclip.parts import embed, noted, sliced
from swift_openclip.staging import PART, REJECTS, Attempt, StagedFile, file_columns


class StagingTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "staging"

    def write(self, images: pa.RecordBatch, rows_per_part: int = 1000) -> list[StagedFile]:
        with Worker(command()) as worker, Attempt(self.folder, rows_per_part=rows_per_part) as attempt:
            for rows in embed(worker, noted(sliced([images], 16), [])):
                attempt.write(rows)
        return attempt.files

    def read(self, files: list[StagedFile], kind: str) -> pa.Table:
        return pa.concat_tables(pq.read_table(self.folder / file.file) for file in files if file.kind == kind)

    def test_parts_have_the_schema_of_a_store(self) -> None:
        files = self.write(batch(range(5)))
        schema = pq.read_schema(self.folder / files[0].file)
        self.assertEqual(schema.names[:5], ["id", "embedding", "source_version", "source_sha256", "source_damage"])
        self.assertFalse(schema.field("id").nullable or schema.field("embedding").nullable)
        self.assertEqual(schema.field("embedding").type.list_size, 4)
        self.assertFalse(schema.field("embedding").type.value_field.nullable)
        self.assertEqual(schema.field("year").type, pa.int64())
        self.assertEqual(schema.metadata[b"openclip.model_name"], b"stub")

    def test_rows_are_divided_into_embedded_and_rejected(self) -> None:
        files = self.write(batch(range(40), damaged=frozenset({3, 30})))
        rejects = self.read(files, REJECTS).to_pylist()
        self.assertEqual(
            rejects,
            [{"id": id, "stage": "decode", "reason": "not an image", "bytes": 7} for id in ("3", "30")],
        )
        parts = self.read(files, PART)
        self.assertEqual(parts["id"].to_pylist(), [str(number) for number in range(40) if number not in (3, 30)])
        self.assertEqual(parts["year"].to_pylist()[:4], [2000, 2001, 2002, 2004])
        self.assertEqual(parts["source_sha256"][0].as_py(), hashlib.sha256(b"image 0" * 100).hexdigest())

    def test_a_file_has_at_most_the_rows_that_were_asked_for(self) -> None:
        files = self.write(batch(range(100)), rows_per_part=30)
        self.assertEqual([file.rows for file in files], [30, 30, 30, 10])
        self.assertEqual(self.read(files, PART)["id"].to_pylist(), [str(number) for number in range(100)])

    def test_hashes_are_those_of_the_files(self) -> None:
        for file in self.write(batch(range(100), damaged=frozenset({3})), rows_per_part=30):
            self.assertEqual(hashlib.sha256((self.folder / file.file).read_bytes()).hexdigest(), file.sha256)

    def test_images_without_bytes_are_rejected_with_an_unknown_size(self) -> None:
        images = pa.RecordBatch.from_pydict({"id": pa.array([1]), "bytes": pa.nulls(1, pa.binary())})
        self.assertIsNone(self.read(self.write(images), REJECTS)["bytes"][0].as_py())

    def test_an_attempt_that_fails_leaves_nothing(self) -> None:
        with (
            self.assertRaises(LookupError),
            Worker(command()) as worker,
            Attempt(self.folder, rows_per_part=10) as attempt,
        ):
            for rows in embed(worker, noted(sliced([batch(range(100), damaged=frozenset({3}))], 16), [])):
                attempt.write(rows)
            self.assertTrue(attempt.files)
            raise LookupError
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_an_attempt_whose_files_cannot_be_completed_leaves_nothing(self) -> None:
        images = sliced([batch(range(100), damaged=frozenset({3, 50}))], 16)
        with Worker(command()) as worker:
            results = list(embed(worker, noted(images, [])))
        steps = ("_HashedFile.finish", "Path.rename", "sync_folder", "pq.ParquetWriter", "pq.ParquetWriter.close")
        for step in steps:
            # Three full parts, the last one, and the rejects.
            for call in range(1, 6):
                with self.subTest(step, call=call):
                    with (
                        self.assertRaises(OSError) as raised,
                        failing(f"swift_openclip.writing.{step}", call),
                        Attempt(self.folder, rows_per_part=30) as attempt,
                    ):
                        for rows in results:
                            attempt.write(rows)
                    self.assertEqual(raised.exception.errno, errno.ENOSPC)
                    self.assertEqual(list(self.folder.iterdir()), [])

    def test_attempts_at_the_same_task_do_not_meet(self) -> None:
        first, second = self.write(batch(range(20))), self.write(batch(range(20)))
        self.assertTrue({file.file for file in first}.isdisjoint(file.file for file in second))
        self.assertEqual([file.sha256 for file in first], [file.sha256 for file in second])

    def test_files_are_the_same_after_a_journey_in_a_table(self) -> None:
        files = self.write(batch(range(40), damaged=frozenset({3})), rows_per_part=30)
        self.assertEqual([StagedFile(**row) for row in pa.table(file_columns(files)).to_pylist()], files)
        self.assertEqual(pa.table(file_columns([])).num_rows, 0)

    def test_a_column_with_a_reserved_name_is_refused(self) -> None:
        images = pa.RecordBatch.from_pydict({"id": ["1"], "bytes": [b"image"], "source_sha256": ["0"]})
        with self.assertRaisesRegex(ValueError, "'source_sha256' cannot be carried: the name is reserved"):
            self.write(images)

    def test_a_column_that_a_store_cannot_keep_is_named(self) -> None:
        images = pa.RecordBatch.from_pydict({"id": ["1"], "bytes": [b"image"], "tags": [["a"]]})
        with self.assertRaisesRegex(TypeError, "'tags' of type list"):
            self.write(images)


if __name__ == "__main__":
    unittest.main()
