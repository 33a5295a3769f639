"""Whether an image encoder normalises pixels itself, as far as its first operators show."""

import numpy as np
import onnx
from onnx import numpy_helper
from onnx_import.files import OnnxFile

TRANSPARENT = {"Cast", "Transpose", "Identity", "Reshape", "Unsqueeze", "Squeeze"}
ARITHMETIC = {
    "Add": lambda left, right: left + right,
    "Sub": lambda left, right: left - right,
    "Mul": lambda left, right: left * right,
    "Div": lambda left, right: left / right,
}
SPAN = (0.5, 20)
"""What normalisation makes of the distance from black to white: 1 for a plain division by 255, 2 for numbers from -1 to 1,
and more where it divides by a standard deviation, 4 for CLIP's."""
UNCLEAR = "numbers of an unknown range"


def normalised_inside(file: OnnxFile, name: str) -> str | None:
    """What numbers a graph expects whose first operators add, subtract, multiply or divide by constants of one or three
    values: '0-1', '0-255', or UNCLEAR if these do not make normalised pixels of either; None if there are none.

    A normalisation that is folded into the weights is not visible.
    """
    start = Start(file)
    black, white = start.follow(name, np.stack([np.zeros(3), np.ones(3)]))
    scale = white - black
    if np.array_equal(scale, np.ones(3)) and np.array_equal(black, np.zeros(3)):
        return None
    fitting = [expected for expected, largest in (("0-1", 1), ("0-255", 255)) if _is_normalised(scale, black, largest)]
    return fitting[0] if len(fitting) == 1 else UNCLEAR


def _is_normalised(scale: np.ndarray, offset: np.ndarray, largest: int) -> bool:
    """Whether numbers from 0 to `largest` become normalised pixels: the mean is among them, and the span is plausible."""
    span = scale * largest
    mean_is_inside = (offset <= 0) & (offset >= -span)
    if np.array_equal(scale, np.ones(3)):
        # Only a mean is subtracted, which tells the range by its own size.
        return bool(mean_is_inside.all()) and (largest == 1 or offset.min() < -10)
    return bool((mean_is_inside & (span >= SPAN[0]) & (span <= SPAN[1])).all())


class Start:
    """The operators in front of a network."""

    def __init__(self, file: OnnxFile) -> None:
        self._folder = str(file.path.parent)
        self._graph = file.graph.graph
        self._constants = {tensor.name: tensor for tensor in self._graph.initializer}
        self._makers = {output: node for node in self._graph.node for output in node.output}

    def follow(self, name: str, values: np.ndarray) -> np.ndarray:
        """What the arithmetic makes of channels' values, [values, 3], up to the first operator of another kind."""
        while (node := self._only_user(name)) is not None and node.op_type in TRANSPARENT | ARITHMETIC.keys():
            if node.op_type in ARITHMETIC:
                operands = [values if other == name else self._constant(other) for other in node.input]
                if any(operand is None for operand in operands):
                    break
                values = ARITHMETIC[node.op_type](*operands)
            name = node.output[0]
        return values

    def _only_user(self, name: str) -> onnx.NodeProto | None:
        users = [node for node in self._graph.node if name in node.input and node.op_type != "Shape"]
        return users[0] if len(users) == 1 and list(users[0].input).count(name) == 1 else None

    def _constant(self, name: str) -> np.ndarray | None:
        """The values of a constant that has one or three."""
        maker = self._makers.get(name)
        if maker is not None and maker.op_type in TRANSPARENT:
            return self._constant(maker.input[0])
        tensor = self._constants.get(name)
        if tensor is None and maker is not None and maker.op_type == "Constant":
            value = onnx.helper.get_attribute_value(maker.attribute[0])
            tensor = value if isinstance(value, onnx.TensorProto) else None
            if isinstance(value, float):
                return np.array([value])
        if tensor is None or int(np.prod(tensor.dims)) not in (1, 3):
            return None
        return numpy_helper.to_array(tensor, base_dir=self._folder).astype(np.float64).reshape(-1)
