"""The operators of libtorch-c: layers whose weights are packed for the CPU, in the precision chosen at loading.

Native code of the project implements them (native/libtorch-c/src/operators), so that what is exported is what runs.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from openclip_export.calibration import Range
from openclip_export.precision import FP32, LOADED, Precision
from torch import Tensor, nn

ACTIVATIONS = {nn.ReLU: "relu", nn.SiLU: "silu"}


def load_operators() -> None:
    """Loads libtorch-c from beside this Python, or from $OPENCLIP_WRAPPERS; raises SystemExit if it is not there."""
    folder = Path(os.environ.get("OPENCLIP_WRAPPERS", Path(sys.prefix).parent))
    libraries = sorted(folder.glob("libtorch-c-implementation-*.so"), key=lambda path: path.stat().st_mtime)
    if not libraries:
        raise SystemExit(f"error: {folder} has no libtorch-c; run 'make setup'")
    torch.classes.load_library(str(libraries[-1]))


def loadable_precisions() -> list[Precision]:
    """The precisions in which this CPU can run modules with operators."""
    return [LOADED[name] for name in torch.ops.openclip.precisions()]


@contextmanager
def loading_in(precision: Precision) -> Iterator[None]:
    """Modules with operators that are loaded inside run in `precision`; others as they are stored."""
    if LOADED.get(precision.name) is not precision or precision is FP32:
        yield
        return
    torch.ops.openclip.set_loading_precision(precision.name)
    try:
        yield
    finally:
        torch.ops.openclip.set_loading_precision("fp32")


def load_encoder(file: Path, precision: Precision) -> torch.jit.ScriptModule:
    """A saved encoder, to run in `precision`."""
    with loading_in(precision):
        return torch.jit.load(str(file))


class Operator(nn.Module):
    """A module that is one operator; `name` is the function and `kind` the class of its state."""

    name: str
    kind: str

    def __init__(self, *state: object) -> None:
        super().__init__()
        self.block = getattr(torch.classes.openclip, self.kind)(state)

    def forward(self, x: Tensor) -> Tensor:
        return getattr(torch.ops.openclip, self.name)(x, self.block)


class Linear(Operator):
    name, kind = "linear", "Linear"
    weight = torch.empty(0)  # open_clip asks for its data type


class MLP(Operator):
    name, kind = "mlp", "MLP"


class Attention(Operator):
    name, kind = "attention", "Attention"


class Patches(Operator):
    name, kind = "patches", "Patches"


def layer(linear: nn.Linear, range_: Range | None, scale: Tensor | None = None) -> tuple:
    """What an operator stores of a linear layer whose outputs are multiplied by `scale` afterwards.

    Without a range, the layer stays in fp32 when the module is loaded in int8.
    """
    weight = linear.weight.detach().float()
    bias = None if linear.bias is None else linear.bias.detach().float()
    if scale is not None:
        weight = weight * scale.detach()[:, None]
        bias = None if bias is None else bias * scale.detach()
    return weight.contiguous(), bias, [] if range_ is None else range_.bounds()


def normalised_layer(before: nn.LayerNorm | None, linear: nn.Linear, range_: Range | None) -> tuple[tuple, tuple]:
    """What an operator stores of a layer normalisation and of the linear layer behind it.

    For int8, columns with large values are divided by a factor in the normalisation, and the layer's weights are
    multiplied by it: the function stays the same, and the other columns lose less in quantisation (Xiao et al.,
    SmoothQuant, 2023, with α = 0.5).
    """
    if before is None:
        return (None, None, 0.0), layer(linear, range_)
    weight, bias = before.weight.detach().float(), before.bias.detach().float()
    if range_ is None:
        return (weight, bias, before.eps), layer(linear, None)
    inputs = torch.maximum(range_.least.abs(), range_.most.abs()).clamp(min=1e-5)
    weights = linear.weight.detach().float().abs().amax(dim=0).clamp(min=1e-5)
    factors = (inputs / weights).sqrt()
    factors = factors / factors.log().mean().exp()
    smooth = nn.Linear(linear.in_features, linear.out_features, bias=linear.bias is not None)
    smooth.weight = nn.Parameter(linear.weight.detach().float() * factors)
    smooth.bias = linear.bias
    return (weight / factors, bias / factors, before.eps), layer(smooth, range_.divided(factors))


def activation(module: nn.Module) -> str | None:
    """The operators' name of an activation; None if they do not have it."""
    if isinstance(module, nn.GELU):
        return "gelu_tanh" if module.approximate == "tanh" else "gelu"
    if type(module).__name__ in ("QuickGELU", "QuickGELUActivation"):
        return "quick_gelu"
    if type(module).__name__ in ("GELU", "GELUTanh", "GELUActivation"):  # timm's and transformers' own
        return "gelu_tanh" if type(module).__name__ == "GELUTanh" else "gelu"
    return ACTIVATIONS.get(type(module))
