"""Reads checkpoint files in the forms in which they are saved, without running code that they contain."""

import pickle
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

AVERAGES = ("state_dict_ema", "model_ema", "ema_state_dict", "ema_model", "ema")
"""Under which names programs save weights averaged over the training (EMA)."""
SECTIONS = ("state_dict", "model_state_dict", "model", "module")
"""Under which names they save the weights themselves."""
PREFIXES = ("base_model.model.", "module.", "_orig_mod.", "model.", "ema_model.", "clip_model.")
"""What peft, DistributedDataParallel, `torch.compile`, training frameworks and averages put before every name."""
COUNTERS = ("n_averaged", "initted", "step")
"""What averages keep beside the weights."""
ADAPTER_PARTS = (".lora_", "lora_A.", "lora_B.", ".base_layer.")
LFS_POINTER = b"version https://git-lfs"
PICKLES = (b"PK", b"\x80")
"""How files that `torch.save` writes begin, in the newer and the older format."""
RESAVE = ("Save the weights alone in the program that made the file, torch.save(model.state_dict(), \"weights.pt\"), and "
          "export those")


@dataclass(frozen=True)
class Checkpoint:
    """The weights of one file, with the names that the model gives them."""

    weights: dict[str, Tensor]
    average: str | None  # the section of the file that EMA weights come from


def read_checkpoint(path: Path, averaged: bool = True) -> Checkpoint:
    """The weights in a file of torch's or in a .safetensors file, which its first bytes tell apart.

    - averaged: whether EMA weights are taken where the file has them beside others.

    Raises SystemExit that says what the file contains instead of weights, and what to do.
    """
    value, average = _read(path), None
    names = (*AVERAGES, *SECTIONS) if averaged else (*SECTIONS, *AVERAGES)
    while (found := next((name for name in names if isinstance(value.get(name), dict)), None)) is not None:
        value, average = value[found], found if found in AVERAGES else average
    weights = {name: tensor for name, tensor in value.items() if isinstance(tensor, Tensor)}
    if not weights and average is not None:
        raise SystemExit(f"error: the averaged weights (EMA) in '{path}', under '{average}', have no names: there is only "
                         f"{_list(value)}. Take those that are not averaged with --no-ema; or load the averages in the program "
                         "that made the file, and save the model's weights")
    if not weights:
        raise SystemExit(f"error: '{path}' has no weights: it contains {_list(value)}. {RESAVE}")
    return Checkpoint(_renamed(weights, path), average)


def _read(path: Path) -> dict:
    with path.open("rb") as file:
        start = file.read(len(LFS_POINTER))
    if start == LFS_POINTER:
        raise SystemExit(f"error: '{path}' is a pointer of Git LFS, not the weights; run 'git lfs pull' in its folder")
    if start[8:9] == b"{" and int.from_bytes(start[:8], "little") < path.stat().st_size:
        try:
            return load_file(path)
        except SafetensorError as error:
            raise SystemExit(f"error: '{path}' is damaged: {error}; copy or download it again") from error
    try:
        with path.open("rb") as file:  # the path's suffix would decide otherwise
            value = torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise _refusal(path) if start.startswith(PICKLES) else _other_kind(path, start) from error
    except (RuntimeError, EOFError, OSError, ValueError) as error:
        if "TorchScript" in str(error):
            raise SystemExit(f"error: '{path}' is a TorchScript program, as OpenAI distributed CLIP, and loading it would "
                             "run code that it contains. For OpenAI's models use '--pretrained openai'; otherwise, if you "
                             "trust the file: torch.save(torch.jit.load(FILE, \"cpu\").state_dict(), \"weights.pt\")") from error
        raise _other_kind(path, start) from error
    if not isinstance(value, dict):
        raise SystemExit(f"error: '{path}' has no weights: it contains an object of type {type(value).__name__}. {RESAVE}")
    return value


def _other_kind(path: Path, start: bytes) -> SystemExit:
    """What is wrong with a file that is neither torch's nor a .safetensors file."""
    is_text = start.lstrip()[:1] in (b"<", b"{")
    what = " It is text, such as the page of an error, or a list of other files" if is_text else ""
    return SystemExit(f"error: '{path}' is no checkpoint of torch's and no .safetensors file, or damaged; copy or download it "
                      f"again.{what}".rstrip("."))


def _refusal(path: Path) -> SystemExit:
    """What is wrong with a file that contains more than tensors, numbers and text."""
    try:
        names = sorted(torch.serialization.get_unsafe_globals_in_checkpoint(path))
    except Exception:  # of files that are no zip archives, or damaged
        names = []
    what = f" ({', '.join(names[:4])}{', …' if len(names) > 4 else ''})" if names else ""
    return SystemExit(f"error: '{path}' was not opened: it contains Python objects{what}, and loading those can run any "
                      f"code. {RESAVE}")


def _renamed(weights: dict[str, Tensor], path: Path) -> dict[str, Tensor]:
    """The weights without counters, and without prefixes that all names have."""
    weights = {name: tensor for name, tensor in weights.items() if name.removeprefix("module.") not in COUNTERS}
    if any(part in name for name in weights for part in ADAPTER_PARTS):
        raise SystemExit(f"error: '{path}' contains LoRA weights that are not merged into the model; merge them with "
                         "peft's merge_and_unload(), and save the result")
    while prefix := next((prefix for prefix in PREFIXES if all(name.startswith(prefix) for name in weights)), None):
        weights = {name.removeprefix(prefix): tensor for name, tensor in weights.items()}
    for prefix in PREFIXES:
        others = {name: None for name in weights if not name.startswith(prefix)}
        if len(others) < len(weights) / 2:
            raise SystemExit(f"error: most names in '{path}' start with '{prefix}', and {_list(others)} do not: a model among "
                             "the parts of a training program. Save its weights alone: torch.save({name[len(prefix):]: tensor "
                             "for name, tensor in weights.items() if name.startswith(prefix)}, \"weights.pt\")")
    return weights


def _list(value: dict) -> str:
    names = [f"'{name}'" for name in value]
    return ", ".join(names[:6]) + (", …" if len(names) > 6 else "") if names else "nothing"
