"""Prompt-set vectors of `clip-cli encode-text --categories` against open_clip's zero-shot classifier."""

import json
from pathlib import Path

import numpy as np
import torch
from open_clip import IMAGENET_CLASSNAMES, OPENAI_IMAGENET_TEMPLATES, build_zero_shot_classifier
from parity.tool import Tool, require

CLASSES, TEMPLATES = IMAGENET_CLASSNAMES[:24], OPENAI_IMAGENET_TEMPLATES[:7]
REQUIRED_COSINE = 0.999999


def check(tool: Tool, bundle: Path, model: torch.nn.Module, tokenizer: object, scratch: Path) -> float:
    """Requires nearly equal class vectors; returns the least cosine."""
    categories = scratch / "categories.json"
    categories.write_text(json.dumps({
        "threshold": 0,
        "templates": [template("{}") for template in TEMPLATES],
        "categories": {name: {"positive": [name]} for name in CLASSES},
    }), encoding="utf-8")
    output = scratch / "classes.npy"
    tool.run("encode-text", "--categories", categories, "--model", bundle, "--force", "--output", output)
    with torch.inference_mode():
        expected = build_zero_shot_classifier(model, tokenizer, CLASSES, TEMPLATES).T.numpy()
    least = float((np.load(output) * expected).sum(axis=1).min())
    require(least >= REQUIRED_COSINE, f"{bundle.name}: a class vector has cosine {least:.7f} with the reference")
    return least
