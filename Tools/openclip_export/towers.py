"""The modules that are exported: from pixels or token ids to unit vectors."""

from collections import Counter

import torch
from openclip_export.preprocessing_spec import Preprocessing
from torch import Tensor, nn
from torch.nn import functional as F


PRODUCTS = {
    "aten::linear": "linear layers", "aten::_convolution": "convolutions",
    "aten::scaled_dot_product_attention": "attentions", "aten::matmul": "matrix products",
}
"""What takes nearly all of a tower's time where no operator does it."""


class ImageTower(nn.Module):
    """Pixels, uint8 [B, H, W, 3], to unit vectors, float32 [B, D].

    - takes_pixels: whether the model scales pixels itself.
    """

    def __init__(self, model: nn.Module, preprocessing: Preprocessing, dtype: torch.dtype, takes_pixels: bool) -> None:
        super().__init__()
        self.model = model
        self.dtype = dtype
        self.takes_pixels = takes_pixels
        scale, offset = preprocessing.scale_and_offset()
        self.register_buffer("scale", scale.view(1, 3, 1, 1))
        self.register_buffer("offset", offset.view(1, 3, 1, 1))

    def forward(self, pixels: Tensor) -> Tensor:
        x = pixels if self.takes_pixels else self._scaled(pixels).to(self.dtype)
        return F.normalize(self.model.encode_image(x, normalize=False).float(), dim=-1)

    def _scaled(self, pixels: Tensor) -> Tensor:
        return torch.addcmul(self.offset, pixels.permute(0, 3, 1, 2).to(torch.float32), self.scale)


class TextTower(nn.Module):
    """Token ids, int64 [B, L] padded to the context length, to unit vectors, float32 [B, D]."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor) -> Tensor:
        return F.normalize(self.model.encode_text(ids, normalize=False).float(), dim=-1)


def trace(tower: nn.Module, example: Tensor) -> torch.jit.ScriptModule:
    """The tower as frozen TorchScript for any batch size; `example` is a batch of at least 2.

    Everything else about the input is fixed in the trace: its shape is the example's. Raises SystemExit when the tower
    cannot be traced.
    """
    try:
        with torch.inference_mode():
            traced = torch.jit.freeze(torch.jit.trace(tower.eval(), example, check_trace=False))
    except Exception as error:  # whatever a tower's own code raises
        raise SystemExit(f"error: {type(tower).__name__} cannot be traced in this precision: {error}") from error
    _follow_input_device(traced.graph)
    return traced


def describe_layers(traced: torch.jit.ScriptModule) -> str:
    """How many operators of libtorch-c a traced tower has, and which products it computes without them."""
    kinds = Counter(node.kind() for node in traced.inlined_graph.nodes())
    operators = sum(count for kind, count in kinds.items() if kind.startswith("openclip::"))
    plain = ", ".join(f"{kinds[kind]} {name}" for kind, name in PRODUCTS.items() if kinds[kind]) or "nothing"
    return f"{operators} operators; as plain TorchScript: {plain}"


def _follow_input_device(graph: torch.Graph) -> None:
    """Replaces the device that was traced as a constant by the input's, so that the module can run on a GPU."""
    constants = [node for node in graph.findAllNodes("prim::Constant")
                 if isinstance(node.output().type(), torch._C.DeviceObjType)]
    if not constants:
        return
    pixels_or_ids = list(graph.inputs())[1]
    device = graph.create("prim::device", [pixels_or_ids], 1)
    device.output().setType(torch._C.DeviceObjType.get())
    graph.prependNode(device)
    for constant in constants:
        constant.output().replaceAllUsesWith(device.output())
