#!/usr/bin/env python3
"""What an ONNX file's first operators tell about the pixels that it expects."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from onnx_import.files import OnnxFile
from onnx_import.inside import UNCLEAR, normalised_inside

MEAN, STD = (0.48, 0.46, 0.41), (0.27, 0.26, 0.28)


class Range(unittest.TestCase):
    def found(self, *operators: tuple[str, object]) -> str | None:
        """For `(operator, constant)`, one after the other; a constant is a number or three."""
        names = ["pixels", *(f"x{index}" for index in range(len(operators)))]
        constants = [numpy_helper.from_array(np.array(values, np.float32).reshape(-1, 1, 1) if np.ndim(values) else
                                             np.array(values, np.float32), f"c{index}")
                     for index, (_, values) in enumerate(operators)]
        nodes = [onnx.helper.make_node(kind, [names[index], f"c{index}"], [names[index + 1]])
                 for index, (kind, _) in enumerate(operators)]
        nodes.append(onnx.helper.make_node("Relu", [names[-1]], ["y"]))
        value = onnx.helper.make_tensor_value_info("pixels", onnx.TensorProto.FLOAT, ["batch", 3, 8, 8])
        output = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)
        with tempfile.TemporaryDirectory() as folder:
            onnx.save(onnx.helper.make_model(onnx.helper.make_graph(nodes, "g", [value], [output], constants)),
                      path := Path(folder, "image.onnx"))
            return normalised_inside(OnnxFile(path), "pixels")

    def test_the_range_follows_from_the_arithmetic(self) -> None:
        for expected, operators in (
            (None, ()),
            (None, (("Mul", 1), ("Add", 0))),
            ("0-1", (("Sub", 0.5), ("Div", 0.5))),
            ("0-1", (("Mul", 2), ("Sub", 1))),
            ("0-1", (("Sub", MEAN), ("Div", STD))),
            ("0-1", (("Mul", 255), ("Sub", (124, 116, 104)), ("Div", (58, 57, 57)))),
            ("0-255", (("Div", 127.5), ("Sub", 1))),
            ("0-255", (("Mul", 1 / 255),)),
            ("0-255", (("Div", 255), ("Sub", MEAN), ("Div", STD))),
            ("0-255", (("Sub", (124, 116, 104)),)),
        ):
            with self.subTest(operators=operators):
                self.assertEqual(self.found(*operators), expected)

    def test_other_arithmetic_is_unclear(self) -> None:
        for operators in ((("Mul", 0.1),), (("Add", 0.5), ("Mul", 0.5)), (("Div", -255),), (("Mul", 1000),)):
            with self.subTest(operators=operators):
                self.assertEqual(self.found(*operators), UNCLEAR)


if __name__ == "__main__":
    unittest.main()
