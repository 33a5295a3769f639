"""Model bundles without a model: as much of `model.json` as tokenizing and preprocessing need."""

import hashlib
import json
import shutil
from pathlib import Path

IMAGE = {"file": "image.pt", "size": [8, 8], "resize_mode": "shortest", "interpolation": "bicubic", "input_layout": "NHWC-uint8"}


def write_bundle(folder: Path, vocabulary: Path, tokenizer: dict[str, object], context: int, cleaning: str = "none",
                 image: dict[str, object] | None = None) -> Path:
    """Writes a bundle with this vocabulary, and with these fields of its tokenizer and of its image preprocessing."""
    folder.mkdir(parents=True)
    shutil.copy(vocabulary, folder / vocabulary.name)
    digest = hashlib.sha256(vocabulary.read_bytes()).hexdigest()
    (folder / "model.json").write_text(json.dumps({
        "format_version": 2, "name": folder.name, "origin": "", "description": "", "precision": "fp32", "embedding_dimension": 8,
        "image": IMAGE | (image or {}),
        "text": {"file": "text.pt", "cleaning": cleaning, "context_length": context, "padding": "longest",
                 "tokenizer": {"vocabulary": vocabulary.name} | tokenizer},
        "golden": {"file": "golden.json"},
        "files": {"image.pt": "", "text.pt": "", "golden.json": "", vocabulary.name: digest},
    }))
    return folder
