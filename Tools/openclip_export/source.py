"""A model to export, from open_clip or from transformers, with what belongs to it."""

from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

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
    reference: object  # `encode_image` and `encode_text` of the program that the model comes from


def load_source(options: ExportOptions) -> Source:
    """Loads what `options` name; raises SystemExit that says what is missing or does not fit."""
    program, options = _found(options)
    return program.load(options)


def empty_model(options: ExportOptions) -> nn.Module:
    """The model that `options` name without its weights and without memory for them."""
    program, options = _found(options)
    return program.empty_model(options)


def _found(options: ExportOptions) -> tuple[ModuleType, ExportOptions]:
    """The program that loads the model, and the options with the folder where it is."""
    from openclip_export import open_clip_source, transformers_source

    if not (folder := Path(options.model)).is_dir():
        return open_clip_source, options
    kind, path = folder_kind(folder)
    if kind == OPEN_CLIP:
        return open_clip_source, replace(options, model=f"local-dir:{path}")
    return transformers_source, replace(options, model=str(path), name=options.name or folder.resolve().name)
