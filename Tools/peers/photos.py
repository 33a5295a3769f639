"""The JPEG files and pixels that everything runs on: crops of the demonstration photographs."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from peers.artefacts import artefact, key_of
from preprocessing import preprocess

GENERATOR = Path(__file__).resolve().parents[2] / "Benchmarks/soak/make_images.py"
TIMED, CALIBRATION, COMPARED, SPARE = 1000, 300, 64, 100
"""Images for end-to-end runs, for calibration (others), for cosines (of the timed), and those that are not JPEG."""
SIZE = 224


@dataclass(frozen=True)
class Photos:
    """Paths and pixels, uint8 [images, SIZE, SIZE, 3]."""

    files: list[Path]  # TIMED of them
    calibration_pixels: Path  # .npy
    compared_pixels: Path  # .npy, of images that are not used for calibration


def make_photos(photos: Path, folder: Path) -> Photos:
    """Makes the images below `folder` unless they are there."""
    key = key_of([*photos.glob("*.*g"), GENERATOR, Path(__file__)], packages=["pillow", "numpy"])
    made = artefact(folder, "photos", key, lambda pending: _make(photos, pending))
    return Photos(_jpeg_files(made)[:TIMED], made / "calibration.npy", made / "compared.npy")


def _make(photos: Path, folder: Path) -> None:
    count = TIMED + CALIBRATION + SPARE
    command = [GENERATOR, "--photos", photos, "--output", folder / "images", "--count", str(count)]
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    files = _jpeg_files(folder)
    for name, chosen in (("compared", files[:COMPARED]), ("calibration", files[TIMED:TIMED + CALIBRATION])):
        np.save(folder / f"{name}.npy", np.stack([preprocess(path, SIZE) for path in chosen]))


def _jpeg_files(folder: Path) -> list[Path]:
    files = sorted((folder / "images").rglob("*.jpg"))
    if len(files) < TIMED + CALIBRATION:
        raise SystemExit(f"error: '{folder}' holds {len(files)} JPEG files instead of {TIMED + CALIBRATION}; remove it")
    return files
