"""The multiplier on cosines, where the files tell it."""

import numpy as np
from onnx_import.files import OnnxFile
from onnx_import.options import ImportOptions
from onnx_import.reference import Reference
from torch import Tensor
from torch.nn import functional as F

LOGITS = "logits_per_image"
TOLERANCE = 1e-3
"""How far, of the distance between the smallest and the largest, logits may be from what scale and bias make of the cosines."""


def find_scale(options: ImportOptions, file: OnnxFile, reference: Reference, images: Tensor,
               ids: Tensor) -> tuple[float | None, float | None]:
    """The scale and, if there is one, the bias: those of `options`, or of a graph that computes logits itself.

    Raises SystemExit that asks for them.
    """
    if options.logit_scale is not None or options.has_no_scale:
        return options.logit_scale, options.logit_bias
    if options.logit_bias is None and LOGITS in [value.name for value in file.outputs]:
        if (found := _fit(*_pairs(reference, images, ids))) is not None:
            return found
    raise SystemExit(f"error: '{file.path}' does not tell the factor that multiplies cosines; say it with --logit-scale: the "
                     "exponential of the model's logit_scale, 100 for most models of the kind CLIP (for SigLIP with "
                     "--logit-bias), or --logit-scale none if it is not known")


def _pairs(reference: Reference, images: Tensor, ids: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Cosines and logits of each image with each text."""
    vectors = [F.normalize(rows, dim=-1).numpy().astype(np.float64)
               for rows in (reference.encode_image(images), reference.encode_text(ids))]
    logits = [[reference.run("image", reference.image_feeds(image[None].numpy()) | reference.text_feeds(text[None]),
                             [LOGITS])[0].reshape(-1)[0] for text in ids] for image in images]
    return (vectors[0] @ vectors[1].T).reshape(-1), np.array(logits, np.float64).reshape(-1)


def _fit(cosines: np.ndarray, logits: np.ndarray) -> tuple[float, float | None] | None:
    """Scale and bias that explain the logits, with a bias only if they need one; None if nothing does."""
    for columns in (cosines[:, None], np.stack([cosines, np.ones_like(cosines)], axis=1)):
        solution = np.linalg.lstsq(columns, logits)[0]
        if np.abs(columns @ solution - logits).max() <= TOLERANCE * np.ptp(logits) and solution[0] > 0:
            return float(solution[0]), float(solution[1]) if len(solution) > 1 else None
    return None
