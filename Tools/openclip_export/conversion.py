"""Converts the towers' layers to operators of libtorch-c: whole transformer blocks where they are of the usual kind,
the linear layers of everything else."""

from collections.abc import Callable

import torch
from open_clip.transformer import ResidualAttentionBlock, VisionTransformer
from openclip_export.attention import SelfAttention
from openclip_export.calibration import Observations
from openclip_export import transformers_layers
from openclip_export.operators import MLP, Attention, Linear, activation, layer, normalised_layer
from timm.layers import Mlp
from timm.layers.attention import Attention as TimmAttention
from timm.models.vision_transformer import Block
from timm.models.vision_transformer import VisionTransformer as TimmTransformer
from torch import Tensor, nn


class FusedBlock(nn.Module):
    """A pre-norm transformer block as two operators. Arguments beside x are part of the operators already."""

    def __init__(self, attention: Attention, mlp: MLP) -> None:
        super().__init__()
        self.attention, self.mlp = attention, mlp

    def forward(self, x: Tensor, *_: object, **__: object) -> Tensor:
        return self.mlp(self.attention(x))

    def get_weight_dtype(self) -> torch.dtype:
        """What open_clip's text towers convert their input to."""
        return torch.float32


def convert_layers(tower: nn.Module, seen: Observations, last: nn.Module | None = None) -> None:
    """Replaces, in place, what the operators can compute.

    - seen: masks of the blocks, and ranges of the layers that may run in int8.
    - last: the block after which the tower uses only the first token.
    """
    _replace(tower, lambda module: _block(module, seen, module is last))
    _replace(tower, lambda module: _plain_mlp(module, seen))
    _replace(tower, lambda module: Linear(layer(module, seen.ranges.get(module)), "none")
             if type(module) in (nn.Linear, nn.modules.linear.NonDynamicallyQuantizableLinear) else None)


def is_block(module: nn.Module) -> bool:
    """Whether a module is a transformer block that may have a mask."""
    return isinstance(module, ResidualAttentionBlock) or transformers_layers.is_block(module)


def first_token_block(visual: nn.Module) -> nn.Module | None:
    """The last block of a vision transformer that uses only the first token of its result."""
    if isinstance(visual, VisionTransformer):
        uses_first = visual.attn_pool is None and visual.pool_type == "tok" and not visual.output_tokens
        return visual.transformer.resblocks[-1] if uses_first else None
    if hasattr(getattr(visual, "tower", None), "pre_layrnorm"):  # transformers' CLIP
        return visual.tower.encoder.layers[-1]
    trunk = getattr(visual, "trunk", None)
    if isinstance(trunk, TimmTransformer) and trunk.attn_pool is None and trunk.global_pool == "token":
        return trunk.blocks[-1]
    return None


def _replace(tower: nn.Module, replacement: Callable[[nn.Module], nn.Module | None]) -> None:
    for parent in list(tower.modules()):
        for name, child in list(parent.named_children()):
            # open_clip looks whether the text projection is a layer or a matrix.
            if name != "text_projection" and (new := replacement(child)) is not None:
                setattr(parent, name, new)


def _block(block: nn.Module, seen: Observations, returns_first: bool) -> FusedBlock | None:
    if type(block) is ResidualAttentionBlock and type(block.attn) is SelfAttention:
        norms, scales = (block.ln_1, block.ln_2), (block.ls_1, block.ls_2)
        qkv, heads, out = block.attn.qkv, block.attn.heads, block.attn.out
        layers = block.mlp.c_fc, block.mlp.gelu, block.mlp.c_proj
    elif type(block) is Block and type(block.attn) is TimmAttention and _is_plain(block.attn) and _is_plain_mlp(block.mlp):
        norms, scales = (block.norm1, block.norm2), (block.ls1, block.ls2)
        qkv, heads, out = block.attn.qkv, block.attn.num_heads, block.attn.proj
        layers = block.mlp.fc1, block.mlp.act, block.mlp.fc2
    elif transformers_layers.is_block(block) and transformers_layers.is_mlp(block.mlp):
        norms, scales = (block.layer_norm1, block.layer_norm2), (nn.Identity(), nn.Identity())
        qkv, heads, out = block.self_attn.qkv, block.self_attn.heads, block.self_attn.out
        layers = block.mlp.fc1, block.mlp.activation_fn, block.mlp.fc2
    else:
        return None
    mask = seen.masks.get(block)
    if (mask is not None and mask.dim() != 2) or not all(isinstance(norm, nn.LayerNorm) and norm.elementwise_affine
                                                        and norm.bias is not None for norm in norms):
        return None
    mlp = _mlp(*layers, norms[1], _scale(scales[1]), seen)
    if mlp is None:
        return None
    before, joint = normalised_layer(norms[0], qkv, seen.ranges.get(qkv))
    attention = Attention(before, joint, heads, None if mask is None else mask.float().contiguous(),
                          layer(out, seen.ranges.get(out), _scale(scales[0])), True, returns_first)
    return FusedBlock(attention, mlp)


def _plain_mlp(module: nn.Module, seen: Observations) -> MLP | None:
    if transformers_layers.is_mlp(module):
        return _mlp(module.fc1, module.activation_fn, module.fc2, None, None, seen)
    return _mlp(module.fc1, module.act, module.fc2, None, None, seen) if _is_plain_mlp(module) else None


def _mlp(first: nn.Module, act: nn.Module, second: nn.Module, norm: nn.LayerNorm | None, scale: Tensor | None,
         seen: Observations) -> MLP | None:
    name = activation(act)
    if name is None or not isinstance(first, nn.Linear) or not isinstance(second, nn.Linear):
        return None
    before, expanding = normalised_layer(norm, first, seen.ranges.get(first))
    return MLP(before, expanding, name, layer(second, seen.ranges.get(second), scale), norm is not None)


def _is_plain_mlp(module: nn.Module) -> bool:
    return type(module) is Mlp and isinstance(module.norm, nn.Identity)


def _scale(module: nn.Module) -> Tensor | None:
    return getattr(module, "gamma", None) if not isinstance(module, nn.Identity) else None


def _is_plain(attention: TimmAttention) -> bool:
    return attention.gate is None and all(isinstance(part, nn.Identity)
                                          for part in (attention.q_norm, attention.k_norm, attention.norm))
