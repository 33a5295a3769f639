"""The decisions of all tasks in one file, and what is run on it."""

from __future__ import annotations

import tempfile
import unittest
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.parquet as pq
from images import failing, flip_bit, program

from swift_openclip.command import ClipCommand, CommandError
from swift_openclip.evaluate import EvaluateJob
from swift_openclip.reading import read_batches
from swift_openclip.worker import Worker


class Double:
    """A worker whose score is a vector's first value; it may fail at a block."""

    def __init__(self, *, fails_at: int | None = None) -> None:
        self._fails_at = fails_at

    def map(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for number, batch in enumerate(batches):
            if number == self._fails_at:
                raise RuntimeError("the double fails as asked")
            scores = pa.array([vector[0] for vector in batch.column("embedding").to_pylist()], pa.float32())
            columns = pa.RecordBatch.from_pydict({"id": batch.column("id"), "score_cat": scores})
            yield columns.replace_schema_metadata({"openclip.results": "schema"})


class EvaluateTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.store = self.folder / "store"
        self.store.mkdir()
        for part in range(3):
            vectors = pa.array([[part / 10 + row / 100_000, 1.0] for row in range(3000)], pa.list_(pa.float32(), 2))
            table = pa.table({"id": [f"{part}/{row}" for row in range(3000)], "embedding": vectors})
            for name in (f"part-{part:05}", "rejects"):
                pq.write_table(table, self.store / f"{name}.parquet")

    def job(self, evaluation: str = 'echo "$@"') -> EvaluateJob:
        command = ClipCommand("model", program(self.folder, evaluation))
        return EvaluateJob(command, str(self.store), "dogs.yaml", str(self.folder / "decisions.parquet"))

    def test_decisions_are_joined_in_the_order_of_the_store_and_evaluated(self) -> None:
        job = self.job()
        with job.prepared():
            files = [job.run(cast(Worker, Double()), share) for share in reversed(job.shares(2))]
            printed = job.finish(files, ["--labels", "labels.csv"])
        self.assertEqual(
            printed.split(), ["evaluate", job.results, "--categories", "dogs.yaml", "--labels", "labels.csv"]
        )
        table = pq.read_table(job.results)
        self.assertEqual(table["id"].to_pylist(), [f"{part}/{row}" for part in range(3) for row in range(3000)])
        self.assertEqual(table.schema.metadata[b"openclip.results"], b"schema")
        self.assertEqual(
            sorted(path.name for path in self.folder.iterdir()), ["clip-cli", "decisions.parquet", "store"]
        )

    def test_an_attempt_that_fails_leaves_nothing(self) -> None:
        job = self.job()
        with job.prepared():
            (folder,) = self.folder.glob("decisions.parquet.*")
            # In the first part, and in the third, when the others are complete.
            for block in (1, 5):
                with self.assertRaises(RuntimeError):
                    job.run(cast(Worker, Double(fails_at=block)), job.shares(1)[0])
                self.assertEqual(list(folder.iterdir()), [])
        self.assertFalse(folder.exists())

    def test_an_attempt_whose_file_cannot_be_completed_leaves_nothing(self) -> None:
        job = self.job()
        with job.prepared():
            (folder,) = self.folder.glob("decisions.parquet.*")
            for call in range(1, 4):
                with self.assertRaises(OSError), failing("swift_openclip.writing._HashedFile.finish", call):
                    job.run(cast(Worker, Double()), job.shares(1)[0])
                self.assertEqual(list(folder.iterdir()), [])

    def test_one_file_is_open_at_a_time(self) -> None:
        job = self.job()
        numbers = []

        class Counting(Double):
            def map(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
                for results in super().map(batches):
                    yield results
                    numbers.append(len(list(folder.glob(".*.tmp"))))

        with job.prepared():
            (folder,) = self.folder.glob("decisions.parquet.*")
            job.run(cast(Worker, Counting()), job.shares(1)[0])
        self.assertEqual(numbers, [1] * 6)

    def test_a_part_that_is_named_twice_is_refused(self) -> None:
        job = self.job()
        (parts,) = job.shares(1)
        with job.prepared(), self.assertRaisesRegex(ValueError, "Part 0 of the store is named twice"):
            job.run(cast(Worker, Double()), [*parts, parts[0]])

    def test_a_failed_evaluation_leaves_the_decisions(self) -> None:
        job = self.job("echo 'error: no label' >&2; exit 4")
        with self.assertRaisesRegex(CommandError, "error: no label"), job.prepared():
            job.finish([job.run(cast(Worker, Double()), job.shares(1)[0])], [])
        self.assertTrue(Path(job.results).exists())
        with self.assertRaises(FileExistsError), job.prepared():
            self.fail("the file of results exists")

    def test_of_two_jobs_for_one_file_the_second_to_finish_is_refused(self) -> None:
        first, second = self.job(), self.job()
        with second.prepared():
            files = [second.run(cast(Worker, Double()), share) for share in second.shares(1)]
            with first.prepared():
                first.finish([first.run(cast(Worker, Double()), first.shares(1)[0])], [])
            with self.assertRaises(FileExistsError):
                second.finish(files, [])
        self.assertEqual(len(pq.read_table(first.results)), 9000)

    def test_a_store_of_empty_parts_has_nothing_to_evaluate(self) -> None:
        for path in self.store.iterdir():
            pq.write_table(pq.read_table(path).slice(0, 0), path)
        job = self.job()
        with self.assertRaisesRegex(ValueError, "has no images"), job.prepared():
            job.finish([job.run(cast(Worker, Double()), share) for share in job.shares(2)], [])
        self.assertFalse(Path(job.results).exists())

    def test_pages_of_decisions_are_verified_and_verifiable(self) -> None:
        job = self.job()
        with job.prepared():
            files = [job.run(cast(Worker, Double()), share) for share in job.shares(1)]
            (folder,) = self.folder.glob("decisions.parquet.*")
            path = folder / files[0]["file"][1].as_py()
            flip_bit(path, path.read_bytes().index(b"1/1234"))
            with self.assertRaisesRegex(OSError, "CRC"):
                job.finish(files, [])
        with job.prepared():
            job.finish([job.run(cast(Worker, Double()), job.shares(1)[0])], [])
        scores = pq.read_metadata(job.results).row_group(0).column(1)
        first = scores.dictionary_page_offset or scores.data_page_offset
        flip_bit(Path(job.results), first + scores.total_compressed_size - 1)
        with self.assertRaisesRegex(OSError, "CRC"):
            list(read_batches(job.results))

    def test_results_need_a_name_that_evaluate_reads(self) -> None:
        job = EvaluateJob(ClipCommand("model"), str(self.store), "dogs.yaml", str(self.folder / "decisions"))
        with self.assertRaises(ValueError), job.prepared():
            self.fail("the name has no suffix")


if __name__ == "__main__":
    unittest.main()
