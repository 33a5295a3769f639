"""Small encoders with random weights, as ONNX files of the kinds that people have."""

import json
import warnings
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SIZE, LENGTH, DIMENSION, VOCABULARY = 32, 77, 16, 49408
MEAN, STD = (0.48, 0.46, 0.41), (0.27, 0.26, 0.28)


@dataclass(frozen=True)
class Kind:
    """How files differ."""

    layout: str = "NCHW"
    expects: str = "normalised"  # what the image encoder takes
    is_scalar: bool = False  # whether it normalises all channels alike, in the shortest way
    gain: float | None = None  # what it multiplies first
    pixel_type: torch.dtype = torch.float32
    id_type: torch.dtype = torch.int64
    inputs: tuple[str, ...] = ()  # of texts, beside the ids
    pooled: bool = True
    normalised: bool = False
    half: bool = False
    batch: str | None = "batch"  # None for a fixed batch of 1
    opset: int = 17
    dimension: int = DIMENSION  # of text vectors
    mixes: bool = False  # whether an image's vector depends, a little, on the others in its batch


class Images(nn.Module):
    """Pixels to vectors, or to a vector for a class token and each patch."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind
        self.patches = nn.Conv2d(3, 24, 8, 8)
        self.token = nn.Parameter(torch.randn(1, 1, 24))
        self.out = nn.Linear(24, DIMENSION)
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1))

    def forward(self, pixels: Tensor, like: Tensor | None = None) -> Tensor:
        x = pixels if self.kind.layout == "NCHW" else pixels.permute(0, 3, 1, 2)
        x = x.to(self.mean.dtype)
        if self.kind.gain is not None:
            x = x * self.kind.gain
        if self.kind.is_scalar:
            x = x / 127.5 - 1 if self.kind.expects == "0-255" else (x - 0.5) / 0.5
        elif self.kind.expects != "normalised":
            x = ((x / 255 if self.kind.expects == "0-255" else x) - self.mean) / self.std
        patches = F.gelu(self.patches(x)).flatten(2).transpose(1, 2)
        if self.kind.mixes:
            patches = patches + 1e-5 * patches.mean(dim=0, keepdim=True)
        batch = (pixels if like is None else like).shape[0]
        tokens = torch.cat([self.token.expand(batch, -1, -1), patches], dim=1)
        return _finished(self.out(tokens), tokens.mean(dim=1) if self.kind.pooled else None, self.out, self.kind)


class Texts(nn.Module):
    """Token ids to vectors, or to a vector for each token."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind
        self.tokens = nn.Embedding(VOCABULARY, 24)
        self.positions = nn.Embedding(LENGTH, 24)
        self.types = nn.Embedding(2, 24)
        self.out = nn.Linear(24, kind.dimension)

    def forward(self, ids: Tensor, *others: Tensor) -> Tensor:
        given = dict(zip(self.kind.inputs, others))
        x = self.tokens(ids)
        x = x + self.positions(given.get("position_ids", torch.arange(LENGTH)[None]))
        if "token_type_ids" in given:
            x = x + self.types(given["token_type_ids"])
        x = torch.tanh(x)
        if "attention_mask" in given:
            x = x * given["attention_mask"][..., None].to(x.dtype)
        return _finished(self.out(x), x.mean(dim=1) if self.kind.pooled else None, self.out, self.kind)


class Both(nn.Module):
    """Both encoders in one graph, with logits, as transformers exports them; the size of a batch is that of the texts."""

    def __init__(self, images: Images, texts: Texts) -> None:
        super().__init__()
        self.images, self.texts = images, texts

    def forward(self, ids: Tensor, pixels: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        image, text = (F.normalize(x, dim=-1) for x in (self.images(pixels, like=ids), self.texts(ids, mask)))
        logits = text @ image.T * 25 - 3
        return logits.T, logits, text, image


def _finished(tokens: Tensor, pooled: Tensor | None, out: nn.Linear, kind: Kind) -> Tensor:
    vectors = tokens if pooled is None else out(pooled)
    return F.normalize(vectors, dim=-1) if kind.normalised else vectors


def write_images(path: Path, kind: Kind) -> Path:
    """Writes an image encoder."""
    torch.manual_seed(0)
    return _export(Images(kind), (_pixels(kind),), path, kind, ["pixel_values"], ["image_embeds"])


def write_texts(path: Path, kind: Kind) -> Path:
    """Writes a text encoder."""
    torch.manual_seed(1)
    ids = torch.ones(1, LENGTH, dtype=kind.id_type)
    return _export(Texts(kind), (ids, *(torch.ones_like(ids) for _ in kind.inputs)), path, kind, ["input_ids", *kind.inputs],
                   ["text_embeds"])


def write_both(path: Path, kind: Kind = Kind(inputs=("attention_mask",))) -> Path:
    """Writes one graph with both encoders."""
    torch.manual_seed(2)
    ids = torch.ones(1, LENGTH, dtype=kind.id_type)
    return _export(Both(Images(kind), Texts(kind)), (ids, _pixels(kind), torch.ones_like(ids)), path, kind,
                   ["input_ids", "pixel_values", "attention_mask"],
                   ["logits_per_image", "logits_per_text", "text_embeds", "image_embeds"])


def write_processor(folder: Path, **changes: object) -> None:
    """Writes transformers' preprocessor_config.json for such an image encoder."""
    (folder / "preprocessor_config.json").write_text(json.dumps({
        "image_processor_type": "CLIPImageProcessor", "do_convert_rgb": True, "do_resize": True, "do_center_crop": True,
        "do_rescale": True, "do_normalize": True, "rescale_factor": 1 / 255, "resample": 3, "size": {"shortest_edge": SIZE},
        "crop_size": {"height": SIZE, "width": SIZE}, "image_mean": MEAN, "image_std": STD} | changes), encoding="utf-8")


def _pixels(kind: Kind) -> Tensor:
    shape = (1, 3, SIZE, SIZE) if kind.layout == "NCHW" else (1, SIZE, SIZE, 3)
    return torch.zeros(shape, dtype=torch.float16 if kind.half else kind.pixel_type)


def _export(module: nn.Module, examples: tuple[Tensor, ...], path: Path, kind: Kind, inputs: list[str],
            outputs: list[str]) -> Path:
    module = module.half() if kind.half else module
    axes = {name: {0: kind.batch} for name in (*inputs, *outputs)} if kind.batch else None
    with warnings.catch_warnings(action="ignore"), torch.inference_mode():
        torch.onnx.export(module.eval(), examples, path, dynamo=False, opset_version=kind.opset, input_names=inputs,
                          output_names=outputs, dynamic_axes=axes)
    return path
