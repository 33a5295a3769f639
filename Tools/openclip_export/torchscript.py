"""Encoders as TorchScript."""

from pathlib import Path

from open_clip.timm_model import TimmModel
from openclip_export.attention import rewrite_attention
from openclip_export.calibration import Observations
from openclip_export.calibration_images import CalibrationImages
from openclip_export.conversion import convert_layers, first_token_block, is_block
from openclip_export.encoders import Encoders
from openclip_export.golden import References, is_joint
from openclip_export.operators import load_encoder, load_operators, loadable_precisions
from openclip_export.options import ExportOptions
from openclip_export.pixels import take_pixels
from openclip_export.precision import LOADED, STORED, Precision
from openclip_export.preprocessing_spec import Preprocessing
from openclip_export.source import Source
from openclip_export.towers import ImageTower, TextTower, describe_layers, trace
from openclip_export.transformers_layers import join_projections
from timm.utils.model import reparameterize_model
from torch import nn

IMAGE_FILE, TEXT_FILE = "image_encoder.pt", "text_encoder.pt"
METHOD = "smallest and largest input of each layer; SmoothQuant, alpha 0.5"


def save_torchscript(folder: Path, source: Source, references: References, options: ExportOptions) -> Encoders:
    """Saves the encoders of the source's model, which this changes."""
    stored = STORED[options.precision]
    if stored.name == "fp32":
        fields = {"operators": True, "calibration": _save_for_cpus(folder, source, references, options)}
        run, required = loadable_precisions(), list(LOADED.values())
    else:
        fields, run, required = {}, [stored], [stored]
        save(folder, rewritten(source.model).to(stored.dtype), source.preprocessing, references, stored, takes_pixels=False)
    joint = is_joint(folder / IMAGE_FILE, references.pixels, run)
    return Encoders(IMAGE_FILE, TEXT_FILE, load_encoder, run=run, required=required, fields=fields,
                    image_fields={"batch": "joint" if joint else "single"},
                    format_version=2 if stored.name == "fp32" else 1)


def _save_for_cpus(folder: Path, source: Source, references: References, options: ExportOptions) -> dict:
    """Saves encoders whose layers are operators of libtorch-c; returns how the ranges for int8 were found."""
    load_operators()
    preprocessing = source.preprocessing
    images = CalibrationImages(options.calibration_images, preprocessing.tensor)
    model = rewritten(source.model)
    image_run = Observations(model.visual, is_block, lambda: [model.visual(batch) for batch in images.batches()])
    text_run = Observations(model, is_block, lambda: model.encode_text(references.token_ids))
    text_run.ranges.clear()  # texts stay in fp32
    takes_pixels = take_pixels(model.visual, *preprocessing.scale_and_offset())
    convert_layers(model.visual, image_run, first_token_block(model.visual))
    for name, child in model.named_children():
        if name != "visual":
            convert_layers(child, text_run)
    save(folder, model, preprocessing, references, STORED["fp32"], takes_pixels)
    return images.description(METHOD)


def rewritten(model: nn.Module) -> nn.Module:
    """The model in a form that can be traced; changes `model` itself."""
    if isinstance(model.visual, TimmModel):
        model.visual = reparameterize_model(model.visual, inplace=True)
    rewrite_attention(model)
    join_projections(model)
    return model.requires_grad_(False)


def save(folder: Path, model: nn.Module, preprocessing: Preprocessing, references: References, stored: Precision,
         takes_pixels: bool) -> None:
    """Traces and saves both encoders."""
    image, text = ImageTower(model, preprocessing, stored.dtype, takes_pixels), TextTower(model)
    for name, tower, example, file in (("images", image, references.pixels, IMAGE_FILE),
                                       ("texts", text, references.token_ids, TEXT_FILE)):
        traced = trace(tower, example[:2])
        traced.save(str(folder / file))
        print(f"encoder of {name}: {describe_layers(traced)}", flush=True)
