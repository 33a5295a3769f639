"""Folders with models: which program's they are, and which file has the weights."""

import json
from pathlib import Path

OPEN_CLIP, TRANSFORMERS = "open_clip", "transformers"
OPEN_CLIP_CONFIG = "open_clip_config.json"
SUFFIXES = (".safetensors", ".bin", ".pt", ".pth")
PREFERRED = (
    "open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "open_clip_pytorch_model.bin",
    "open_clip_pytorch_model.pth", "model.safetensors", "pytorch_model.bin", "pytorch_model.pth", "model.pth",
)
"""open_clip's own preferences."""
SENTENCE_MODULES = {"CLIPModel": True, "Transformer": True, "Normalize": False}
"""The modules of sentence-transformers' that can be exported, and whether they have a model."""


def folder_kind(folder: Path) -> tuple[str, Path]:
    """Whose model a folder has, and where in it; raises SystemExit when that cannot be told."""
    if (folder / "modules.json").is_file():
        return TRANSFORMERS, _sentence_transformers_model(folder)
    if (folder / OPEN_CLIP_CONFIG).is_file():
        has_weights = any((folder / name).is_file() for name in PREFERRED[:4])
        return TRANSFORMERS if not has_weights and _has_two_towers(folder) else OPEN_CLIP, folder
    if (folder / "config.json").is_file():
        return TRANSFORMERS, folder
    if snapshots := sorted(path for path in (folder / "snapshots").glob("*") if path.is_dir()):
        raise SystemExit(f"error: '{folder}' is from the cache of the Hugging Face Hub; name the model's folder in it: "
                         f"{' or '.join(map(str, snapshots[:2]))}")
    if (folder / "adapter_config.json").is_file():
        raise SystemExit(f"error: '{folder}' has an adapter (LoRA) and no model; merge it into its model with peft's "
                         "merge_and_unload(), and export the result")
    raise SystemExit(f"error: '{folder}' has neither {OPEN_CLIP_CONFIG} (open_clip), nor config.json (transformers), nor "
                     "modules.json (sentence-transformers); copy the model's whole folder")


def open_clip_weights(folder: Path, named: str | None) -> Path:
    """The checkpoint in a folder of open_clip's: the named one, one with a usual name, or the only one.

    Raises SystemExit when there is none, or a choice.
    """
    if named is not None:
        return Path(named)
    found = {path.name: path for path in sorted(folder.iterdir()) if path.suffix in SUFFIXES}
    if usual := next((name for name in PREFERRED if name in found), None):
        return found[usual]
    if len(found) == 1:
        return next(iter(found.values()))
    what = f"several checkpoints ({', '.join(found)})" if found else f"no checkpoint ({', '.join(SUFFIXES)})"
    raise SystemExit(f"error: '{folder}' has {what}; name a file with --pretrained")


def _has_two_towers(folder: Path) -> bool:
    """Whether there is a model of transformers beside open_clip's configuration, and not just a text tower for it."""
    try:
        return "vision_config" in json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def _sentence_transformers_model(folder: Path) -> Path:
    """The folder of the only model in one of sentence-transformers'."""
    file = folder / "modules.json"
    try:
        modules = [(module["type"], folder / module["path"]) for module in json.loads(file.read_text(encoding="utf-8"))]
        kinds = [kind.rpartition(".")[2] for kind, _ in modules]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SystemExit(f"error: '{file}' is no list of sentence-transformers' modules") from error
    if foreign := [kind for kind, _ in modules if not kind.startswith("sentence_transformers.")]:
        raise SystemExit(f"error: '{file}' has the module {foreign[0]}, code of the model's own, which is not run; only modules of "
                         "sentence-transformers can be exported")
    if "Pooling" in kinds:
        raise SystemExit(f"error: '{file}' has the module Pooling, so its model embeds texts only; a bundle embeds images, too. "
                         "Name the folder of the model that embeds both")
    if unknown := [kind for kind in kinds if kind not in SENTENCE_MODULES]:
        raise SystemExit(f"error: '{file}' has the module {unknown[0]}; only models that consist of a CLIPModel, with or without "
                         "Normalize, can be exported")
    if [SENTENCE_MODULES[kind] for kind in kinds].count(True) != 1 or not SENTENCE_MODULES[kinds[0]]:
        raise SystemExit(f"error: '{file}' lists {', '.join(kinds) or 'nothing'}; one model is supported, as the first module")
    _require_no_prompt(folder / "config_sentence_transformers.json")
    return modules[0][1]


def _require_no_prompt(file: Path) -> None:
    """sentence-transformers puts a default prompt before every text, and a bundle does not."""
    if not file.is_file():
        return
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        prompt = values.get("prompts", {}).get(values.get("default_prompt_name"))
    except (ValueError, AttributeError, TypeError) as error:
        raise SystemExit(f"error: '{file}' is no configuration of sentence-transformers (prompts, default_prompt_name): {error}; "
                         "copy or download it again") from error
    if prompt:
        raise SystemExit(f"error: '{file}' puts '{prompt}' before every text (default_prompt_name), which a bundle does not; "
                         "set the field to null, and write the words into your texts")
