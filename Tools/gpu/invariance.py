"""Whether an image's vector depends on the other images in its batch."""

from pathlib import Path

import numpy as np
from gpu.bundles import MODELS, image_shape, path
from gpu.setup import CORES, Setup, in_process
from peers.libtorch_c import Module
from peers.progress import say
from preprocessing import preprocess

IMAGES, BATCH = 64, 32
OTHER_ORDERS = 4


def measure(setup: Setup) -> list[dict]:
    """For each bundle and case: how many images have the same bits as in batches of 32 in their own order."""
    model, rows = setup.timed_model, []
    for precision in MODELS[model][1]:
        say(f"{model} {precision}: other neighbours, positions and batch sizes")
        bundle = path(setup.folder / "bundles", model, precision)
        pixels = np.stack([preprocess(image, image_shape(bundle)[0]) for image in setup.images[:IMAGES]])
        rows += [{"model": model, "precision": precision} | row
                 for row in in_process(_cases, bundle, setup.device, pixels, setup.sizes.batches)]
    return rows


def _cases(bundle: Path, device: str, pixels: np.ndarray, sizes: tuple[int, ...]) -> list[dict]:
    module = Module(bundle / "image_encoder.pt", CORES, "fp32", device)
    expected = _encode(module, pixels, BATCH)
    again = [_encode(module, pixels, BATCH)]
    shuffled = [_shuffled(module, pixels, seed) for seed in range(OTHER_ORDERS)]
    rows = [_row("the same batches again", again, expected),
            _row(f"other neighbours and positions, {OTHER_ORDERS} orders", shuffled, expected)]
    return rows + [_row(f"batches of {size}", [_encode(module, pixels, size)], expected)
                   for size in sizes if size != BATCH]


def _row(case: str, found: list[np.ndarray], expected: np.ndarray) -> dict:
    cosines = [(_unit(vectors) * _unit(expected)).sum(axis=1).min() for vectors in found]
    return {"case": case, "images": len(found) * len(expected),
            "equal": int(sum((vectors == expected).all(axis=1).sum() for vectors in found)),
            "largest_difference": float(max(np.abs(vectors - expected).max() for vectors in found)),
            "least_cosine": float(min(cosines))}


def _unit(vectors: np.ndarray) -> np.ndarray:
    """In double precision, so that the cosine is not limited by the vectors' own length."""
    return vectors / np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)


def _encode(module: Module, pixels: np.ndarray, size: int) -> np.ndarray:
    """In batches of one size; the last one is filled with images from the start."""
    count = -(-len(pixels) // size) * size
    filled = np.resize(pixels, (count, *pixels.shape[1:]))
    return np.concatenate([module.run(filled[start:start + size]) for start in range(0, count, size)])[:len(pixels)]


def _shuffled(module: Module, pixels: np.ndarray, seed: int) -> np.ndarray:
    order = np.random.default_rng(seed).permutation(len(pixels))
    result = _encode(module, pixels[order], BATCH)
    return result[np.argsort(order)]
