"""The bundle's graphs around those of the ONNX files: from bytes and token ids to unit vectors."""

import numpy as np
from onnx_import.files import OnnxFile, Value
from onnx_import.inputs import TextInputs
from onnx_import.outputs import Output
from onnx_import.preprocessing import EncoderPreprocessing
from onnx_import.tokens import Tokens
from openclip_export.messages import summary
from openvino_graphs import import_openvino

openvino = import_openvino()
from openvino import opset13 as ops  # noqa: E402

Companions = list[tuple[Value, tuple[int, ...]]]
"""Inputs of one graph with both encoders that are for the other one, with their shapes without the batch."""
LEAST_LENGTH = 1e-24
"""Of a vector before it is divided by it, squared; torch's `normalize` has the same."""


def convert(file: OnnxFile) -> object:
    """A file as OpenVINO reads it, for any batch size if its operators allow that; raises SystemExit if it cannot."""
    shapes = {value.name: [-1, *(-1 if size is None else size for size in value.shape[1:])] for value in file.inputs}
    try:
        return openvino.convert_model(file.path, input=shapes)
    except Exception as error:  # whatever the conversion raises for operators that it does not know
        raise SystemExit(f"error: OpenVINO cannot convert '{file.path}': {summary(error)}. Export the model again with "
                         "standard operators (without an optimiser's fused ones) and ai.onnx opset 14 to 18") from error


def image_graph(graph: object, file: OnnxFile, preprocessing: EncoderPreprocessing, output: Output,
                companions: Companions) -> object:
    """The image encoder: pixels, uint8 [?, H, W, 3], to unit vectors, float32 [?, D]."""
    image = preprocessing.image
    parameter = ops.parameter([-1, *preprocessing.size, 3], np.uint8)
    numbers = parameter
    if image.value.type != "uint8":
        scale, offset = (ops.constant(values) for values in preprocessing.scale_and_offset())
        numbers = ops.add(ops.multiply(ops.convert(parameter, np.float32), scale), offset)
    if image.layout == "NCHW":
        numbers = ops.transpose(numbers, np.array([0, 3, 1, 2]))
    _replace(graph, image.value, numbers)
    fillers = _fill(graph, companions, parameter)
    vectors = _pooled_image(_output(graph, output), output.pooling)
    return _assembled(parameter, "pixels", vectors, output, file, fillers)


def text_graph(graph: object, file: OnnxFile, inputs: TextInputs, tokens: Tokens, output: Output,
               companions: Companions) -> object:
    """The text encoder: token ids, int64 [?, L] padded to the context length, to unit vectors, float32 [?, D]."""
    parameter = ops.parameter([-1, tokens.context_length], np.int64)
    mask = _mask(parameter, tokens)
    zeros = ops.multiply(parameter, _integers(0))
    derived = {"mask": mask, "types": zeros, "positions": ops.add(zeros, _integers(np.arange(tokens.context_length)[None]))}
    for role, value in inputs.others.items():
        _replace(graph, value, derived[role])
    _replace(graph, inputs.ids, parameter)
    fillers = _fill(graph, companions, parameter)
    vectors = _pooled_text(_output(graph, output), output.pooling, parameter, mask, tokens)
    return _assembled(parameter, "ids", vectors, output, file, fillers)


def _replace(graph: object, value: Value, source: object) -> None:
    """Lets a computed value take the place of a graph's input."""
    old = graph.input(value.name).get_node()
    old.output(0).replace(ops.convert(source, np.dtype(value.type)).output(0))


def _fill(graph: object, companions: Companions, parameter: object) -> list:
    """Puts zeros in the place of inputs that the encoder does not need, as many as it gets: exporters that give all inputs
    the same batch size may read it from any of them."""
    batch = ops.gather(ops.shape_of(parameter), _integers([0]), _integers(0))
    fillers = []
    for value, shape in companions:
        fillers.append(ops.broadcast(_integers(0), ops.concat([batch, _integers(shape)], axis=0)))
        _replace(graph, value, fillers[-1])
    return fillers


