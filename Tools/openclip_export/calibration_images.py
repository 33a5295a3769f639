"""The images from which the ranges for int8 are found."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch
from default_model.samples import write_sample_images
from openclip_export.preprocessing_spec import Preprocessing
from torch import Tensor

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
BATCH_SIZE = 16
MOST = 512


class CalibrationImages:
    """Photographs of a folder, or those that the export ships with."""

    def __init__(self, folder: Path | None, preprocessing: Preprocessing) -> None:
        self._preprocessing = preprocessing
        self._folder = folder
        if folder is None:
            with tempfile.TemporaryDirectory() as scratch:
                self._inputs = torch.stack([preprocessing.tensor(path) for path in write_sample_images(Path(scratch, "images"))])
            return
        paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)[:MOST]
        if not paths:
            raise SystemExit(f"error: '{folder}' has no JPEG, PNG or WebP images to calibrate int8 with")
        self._inputs = torch.stack([preprocessing.tensor(path) for path in paths])

    def batches(self) -> Iterator[Tensor]:
        """The model's inputs, float32 [up to 16, 3, H, W]."""
        return iter(self._inputs.split(BATCH_SIZE))

    def description(self) -> dict:
        """How the ranges were found, for model.json."""
        return {"method": "smallest and largest input of each layer; SmoothQuant, alpha 0.5",
                "images": len(self._inputs),
                "source": "the export's sample photographs" if self._folder is None else "images of the user"}
