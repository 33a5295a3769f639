"""A model that open_clip loads."""

import importlib.metadata
from pathlib import Path

import torch
from bundle import sha256_of_file
from open_clip.factory import parse_model_name
from openclip_export.loading import empty_model, load_model, load_tokenizer
from openclip_export.options import ExportOptions
from openclip_export.preprocessing_spec import Preprocessing
from openclip_export.source import Source

__all__ = ["empty_model", "load"]


def load(options: ExportOptions) -> Source:
    """Loads the model that `options` name; raises SystemExit that says what is missing or does not fit."""
    model = load_model(options)
    schema, identifier = parse_model_name(options.model)
    architecture = Path(identifier).name
    weights = _weights(options, getattr(model, "average", None))
    origin = architecture if schema == "local-dir" else options.model
    return Source(
        model, load_tokenizer(options), Preprocessing(model.visual.preprocess_cfg),
        name="-".join(filter(None, (architecture, weights))),
        origin=f"open_clip {origin}" + (f", weights {weights}" if weights else "") + ", exported with "
               f"open_clip_torch {importlib.metadata.version('open_clip_torch')} and torch {torch.__version__}",
        reference=model,
    )


def _weights(options: ExportOptions, average: str | None) -> str | None:
    """A name of the weights: a tag, or a file with its hash, and the section of the file that EMA weights come from."""
    if options.random_seed is not None:
        return f"random-{options.random_seed}"
    if options.pretrained is None or not Path(options.pretrained).is_file():
        return options.pretrained or average
    file = Path(options.pretrained)
    return "-".join(filter(None, (file.stem, sha256_of_file(file)[:12], average)))
