"""Layers of transformers' vision and text towers that the operators can compute."""

import torch
from openclip_export.attention import attend, linear, replace_modules
from torch import Tensor, nn

ATTENTION = {"CLIPAttention", "SiglipAttention", "AltCLIPAttention", "ChineseCLIPVisionAttention"}
BLOCKS = {"CLIPEncoderLayer", "SiglipEncoderLayer", "AltCLIPEncoderLayer", "ChineseCLIPVisionLayer"}
MLPS = {"CLIPMLP", "SiglipMLP", "AltCLIPMLP", "ChineseCLIPVisionMLP"}
"""Classes with the same attributes; those of a kind compute the same."""


class JointAttention(nn.Module):
    """Attention of transformers with one projection for queries, keys and values."""

    def __init__(self, attention: nn.Module) -> None:
        super().__init__()
        parts = attention.q_proj, attention.k_proj, attention.v_proj
        self.heads = attention.num_heads
        self.qkv = linear(torch.cat([part.weight for part in parts]), torch.cat([part.bias for part in parts]))
        self.out = attention.out_proj

    def forward(self, hidden_states: Tensor, attention_mask: Tensor | None = None, **_: object) -> tuple[Tensor, None]:
        query, key, value = self.qkv(hidden_states).chunk(3, dim=-1)
        return self.out(attend(query, key, value, self.heads, attention_mask)), None


def join_projections(model: nn.Module) -> None:
    """Replaces attention in place by modules that compute the same."""
    replace_modules(model, lambda module, _: JointAttention(module) if type(module).__name__ in ATTENTION else None)


def is_block(module: nn.Module) -> bool:
    return type(module).__name__ in BLOCKS and type(module.self_attn) is JointAttention


def is_mlp(module: nn.Module) -> bool:
    return type(module).__name__ in MLPS
