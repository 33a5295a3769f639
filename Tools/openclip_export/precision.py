"""Number formats: those that a bundle is stored in, and those that it is run in."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Precision:
    """A number format, and the agreement with the fp32 model that vectors must reach in it."""

    name: str
    dtype: torch.dtype  # of the activations
    least_cosine: float
    largest_difference: float = float("inf")  # of a single value


FP32 = Precision("fp32", torch.float32, least_cosine=0.99999, largest_difference=1e-4)
HALVES = {precision.name: precision for precision in (
    Precision("fp16", torch.float16, least_cosine=0.999),
    Precision("bf16", torch.bfloat16, least_cosine=0.999),
)}
"""Formats of bundles for GPUs, which are run as they are stored."""
STORED = {"fp32": FP32} | HALVES

LOADED = {precision.name: precision for precision in (
    FP32,
    Precision("bf16", torch.float32, least_cosine=0.999),
    Precision("int8", torch.float32, least_cosine=0.995),
)}
"""Precisions in which an fp32 bundle can be loaded on a CPU."""