def _uses(vectors: object, fillers: list) -> bool:
    """Whether a value depends on more than the shape of `fillers`."""
    names = {filler.get_friendly_name() for filler in fillers}
    waiting, seen = [vectors], set()
    while waiting:
        node = waiting.pop()
        if node.get_friendly_name() in names:
            return True
        if node.get_friendly_name() not in seen and node.get_type_name() != "ShapeOf":
            seen.add(node.get_friendly_name())
            waiting += [value.get_node() for value in node.input_values()]
    return False


def _output(graph: object, output: Output) -> object:
    source = graph.output(output.name).get_node().input_value(0)
    return ops.convert(source, np.float32)


def _mask(ids: object, tokens: Tokens) -> object:
    """As `Tokens.mask`: 1 up to the last token that is not padding, and for one token more where the padding ends texts."""
    is_text = ops.convert(ops.not_equal(ids, _integers(tokens.padding)), np.int64)
    mask = ops.convert(ops.greater(ops.cumsum(is_text, _integers(1), reverse=True), _integers(0)), np.int64)
    if tokens.padding != tokens.end:
        return mask
    first = ops.slice(mask, _integers([0]), _integers([1]), _integers([1]), _integers([1]))
    shifted = ops.slice(mask, _integers([0]), _integers([-1]), _integers([1]), _integers([1]))
    return ops.concat([ops.add(ops.multiply(first, _integers(0)), _integers(1)), shifted], axis=1)


def _pooled_image(values: object, pooling: str | None) -> object:
    if pooling is None:
        return values
    if pooling == "mean":
        return ops.reduce_mean(values, _integers([1]))
    return ops.gather(values, _integers(0), _integers(1))


def _pooled_text(values: object, pooling: str | None, ids: object, mask: object, tokens: Tokens) -> object:
    if pooling is None:
        return values
    if pooling == "first":
        return ops.gather(values, _integers(0), _integers(1))
    if pooling == "mean":
        weights = ops.convert(mask, np.float32)
        total = ops.reduce_sum(ops.multiply(values, ops.unsqueeze(weights, _integers([2]))), _integers([1]))
        return ops.divide(total, ops.reduce_sum(weights, _integers([1]), keep_dims=True))
    if pooling == "last":
        places = ops.subtract(ops.reduce_sum(mask, _integers([1])), _integers(1))
    else:  # the first end token
        positions = _integers(np.arange(tokens.context_length)[None])
        is_end = ops.equal(ids, _integers(tokens.end))
        places = ops.reduce_min(ops.select(is_end, positions, _integers(tokens.context_length - 1)), _integers([1]))
    return ops.gather(values, places, _integers(1), 1)


def _integers(values: object) -> object:
    return ops.constant(np.array(values, np.int64))


def _assembled(parameter: object, name: str, vectors: object, output: Output, file: OnnxFile, fillers: list) -> object:
    """The graph from one input to unit vectors; raises SystemExit if it needs another input or has a fixed batch."""
    if _uses(vectors, fillers):
        raise SystemExit(f"error: '{output.name}' of '{file.path}' depends on images and on texts; choose another output, or "
                         "export the encoders as two files")
    try:
        unit = ops.normalize_l2(vectors, _integers([1]), LEAST_LENGTH, "max")
        graph = openvino.Model([ops.result(unit)], [parameter])
    except Exception as error:  # whatever shapes that do not fit raise
        raise _fixed_batch(file, summary(error)) from error
    shape = graph.outputs[0].partial_shape
    if shape.rank.get_length() != 2 or shape[0].is_static or shape[1].is_dynamic:
        raise _fixed_batch(file, f"'{output.name}' has the shape {shape}")
    graph.inputs[0].set_names({name})
    graph.outputs[0].set_names({"vectors"})
    return graph


def _fixed_batch(file: OnnxFile, found: str) -> SystemExit:
    return SystemExit(f"error: '{file.path}' cannot take batches of any size ({found}); export it again with an open batch "
                      "size: dynamic_axes={'NAME': {0: 'batch'}, …} or dynamic_shapes in torch.onnx.export")
