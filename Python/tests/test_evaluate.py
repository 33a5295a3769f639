"""The decisions of all tasks in one file, and what is run on it."""

from __future__ import annotations

import tempfile
import unittest
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.parquet as pq
from images import program

from swift_openclip.command import ClipCommand, CommandError
from swift_openclip.evaluate import EvaluateJob
from swift_openclip.worker import Worker


class Double:
    """A worker whose score is a vector's first value; it may fail at its second block."""

    def __init__(self, *, fails: bool = False) -> None:
        self._fails = fails

    def map(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for number, batch in enumerate(batches):
            if self._fails and number == 1:
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
        job.prepare()
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
        job.prepare()
        with self.assertRaises(RuntimeError):
            job.run(cast(Worker, Double(fails=True)), job.shares(1)[0])
        self.assertEqual(list((self.folder / "decisions.parquet.parts").iterdir()), [])

    def test_a_failed_evaluation_leaves_the_decisions(self) -> None:
        job = self.job("echo 'error: no label' >&2; exit 4")
        job.prepare()
        with self.assertRaisesRegex(CommandError, "error: no label"):
            job.finish([job.run(cast(Worker, Double()), job.shares(1)[0])], [])
        self.assertTrue(Path(job.results).exists())
        with self.assertRaises(FileExistsError):
            job.prepare()

    def test_results_need_a_name_that_evaluate_reads(self) -> None:
        with self.assertRaises(ValueError):
            EvaluateJob(ClipCommand("model"), str(self.store), "dogs.yaml", str(self.folder / "decisions")).prepare()


if __name__ == "__main__":
    unittest.main()
