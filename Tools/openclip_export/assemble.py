"""Exports one model: references from the unchanged model, then rewriting, tracing and comparing, then the bundle."""

import importlib.metadata
import math
from pathlib import Path

import open_clip
import torch
from bundle import sha256_of_file, staged_bundle, write_model
from open_clip.timm_model import TimmModel
from openclip_export.attention import rewrite_attention
from openclip_export.golden import References, compare, make_references, write_references
from openclip_export.loading import load_model, load_tokenizer
from openclip_export.options import ExportOptions
from openclip_export.precision import PRECISIONS, QUANTIZED_ENGINE, Precision, convert
from openclip_export.preprocessing_spec import Preprocessing
from openclip_export.tokenizer_spec import describe_tokenizer
from openclip_export.towers import ImageTower, TextTower, trace
from timm.utils.model import reparameterize_model
from torch import nn

IMAGE_FILE, TEXT_FILE = "image_encoder.pt", "text_encoder.pt"


def export(options: ExportOptions) -> tuple[float, float]:
    """Writes the bundle that `options` ask for; it appears whole or not at all.

    Returns the least cosine of image and of text vectors with open_clip's fp32 model. Raises SystemExit with what is
    wrong and what to do about it.
    """
    precision = PRECISIONS[options.precision]
    with staged_bundle(options.output) as folder:
        model, tokenizer = load_model(options), load_tokenizer(options)
        text = describe_tokenizer(tokenizer, folder)
        preprocessing = Preprocessing(model)
        references = make_references(folder, model, preprocessing, tokenizer)
        scale, bias = _logits(model)
        _save_encoders(folder, _rewritten(model, precision), preprocessing, references, precision)
        image_cosines = compare(folder / IMAGE_FILE, references.pixels,
                                [item.embedding for item in references.images], precision)
        text_cosines = compare(folder / TEXT_FILE, references.token_ids,
                               [item.embedding for item in references.texts], precision)
        write_references(folder, references, precision, image_cosines, text_cosines)
        write_model(folder, _identity(options) | {
            "precision": precision.name,
            **({"quantized_engine": QUANTIZED_ENGINE} if precision.name == "int8" else {}),
            "embedding_dimension": len(references.images[0].embedding),
            "logit_scale": scale,
            "logit_bias": bias,
            "image": {"file": IMAGE_FILE} | preprocessing.description(),
            "text": {"file": TEXT_FILE} | text,
        })
    return min(image_cosines), min(text_cosines)


def _logits(model: nn.Module) -> tuple[float, float | None]:
    """The multiplier on cosines and, for models trained with a sigmoid, the bias added to them."""
    bias = getattr(model, "logit_bias", None)
    return math.exp(model.logit_scale.item()), None if bias is None else bias.item()


def _rewritten(model: nn.Module, precision: Precision) -> nn.Module:
    """The model in the form that is traced; changes `model` itself."""
    if isinstance(model.visual, TimmModel):
        model.visual = reparameterize_model(model.visual, inplace=True)
    rewrite_attention(model)
    return convert(model.requires_grad_(False), precision)


def _save_encoders(folder: Path, model: nn.Module, preprocessing: Preprocessing, references: References,
                   precision: Precision) -> None:
    image, text = ImageTower(model, preprocessing, precision.dtype), TextTower(model)
    trace(image, references.pixels[:2]).save(str(folder / IMAGE_FILE))
    trace(text, references.token_ids[:2]).save(str(folder / TEXT_FILE))


def _identity(options: ExportOptions) -> dict:
    schema, identifier = open_clip.factory.parse_model_name(options.model)
    architecture = Path(identifier).name
    if options.random_seed is not None:
        weights = f"random-{options.random_seed}"
    elif schema is None and Path(options.pretrained).is_file():
        weights = f"{Path(options.pretrained).stem}-{sha256_of_file(Path(options.pretrained))[:12]}"
    else:
        weights = options.pretrained
    origin = architecture if schema == "local-dir" else options.model
    suffix = "" if options.precision == "fp32" else f"-{options.precision}"
    return {
        "format_version": 1,
        "name": "-".join(filter(None, (architecture, weights))) + suffix,
        "origin": f"open_clip {origin}" + (f", weights {weights}" if weights else "") + ", exported with "
                  f"open_clip_torch {importlib.metadata.version('open_clip_torch')} and torch {torch.__version__}",
        "description": f"{architecture} as exported by Tools/export_openclip.py.",
    }
