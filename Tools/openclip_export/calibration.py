"""Ranges of the inputs of linear layers, which static quantisation to 8 bits needs."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

Ranges = dict[nn.Module, tuple[float, float]]


def calibrate(tower: nn.Module, run: Callable[[], None]) -> Ranges:
    """The smallest and the largest input of each linear layer of `tower` while `run` runs it."""
    ranges: Ranges = {}

    def observe(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        least, most = torch.aminmax(inputs[0])
        earlier = ranges.get(module, (0.0, 0.0))
        ranges[module] = (min(earlier[0], least.item()), max(earlier[1], most.item()))

    hooks = [module.register_forward_pre_hook(observe) for module in tower.modules() if isinstance(module, nn.Linear)]
    try:
        with torch.inference_mode():
            run()
    finally:
        for hook in hooks:
            hook.remove()
    return ranges
