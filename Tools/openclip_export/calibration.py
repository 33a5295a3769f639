"""What the export learns from running the towers: ranges of the inputs of linear layers, and attention masks."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass
class Range:
    """The smallest and the largest input of a linear layer in calibration, for each column: [depth]."""

    least: Tensor
    most: Tensor

    def divided(self, factors: Tensor) -> "Range":
        return Range(self.least / factors, self.most / factors)

    def bounds(self) -> list[float]:
        """The range of all columns, with 0 in it."""
        return [min(self.least.min().item(), 0.0), max(self.most.max().item(), 0.0)]


class Observations:
    """What hooks saw while `run` ran."""

    def __init__(self, tower: nn.Module, is_block: Callable[[nn.Module], bool], run: Callable[[], object]) -> None:
        self.ranges: dict[nn.Module, Range] = {}
        self.masks: dict[nn.Module, Tensor | None] = {}
        hooks = []
        for module in tower.modules():
            if isinstance(module, nn.Linear):
                hooks.append(module.register_forward_pre_hook(self._observe_input))
            elif is_block(module):
                hooks.append(module.register_forward_pre_hook(self._observe_mask, with_kwargs=True))
        try:
            with torch.inference_mode():
                run()
        finally:
            for hook in hooks:
                hook.remove()

    def _observe_input(self, module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        if inputs[0].dim() < 3:
            return  # one row an image: cheap, and an error there is one of the result
        rows = inputs[0].detach().flatten(0, -2).float()
        seen = Range(rows.amin(dim=0), rows.amax(dim=0))
        if (earlier := self.ranges.get(module)) is not None:
            seen = Range(torch.minimum(seen.least, earlier.least), torch.maximum(seen.most, earlier.most))
        self.ranges[module] = seen

    def _observe_mask(self, module: nn.Module, inputs: tuple, named: dict) -> None:
        mask = next((x for x in (*inputs[1:], *named.values()) if isinstance(x, Tensor) and x.is_floating_point()), None)
        if mask is not None and mask.dim() == 4 and torch.equal(mask, mask[:1, :1].expand_as(mask)):
            mask = mask[0, 0]  # transformers repeat it for each text
        self.masks[module] = None if mask is None else mask.detach().clone()
