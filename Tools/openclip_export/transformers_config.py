"""The configuration of a folder of transformers: whether its model can be exported."""

import json
from pathlib import Path

CLASSES = {
    "clip": "CLIPModel", "siglip": "SiglipModel", "chinese_clip": "ChineseCLIPModel", "altclip": "AltCLIPModel",
}
"""The `model_type` of a configuration, and transformers' class for it."""
ONE_TOWER = ("_vision_model", "_text_model")
"""How the model types of a single tower end."""


def read_config(folder: Path) -> dict:
    """The contents of config.json; raises SystemExit that says why its model cannot be exported."""
    path = folder / "config.json"
    if not path.is_file():
        raise SystemExit(f"error: '{path}' does not exist; copy the model's whole folder")
    config = read_json(path)
    if not isinstance(kind := config.get("model_type"), str):
        raise SystemExit(f"error: '{path}' is no configuration of transformers with a 'model_type'")
    require_no_code(folder, path.name)
    if kind == "siglip2":
        raise SystemExit(f"error: '{path}' is of a SigLIP 2 model that keeps the images' shapes (NaFlex); only those with "
                         "a fixed resolution can be exported")
    if kind.endswith(ONE_TOWER):
        raise SystemExit(f"error: '{path}' has the model_type '{kind}', which is one tower, and a bundle has both; name the "
                         "folder of the whole model")
    if kind not in CLASSES:
        raise SystemExit(f"error: '{path}' has the model_type '{kind}'; {', '.join(CLASSES)} can be exported, which embed "
                         "images and texts")
    if "quantization_config" in config:
        raise SystemExit(f"error: '{path}' has a quantization_config: the weights are quantised. Export the model from before "
                         "that, which runs in int8, too")
    vision = config.get("vision_config") or {}
    if not isinstance(size := vision.get("image_size", 224), int):
        raise SystemExit(f"error: '{path}' has the vision_config.image_size {size}; only square images can be exported")
    if (channels := vision.get("num_channels", 3)) != 3:
        raise SystemExit(f"error: '{path}' has the vision_config.num_channels {channels}; only images in RGB, with 3, can be "
                         "exported")
    if vision.get("vision_use_head") is False:
        raise SystemExit(f"error: '{path}' has the vision_config.vision_use_head false: the model has no vector for a whole image")
    if kind == "siglip" and not (tokenizer := folder / "tokenizer_config.json").is_file():
        raise SystemExit(f"error: '{tokenizer}' does not exist, and says whether texts are embedded with their padding; copy it, "
                         "too")
    return config


def require_no_code(folder: Path, *names: str) -> None:
    """Raises SystemExit if one of these files, where it exists, asks for code of its own, which is never run.

    transformers would silently take its own code instead where it has a class of that name, and wait for an answer elsewhere.
    """
    for path in (folder / name for name in names):
        values = read_json(path) if path.is_file() else {}
        if any(isinstance(part, dict) and "auto_map" in part for part in (values, values.get("image_processor"))):
            raise SystemExit(f"error: '{path}' has an auto_map: the model has code of its own, which is not run. Remove the "
                             "field if transformers' own classes give the same vectors; otherwise the model cannot be exported")


def read_json(path: Path) -> dict:
    """An object from a file; raises SystemExit if it has none."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SystemExit(f"error: '{path}' is not valid JSON: {error}; copy or download it again") from error
    if not isinstance(values, dict):
        raise SystemExit(f"error: '{path}' has no JSON object; copy or download it again")
    return values
