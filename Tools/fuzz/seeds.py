"""Inputs to start from: the fixtures of the tests, by the targets that read files of their kind."""

import bz2
import gzip
import lzma
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2] / "Tests"
LARGEST = 1 << 16
"""Bytes of a seed; larger ones make mutations rare where they matter."""
PATTERNS = {
    "image": ("CLIPImageTests/Fixtures/**/*", "CLIPImageFormatsTests/Fixtures/**/*"),
    "image-truncated": ("CLIPImageTests/Fixtures/**/*", "CLIPImageFormatsTests/Fixtures/**/*"),
    "categories": ("**/*.yaml", "../Examples/**/*.yaml"),
    "lint": ("**/*.yaml", "../Examples/**/*.yaml"),
    "unigram": ("CLIPTokenizersTests/Fixtures/**/*unigram*.json",),
    "sentencepiece-bpe": ("CLIPTokenizersTests/Fixtures/sentencepiece_bpe/*.json",),
    "byte-pair": (),
    "wordpiece": (),
    "cleaning": ("CLIPTokenizersTests/Fixtures/*.jsonl",),
    "url": (),
    "resample": (),
    "tar": ("CLIPArchiveTests/Fixtures/*.tar",),
    "zip": ("CLIPArchiveTests/Fixtures/*.zip",),
    "table-parquet": ("CLIPArrowTests/Fixtures/**/*.parquet",),
    "table-csv": ("CLIPArrowTests/Fixtures/**/*.csv",),
    "table-tsv": ("CLIPArrowTests/Fixtures/**/*.csv",),
    "labels-csv": ("CLIPArrowTests/Fixtures/**/*.csv",),
    "labels-parquet": ("CLIPArrowTests/Fixtures/labels-*.parquet",),
}
WRITTEN = {
    "categories": [b'neutral: ["a photo."]\nthreshold: 0.05\ncategories:\n  dog:\n    positive: ["a dog"]\n    negative: [a wolf]\n',
                   b'{"templates": ["a {}."], "categories": {"a": {"positive": ["b"], "threshold": 1e-3}}}'],
    "byte-pair": [b'#version: 0.2\na t\nt h\nth e</w>\np h\nph o\n', "v\nĠ a\nâ Ģ\n".encode()],
    "wordpiece": [b"[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nphoto\n##s\nof\ncat\n."],
    "url": [b"https://example.com/a%20b.jpg?x=1#y", b"http://[::1]:80/\xc3\xa9.png", b"s3://bucket/key"],
    "resample": [bytes(range(64)), b"\xff" * 24],
    "table-csv": [b"id,path,label\n1,a.jpg,cat\n2,\"b \"\"x\"\".jpg\",\n", b"\xef\xbb\xbfid;url\r\na;https://example.com/a.jpg\r\n"],
    "table-tsv": [b"id\tpath\n1\ta.jpg\n"],
    "labels-csv": [b"id,category,label\na,dog,1\nb,cat,no\n", b"id,category,label,probability,round\na,dog,,0.5,1\n"],
}
COMPRESSIONS = {"tar-gz": gzip.compress, "tar-bz2": bz2.compress, "tar-xz": lzma.compress}


def write_seeds(target: str, folder: Path) -> None:
    """Adds the target's first inputs to its corpus; raises SystemExit if its patterns find none."""
    folder.mkdir(parents=True, exist_ok=True)
    for content in _seeds(target):
        (folder / sha256(content).hexdigest()[:40]).write_bytes(content)


def _seeds(target: str) -> Iterator[bytes]:
    if compress := COMPRESSIONS.get(target):
        yield from map(compress, _seeds("tar"))
        return
    yield from WRITTEN.get(target, [])
    for pattern in PATTERNS.get(target, ()):
        contents = [content for path in sorted(TESTS.glob(pattern)) if path.is_file() for content in _contents(path)
                    if 0 < len(content) <= LARGEST]
        if not contents:
            raise SystemExit(f"error: no file 'Tests/{pattern}' of at most {LARGEST} bytes for the target '{target}'; correct "
                             "PATTERNS in Tools/fuzz/seeds.py")
        yield from contents
    if target == "tar-zst" and (program := shutil.which("zstd")):
        yield from _through(program, _seeds("tar"))


def _contents(path: Path) -> list[bytes]:
    """A file's bytes, or the lines of one whose lines are values."""
    return path.read_bytes().splitlines() if path.suffix == ".jsonl" else [path.read_bytes()]


def _through(program: str, contents: Iterator[bytes]) -> Iterator[bytes]:
    for content in contents:
        yield subprocess.run([program, "-q", "-c"], input=content, capture_output=True, check=True).stdout
