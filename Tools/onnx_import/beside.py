"""Finds files that belong to a model beside its ONNX files."""

from pathlib import Path


def find_beside(file: Path, names: tuple[str, ...]) -> Path | None:
    """The first of `names` in the folder of `file`, or in the folder above, where repositories with a folder 'onnx' keep it."""
    folder = file.absolute().parent
    return next((place / name for place in (folder, folder.parent) for name in names if (place / name).is_file()), None)
