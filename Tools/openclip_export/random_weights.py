"""Random weights in which every layer matters, for tests."""

import torch
from torch import Tensor, nn

LEAST_DEVIATION = 1e-3
"""Parameters that vary less than this count as constant."""


def randomize(model: nn.Module) -> None:
    """Draws, in place, the parameters and statistics that start as constants from torch's generator.

    Architectures start with biases of 0 and with scales of 1, 1e-5 or even 0; with those, whole blocks add nothing to
    the output, and a test could not tell whether they are computed.
    """
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.numel() > 1 and parameter.std() < LEAST_DEVIATION:
                _draw(name, parameter)
        for name, buffer in model.named_buffers():
            if name.endswith("running_mean"):
                buffer.normal_(std=0.02)
            elif name.endswith("running_var"):
                buffer.uniform_(0.5, 1.5)


def _draw(name: str, parameter: Tensor) -> None:
    is_weight = name.endswith("weight")
    if is_weight and parameter.dim() > 1:  # a projection
        parameter.normal_(std=0.05)
    elif is_weight or parameter.abs().max() > 0:  # the scale of a norm or of a layer
        parameter.uniform_(0.5, 1.5)
    else:  # a bias: enough to show when it is left out, too little to drown what comes from the input
        parameter.normal_(std=0.02)
