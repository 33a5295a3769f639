"""Whether an image encoder normalises pixels itself, as far as its first operators show."""

import numpy as np
import onnx
from onnx import numpy_helper
from onnx_import.files import OnnxFile

TRANSPARENT = {"Cast", "Transpose", "Identity", "Reshape", "Unsqueeze", "Squeeze"}
ARITHMETIC = {"Add", "Sub", "Mul", "Div"}


def normalised_inside(file: OnnxFile, name: str) -> str | None:
    """What numbers a graph expects whose first operators normalise each channel: '0-1' or '0-255'; None if none do.

    A normalisation that is folded into the weights is not visible.
    """
    graph = file.graph.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    constants |= {node.output[0]: attribute.t for node in graph.node if node.op_type == "Constant"
                  for attribute in node.attribute if attribute.name == "value"}
    divides, means = False, []
    while (node := _only_user(graph, name)) is not None and node.op_type in TRANSPARENT | ARITHMETIC:
        if node.op_type in ARITHMETIC:
            values = [_small(constants[other]) for other in node.input if other in constants]
            if not values or values[0] is None:
                break
            divides |= values[0].size == 1
            if values[0].size == 3:
                means.append(values[0] if node.op_type in ("Add", "Sub") else np.zeros(3))
        name = node.output[0]
    if not means:
        return None
    return "0-255" if divides or np.abs(means).max() > 10 else "0-1"


def _only_user(graph: onnx.GraphProto, name: str) -> onnx.NodeProto | None:
    users = [node for node in graph.node if name in node.input and node.op_type != "Shape"]
    return users[0] if len(users) == 1 else None


def _small(tensor: onnx.TensorProto) -> np.ndarray | None:
    """A constant's values if there are one or three."""
    if int(np.prod(tensor.dims)) not in (1, 3) or tensor.data_location == onnx.TensorProto.EXTERNAL:
        return None
    return numpy_helper.to_array(tensor).astype(np.float64).reshape(-1)
