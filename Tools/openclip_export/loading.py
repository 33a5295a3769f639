"""Loads a model through open_clip, with errors that say what to do."""

import difflib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import open_clip
import torch
from open_clip import factory
from open_clip.factory import _get_hf_config, parse_model_name
from open_clip.pretrained import download_pretrained, download_pretrained_from_hf, get_pretrained_cfg
from openclip_export.checkpoint import read_checkpoint
from openclip_export.fitting import fit_weights
from openclip_export.folders import open_clip_weights
from openclip_export.messages import summary
from openclip_export.options import ExportOptions
from openclip_export.random_weights import randomize
from openclip_export.room import on_meta
from torch import nn


def load_model(options: ExportOptions) -> nn.Module:
    """The model in evaluation mode, fp32, on the CPU; raises SystemExit that says what is missing or does not fit."""
    _require(options)
    if options.random_seed is not None:
        torch.manual_seed(options.random_seed)
    with _explained(options):
        model = _create(options).eval()
    if options.random_seed is not None:
        randomize(model)
    return model


def empty_model(options: ExportOptions) -> nn.Module:
    """The model without memory for its weights; raises SystemExit as `load_model` does, but for the weights."""
    _require(options)
    with _explained(options), on_meta() as device:
        return open_clip.create_model(options.model, load_weights=False, device=device, pretrained_text=False,
                                      force_image_size=options.image.size)


def _require(options: ExportOptions) -> None:
    """Makes sure that open_clip knows the architecture, that the weights are there, and that all options are its models'."""
    if options.context_length is not None:
        raise SystemExit(f"error: --context-length is for models of transformers, and '{options.model}' is one of open_clip's, "
                         "whose configuration says how many tokens a text has; leave it out")
    if options.model_config is not None:
        _add_config(options.model_config)
    schema, identifier = parse_model_name(options.model)
    if schema is None:
        _require_architecture(identifier)
    if options.random_seed is None:
        _require_weights(options, schema, identifier)


@contextmanager
def _explained(options: ExportOptions) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # whatever open_clip and the libraries below it raise for files that do not fit
        raise SystemExit(f"error: open_clip cannot build '{options.model}': {summary(error)}") from error


def load_tokenizer(options: ExportOptions) -> object:
    """The model's tokenizer; raises SystemExit when its files cannot be had."""
    try:
        return open_clip.get_tokenizer(options.model)
    except (ImportError, RuntimeError, ValueError, OSError) as error:
        config = open_clip.get_model_config(options.model) or {}
        name = config.get("text_cfg", {}).get("hf_tokenizer_name", options.model)
        raise SystemExit(f"error: the tokenizer '{name}' cannot be loaded: {summary(error)}; connect to the "
                         "network, or put its files into the folder that local-dir: names") from error


def _create(options: ExportOptions) -> nn.Module:
    """What open_clip creates, with checkpoints read and compared as this export does."""
    schema, _ = parse_model_name(options.model)
    is_published = schema == "hf-hub" or schema is None and not os.path.isfile(options.pretrained or "")
    resizes = options.image.size is not None or is_published

    def load(model: nn.Module, path: str, **_: object) -> None:
        if Path(path).suffix in (".npz", ".npy"):  # big_vision's, which have no code
            open_clip.load_checkpoint(model, path)
            return
        checkpoint = read_checkpoint(Path(path), options.averaged)
        fit_weights(model, Path(path), checkpoint, options.model, resizes)
        model.average = checkpoint.average

    def find(folder: Path) -> str | None:
        return None if options.random_seed is not None else str(open_clip_weights(folder, options.pretrained))

    with patch.object(factory, "load_checkpoint", load), patch.object(factory, "_find_checkpoint_in_dir", find):
        return open_clip.create_model(
            options.model,
            options.pretrained,
            load_weights=options.random_seed is None,
            require_pretrained=options.random_seed is None,
            pretrained_text=False,
            force_quick_gelu=options.force_quick_gelu,
            force_image_size=options.image.size,
            force_preprocess_cfg=options.image.preprocessing(),
        )


def _add_config(path: Path) -> None:
    if not path.is_file():
        raise SystemExit(f"error: the model configuration '{path}' does not exist")
    try:
        open_clip.add_model_config(path)
    except ValueError as error:
        raise SystemExit(f"error: '{path}' is not valid JSON: {error}") from error
    if path.stem not in open_clip.list_models():
        raise SystemExit(f"error: '{path}' is no model configuration; open_clip needs a .json file with embed_dim, "
                         "vision_cfg and text_cfg")


def _require_architecture(name: str) -> None:
    known = open_clip.list_models()
    if name in known:
        return
    by_lower_case = {model.lower(): model for model in known}
    near = [by_lower_case[match] for match in difflib.get_close_matches(name.lower(), by_lower_case, cutoff=0.5)]
    hint = f" (near: {', '.join(near)})" if near else ""
    raise SystemExit(f"error: there is no folder '{name}', and open_clip knows no architecture of that name{hint}; "
                     "--list shows those that have weights")


def _require_weights(options: ExportOptions, schema: str | None, identifier: str) -> None:
    if schema == "hf-hub" and options.pretrained is not None:
        raise SystemExit(f"error: '{options.model}' brings its own weights; leave --pretrained out")
    if schema == "local-dir" and options.pretrained is not None and not os.path.isfile(options.pretrained):
        raise SystemExit(f"error: '{options.pretrained}' is no file; with a folder, --pretrained names a checkpoint")
    if schema == "hf-hub":
        _download(f"{identifier}: open_clip_config.json and the weights", lambda: (
            _get_hf_config(identifier), download_pretrained_from_hf(identifier)))
    elif schema is None:
        _require_tag_or_file(options, identifier)


def _require_tag_or_file(options: ExportOptions, architecture: str) -> None:
    tags = open_clip.list_pretrained_tags_by_model(architecture)
    choice = f"known tags: {', '.join(tags)}" if tags else "open_clip has no weights for it, so name a file"
    if options.pretrained is None:
        raise SystemExit(f"error: name the weights of {architecture} with --pretrained; {choice}")
    config = get_pretrained_cfg(architecture, options.pretrained)
    if not config:
        if not os.path.isfile(options.pretrained):
            raise SystemExit(f"error: '{options.pretrained}' is neither a tag of {architecture} nor a file; {choice}")
        return
    _require_activation(options, architecture, bool(config.get("quick_gelu", False)))
    source = (config.get("hf_hub") or config.get("url") or options.pretrained).rstrip("/")
    _download(f"{source}: the weights '{options.pretrained}' of {architecture}", lambda: download_pretrained(config))


def _require_activation(options: ExportOptions, architecture: str, trained: bool) -> None:
    """Refuses weights in a model with another activation, of which open_clip only warns."""
    built = options.force_quick_gelu or open_clip.get_model_config(architecture).get("quick_gelu", False)
    if trained and not built:
        raise SystemExit(f"error: '{options.pretrained}' was trained with QuickGELU, and {architecture} has GELU; add "
                         "--force-quick-gelu")
    if built and not trained:
        raise SystemExit(f"error: '{options.pretrained}' was trained with GELU, and QuickGELU was asked for; use the "
                         "architecture without -quickgelu, and no --force-quick-gelu")


def _download(what: str, fetch: Callable[[], object]) -> None:
    try:
        fetch()
    except Exception as error:  # whatever the network, the hub's client or the file system raise
        raise SystemExit(f"error: could not download {what}: {summary(error)}. Connect to the network, or "
                         "download it elsewhere and name the file with --pretrained, or its folder with --model "
                         "local-dir:PATH") from error
