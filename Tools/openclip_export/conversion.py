"""Converts the towers' layers to operators of libtorch-c: whole transformer blocks where they are of the usual kind,
the linear layers of everything else."""

import torch
from open_clip.transformer import LayerScale, ResidualAttentionBlock
from openclip_export.attention import SelfAttention
from openclip_export.calibration import Ranges
from openclip_export.operators import MLP, Attention, Linear, activation, layer, norm
from timm.layers import Mlp
from timm.layers.attention import Attention as TimmAttention
from timm.models.vision_transformer import Block
from torch import Tensor, nn


class FusedBlock(nn.Module):
    """A pre-norm transformer block as two operators. Arguments beside x are part of the operators already."""

    def __init__(self, attention: Attention, mlp: MLP) -> None:
        super().__init__()
        self.attention, self.mlp = attention, mlp

    def forward(self, x: Tensor, *_: object, **__: object) -> Tensor:
        return self.mlp(self.attention(x))


def convert_layers(tower: nn.Module, ranges: Ranges, masks: dict[nn.Module, Tensor | None], last_of_first: nn.Module | None) -> None:
    """Replaces, in place, what the operators can compute.

    - ranges: of the inputs of linear layers that may run in int8.
    - masks: the attention mask of each block.
    - last_of_first: the block after which the tower uses only the first token.
    """
    for parent in list(tower.modules()):
        for name, child in list(parent.named_children()):
            if (block := _fused(child, ranges, masks.get(child), child is last_of_first)) is not None:
                setattr(parent, name, block)
    for parent in list(tower.modules()):
        for name, child in list(parent.named_children()):
            if type(child) is Mlp and (mlp := _mlp(child.fc1, child.act, child.fc2, None, None, ranges)) is not None \
                    and isinstance(child.norm, nn.Identity):
                setattr(parent, name, mlp)
    for parent in list(tower.modules()):
        for name, child in list(parent.named_children()):
            if type(child) in (nn.Linear, nn.modules.linear.NonDynamicallyQuantizableLinear):
                setattr(parent, name, Linear(layer(child.weight, child.bias, ranges.get(child)), "none"))


def _fused(block: nn.Module, ranges: Ranges, mask: Tensor | None, returns_first: bool) -> FusedBlock | None:
    if type(block) is ResidualAttentionBlock and type(block.attn) is SelfAttention:
        parts = (block.ln_1, block.attn.qkv, block.attn.heads, block.attn.out, block.ls_1,
                 block.ln_2, block.mlp.c_fc, block.mlp.gelu, block.mlp.c_proj, block.ls_2)
    elif type(block) is Block and type(block.attn) is TimmAttention and _is_plain(block.attn) \
            and type(block.mlp) is Mlp and isinstance(block.mlp.norm, nn.Identity):
        parts = (block.norm1, block.attn.qkv, block.attn.num_heads, block.attn.proj, block.ls1,
                 block.norm2, block.mlp.fc1, block.mlp.act, block.mlp.fc2, block.ls2)
    else:
        return None
    first_norm, qkv, heads, out, first_scale, second_norm, fc1, act, fc2, second_scale = parts
    if mask is not None and mask.dim() != 2 or not all(isinstance(n, nn.LayerNorm) and n.bias is not None
                                                      for n in (first_norm, second_norm)):
        return None
    mlp = _mlp(fc1, act, fc2, second_norm, _scale(second_scale), ranges)
    if mlp is None:
        return None
    attention = Attention(norm(first_norm), layer(qkv.weight, qkv.bias, ranges.get(qkv)), heads,
                          None if mask is None else mask.detach().float().contiguous(),
                          layer(out.weight, out.bias, ranges.get(out), _scale(first_scale)), True, returns_first)
    return FusedBlock(attention, mlp)


def _mlp(first: nn.Module, act: nn.Module, second: nn.Module, before: nn.LayerNorm | None, scale: Tensor | None,
         ranges: Ranges) -> MLP | None:
    name = activation(act)
    if name is None or not isinstance(first, nn.Linear) or not isinstance(second, nn.Linear):
        return None
    return MLP(norm(before), layer(first.weight, first.bias, ranges.get(first)), name,
               layer(second.weight, second.bias, ranges.get(second), scale), before is not None)


def _scale(module: nn.Module) -> Tensor | None:
    return getattr(module, "gamma", None) if not isinstance(module, nn.Identity) else None


def _is_plain(attention: TimmAttention) -> bool:
    return attention.gate is None and all(isinstance(part, nn.Identity)
                                          for part in (attention.q_norm, attention.k_norm, attention.norm))
