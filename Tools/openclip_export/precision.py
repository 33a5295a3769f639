"""Brings a model's weights to the precision of the export, and says how close to fp32 the result must be."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.ao.quantization import per_channel_dynamic_qconfig, quantize_dynamic

QUANTIZED_ENGINE = "onednn"
"""The integer kernels of int8 models: on processors with VNNI the fastest of libtorch's."""


@dataclass(frozen=True)
class Precision:
    """How weights are stored, and the agreement with the fp32 model that an export must reach."""

    name: str
    dtype: torch.dtype  # of the activations
    least_cosine: float
    largest_difference: float = float("inf")  # of a single value


PRECISIONS = {precision.name: precision for precision in (
    Precision("fp32", torch.float32, least_cosine=0.99999, largest_difference=1e-4),
    Precision("int8", torch.float32, least_cosine=0.995),
    Precision("fp16", torch.float16, least_cosine=0.999),
    Precision("bf16", torch.bfloat16, least_cosine=0.999),
)}


def convert(model: nn.Module, precision: Precision) -> nn.Module:
    """The model with its weights in `precision`; changes `model` itself."""
    if precision.name == "int8":
        model.visual = _quantize(model.visual)
        return model
    return model.to(precision.dtype)


def _quantize(tower: nn.Module) -> nn.Module:
    """Stores the weights of linear layers as int8, a scale for each output; activations are quantised as they come.

    The text tower stays in fp32: it runs once for each description, and an error there would shift all its scores.
    """
    if QUANTIZED_ENGINE not in torch.backends.quantized.supported_engines:
        raise SystemExit(f"error: this build of torch has no '{QUANTIZED_ENGINE}' engine, which int8 needs; export on "
                         "another machine or choose another precision")
    torch.backends.quantized.engine = QUANTIZED_ENGINE
    return quantize_dynamic(tower, {nn.Linear: per_channel_dynamic_qconfig}, dtype=torch.qint8, inplace=True)
