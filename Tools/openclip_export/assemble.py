"""Exports one model: references from the unchanged model, then rewriting, tracing and comparing, then the bundle."""

import math
from pathlib import Path

from bundle import staged_bundle, write_model
from open_clip.timm_model import TimmModel
from openclip_export.attention import rewrite_attention
from openclip_export.calibration import Observations
from openclip_export.calibration_images import CalibrationImages
from openclip_export.conversion import convert_layers, first_token_block, is_block
from openclip_export.golden import References, agreement, is_joint, make_references, write_references
from openclip_export.operators import load_operators, loadable_precisions
from openclip_export.options import ExportOptions
from openclip_export.pixels import take_pixels
from openclip_export.precision import STORED, Precision
from openclip_export.preprocessing_spec import Preprocessing
from openclip_export.room import parameter_count, require_room
from openclip_export.source import Source, empty_model, load_source
from openclip_export.tokenizer_spec import describe_tokenizer
from openclip_export.transformers_layers import join_projections
from openclip_export.towers import ImageTower, TextTower, describe_layers, trace
from timm.utils.model import reparameterize_model
from torch import nn

IMAGE_FILE, TEXT_FILE = "image_encoder.pt", "text_encoder.pt"
Cosines = dict[str, tuple[float, float]]
"""For each precision, the least cosine of image and of text vectors with open_clip's fp32 model."""


def export(options: ExportOptions) -> Cosines:
    """Writes the bundle that `options` ask for; it appears whole or not at all.

    Raises SystemExit with what is wrong and what to do about it.
    """
    stored = STORED[options.precision]
    require_room(parameter_count(empty_model(options)), options)
    with staged_bundle(options.output) as folder:
        source = load_source(options)
        model, preprocessing = source.model, source.preprocessing
        text = describe_tokenizer(source.tokenizer, folder)
        references = make_references(folder, source)
        scale, bias = _logits(model)
        if stored.name == "fp32":
            calibration = _save_for_cpus(folder, model, preprocessing, references, options)
            loaded = loadable_precisions()
        else:
            calibration, loaded = None, [stored]
            save(folder, rewritten(model).to(stored.dtype), preprocessing, references, stored, takes_pixels=False)
        found = {precision.name: agreement(folder / IMAGE_FILE, folder / TEXT_FILE, references, precision)
                 for precision in loaded}
        write_references(folder, references, loaded, found)
        batch = "joint" if is_joint(folder / IMAGE_FILE, references.pixels, loaded) else "single"
        write_model(folder, identity(source, options.precision) | {
            "precision": stored.name,
            **({"operators": True, "calibration": calibration} if calibration else {}),
            "embedding_dimension": len(references.images[0].embedding),
            "logit_scale": scale,
            "logit_bias": bias,
            "image": {"file": IMAGE_FILE, "batch": batch} | preprocessing.description(),
            "text": {"file": TEXT_FILE} | text,
        })
    return {name: (min(images), min(texts)) for name, (images, texts) in found.items()}


def _save_for_cpus(folder: Path, model: nn.Module, preprocessing: Preprocessing, references: References,
                   options: ExportOptions) -> dict:
    """Saves encoders whose layers are operators of libtorch-c; returns how the ranges for int8 were found."""
    load_operators()
    images = CalibrationImages(options.calibration_images, preprocessing)
    model = rewritten(model)
    image_run = Observations(model.visual, is_block, lambda: [model.visual(batch) for batch in images.batches()])
    text_run = Observations(model, is_block, lambda: model.encode_text(references.token_ids))
    text_run.ranges.clear()  # texts stay in fp32
    takes_pixels = take_pixels(model.visual, *preprocessing.scale_and_offset())
    convert_layers(model.visual, image_run, first_token_block(model.visual))
    for name, child in model.named_children():
        if name != "visual":
            convert_layers(child, text_run)
    save(folder, model, preprocessing, references, STORED["fp32"], takes_pixels)
    return images.description()


def _logits(model: nn.Module) -> tuple[float, float | None]:
    """The multiplier on cosines and, for models trained with a sigmoid, the bias added to them."""
    bias = getattr(model, "logit_bias", None)
    return math.exp(model.logit_scale.item()), None if bias is None else bias.item()


def rewritten(model: nn.Module) -> nn.Module:
    """The model in a form that can be traced; changes `model` itself."""
    if isinstance(model.visual, TimmModel):
        model.visual = reparameterize_model(model.visual, inplace=True)
    rewrite_attention(model)
    join_projections(model)
    return model.requires_grad_(False)


def save(folder: Path, model: nn.Module, preprocessing: Preprocessing, references: References, stored: Precision,
          takes_pixels: bool) -> None:
    image, text = ImageTower(model, preprocessing, stored.dtype, takes_pixels), TextTower(model)
    for name, tower, example, file in (("images", image, references.pixels, IMAGE_FILE),
                                       ("texts", text, references.token_ids, TEXT_FILE)):
        traced = trace(tower, example[:2])
        traced.save(str(folder / file))
        print(f"encoder of {name}: {describe_layers(traced)}", flush=True)


def identity(source: Source, precision: str) -> dict:
    suffix = "" if precision == "fp32" else f"-{precision}"
    return {
        "format_version": 2 if precision == "fp32" else 1,
        "name": source.name + suffix,
        "origin": source.origin,
        "description": f"{source.name} as exported by Tools/export_openclip.py.",
    }
