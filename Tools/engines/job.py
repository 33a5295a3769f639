"""What a check runs on an engine."""

from dataclasses import dataclass
from pathlib import Path

from swift_openclip import EmbeddedStore

# What workers are called once they run.
RUNNING = "clip-cli-here"
# Two of another attempt, and some of tasks that are done; most are not.
FILES_BEFORE_KILL = 5
WORKER_OPTIONS = ("--encoder-threads", "1")


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
    def store(self) -> Path:
        return self.scratch / "store"

    @property
    def running(self) -> Path:
        """What the command lines of workers contain that have started."""
        return self.scratch / RUNNING


@dataclass(frozen=True)
class Outcome:
    """What an engine made of a job: the store, the processes that were killed on the way, and rows of results."""

    store: EmbeddedStore
    killed: list[int]
    results: list[dict]
