"""Encoders as OpenVINO's IR: the plain networks, in fp32 or quantised by NNCF."""

import logging
from pathlib import Path

import numpy as np
import torch
from openclip_export.calibration_images import CalibrationImages
from openclip_export.encoders import Encoders
from openclip_export.golden import References
from openclip_export.options import ExportOptions
from openclip_export.precision import FP32, LOADED, Precision
from openclip_export.source import Source
from openclip_export.torchscript import rewritten
from openclip_export.towers import ImageTower, TextTower
from openvino_graphs import IMAGE_FILE, TEXT_FILE, import_openvino, load_graph, runs_in_bf16, save_graph
from torch import Tensor, nn

METHOD = "NNCF's post-training quantisation with its settings for transformers"


def save_openvino(folder: Path, source: Source, references: References, options: ExportOptions) -> Encoders:
    """Saves the encoders of the source's model, which this changes."""
    model, preprocessing = rewritten(source.model), source.preprocessing
    image = _converted(ImageTower(model, preprocessing, torch.float32, takes_pixels=False), references.pixels, "pixels")
    calibration = {}
    if options.precision == "int8":
        images = CalibrationImages(options.calibration_images, lambda path: torch.from_numpy(preprocessing.pixels(path)))
        image = quantised(image, images.inputs.numpy())
        calibration = {"calibration": images.description(METHOD)}
    save_graph(image, folder / IMAGE_FILE)
    save_graph(_converted(TextTower(model), references.token_ids, "ids"), folder / TEXT_FILE)
    required = [LOADED["int8"]] if options.precision == "int8" else [FP32, LOADED["bf16"]]
    return Encoders(IMAGE_FILE, TEXT_FILE, _load, fields={"engine": "openvino", **calibration}, required=required,
                    run=[precision for precision in required if precision.name != "bf16" or runs_in_bf16()])


def quantised(graph: object, pixels: np.ndarray) -> object:
    """The image encoder's graph in int8, with ranges from `pixels`, uint8 [images, H, W, 3]."""
    import_openvino()
    import nncf

    nncf.set_log_level(logging.ERROR)
    # The model type adds smoothing of activations, and keeps in floats what transformers need in floats.
    return nncf.quantize(graph, nncf.Dataset([image[None] for image in pixels]), subset_size=len(pixels),
                         model_type=nncf.ModelType.TRANSFORMER)


def _converted(tower: nn.Module, examples: Tensor, name: str) -> object:
    """The tower as a graph for any batch size, whose input is named `name`. Raises SystemExit if it cannot be converted."""
    openvino = import_openvino()
    try:
        with torch.inference_mode():
            graph = openvino.convert_model(tower.eval(), example_input=examples[:2])
    except Exception as error:  # whatever a tower's own code and the conversion raise
        raise SystemExit(f"error: {type(tower).__name__} cannot be converted for OpenVINO: {error}") from error
    graph.reshape([-1, *examples.shape[1:]])
    graph.inputs[0].set_names({name})
    graph.outputs[0].set_names({"vectors"})
    return graph


def _load(file: Path, precision: Precision) -> object:
    run = load_graph(file, precision.name)
    return lambda inputs: torch.from_numpy(run(inputs.numpy()))
