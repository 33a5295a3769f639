"""A model to export, from open_clip or from transformers, with what belongs to it."""

from dataclasses import dataclass, replace
from pathlib import Path

from openclip_export.folders import OPEN_CLIP, folder_kind
from openclip_export.options import ExportOptions
from torch import nn


@dataclass(frozen=True)
class Source:
    """A model in evaluation mode, fp32, on the CPU.

    `model` has `encode_image(images, normalize)` and `encode_text(ids, normalize)`, `visual`, `logit_scale` as a
    logarithm and, if it was trained with a sigmoid, `logit_bias`.
    """

    model: nn.Module
    tokenizer: object  # texts to int64 [B, context length]
    preprocessing: object
    name: str
    origin: str


def load_source(options: ExportOptions) -> Source:
    """Loads what `options` name; raises SystemExit that says what is missing or does not fit."""
    if (folder := Path(options.model)).is_dir():
        kind, path = folder_kind(folder)
        if kind != OPEN_CLIP:
            from openclip_export.transformers_source import load_transformers

            return load_transformers(path, folder.resolve().name, options)
        options = replace(options, model=f"local-dir:{path}")
    from openclip_export.open_clip_source import load_open_clip

    return load_open_clip(options)
