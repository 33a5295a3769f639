"""From pixels to what a tower without our preprocessing takes."""

import numpy as np


def normalised(pixels: np.ndarray, mean: list[float], std: list[float]) -> np.ndarray:
    """uint8 [B, H, W, 3] to float32 [B, 3, H, W]."""
    floats = (pixels.astype(np.float32) / 255 - np.float32(mean)) / np.float32(std)
    return np.ascontiguousarray(floats.transpose(0, 3, 1, 2))
