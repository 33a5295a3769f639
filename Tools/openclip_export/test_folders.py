"""Small models with random weights in the folders of transformers and sentence-transformers."""

import json
from pathlib import Path

import torch
from openclip_export.random_weights import randomize
from openclip_export.test_tokenizers import TOKENIZERS
from transformers import AutoConfig, AutoModel


def write_transformers(description: dict, folder: Path) -> None:
    """Writes the folder that `description`, one of `test_configs/transformers`, asks for."""
    if modules := description.get("modules"):
        (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
        folder = folder / modules[0]["path"]
        folder.mkdir()
    config = dict(description["config"])
    torch.manual_seed(0)
    model = AutoModel.from_config(AutoConfig.for_model(config.pop("model_type"), **config))
    randomize(model)
    model.save_pretrained(folder)
    TOKENIZERS[description["tokenizer"]]().save_pretrained(folder)
    _update(folder / "tokenizer_config.json", description.get("tokenizer_config", {}))
    (folder / "preprocessor_config.json").write_text(json.dumps(description["processor"]), encoding="utf-8")


def _update(file: Path, values: dict) -> None:
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | values), encoding="utf-8")
