"""ONNX files: what they declare, before anything runs them."""

from dataclasses import dataclass
from pathlib import Path

import onnx
from bundle import sha256_of_file
from onnx.external_data_helper import uses_external_data
from openclip_export.messages import summary

TYPES = {onnx.TensorProto.FLOAT: "float32", onnx.TensorProto.FLOAT16: "float16", onnx.TensorProto.UINT8: "uint8",
         onnx.TensorProto.INT64: "int64", onnx.TensorProto.INT32: "int32"}
BATCH_DEPENDENT = "DynamicQuantizeLinear"
"""An operator that quantises with the range of a whole batch."""


@dataclass(frozen=True)
class Value:
    """An input or output: its name, type and shape; None for sizes that are open."""

    name: str
    type: str
    shape: tuple[int | None, ...]

    def __str__(self) -> str:
        return f"'{self.name}' ({self.type} [{', '.join('?' if size is None else str(size) for size in self.shape)}])"


class OnnxFile:
    """A file whose weights are not read yet."""

    def __init__(self, path: Path) -> None:
        """Raises SystemExit if the file is not there, is no ONNX, lacks its external data or mixes images of a batch."""
        self.path = path
        if not path.is_file():
            raise SystemExit(f"error: '{path}' is no file; name an ONNX file")
        try:
            self.graph = onnx.load(path, load_external_data=False)
        except Exception as error:  # whatever protobuf raises for other files
            raise SystemExit(f"error: '{path}' is no ONNX file: {summary(error)}. If it was downloaded with git, run "
                             "'git lfs pull'") from error
        if not self.graph.graph.node:
            raise SystemExit(f"error: '{path}' has no graph; if it was downloaded with git, run 'git lfs pull'")
        self._require_external_data()
        if any(node.op_type == BATCH_DEPENDENT for node in self.graph.graph.node):
            raise SystemExit(f"error: '{path}' is quantised dynamically ({BATCH_DEPENDENT}), so vectors depend on the others "
                             "in their batch; name the file before quantisation, and quantise it with --precision int8")
        weights = {tensor.name for tensor in self.graph.graph.initializer}
        self.inputs = [_value(value) for value in self.graph.graph.input if value.name not in weights]
        self.outputs = [_value(value) for value in self.graph.graph.output]

    @property
    def files(self) -> list[Path]:
        """The file, and those with its external data."""
        return [self.path, *sorted({self.path.parent / name for name in self._external_names()})]

    @property
    def is_half(self) -> bool:
        """Whether there are weights in fp16."""
        return any(tensor.data_type == onnx.TensorProto.FLOAT16 for tensor in self.graph.graph.initializer)

    def digest(self) -> str:
        """The beginning of the file's SHA-256."""
        return sha256_of_file(self.path)[:12]

    def _external_names(self) -> list[str]:
        return [entry.value for tensor in self.graph.graph.initializer if uses_external_data(tensor)
                for entry in tensor.external_data if entry.key == "location"]

    def _require_external_data(self) -> None:
        for file in self.files[1:]:
            if not file.is_file():
                raise SystemExit(f"error: '{self.path}' keeps weights in '{file.name}', which is not beside it; copy that "
                                 "file, too, under this name")


def listed(values: list[Value]) -> str:
    """Values for a message."""
    return ", ".join(map(str, values)) or "nothing"


def _value(value: onnx.ValueInfoProto) -> Value:
    tensor = value.type.tensor_type
    shape = tuple(size.dim_value if size.HasField("dim_value") and size.dim_value > 0 else None for size in tensor.shape.dim)
    name = TYPES.get(tensor.elem_type) or onnx.TensorProto.DataType.Name(tensor.elem_type).lower()
    return Value(value.name, name, shape)
