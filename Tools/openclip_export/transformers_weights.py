"""The weights of a folder of transformers: the files that they are in, and whether they fit the configuration."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import torch
from bundle import sha256_of_file
from openclip_export.checkpoint import read_checkpoint
from openclip_export.messages import describe_differences
from openclip_export.transformers_config import read_json
from torch import Tensor

FILES = ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json")
"""As transformers prefers them; an index lists files that have some of the weights each."""
OTHERS = (".safetensors", ".bin", ".pt", ".pth", ".h5", ".msgpack", ".onnx")
ADAPTER = "adapter_config.json"
TYPES = (torch.float32, torch.float16, torch.bfloat16, torch.float64)
IGNORED = ("position_ids",)
"""What earlier versions of transformers saved, and later ones compute."""


@dataclass(frozen=True)
class WeightFiles:
    """Files that have a model's weights together."""

    name: Path
    """The file to name in messages."""
    parts: list[Path]

    def digest(self) -> str:
        """The beginning of the SHA-256 of the file or, for several, of their hashes in the order of their names."""
        hashes = [sha256_of_file(part) for part in self.parts]
        return (hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode("ascii")).hexdigest())[:12]

    def read(self, averaged: bool) -> dict[str, Tensor]:
        """All weights by name; raises SystemExit as `read_checkpoint` does, and for weights that are quantised."""
        state: dict[str, Tensor] = {}
        for part in self.parts:
            weights = read_checkpoint(part, averaged).weights
            if other := next((name for name in weights if weights[name].dtype not in TYPES and not _is_ignored(name)), None):
                raise SystemExit(f"error: '{part}' is quantised: '{other}' has the type {weights[other].dtype}. Export the "
                                 "model from before that, which runs in int8, too")
            state |= weights
        return state


def find_weights(folder: Path, named: str | None) -> WeightFiles:
    """The file that is named, or those in the folder; raises SystemExit if there are none, or some are missing."""
    if (folder / ADAPTER).is_file() and named is None:
        raise SystemExit(f"error: '{folder / ADAPTER}' says that weights are to be merged into the model (LoRA); merge them "
                         "with peft's merge_and_unload(), and export the result. To export the model without them, name its "
                         "weights with --pretrained")
    if named is not None:
        path = Path(named)
    elif (path := next((folder / name for name in FILES if (folder / name).is_file()), None)) is None:
        raise _none(folder)
    if not path.is_file():
        raise SystemExit(f"error: '{path}' is no file; with a folder, --pretrained names its weights")
    return WeightFiles(path, _parts(path) if path.name.endswith(".index.json") else [path])


def require_fit(weights: WeightFiles, kind: str, report: dict) -> None:
    """Raises SystemExit with what does not fit: transformers only warns of what is missing, and draws it at random.

    - kind: the `model_type`.
    - report: what transformers found.
    """
    def names(keys: set[str]) -> list[str]:
        return [f"'{key}'" for key in sorted(keys) if not _is_ignored(key)]

    other = [f"'{key}' has {list(given)}, not {list(expected)}"
             for key, given, expected in sorted(report["mismatched_keys"])]
    if found := describe_differences(names(report["missing_keys"]), names(report["unexpected_keys"]), other):
        raise SystemExit(f"error: the weights in '{weights.name}' do not fit config.json ({kind}):\n{found}"
                         "  Use the config.json that was saved with the weights")


def _is_ignored(name: str) -> bool:
    return name.endswith(IGNORED)


def _parts(index: Path) -> list[Path]:
    """The files that an index lists."""
    names = read_json(index).get("weight_map")
    if not isinstance(names, dict) or not names or not all(isinstance(name, str) for name in names.values()):
        raise SystemExit(f"error: '{index}' has no weight_map with the names of files; copy or download it again")
    parts = [index.parent / name for name in sorted(set(names.values()))]
    if missing := [part.name for part in parts if not part.is_file()]:
        raise SystemExit(f"error: '{index}' lists {', '.join(missing)}, which {'are' if len(missing) > 1 else 'is'} not beside "
                         "it; download the rest of the weights, too")
    return parts


def _none(folder: Path) -> SystemExit:
    """What a folder has instead of weights."""
    found = sorted(path.relative_to(folder) for place in (folder, folder / "onnx") if place.is_dir()
                   for path in place.iterdir() if path.suffix in OTHERS)
    suffixes = {path.suffix for path in found}
    advice = "download the weights, too"
    if suffixes & set(OTHERS[:4]):
        advice = f"it has {', '.join(map(str, found[:4]))}: name the weights with --pretrained"
    elif ".onnx" in suffixes:
        advice = f"it has {found[0]}: models in ONNX are imported, with make import-onnx"
    elif suffixes:
        advice = f"it has {found[0]}, weights for another program than PyTorch: download or convert them"
    return SystemExit(f"error: '{folder}' has no {FILES[0]} or {FILES[2]}; {advice}")
