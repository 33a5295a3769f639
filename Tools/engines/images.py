"""Small images in tables, as a cluster reads them, and the store that `embed` makes of them on one machine."""

import io
import random
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from environment import FORGETFUL
from stored import require

SIDE = 40
# One image in so many is damaged.
DAMAGED_EVERY = 499


def write_tables(folder: Path, count: int, tables: int) -> None:
    """Writes images with ids and two more columns into tables of about equal length."""
    folder.mkdir(parents=True)
    rng = random.Random(1)
    for table in range(tables):
        numbers = range(count * table // tables, count * (table + 1) // tables)
        columns = {
            "id": pa.array([f"image-{number:06}" for number in numbers]),
            "bytes": pa.array([image(number, rng) for number in numbers], pa.binary()),
            "year": pa.array([1990 + number % 30 for number in numbers], pa.int64()),
            "place": pa.array([None if number % 5 == 0 else f"place {number % 11}" for number in numbers]),
        }
        pq.write_table(pa.table(columns), folder / f"images-{table:03}.parquet")


def image(number: int, rng: random.Random) -> bytes:
    """A JPEG file of coloured noise; now and then half of one, which is none."""
    noise = Image.frombytes("RGB", (8, 8), rng.randbytes(8 * 8 * 3)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    noise.save(file, "JPEG", quality=90)
    return b"not an image" if number % DAMAGED_EVERY == 0 else file.getvalue()


def embed(cli: Path, model: str, tables: Path, store: Path, *options: str) -> None:
    """Embeds the tables with `clip-cli embed`."""
    columns = ("--id-column", "id", "--image-column", "bytes", "--allow-failures")
    run(cli, "embed", tables, "--output", store, "--model", model, *columns, *options)


def classify(cli: Path, model: str, store: Path, categories: Path, results: Path) -> None:
    """Classifies a store with `clip-cli classify`."""
    run(cli, "classify", store, "--categories", categories, "--model", model, "--output", results)


def run(cli: Path, *command: object) -> str:
    """Runs a command of `clip-cli`; returns what it printed."""
    words = [str(word) for word in (cli, *command)]
    result = subprocess.run(words, capture_output=True, text=True, env=FORGETFUL, check=False)
    require(result.returncode == 0, f"{command[0]} ended with exit code {result.returncode}:\n{result.stderr}")
    return result.stdout
