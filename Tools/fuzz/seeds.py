"""Inputs to start from: the repository's small corpus, and the fixtures of the tests, by the targets that read files of
their kind."""

import bz2
import gzip
import json
import lzma
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

import pyarrow

from fuzz.corpus import kept
from fuzz.written import WRITTEN

TESTS = Path(__file__).resolve().parents[2] / "Tests"
LARGEST = 1 << 16
"""Bytes of a seed; larger ones make mutations rare where they matter."""
MOST_LINES = 600
"""Texts of a file; what people wrote comes first."""
ENDINGS = {
    "jpeg": ("jpg", "jpeg", "mpo"), "png": ("png", "apng"), "webp": ("webp",), "tiff": ("tif", "tiff"), "jpeg-xl": ("jxl",),
    "avif": ("avif",), "heic": ("heic",), "jpeg-2000": ("jp2", "j2k"), "bmp": ("bmp", "dib"), "gif": ("gif",),
    "ico": ("ico", "cur"), "pnm": ("ppm", "pgm", "pbm", "pfm", "pnm"),
}
"""Of image files by target; the target 'exif' has the metadata of JPEG files."""
TEXTS = ("CLIPTokenizersTests/Fixtures/texts.jsonl", "CLIPTokenizersTests/Fixtures/sentencepiece_bpe/texts.jsonl")
PATTERNS = {
    "categories": ("**/*.yaml", "../Examples/**/*.yaml"),
    "unigram": ("CLIPTokenizersTests/Fixtures/unigram_scores/*.json",),
    "cleaning": TEXTS,
    "tar": ("CLIPArchiveTests/Fixtures/*.tar",),
    "zip": ("CLIPArchiveTests/Fixtures/*.zip",),
    "table-parquet": ("CLIPArrowTests/Fixtures/**/*.parquet",),
    "labels-parquet": ("CLIPArrowTests/Fixtures/labels-*.parquet",),
    "store": ("CLIPArrowTests/Fixtures/**/part-*.parquet", "CLIPArrowTests/Fixtures/vectors/*.parquet"),
    "failures": ("CLIPArrowTests/Fixtures/**/rejects.parquet",),
    "results-text": ("CLIPArrowTests/Fixtures/0.1.0/results.csv",),
    "results-parquet": ("CLIPArrowTests/Fixtures/**/results*.parquet", "CLIPArrowTests/Fixtures/0.1.0/*.parquet"),
    "clip-retrieval": ("CLIPArrowTests/Fixtures/clip-retrieval/metadata/*.parquet",),
    "numpy": ("CLIPArrowTests/Fixtures/clip-retrieval/img_emb/*.npy",),
    "worker": ("CLIPArrowTests/Fixtures/stream/*.arrows",),
}
SAME = {"category-edit": "categories", "lint": "categories", "table-tsv": "table-csv", "labelling": "report",
        "json-lines": "report", "http-part": "http"} | {
    f"text-{name}": "cleaning" for name in ("byte-pair", "byte-pair-transformers", "wordpiece", "unigram", "sentencepiece-bpe")}
"""Targets that begin with the inputs of another one."""
COMPRESSIONS = {"tar-gz": gzip.compress, "tar-bz2": bz2.compress, "tar-xz": lzma.compress,
                "tar-zst": partial(pyarrow.compress, codec="zstd", asbytes=True)}


def write_seeds(target: str, folder: Path, images: Path | None = None) -> None:
    """Adds the target's first inputs to its corpus; raises SystemExit if its patterns find none.

    `images` is a folder with further image files, such as the tests of Pillow.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for content in (*kept(target), *_seeds(target), *_images(target, images)):
        if 0 < len(content) <= LARGEST:
            (folder / sha256(content).hexdigest()[:40]).write_bytes(content)


def _seeds(target: str) -> Iterator[bytes]:
    written = WRITTEN.get(target, ())
    yield from written() if callable(written) else written
    if same := SAME.get(target):
        yield from _seeds(same)
    elif compress := COMPRESSIONS.get(target):
        yield from map(compress, _seeds("tar"))
    for pattern in PATTERNS.get(target, ()):
        yield from _files(target, TESTS, pattern)
    if target in ENDINGS or target == "exif":
        yield from _images(target, TESTS)


def _files(target: str, folder: Path, pattern: str) -> list[bytes]:
    found = [content for path in sorted(folder.glob(pattern)) if path.is_file() for content in _contents(path)
             if 0 < len(content) <= LARGEST]
    if not found:
        raise SystemExit(f"error: no file '{folder.name}/{pattern}' of at most {LARGEST} bytes for the target '{target}'; "
                         "correct PATTERNS in Tools/fuzz/seeds.py")
    return found


def _contents(path: Path) -> list[bytes]:
    """A file's bytes, or the texts of one whose lines are JSON with a text."""
    if path.suffix != ".jsonl":
        return [path.read_bytes()]
    return [json.loads(line)["text"].encode() for line in path.read_bytes().splitlines()[:MOST_LINES]]


def _images(target: str, folder: Path | None) -> Iterator[bytes]:
    endings = ENDINGS["jpeg"] if target == "exif" else ENDINGS.get(target, ())
    paths = sorted(path for ending in endings for path in folder.rglob(f"*.{ending}")) if folder else []
    for path in paths:
        content = path.read_bytes()
        if target != "exif":
            yield content
        elif (start := content.find(b"Exif\0\0")) >= 0:
            # The length of the EXIF data in sixteens of bytes, and XMP data after it.
            exif = content[start:start + 1024]
            yield bytes([64]) + exif.ljust(1024, b"\0") + b'<x tiff:Orientation="6"/>'
