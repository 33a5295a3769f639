"""Searching the vectors of a store, whatever the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from swift_openclip.spread import Part, SpreadJob
from swift_openclip.worker import Worker

# As `clip-cli search` reads a store.
_ROWS_PER_BLOCK = 4096
_HITS = pa.schema(
    [
        pa.field("query", pa.int32()),
        pa.field("id", pa.string()),
        pa.field("cosine", pa.float32()),
        pa.field("part", pa.int32()),
        pa.field("row", pa.int64()),
    ]
)
# Hits with equal cosines are in store order.
_ORDER = [("cosine", "descending"), ("part", "ascending"), ("row", "ascending")]


@dataclass(frozen=True)
class Query:
    """What to search for, as the arguments of `clip-cli search`.

    Attributes:
        texts: Texts, used as given.
        images: Image files, under these paths on every machine.
        weights: One per text, then one per image, of Python or NumPy; 1 if there are none.
        is_separate: Whether each text and image is a query of its own, without weights.

    Raises:
        TypeError: `texts` or `images` is a single one, not in a list.
    """

    texts: Sequence[str] = ()
    images: Sequence[str] = ()
    weights: Sequence[float] = ()
    is_separate: bool = False

    def __post_init__(self) -> None:
        for name, values in (("texts", self.texts), ("images", self.images)):
            if isinstance(values, (str, bytes)):
                raise TypeError(f"Query: '{name}' must be a list, such as [{values!r}], not {values!r}.")

    @property
    def names(self) -> list[str]:
        """The texts and images, in the order of the queries if each is one."""
        return [*self.texts, *self.images]

    @property
    def options(self) -> list[str]:
        """The options of a worker."""
        weights = ",".join(repr(float(weight)) for weight in self.weights)
        return [
            *(f"--text={text}" for text in self.texts),
            *(f"--image={image}" for image in self.images),
            *([f"--weights={weights}"] if weights else []),
            *(["--separate-queries"] if self.is_separate else []),
        ]


@dataclass(frozen=True)
class SearchJob(SpreadJob):
    """Finds the images nearest to queries with `clip-cli worker --mode search`.

    Each task returns the best hits of its parts, and the driver chooses among those.

    Attributes:
        query: What to search for.
        count: The number of images per query.
    """

    query: Query
    count: int = 20

    def __post_init__(self) -> None:
        if not self.query.names:
            raise ValueError("Name a text or an image to search with.")
        if self.count < 1:
            raise ValueError(f"At least one image per query is searched for, not {self.count}.")

    @property
    def columns(self) -> pa.Schema:
        return _HITS

    def start_worker(self) -> Worker:
        return Worker(self.command.worker("--mode", "search", *self.query.options))

    def run(self, worker: Worker, parts: Iterable[Part]) -> pa.RecordBatch:
        starts: list[tuple[int, int]] = []

        def vectors() -> Iterator[pa.RecordBatch]:
            for part in parts:
                row = 0
                for batch in part.vectors(_ROWS_PER_BLOCK):
                    starts.append((part.number, row))
                    row += batch.num_rows
                    yield batch

        best = _HITS.empty_table()
        for number, answers in enumerate(worker.map(vectors())):
            best = self._best(pa.concat_tables([best, _hits(answers, *starts[number])]))
        return pa.record_batch([column.combine_chunks() for column in best.columns], schema=_HITS)

    def merged(self, hits: Iterable[pa.RecordBatch]) -> pa.Table:
        """The best of the hits of all tasks, as `clip-cli search` writes them: `id` and `cosine`, best first.

        If each text and image is a query of its own, the column `query` names it, and queries are in their order.
        """
        best = self._best(pa.Table.from_batches(hits, _HITS))
        found = best.select(["id", "cosine"])
        if not self.query.is_separate:
            return found
        names = pa.array(self.query.names, pa.string())
        return found.add_column(0, "query", names.take(best["query"].combine_chunks()))

    def _best(self, hits: pa.Table) -> pa.Table:
        """The best hits of each query, in order."""
        chosen = []
        for query in pc.unique(hits["query"]).sort().to_pylist():
            own = hits.filter(pc.equal(hits["query"], query))
            chosen.append(own.take(pc.sort_indices(own, sort_keys=_ORDER)[: self.count]))
        return pa.concat_tables(chosen) if chosen else hits


def _hits(answers: pa.RecordBatch, part: int, row: int) -> pa.Table:
    """The rows of a block as hits: those for the first query, those for the second, and so on."""
    cosines = answers.column("cosines")
    count, queries = answers.num_rows, cosines.type.list_size
    values = cosines.flatten()
    tables = [
        pa.table(
            [
                pa.repeat(pa.scalar(query, pa.int32()), count),
                answers.column("id"),
                values.take(pa.array(range(query, count * queries, queries), pa.int64())),
                pa.repeat(pa.scalar(part, pa.int32()), count),
                pa.array(range(row, row + count), pa.int64()),
            ],
            schema=_HITS,
        )
        for query in range(queries)
    ]
    return pa.concat_tables(tables)
