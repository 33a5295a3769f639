"""Which of the hits of all tasks are the best."""

from __future__ import annotations

import struct
import tempfile
import unittest
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from images import flip_bit

from swift_openclip.command import ClipCommand
from swift_openclip.search import _HITS, Query, SearchJob
from swift_openclip.spread import Part
from swift_openclip.worker import Worker


def hits(*rows: tuple[int, str, float, int, int]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    return pa.record_batch(
        [pa.array(list(column), field.type) for column, field in zip(columns, _HITS, strict=True)], _HITS
    )


class SearchTests(unittest.TestCase):
    def job(self, query: Query, count: int, store: str = "store") -> SearchJob:
        return SearchJob(ClipCommand("model"), store, query, count)

    def test_of_equal_cosines_the_earlier_image_is_better(self) -> None:
        found = self.job(Query(["a"]), 4).merged(
            [
                hits((0, "part 2", 0.5, 2, 0), (0, "low", 0.1, 2, 1)),
                hits((0, "part 1, row 9", 0.5, 1, 9), (0, "best", 0.75, 1, 10)),
                hits((0, "part 1, row 3", 0.5, 1, 3)),
            ]
        )
        self.assertEqual(found["id"].to_pylist(), ["best", "part 1, row 3", "part 1, row 9", "part 2"])
        self.assertEqual(found.schema.names, ["id", "cosine"])

    def test_the_two_zeros_are_equal(self) -> None:
        found = self.job(Query(["a"]), 2).merged([hits((0, "later", 0.0, 1, 0)), hits((0, "earlier", -0.0, 0, 0))])
        self.assertEqual(found["id"].to_pylist(), ["earlier", "later"])

    def test_queries_are_named_in_their_order(self) -> None:
        query = Query(["z", "a"], ["photo.jpg"], is_separate=True)
        found = self.job(query, 1).merged(
            [hits((2, "x", 0.1, 0, 0), (0, "x", 0.2, 0, 0), (1, "x", 0.3, 0, 0)), hits((1, "y", 0.4, 1, 0))]
        )
        self.assertEqual(found["query"].to_pylist(), ["z", "a", "photo.jpg"])
        self.assertEqual(found["id"].to_pylist(), ["x", "y", "x"])

    def test_a_query_becomes_options(self) -> None:
        query = Query(["-a", "b"], ["c.jpg"], weights=[1, -0.5, 1e-7])
        self.assertEqual(query.options, ["--text=-a", "--text=b", "--image=c.jpg", "--weights=1.0,-0.5,1e-07"])
        self.assertEqual(Query(["a"], is_separate=True).options, ["--text=a", "--separate-queries"])

    def test_weights_may_be_of_numpy(self) -> None:
        for weights in ([np.float32(1), np.float64(-0.5)], np.array([1, -0.5], np.float32)):
            self.assertEqual(Query(["a", "b"], weights=weights).options[2:], ["--weights=1.0,-0.5"])  # type: ignore[arg-type]

    def test_a_text_on_its_own_is_no_list(self) -> None:
        with self.assertRaisesRegex(TypeError, "'texts' must be a list"):
            Query("a dog")
        with self.assertRaisesRegex(TypeError, "'images' must be a list"):
            Query(images="dog.jpg")

    def test_nothing_and_too_few_are_refused(self) -> None:
        for query, count in ((Query(), 1), (Query(["a"]), 0)):
            with self.assertRaises(ValueError):
                self.job(query, count)


class FoundTests(unittest.TestCase):
    """A task on real parts, with a double of a worker whose cosines are the vectors' first values."""

    class Double:
        def map(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                values = [[vector[0], -vector[0]] for vector in batch.column("embedding").to_pylist()]
                cosines = pa.array(values, pa.list_(pa.float32(), 2))
                yield pa.RecordBatch.from_pydict({"id": batch.column("id"), "cosines": cosines})

    def test_tasks_find_what_one_machine_finds(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            images = [(f"{part}/{row}", (37 * row + part) % 11 / 11) for part in range(3) for row in range(5000)]
            for part in range(3):
                own = images[5000 * part : 5000 * (part + 1)]
                vectors = pa.array([[value, 0.0] for _, value in own], pa.list_(pa.float32(), 2))
                table = pa.table({"id": [name for name, _ in own], "embedding": vectors})
                pq.write_table(table, Path(folder) / f"part-{part:05}.parquet")
            (Path(folder) / "rejects.parquet").write_bytes((Path(folder) / "part-00000.parquet").read_bytes())
            job = SearchJob(ClipCommand("model"), folder, Query(["a", "b"], is_separate=True), 1000)
            found = job.merged([job.run(cast(Worker, self.Double()), share) for share in job.shares(2)])
            for query, sign in (("a", 1), ("b", -1)):
                ranked = sorted(images, key=lambda image: -sign * image[1])
                names = found.filter(pc.equal(found["query"], query))["id"].to_pylist()
                self.assertEqual(names, [name for name, _ in ranked[:1000]])


class SharesTests(unittest.TestCase):
    def test_each_part_is_in_one_share(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            job = SearchJob(ClipCommand("model"), folder, Query(["a"]))
            with self.assertRaises(FileNotFoundError):
                job.shares(2)
            schema = pa.schema([pa.field("id", pa.string())], metadata={"openclip.complete": "true"})
            for name in ("part-00000", "part-00001", "part-00002", "rejects"):
                pq.write_table(schema.empty_table(), Path(folder) / f"{name}.parquet")
            parts = [Part(number, str(Path(folder) / f"part-{number:05}.parquet")) for number in range(3)]
            self.assertEqual(job.shares(2), [[parts[0], parts[2]], [parts[1]]])
            self.assertEqual(job.shares(100), [[part] for part in parts])
            with self.assertRaises(ValueError):
                job.shares(0)

    def test_blocks_begin_at_the_first_row_of_a_part(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "part-00000.parquet"
            vectors = pa.array([[1.0, 0.0]] * 25, pa.list_(pa.float32(), 2))
            table = pa.table({"id": [f"{row}" for row in range(25)], "embedding": vectors, "year": [1] * 25})
            pq.write_table(table.replace_schema_metadata({"openclip.model_name": "model"}), path, row_group_size=7)
            batches = list(Part(0, str(path)).vectors(10))
            self.assertEqual([batch.num_rows for batch in batches], [10, 10, 5])
            self.assertEqual(batches[0].schema.names, ["id", "embedding"])
            self.assertEqual(batches[0].schema.metadata, {b"openclip.model_name": b"model"})

    def test_a_flipped_bit_of_a_vector_is_an_error(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "part-00000.parquet"
            # The least and the greatest value are also elsewhere in the file.
            vectors = pa.array([[1.0, 12345.0], [0.0, 20000.0]], pa.list_(pa.float32(), 2))
            table = pa.table({"id": ["a", "b"], "embedding": vectors})
            pq.write_table(table, path, compression="none", use_dictionary=False, write_page_checksum=True)
            self.assertEqual(len(list(Part(0, str(path)).vectors(10))), 1)
            flip_bit(path, path.read_bytes().index(struct.pack("<f", 12345.0)))
            with self.assertRaisesRegex(OSError, "part-00000.parquet cannot be read.*CRC.*clip-cli store verify"):
                list(Part(0, str(path)).vectors(10))


if __name__ == "__main__":
    unittest.main()
