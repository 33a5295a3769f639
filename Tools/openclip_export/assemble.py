"""Exports one model: references from the unchanged model, then saving and comparing its encoders, then the bundle."""

import math
from collections.abc import Callable
from pathlib import Path

from bundle import staged_bundle, write_model
from openclip_export.encoders import Encoders
from openclip_export.golden import References, agreement, make_references, write_references
from openclip_export.options import ExportOptions
from openclip_export.room import export_room, require_room
from openclip_export.source import Source, empty_model, load_source
from openclip_export.tokenizer_spec import describe_tokenizer
from openclip_export.torchscript import save_torchscript
from torch import nn

Cosines = dict[str, tuple[float, float]]
"""For each precision, the least cosine of image and of text vectors with open_clip's fp32 model."""


def export(options: ExportOptions) -> Cosines:
    """Writes the bundle that `options` ask for; it appears whole or not at all.

    Raises SystemExit with what is wrong and what to do about it.
    """
    require_room(export_room(empty_model(options), options), options.output, "export")
    with staged_bundle(options.output) as folder:
        source = load_source(options)
        save = _saver(options)
        return write_bundle(folder, source, _logits(source.model), options.precision, "exported by Tools/export_openclip.py",
                            lambda references: save(folder, source, references, options))


def write_bundle(folder: Path, source: Source, scale_and_bias: tuple[float | None, float | None], precision: str, made: str,
                 save: Callable[[References], Encoders]) -> Cosines:
    """Writes tokenizer and references of a source, then what `save` saves, and model.json after comparing both."""
    text = describe_tokenizer(source.tokenizer, folder)
    references = make_references(folder, source, text)
    encoders = save(references)
    found = {precision.name: agreement(folder, encoders, references, precision) for precision in encoders.run}
    write_references(folder, references, encoders.required)
    write_model(folder, identity(source, precision, encoders.format_version, made) | {
        "precision": precision,
        **encoders.fields,
        "embedding_dimension": len(references.images[0].embedding),
        "logit_scale": scale_and_bias[0],
        "logit_bias": scale_and_bias[1],
        "image": {"file": encoders.image_file} | encoders.image_fields | source.preprocessing.description(),
        "text": {"file": encoders.text_file} | text,
    })
    return {name: (min(images), min(texts)) for name, (images, texts) in found.items()}


def _saver(options: ExportOptions) -> object:
    """What saves the encoders for the engine that `options` name."""
    if options.engine == "torchscript":
        return save_torchscript
    from openclip_export.openvino_encoders import save_openvino

    return save_openvino


def _logits(model: nn.Module) -> tuple[float, float | None]:
    """The multiplier on cosines and, for models trained with a sigmoid, the bias added to them."""
    bias = getattr(model, "logit_bias", None)
    return math.exp(model.logit_scale.item()), None if bias is None else bias.item()


def identity(source: Source, precision: str, format_version: int, made: str) -> dict:
    """The first fields of model.json."""
    suffix = "" if precision == "fp32" else f"-{precision}"
    return {
        "format_version": format_version,
        "name": source.name + suffix,
        "origin": source.origin,
        "description": f"{source.name} as {made}.",
    }
