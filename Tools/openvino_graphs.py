"""OpenVINO as the tools use it: nothing is reported to its makers, weights stay as they are, and numbers do not depend on
the machine's favourite precision."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import numpy as np

IMAGE_FILE, TEXT_FILE = "image_encoder.xml", "text_encoder.xml"
HINTS = {"fp32": "f32", "bf16": "bf16", "int8": "f32"}
"""The precision in which OpenVINO computes what is not quantised, for each that a bundle runs in."""
PART = 8
"""The images of a run: `CLIPOpenVINO` compiles an image encoder for parts of this size, each of which runs on one thread."""
ROUNDS = 5
"""How many parts `is_joint` compares."""


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
    graph = import_openvino().Core().read_model(path)
    return _compiled(graph, {"INFERENCE_PRECISION_HINT": HINTS[precision]})


def is_joint(path: Path, pixels: np.ndarray, precisions: list[str]) -> bool:
    """Whether an image's vector has the same bits at every place of a part and beside any other images.

    The image encoder in `path` is compiled as programs do it: for parts of a fixed size, on one thread. `pixels` are a few
    different images, uint8 [images, H, W, 3], and `precisions` those that this CPU has.
    """
    images = pixels[:PART - 2]
    for precision in precisions:
        graph = import_openvino().Core().read_model(path)
        graph.reshape([PART, *images.shape[1:]])
        run = _compiled(graph, {"INFERENCE_PRECISION_HINT": HINTS[precision], "NUM_STREAMS": 1, "INFERENCE_NUM_THREADS": 1})
        vectors = [run(part)[places] for places, part in _arranged(images)]
        if any(found.tobytes() != vectors[0].tobytes() for found in vectors[1:]):
            return False
    return True


def _arranged(images: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Parts with all images, and their places: first in order with zeros behind them, as the last part of a run is filled
    up, then in other orders and places, with the negative of an image among them, another one each time."""
    for turn in range(ROUNDS):
        # An odd factor, so no two images share a place.
        places = (np.arange(len(images)) * (2 * turn + 1) + 3 * turn) % PART
        part = np.zeros((PART, *images.shape[1:]), np.uint8)
        if turn > 0:
            part[:] = 255 - images[turn % len(images)]
        part[places] = images
        yield places, part


def _compiled(graph: object, properties: dict) -> Callable[[np.ndarray], np.ndarray]:
    compiled = import_openvino().Core().compile_model(graph, "CPU", properties)
    return lambda inputs: compiled([inputs])[0].copy()


def runs_in_bf16() -> bool:
    """Whether this CPU computes in bf16."""
    return "BF16" in import_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
