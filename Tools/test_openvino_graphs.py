#!/usr/bin/env python3
"""Tests of openvino_graphs.py: which networks may run images together."""

import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path

import numpy as np
from openvino_graphs import import_openvino, is_joint, runs_in_bf16, save_graph

openvino = import_openvino()
from openvino import opset13 as ops  # noqa: E402

PIXELS = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3), np.uint8)


class Joint(unittest.TestCase):
    def joint(self, mixed: Callable[[object, object], object]) -> bool:
        """What is found for channels' means, float32 [?, 3], and what `mixed` makes of them and of their shape."""
        pixels = ops.parameter([-1, 8, 8, 3], np.uint8)
        means = ops.reduce_mean(ops.convert(pixels, np.float32), np.array([1, 2]))
        graph = openvino.Model([ops.result(mixed(means, ops.shape_of(means)))], [pixels])
        with tempfile.TemporaryDirectory() as folder:
            save_graph(graph, path := Path(folder, "image_encoder.xml"))
            return is_joint(path, PIXELS, ["fp32", *(["bf16"] if runs_in_bf16() else [])])

    def test_rows_that_are_computed_alone_are_joint(self) -> None:
        self.assertTrue(self.joint(lambda means, _: ops.multiply(means, np.float32(0.5))))

    def test_rows_that_depend_on_others_are_not(self) -> None:
        for name, mixed in {
            "mean": lambda means, _: ops.subtract(means, ops.reduce_mean(means, np.array([0]), keep_dims=True)),
            "range": lambda means, _: ops.divide(means, ops.reduce_max(means, np.array([0, 1]), keep_dims=True)),
            "neighbour": lambda means, _: ops.add(means, ops.roll(means, np.array([1]), np.array([0]))),
        }.items():
            with self.subTest(name):
                self.assertFalse(self.joint(mixed))

    def test_rows_that_depend_on_their_place_are_not(self) -> None:
        def placed(means: object, shape: object) -> object:
            count = ops.gather(shape, np.array(0), np.array(0))
            return ops.add(means, ops.unsqueeze(ops.range(np.int64(0), count, np.int64(1), "f32"), np.array([1])))

        self.assertFalse(self.joint(placed))


if __name__ == "__main__":
    unittest.main()
