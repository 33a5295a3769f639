"""The images from which the ranges for int8 are found."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from default_model.samples import write_sample_images
from openclip_export.messages import summary
from torch import Tensor

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
BATCH_SIZE = 16
MOST = 512


class CalibrationImages:
    """Photographs of a folder, or those that the export ships with."""

    def __init__(self, folder: Path | None, read: Callable[[Path], Tensor]) -> None:
        """Reads the images with `read`, which turns a file into an input of the model; raises SystemExit that names a file
        that cannot be read."""
        self._folder = folder
        if folder is None:
            with tempfile.TemporaryDirectory() as scratch:
                self.inputs = torch.stack([read(path) for path in write_sample_images(Path(scratch, "images"))])
            return
        paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())[:MOST]
        if not paths:
            raise SystemExit(f"error: '{folder}' has no JPEG, PNG or WebP images to calibrate int8 with")
        self.inputs = torch.stack([_read(path, read) for path in paths])

    def batches(self) -> Iterator[Tensor]:
        """The model's inputs, up to 16 at a time."""
        return iter(self.inputs.split(BATCH_SIZE))

    def description(self, method: str) -> dict:
        """How `method` found the ranges, for model.json."""
        return {"method": method,
                "images": len(self.inputs),
                "source": "the export's sample photographs" if self._folder is None else "images of the user"}


def _read(path: Path, read: Callable[[Path], Tensor]) -> Tensor:
    try:
        return read(path)
    except Exception as error:  # whatever Pillow and the model's preprocessing raise for damaged or unreadable files
        raise SystemExit(f"error: '{path}' cannot be read as an image to calibrate int8 with: {summary(error)}; remove it from "
                         "the folder, or repair it") from error
