"""Encoders as OpenVINO's IR: the plain networks, in fp32 or quantised by NNCF."""

import logging
from collections.abc import Callable
from pathlib import Path

import torch
from openclip_export.calibration_images import CalibrationImages
from openclip_export.encoders import Encoders
from openclip_export.golden import References
from openclip_export.options import ExportOptions
from openclip_export.precision import FP32, LOADED, Precision
from openclip_export.source import Source
from openclip_export.torchscript import rewritten
from openclip_export.towers import ImageTower, TextTower
from openvino_graphs import IMAGE_FILE, TEXT_FILE, import_openvino, is_joint, load_graph, runs_in_bf16, save_graph
from torch import Tensor, nn

METHOD = "NNCF's post-training quantisation"
ATTENTION = ("ScaledDotProductAttention", "Softmax")


def save_openvino(folder: Path, source: Source, references: References, options: ExportOptions) -> Encoders:
    """Saves the encoders of the source's model, which this changes."""
    model, preprocessing = rewritten(source.model), source.preprocessing
    image = _converted(ImageTower(model, preprocessing, torch.float32, takes_pixels=False), references.pixels, "pixels")
    calibration = {}
    if options.precision == "int8":
        image, calibration = quantise(image, preprocessing, options.calibration_images)
    save_graph(image, folder / IMAGE_FILE)
    save_graph(_converted(TextTower(model), references.token_ids, "ids"), folder / TEXT_FILE)
    return saved_encoders(folder, references, required_precisions(options.precision), calibration)


def saved_encoders(folder: Path, references: References, required: list[Precision], calibration: dict) -> Encoders:
    """The graphs that were saved in `folder`, which must reach the cosines of `required`, and what model.json says of them."""
    run = runnable(required)
    joint = is_joint(folder / IMAGE_FILE, references.pixels.numpy(), [precision.name for precision in run])
    return Encoders(IMAGE_FILE, TEXT_FILE, load, run=run, required=required, fields={"engine": "openvino", **calibration},
                    image_fields={"batch": "joint" if joint else "single"})


def quantise(graph: object, preprocessing: object, folder: Path | None) -> tuple[object, dict]:
    """The image encoder's graph in int8, with ranges from images of a folder or the sample photographs, and the fields of
    model.json that say so."""
    import_openvino()
    import nncf

    nncf.set_log_level(logging.ERROR)
    images = CalibrationImages(folder, lambda path: torch.from_numpy(preprocessing.pixels(path)))
    operations = graph.get_ordered_ops()
    # With attention, the model type adds smoothing of activations, and keeps in floats what transformers need in floats.
    attends = any(operation.get_type_name() in ATTENTION for operation in operations)
    quantised = nncf.quantize(graph, nncf.Dataset([image[None] for image in images.inputs.numpy()]),
                              subset_size=len(images.inputs), model_type=nncf.ModelType.TRANSFORMER if attends else None,
                              ignored_scope=nncf.IgnoredScope(names=_rows_of_images(operations), validate=False))
    return quantised, {"calibration": images.description(METHOD)}


def _rows_of_images(operations: list) -> list[str]:
    """What sees one row per image: cheap, and an error there is one of the result."""
    return [operation.get_friendly_name() for operation in operations
            if operation.get_type_name() in ("MatMul", "NormalizeL2") and len(operation.get_output_partial_shape(0)) == 2]


def required_precisions(stored: str) -> list[Precision]:
    """What a bundle with weights in this precision runs in."""
    return [LOADED["int8"]] if stored == "int8" else [FP32, LOADED["bf16"]]


def runnable(precisions: list[Precision]) -> list[Precision]:
    """Those that this CPU has."""
    return [precision for precision in precisions if precision.name != "bf16" or runs_in_bf16()]


def load(file: Path, precision: Precision) -> Callable[[Tensor], Tensor]:
    """A saved encoder, to run in `precision`."""
    run = load_graph(file, precision.name)
    return lambda inputs: torch.from_numpy(run(inputs.numpy()))


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

