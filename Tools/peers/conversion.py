"""Converts open_clip's image tower for the peers.

ONNX Runtime reads what torch's own exporter writes. OpenVINO converts the torch module directly, which keeps attention
as one operation, and NNCF quantises that model with real images.
"""

import json
from pathlib import Path

import numpy as np
from peers.models import ModelFiles
from peers.pixels import normalised
from peers.quiet import import_open_clip

EXAMPLE_BATCH, LARGEST_BATCH = 2, 256


def convert(name: str, files: ModelFiles, seed: int, calibration: Path) -> None:
    """Writes all files of `files` from random weights of one seed."""
    import_open_clip()
    import torch
    from openclip_export.loading import load_model
    from openclip_export.options import ExportOptions

    model = load_model(ExportOptions(model=name, output=files.converted, random_seed=seed)).requires_grad_(False)
    torch.save(model.state_dict(), files.weights)
    config = model.visual.preprocess_cfg
    text = json.dumps({"mean": list(config["mean"]), "std": list(config["std"])})
    (files.converted / "normalisation.json").write_text(text, encoding="ascii")
    tower = _tower(model)
    example = torch.zeros(EXAMPLE_BATCH, 3, *model.visual.image_size)
    _write_onnx(tower, example, files.onnx)
    _write_openvino(tower, example, files.openvino)
    _quantise(files, np.load(calibration))


def _tower(model: object) -> object:
    """The part that runs: floats [B, 3, H, W] to unit vectors [B, D]."""
    import torch

    class Tower(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.visual = model.visual

        def forward(self, pixels: torch.Tensor) -> torch.Tensor:
            return torch.nn.functional.normalize(self.visual(pixels), dim=-1)

    return Tower().eval()


def _write_onnx(tower: object, example: object, path: Path) -> None:
    import torch

    batch = torch.export.Dim("batch", min=1, max=LARGEST_BATCH)
    program = torch.onnx.export(tower, (example,), dynamo=True, verbose=False, input_names=["pixels"],
                                output_names=["vectors"], dynamic_shapes=({0: batch},))
    program.save(str(path))


def _write_openvino(tower: object, example: object, path: Path) -> None:
    import openvino

    # Without `compress_to_fp16` weights would be stored in half precision.
    openvino.save_model(openvino.convert_model(tower, example_input=example), path, compress_to_fp16=False)


def _quantise(files: ModelFiles, pixels: np.ndarray) -> None:
    """Post-training quantisation. The model type adds smoothing of activations, and keeps what transformers need in
    floats; without it the cosine suffers."""
    import nncf
    import openvino

    mean, std = files.normalisation
    samples = nncf.Dataset([normalised(image[None], mean, std) for image in pixels])
    model = nncf.quantize(openvino.Core().read_model(files.openvino), samples, subset_size=len(pixels),
                          model_type=nncf.ModelType.TRANSFORMER)
    openvino.save_model(model, files.openvino_int8, compress_to_fp16=False)
