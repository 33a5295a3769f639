"""Files that are made once and reused until what they are made from changes."""

import hashlib
import importlib.metadata
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path


def artefact(folder: Path, name: str, key: str, make: Callable[[Path], None]) -> Path:
    """The folder `name` made for `key`; `make` fills it if it is missing, and folders of other keys are removed.

    It appears whole or not at all.
    """
    result = folder / f"{name}-{key}"
    if result.is_dir():
        return result
    for old in folder.glob(f"{name}-????????????"):
        shutil.rmtree(old)
    pending = folder / f".{name}"
    shutil.rmtree(pending, ignore_errors=True)
    pending.mkdir(parents=True)
    make(pending)
    pending.rename(result)
    return result


def key_of(files: Iterable[Path] = (), packages: Iterable[str] = (), values: Iterable[object] = ()) -> str:
    """Twelve hexadecimal digits that change with the files' contents, the packages' versions and the values."""
    hash = hashlib.sha256()
    for file in sorted(files):
        hash.update(file.name.encode() + b"\0" + file.read_bytes())
    for text in [*(importlib.metadata.version(package) for package in packages), *map(str, values)]:
        hash.update(text.encode() + b"\0")
    return hash.hexdigest()[:12]
