"""A model in a folder of transformers or sentence-transformers."""

import importlib.metadata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
import transformers
from openclip_export.messages import summary
from openclip_export.options import ExportOptions, ImageOverrides
from openclip_export.random_weights import randomize
from openclip_export.room import on_meta
from openclip_export.source import Source
from openclip_export.transformers_config import CLASSES, read_config
from openclip_export.transformers_model import Reference, TransformersModel
from openclip_export.transformers_preprocessing import TransformersPreprocessing
from openclip_export.transformers_tokenizer import TransformersTokenizer
from openclip_export.transformers_weights import WeightFiles, find_weights, require_fit
from torch import nn


def load(options: ExportOptions) -> Source:
    """Loads the model in a folder; raises SystemExit that says what is missing or not supported."""
    folder, name = Path(options.model), options.name
    _refuse_overrides(options)
    config = read_config(folder)
    if options.random_seed is not None:
        torch.manual_seed(options.random_seed)
        network = _create(folder, config)
        randomize(network)
        weights = f"random-{options.random_seed}"
    else:
        files = find_weights(folder, options.pretrained)
        network = _load(folder, config, files, options.averaged)
        weights = files.digest()
    network = network.float().eval()
    preprocessing = TransformersPreprocessing(folder, network.config.vision_config.image_size)
    tokenizer = TransformersTokenizer(folder, _context_length(network, options), network.config.text_config.vocab_size)
    return Source(
        TransformersModel(network, tokenizer), tokenizer, preprocessing,
        name=f"{name}-{weights}",
        origin=f"transformers {name} ({config['model_type']}), weights {weights}, exported with transformers "
               f"{importlib.metadata.version('transformers')} and torch {torch.__version__}",
        reference=Reference(network, tokenizer),
    )


def empty_model(options: ExportOptions) -> nn.Module:
    """The model without memory for its weights."""
    folder = Path(options.model)
    config = read_config(folder)
    with on_meta():
        return _create(folder, config)


def _create(folder: Path, config: dict) -> nn.Module:
    with _explained(folder):
        return _class(config)._from_config(_read(folder), attn_implementation="eager")


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # whatever transformers and torch raise for values that do not fit together
        raise SystemExit(f"error: transformers cannot build the model of '{folder / 'config.json'}': "
                         f"{summary(error)}") from error


def _refuse_overrides(options: ExportOptions) -> None:
    if options.image != ImageOverrides() or options.force_quick_gelu or options.model_config is not None:
        raise SystemExit("error: --force-image-size, --image-…, --force-quick-gelu and --model-config are for models of "
                         "open_clip; change config.json or preprocessor_config.json in the folder instead")


def _class(config: dict) -> type[transformers.PreTrainedModel]:
    return getattr(transformers, CLASSES[config["model_type"]])


def _load(folder: Path, config: dict, weights: WeightFiles, averaged: bool) -> nn.Module:
    """The model with its weights, all of which must fit."""
    state = weights.read(averaged)
    with _explained(folder):
        network, report = _class(config).from_pretrained(
            None, config=_read(folder), state_dict=state, attn_implementation="eager", dtype=torch.float32,
            output_loading_info=True, ignore_mismatched_sizes=True)
    require_fit(weights, config["model_type"], report)
    return network


def _context_length(network: nn.Module, options: ExportOptions) -> int | None:
    """The number of positions for texts: RoBERTa's begin behind the padding's id."""
    config = network.config.text_config
    longest = config.max_position_embeddings - (config.pad_token_id + 1 if config.model_type.startswith("altclip") else 0)
    if options.context_length is not None and not 2 <= options.context_length <= longest:
        raise SystemExit(f"error: --context-length must be from 2 to {longest} for this model")
    return options.context_length or longest


def _read(folder: Path) -> transformers.PretrainedConfig:
    return transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
