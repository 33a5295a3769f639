"""OpenVINO as the tools use it: nothing is reported to its makers, weights stay as they are, and numbers do not depend on
the machine's favourite precision."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np

IMAGE_FILE, TEXT_FILE = "image_encoder.xml", "text_encoder.xml"
HINTS = {"fp32": "f32", "bf16": "bf16", "int8": "f32"}
"""The precision in which OpenVINO computes what is not quantised, for each that a bundle runs in."""


def import_openvino() -> ModuleType:
    """The module `openvino`; raises SystemExit if it is not installed."""
    sys.modules.setdefault("openvino_telemetry", None)  # OpenVINO and NNCF do without it
    try:
        import openvino
    except ImportError as error:
        raise SystemExit("error: the Python package openvino is missing; run 'scripts/setup.sh onnx', and this program with "
                         "the Python of that environment, or install Tools/requirements-onnx.txt") from error
    return openvino


def save_graph(graph: object, path: Path) -> None:
    """Writes IR: `path` and, with the same name, the weights in a .bin file. They are not rounded to fp16."""
    import_openvino().save_model(graph, path, compress_to_fp16=False)


def load_graph(path: Path, precision: str) -> Callable[[np.ndarray], np.ndarray]:
    """A function that runs an encoder in IR on this CPU: its one input to its one output."""
    openvino = import_openvino()
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(path), "CPU", {"INFERENCE_PRECISION_HINT": HINTS[precision]})
    return lambda inputs: compiled([inputs])[0].copy()


def runs_in_bf16() -> bool:
    """Whether this CPU computes in bf16."""
    return "BF16" in import_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
