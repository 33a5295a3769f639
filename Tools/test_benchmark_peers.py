#!/usr/bin/env python3
"""Tests of benchmark_peers.py: ratios, targets and the page. Nothing is measured."""

import tempfile
import unittest
from pathlib import Path

from peers.machine import AVX2, CLASSES, VNNI, ZEN_5, Machine
from peers.report.page import replace_section
from peers.report.rows import Row, Target, table
from peers.report.towers import same_network_rows, tower_rows
from peers.towers.same_network import measured
from peers.turns import in_turns, speed_ratio

PAGE = Path(__file__).resolve().parents[1] / "Docs/Benchmarks.md"
WITHOUT_VNNI = Machine("CPU", AVX2, has_vnni=False, has_bf16=False, cores=2, memory_gibibytes=8)
WITH_ALL = Machine("CPU", ZEN_5, has_vnni=True, has_bf16=True, cores=2, memory_gibibytes=8)


def engine(seconds: float) -> dict:
    batch = {"seconds": [seconds] * 3, "counts": {"minor_faults": 0, "instructions": None}}
    return {"cosine": {"least": 1}, "32": batch, "1": batch}


def row_of(rows: list[Row], what: str, peer: str) -> Row:
    return next(row for row in rows if row.what == what and row.peer.startswith(peer))


class Turns(unittest.TestCase):
    def test_a_slow_turn_changes_no_ratio(self):
        ratio = speed_ratio([1, 10, 1], [2, 20, 2])
        self.assertEqual((ratio.median, ratio.low, ratio.high), (2, 2, 2))

    def test_everything_runs_once_in_each_turn(self):
        calls: list[str] = []
        in_turns({name: lambda name=name: calls.append(name) for name in "abc"}, 4)
        self.assertEqual([sorted(calls[start:start + 3]) for start in range(0, 12, 3)], [["a", "b", "c"]] * 4)


class Targets(unittest.TestCase):
    def test_fp32_is_compared_with_the_faster_peer(self):
        results = {"open_clip fp32": engine(3), "OpenVINO fp32": engine(2), "ONNX Runtime fp32": engine(1),
                   "OpenVINO int8": engine(1), "this library fp32": engine(2), "this library int8": engine(1)}
        rows = tower_rows("ViT", results, WITHOUT_VNNI)
        row = row_of(rows, "ViT, batch 32, fp32", "ONNX Runtime")
        self.assertEqual((row.value, row.cells()[-1]), (0.5, "**missed**"))

    def test_int8_is_compared_with_open_clip_without_vnni(self):
        results = {"open_clip fp32": engine(3), "OpenVINO int8": engine(1), "OpenVINO fp32": engine(2),
                   "this library fp32": engine(2), "this library int8": engine(1)}
        rows = tower_rows("ViT", results, WITHOUT_VNNI)
        self.assertEqual(row_of(rows, "ViT, batch 32, int8", "open_clip").target, Target(2.2))
        self.assertIsNone(row_of(rows, "ViT, batch 32, int8", "OpenVINO").target)

    def test_int8_is_compared_with_the_faster_variant_of_openvino(self):
        results = {"open_clip fp32": engine(3), "OpenVINO fp32": engine(2), "OpenVINO int8": engine(2),
                   "OpenVINO int8+bf16": engine(1), "this library fp32": engine(2), "this library int8": engine(1)}
        row = row_of(tower_rows("ViT", results, WITH_ALL), "ViT, batch 32, int8", "OpenVINO int8+bf16")
        self.assertEqual((row.target, row.cells()[-1]), (Target(1.1), "**missed**"))

    def test_a_network_is_compared_with_the_faster_setting_of_openvino(self):
        rows = same_network_rows({"int8": {
            "this library": [1, 1], "this library on TorchScript": [0.5, 0.5], "OpenVINO's Python API, int8, 1 streams": [3, 3],
            "OpenVINO's Python API, int8+bf16, 2 streams": [1.5, 1.5]}})
        row = row_of(rows, "Tower on OpenVINO, int8", "OpenVINO's Python API, int8+bf16, 2 streams")
        self.assertEqual((row.value, row.target, len(rows)), (1.5, Target(1), 2))

    def test_speeds_are_those_that_the_tool_says(self):
        message = "The engines' speed on this machine, images/s: TorchScript 200 in int8, OpenVINO 160.0 in int8. Using m."
        self.assertEqual(measured(message, "int8"), (1 / 160, 1 / 200))
        with self.assertRaisesRegex(SystemExit, "did not measure both engines in bf16"):
            measured(message, "bf16")

    def test_some_targets_are_upper_limits(self):
        self.assertTrue(Target(0.5, at_most=True).is_reached(0.4))
        self.assertIn("≤ 0.5 | reached", table([Row("memory", target=Target(0.5, at_most=True), value=0.4)]))


class Page(unittest.TestCase):
    def test_the_page_has_a_place_for_every_class_and_others_stay(self):
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "page.md"
            page.write_text(PAGE.read_text(encoding="utf-8"), encoding="utf-8")
            for processor_class in CLASSES:
                replace_section(page, processor_class, f"results of {processor_class}")
            replace_section(page, VNNI, "newer results")
            text = page.read_text(encoding="utf-8")
        self.assertIn(f"results of {ZEN_5}\n", text)
        self.assertIn("newer results\n", text)
        self.assertNotIn(f"results of {VNNI}", text)


if __name__ == "__main__":
    unittest.main()
