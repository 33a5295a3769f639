"""Rewrites attention as plain linear layers around `scaled_dot_product_attention`.

The rewritten modules compute the same function. They trace with any batch size, and their projections are ordinary
`nn.Linear` layers, which quantisation reaches; the projections inside `nn.MultiheadAttention` it does not.
"""

from collections.abc import Callable

import torch
from open_clip.modified_resnet import AttentionPool2d
from open_clip.transformer import ResidualAttentionBlock
from timm.models.eva import EvaAttention
from torch import Tensor, nn
from torch.nn import functional as F


class SelfAttention(nn.Module):
    """`nn.MultiheadAttention` whose queries, keys and values come from one tensor, [B, L, C]."""

    def __init__(self, attention: nn.MultiheadAttention) -> None:
        super().__init__()
        self.heads = attention.num_heads
        self.qkv = linear(attention.in_proj_weight, attention.in_proj_bias)
        self.out = linear(attention.out_proj.weight, attention.out_proj.bias)

    def forward(self, query: Tensor, key: Tensor, value: Tensor, need_weights: bool = False,
                attn_mask: Tensor | None = None) -> tuple[Tensor, None]:
        query, key, value = self.qkv(query).chunk(3, dim=-1)
        return self.out(attend(query, key, value, self.heads, attn_mask)), None


class CrossAttention(nn.Module):
    """`nn.MultiheadAttention` with a projection each for queries, keys and values, all [B, L, C]."""

    def __init__(self, attention: nn.MultiheadAttention) -> None:
        super().__init__()
        self.heads = attention.num_heads
        weights = (attention.in_proj_weight.chunk(3) if attention.in_proj_weight is not None
                   else (attention.q_proj_weight, attention.k_proj_weight, attention.v_proj_weight))
        biases = (None,) * 3 if attention.in_proj_bias is None else attention.in_proj_bias.chunk(3)
        self.query, self.key, self.value = (linear(*pair) for pair in zip(weights, biases))
        self.out = linear(attention.out_proj.weight, attention.out_proj.bias)

    def forward(self, query: Tensor, key: Tensor, value: Tensor, need_weights: bool = False,
                attn_mask: Tensor | None = None) -> tuple[Tensor, None]:
        attended = attend(self.query(query), self.key(key), self.value(value), self.heads, attn_mask)
        return self.out(attended), None


class MeanQueryPool(nn.Module):
    """open_clip's `AttentionPool2d`: the mean of the features, [B, C, H, W], attends to them and to itself."""

    def __init__(self, pool: AttentionPool2d) -> None:
        super().__init__()
        self.heads = pool.num_heads
        self.positions = pool.positional_embedding
        self.query, self.key, self.value, self.out = pool.q_proj, pool.k_proj, pool.v_proj, pool.c_proj

    def forward(self, x: Tensor) -> Tensor:
        x = x.flatten(2).transpose(1, 2)
        x = torch.cat([x.mean(dim=1, keepdim=True), x], dim=1) + self.positions
        attended = attend(self.query(x[:, :1]), self.key(x), self.value(x), self.heads, None)
        return self.out(attended).squeeze(1)


def rewrite_attention(model: nn.Module) -> None:
    """Replaces, in place, the attention of open_clip's own towers by modules that compute the same."""
    replace_modules(model, _replacement)


def replace_modules(model: nn.Module, replacement: Callable[[nn.Module, nn.Module], nn.Module | None]) -> None:
    """Replaces modules in place by what `replacement` makes of a module and its parent; None keeps it."""
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if (new := replacement(child, parent)) is not None:
                setattr(parent, name, new)


def _replacement(module: nn.Module, parent: nn.Module) -> nn.Module | None:
    if isinstance(module, AttentionPool2d):
        return MeanQueryPool(module)
    if isinstance(module, nn.MultiheadAttention):
        if not module.batch_first:
            raise SystemExit("error: this model's attention has the batch second, which is not supported")
        attends_to_itself = isinstance(parent, ResidualAttentionBlock) and not hasattr(parent, "ln_1_kv")
        return SelfAttention(module) if attends_to_itself else CrossAttention(module)
    if isinstance(module, EvaAttention) and module.q_bias is not None:
        _join_biases(module)
    return None


def _join_biases(attention: EvaAttention) -> None:
    """Moves the separate biases into the joint projection, whose weight EVA otherwise uses without calling it."""
    attention.qkv.bias = nn.Parameter(torch.cat([attention.q_bias, attention.k_bias, attention.v_bias]))
    attention.q_bias = attention.k_bias = attention.v_bias = None


def linear(weight: Tensor, bias: Tensor | None) -> nn.Linear:
    """A layer with this weight, [columns, depth], and bias."""
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    layer.weight = nn.Parameter(weight.detach())
    if bias is not None:
        layer.bias = nn.Parameter(bias.detach())
    return layer


def attend(query: Tensor, key: Tensor, value: Tensor, heads: int, mask: Tensor | None) -> Tensor:
    """Attention of `heads` heads, all tensors [B, L, C]; a mask is added to the products of queries and keys."""
    query, key, value = (x.unflatten(-1, (heads, -1)).transpose(1, 2) for x in (query, key, value))
    if mask is not None and mask.dim() == 3:  # one mask for each head of each text
        mask = mask.unflatten(0, (-1, heads))
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask).transpose(1, 2).flatten(2)
