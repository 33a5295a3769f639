"""Vectors of the device and of the CPU, through `clip-cli`."""

import subprocess
from pathlib import Path

import numpy as np
from environment import FORGETFUL
from gpu.bundles import MODELS, path
from gpu.embed import embed
from gpu.setup import Setup
from peers.progress import say
from stored import require, vectors

LEAST_COSINE = {"fp32": 0.99999, "fp16": 0.999, "bf16": 0.999}


def measure(setup: Setup) -> list[dict]:
    """For each bundle the least cosine to the CPU's fp32 vectors, and whether `models verify` agrees on the device.

    Raises SystemExit if vectors are missing.
    """
    folder = setup.folder / "stores"
    folder.mkdir(exist_ok=True)
    images = setup.images[:setup.sizes.compared]
    rows = []
    for model in setup.sizes.models:
        say(f"{model}: vectors on the CPU")
        expected = _stored(setup, path(setup.folder / "bundles", model, "fp32"), "cpu", images, folder / f"{model}-cpu")
        for precision in MODELS[model][1]:
            say(f"{model} {precision}: vectors on {setup.device}")
            bundle = path(setup.folder / "bundles", model, precision)
            found = _stored(setup, bundle, setup.device, images, folder / f"{model}-{precision}")
            rows.append({"model": model, "precision": precision, "images": len(images),
                         "least": float((found * expected).sum(axis=1).min()), "target": LEAST_COSINE[precision],
                         "relative_error": float(np.linalg.norm(found - expected, axis=1).max() / _distance(expected)),
                         "verified": _verify(setup, bundle)})
    return rows


def _stored(setup: Setup, bundle: Path, device: str, images: list[Path], store: Path) -> np.ndarray:
    """float64 [images, D], rows of unit length."""
    embed(setup.cli, bundle, device, images, store, "--batch-size", setup.sizes.batch)
    stored = vectors(store)
    require(len(stored) == len(images), f"'{store}' holds {len(stored)} of {len(images)} images")
    rows = np.array([stored[str(image)] for image in images], dtype=np.float64)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _distance(vectors: np.ndarray) -> float:
    """Between two different images, median. Random weights may give all images similar vectors, with cosines near 1."""
    cosines = (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]
    return float(np.median(np.sqrt(np.maximum(2 - 2 * cosines, 0))))


def _verify(setup: Setup, bundle: Path) -> bool:
    """Whether images and texts have the vectors of open_clip's model, on the device."""
    command = [str(setup.cli.absolute()), "models", "verify", str(bundle), "--device", setup.device]
    run = subprocess.run(command, env=FORGETFUL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if run.returncode != 0:
        say(f"'{' '.join(command)}': exit code {run.returncode}\n{run.stdout}")
    return run.returncode == 0
