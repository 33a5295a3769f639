"""Vectors of `clip-cli embed` against those of the model that a bundle was made from."""

from pathlib import Path

import numpy as np
import torch
from openclip_export.precision import Precision
from parity.tool import Tool, require
from stored import vectors
from torch.nn import functional as F

PHOTOS = 8


def check_all(tool: Tool, bundle: Path, precisions: list[Precision], photos: list[Path], source: object,
              scratch: Path) -> dict[str, float]:
    """Requires that `models verify` passes in each precision, and that photographs' vectors reach the cosine that it promises;
    returns their least cosines by precision."""
    chosen, found = photos[:PHOTOS], {}
    expected = reference_vectors(source, chosen)
    for precision in precisions:
        tool.run("models", "verify", bundle, "--precision", precision.name)
        found[precision.name] = check(tool, bundle, precision.name, chosen, expected, precision.least_cosine, scratch)
    return found


def reference_vectors(source: object, photos: list[Path]) -> np.ndarray:
    """Unit vectors of the unchanged model for image files, float64 [photos, D]."""
    with torch.inference_mode():
        inputs = torch.stack([source.preprocessing.tensor(photo) for photo in photos])
        return F.normalize(source.reference.encode_image(inputs, normalize=False), dim=-1).double().numpy()


def check(tool: Tool, bundle: Path, precision: str, photos: list[Path], expected: np.ndarray, required: float,
          scratch: Path) -> float:
    """Requires nearly equal vectors for files of one folder; returns the least cosine."""
    store = scratch / f"{bundle.name}-{precision}"
    tool.run("embed", *photos, "--model", bundle, "--precision", precision, "--output", store)
    found = vectors(store)
    by_name = {Path(id).name: vector for id, vector in found.items()}
    rows = np.array([by_name[photo.name] for photo in photos], np.float64)
    least = float((rows * expected).sum(axis=1).min())
    require(least >= required, f"{bundle.name} in {precision}: a photo's vector has cosine {least:.7f} with the reference; "
                               f"{required} is required")
    return least
