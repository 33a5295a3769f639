"""A model in a folder of transformers or sentence-transformers."""

import importlib.metadata
import json
from pathlib import Path

import torch
import transformers
from bundle import sha256_of_file
from openclip_export.checkpoint import read_checkpoint
from openclip_export.messages import describe_differences, summary
from openclip_export.options import ExportOptions, ImageOverrides
from openclip_export.random_weights import randomize
from openclip_export.room import on_meta
from openclip_export.source import Source
from openclip_export.transformers_model import Reference, TransformersModel
from openclip_export.transformers_preprocessing import TransformersPreprocessing
from openclip_export.transformers_tokenizer import TransformersTokenizer
from torch import nn

CLASSES = {
    "clip": "CLIPModel", "siglip": "SiglipModel", "chinese_clip": "ChineseCLIPModel", "altclip": "AltCLIPModel",
}
"""The `model_type` of a configuration, and transformers' class for it."""
IGNORED = ("position_ids",)
"""What earlier versions of transformers saved, and later ones compute."""


def load(options: ExportOptions) -> Source:
    """Loads the model in a folder; raises SystemExit that says what is missing or not supported."""
    folder, name = Path(options.model), options.name
    _refuse_overrides(options)
    config = _config(folder)
    if options.random_seed is not None:
        torch.manual_seed(options.random_seed)
        network = _create(folder, config)
        randomize(network)
        weights = f"random-{options.random_seed}"
    else:
        network, file = _load(folder, config, options)
        weights = sha256_of_file(file)[:12]
    network = network.float().eval()
    preprocessing = TransformersPreprocessing(folder, network.config.vision_config.image_size)
    tokenizer = TransformersTokenizer(folder, _context_length(network, options))
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
    with on_meta():
        return _create(folder, _config(folder))


def _create(folder: Path, config: dict) -> nn.Module:
    return _class(config)._from_config(_read(folder), attn_implementation="eager")


def _refuse_overrides(options: ExportOptions) -> None:
    if options.image != ImageOverrides() or options.force_quick_gelu or options.model_config is not None:
        raise SystemExit("error: --force-image-size, --image-…, --force-quick-gelu and --model-config are for models of "
                         "open_clip; change config.json or preprocessor_config.json in the folder instead")


def _config(folder: Path) -> dict:
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
        kind = config["model_type"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"error: '{path}' is no configuration of transformers with a 'model_type'") from error
    if kind == "siglip2":
        raise SystemExit(f"error: '{path}' is of a SigLIP 2 model that keeps the images' shapes (NaFlex); only those with "
                         "a fixed resolution can be exported")
    if kind not in CLASSES:
        raise SystemExit(f"error: '{path}' has the model_type '{kind}'; {', '.join(CLASSES)} can be exported")
    return config


def _class(config: dict) -> type[transformers.PreTrainedModel]:
    return getattr(transformers, CLASSES[config["model_type"]])


def _load(folder: Path, config: dict, options: ExportOptions) -> tuple[nn.Module, Path]:
    """The model with its weights, all of which must fit, and the file that they are in."""
    file = Path(options.pretrained) if options.pretrained else _weights_file(folder)
    state = None if file.suffix in (".safetensors", ".json") else read_checkpoint(file, options.averaged).weights
    if state is None and options.pretrained:
        state = read_checkpoint(file, options.averaged).weights
    try:
        network, report = _class(config).from_pretrained(
            None if state else folder, config=_read(folder), state_dict=state,
            local_files_only=True, attn_implementation="eager", dtype=torch.float32, output_loading_info=True,
            ignore_mismatched_sizes=True)
    except Exception as error:  # whatever transformers and safetensors raise for damaged files
        raise SystemExit(f"error: transformers cannot load '{file}': {summary(error)}") from error
    _require_fit(file, config, report)
    return network, file


def _weights_file(folder: Path) -> Path:
    for name in ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin"):
        if (folder / name).is_file():
            return folder / name
    raise SystemExit(f"error: '{folder}' has no model.safetensors or pytorch_model.bin; download the weights, too")


def _require_fit(file: Path, config: dict, report: dict) -> None:
    """transformers only warns of what is missing, and draws it at random."""
    def names(keys: set[str]) -> list[str]:
        return [f"'{key}'" for key in sorted(keys) if not key.endswith(IGNORED)]

    other = [f"'{key}' has {list(given)}, not {list(expected)}"
             for key, given, expected in sorted(report["mismatched_keys"])]
    if found := describe_differences(names(report["missing_keys"]), names(report["unexpected_keys"]), other):
        raise SystemExit(f"error: the weights in '{file}' do not fit config.json ({config['model_type']}):\n{found}"
                         "  Use the config.json that was saved with the weights")


def _context_length(network: nn.Module, options: ExportOptions) -> int | None:
    """The number of positions for texts: RoBERTa's begin behind the padding's id."""
    config = network.config.text_config
    longest = config.max_position_embeddings - (config.pad_token_id + 1 if config.model_type.startswith("altclip") else 0)
    if options.context_length is not None and not 2 <= options.context_length <= longest:
        raise SystemExit(f"error: --context-length must be from 2 to {longest} for this model")
    return options.context_length or longest


def _read(folder: Path) -> transformers.PretrainedConfig:
    return transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
