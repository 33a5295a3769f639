"""Writes a model bundle: a folder with model.json, TorchScript encoders, tokenizer files and golden references."""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MODEL_FILE, GOLDEN_FILE, EMBEDDINGS_FILE = "model.json", "golden.json", "golden.f32"


@dataclass(frozen=True)
class GoldenImage:
    """A reference image: its file in the bundle, its pixels after preprocessing, and its embedding."""

    file: str
    pixels: np.ndarray  # uint8 [H, W, 3]
    embedding: np.ndarray  # float32 [D]


@dataclass(frozen=True)
class GoldenText:
    """A reference text: its token ids with the special tokens, without padding, and its embedding."""

    text: str
    token_ids: list[int]
    embedding: np.ndarray  # float32 [D]


def sha256(data: bytes) -> str:
    """The SHA-256 of `data` in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path) -> str:
    """The SHA-256 of a file's bytes in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def staged_bundle(destination: Path) -> Iterator[Path]:
    """A new folder beside `destination` that takes its place, in one rename, when the block ends without an error.

    An earlier bundle at `destination` is replaced; anything else there that is not an empty folder is left alone, and
    SystemExit says so.
    """
    if destination.exists() and not _may_replace(destination):
        raise SystemExit(f"error: '{destination}' exists and is not a model bundle (it has no {MODEL_FILE}); "
                         "name another folder, or remove it first")
    destination.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{destination.name}-", dir=destination.parent) as scratch:
        staged, replaced = Path(scratch, "new"), Path(scratch, "old")
        staged.mkdir()
        yield staged
        if destination.exists():
            destination.rename(replaced)
        staged.rename(destination)


def write_golden(folder: Path, images: list[GoldenImage], texts: list[GoldenText]) -> None:
    """Writes golden.json and golden.f32: the embeddings as little-endian float32 rows, images first."""
    rows = np.stack([item.embedding for item in [*images, *texts]]).astype("<f4")
    (folder / EMBEDDINGS_FILE).write_bytes(rows.tobytes())
    description = {
        "embeddings": EMBEDDINGS_FILE,
        "dimension": rows.shape[1],
        "images": [{"file": image.file, "row": row} for row, image in enumerate(images)],
        "texts": [{"text": text.text, "token_ids": text.token_ids, "row": row}
                  for row, text in enumerate(texts, start=len(images))],
        "preprocessed": [{"file": image.file, "sha256": sha256(image.pixels.tobytes())} for image in images],
    }
    write_json(folder / GOLDEN_FILE, description)


def write_model(folder: Path, description: dict) -> None:
    """Writes model.json: `description`, and last the SHA-256 of every other file in the folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    hashes = {path.relative_to(folder).as_posix(): sha256_of_file(path) for path in files}
    write_json(folder / MODEL_FILE, description | {"golden": {"file": GOLDEN_FILE}, "files": hashes})


def is_intact(folder: Path) -> bool:
    """Whether the folder holds a bundle whose files all have the SHA-256 that its model.json gives."""
    try:
        files = json.loads((folder / MODEL_FILE).read_text(encoding="utf-8"))["files"]
        return all(sha256_of_file(folder / file) == expected for file, expected in files.items())
    except (OSError, ValueError, KeyError):
        return False


def write_json(path: Path, value: dict) -> None:
    """Writes pretty-printed UTF-8 JSON with a final newline, keys in the order given."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _may_replace(folder: Path) -> bool:
    return folder.is_dir() and ((folder / MODEL_FILE).is_file() or not any(folder.iterdir()))
