"""Pictures that files of every format are made from."""

import numpy as np


def picture(width: int, height: int, channels: int, seed: int = 0) -> np.ndarray:
    """Soft gradients with some noise: [height, width, channels], uint8."""
    random = np.random.default_rng([width, height, channels, seed])
    y, x = np.mgrid[0:height, 0:width] / max(width, height)
    waves = [np.sin(6 * x * (c + 1) + 4 * y + seed) + np.cos(9 * y - 3 * x * c) for c in range(channels)]
    noise = random.normal(0, 6, (height, width, channels))
    return np.clip(128 + 60 * np.stack(waves, axis=-1) + noise, 0, 255).astype(np.uint8)


def deep_picture(width: int, height: int, channels: int, seed: int = 0) -> np.ndarray:
    """The same with 16 bits: [height, width, channels], uint16."""
    high = picture(width, height, channels, seed).astype(np.uint16)
    low = picture(width, height, channels, seed + 1).astype(np.uint16)
    return high << 8 | low


def smooth(width: int, height: int, channels: int) -> np.ndarray:
    """Gradients without noise, small as files: [height, width, channels], uint8."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [x * 255 // width, y * 255 // height, (x + y) * 255 // (width + height), 255 - x * y * 200 // (width * height)]
    return np.stack(planes[:channels], axis=-1).astype(np.uint8)
