"""The operators of libtorch-c: layers whose weights are packed for the CPU, in the precision chosen at loading.

Native code of the project implements them (native/libtorch-c/src/operators), so that what is exported is what runs.
"""

import sys
from pathlib import Path

import torch
from torch import Tensor, nn

Range = tuple[float, float]
ACTIVATIONS = {nn.ReLU: "relu", nn.SiLU: "silu"}


def load_operators() -> None:
    """Loads libtorch-c from beside this Python; raises SystemExit if it is not installed."""
    folder = Path(sys.prefix).parent
    libraries = sorted(folder.glob("libtorch-c-implementation-*.so"), key=lambda path: path.stat().st_mtime)
    if not libraries:
        raise SystemExit(f"error: {folder} has no libtorch-c; run 'make setup'")
    torch.classes.load_library(str(libraries[-1]))


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


class MLP(Operator):
    name, kind = "mlp", "MLP"


class Attention(Operator):
    name, kind = "attention", "Attention"


class Patches(Operator):
    name, kind = "patches", "Patches"


def layer(weight: Tensor, bias: Tensor | None, range_: Range | None, scale: Tensor | None = None) -> tuple:
    """What an operator stores of a linear layer whose outputs are multiplied by `scale` afterwards."""
    weight, bias = weight.detach().float(), None if bias is None else bias.detach().float()
    if scale is not None:
        weight = weight * scale.detach()[:, None]
        bias = None if bias is None else bias * scale.detach()
    return weight.contiguous(), bias, [] if range_ is None else [min(range_[0], 0.0), max(range_[1], 0.0)]


def norm(module: nn.LayerNorm | None) -> tuple:
    """What an operator stores of a layer normalisation."""
    if module is None:
        return None, None, 0.0
    return module.weight.detach().float(), module.bias.detach().float(), module.eps


def activation(module: nn.Module) -> str | None:
    """The operators' name of an activation; None if they do not have it."""
    if isinstance(module, nn.GELU):
        return "gelu_tanh" if module.approximate == "tanh" else "gelu"
    if type(module).__name__ in ("QuickGELU", "QuickGELUActivation"):
        return "quick_gelu"
    if type(module).__name__ in ("GELU", "GELUTanh", "GELUActivation"):  # timm's and transformers' own
        return "gelu_tanh" if type(module).__name__ == "GELUTanh" else "gelu"
    return ACTIVATIONS.get(type(module))
