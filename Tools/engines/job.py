"""What a check runs on an engine."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from swift_openclip import ClipCommand, EmbeddedStore, Query

# What workers are called once they run.
RUNNING = "clip-cli-here"
# Beside those that were done under the first driver; most of the others are then not done.
TASKS_BEFORE_KILL = 3
WORKER_OPTIONS = ("--encoder-threads", "1")
# Fewer tasks than parts, so that some have several.
TASKS = 5
HITS = 50
# The second text is the most similar one to as many images of equal vectors as there are.
QUERIES = (
    Query(["something red", "something green"], weights=[1, -0.5]),
    Query(["something red", "a photo."], is_separate=True),
)


@dataclass(frozen=True)
class Job:
    """Images to embed, and how.

    Attributes:
        program: `clip-cli`.
        model: A bundle's folder.
        tables: A folder of tables with images.
        images: Their number.
        categories: A category file.
        scratch: A folder of the job's own; workers are named after it.
    """

    program: Path
    model: str
    tables: Path
    images: int
    categories: Path
    scratch: Path

    @property
    def command(self) -> ClipCommand:
        """How workers are started that embed."""
        return ClipCommand(self.model, str(self.program), WORKER_OPTIONS)

    @property
    def deciding(self) -> ClipCommand:
        """How workers are started that classify and search."""
        return ClipCommand(self.model, str(self.program))

    @property
    def store(self) -> Path:
        return self.scratch / "store"

    @property
    def labels(self) -> Path:
        return self.scratch / "labels.csv"

    @property
    def results(self) -> Path:
        return self.scratch / "decisions.parquet"

    @property
    def metrics(self) -> list[Path]:
        """Files that are written by an evaluation."""
        return [self.scratch / "metrics.csv", self.scratch / "curves.csv"]

    @property
    def evaluating(self) -> list[str]:
        """Options of the evaluation."""
        return ["--output", str(self.metrics[0]), "--curves", str(self.metrics[1])]

    @property
    def running(self) -> Path:
        """What the command lines of workers contain that have started."""
        return self.scratch / RUNNING


@dataclass(frozen=True)
class Outcome:
    """What an engine made of a job.

    Attributes:
        store: The store.
        killed: The processes that were killed on the way.
        results: Rows of results.
        found: The hits of `QUERIES`.
        evaluation: What an evaluation printed.
    """

    store: EmbeddedStore
    killed: list[int]
    results: list[dict]
    found: list[pa.Table]
    evaluation: str
