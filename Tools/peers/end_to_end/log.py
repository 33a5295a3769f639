"""What the peers' pipelines share: progress in the format of `clip-cli embed`, and the Parquet file."""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet


class Log:
    """JSON Lines on standard error."""

    def __init__(self, total: int) -> None:
        self._start = time.monotonic()
        self._total = total
        self._write("started", {"total": total})

    def progress(self, embedded: int) -> None:
        """After a batch."""
        self._tell("progress", embedded)

    def finished(self) -> None:
        """After the Parquet file is complete."""
        self._tell("finished", self._total)

    def _tell(self, event: str, embedded: int) -> None:
        self._write(event, {"embedded": embedded, "elapsed": time.monotonic() - self._start})

    def _write(self, event: str, fields: dict) -> None:
        print(json.dumps({"event": event} | fields), file=sys.stderr, flush=True)


def write_vectors(path: Path, ids: list[str], vectors: np.ndarray) -> None:
    """One row per image: its id, and its vector as a list of fixed size."""
    values = pyarrow.array(vectors.astype(np.float32, copy=False).reshape(-1))
    columns = {"id": ids, "embedding": pyarrow.FixedSizeListArray.from_arrays(values, vectors.shape[1])}
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
