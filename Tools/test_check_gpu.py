#!/usr/bin/env python3
"""What check_gpu.py does and prints with GPUs that are made up: memory that runs out, two devices, loads, every table."""

import os
import subprocess
import tempfile
import time
import unittest
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
from gpu import memory, monitor, page, several
from gpu.embed import Run
from gpu.setup import FULL, QUICK, Setup

DRIVER = """
#include <stddef.h>
int cuInit(unsigned flags) { return 0; }
int cuDeviceGet(int *device, int index) { *device = index; return index > 1; }
int cuDevicePrimaryCtxRetain(void **context, int device) { return 0; }
int cuCtxSetCurrent(void *context) { return 0; }
int cuMemGetInfo_v2(size_t *free, size_t *total) { *free = (size_t)4096 << 20; *total = (size_t)8192 << 20; return 0; }
int cuMemAlloc_v2(unsigned long long *address, size_t size) { return size > ((size_t)4096 << 20) ? 2 : 0; }
"""
"""A driver of two GPUs, each with 4,096 MiB free."""
NVIDIA_SMI = """#!/bin/sh
case "$*" in
*driver_version*) echo "NVIDIA H200, 143771, 580.159.04" ;;
*utilization*) while :; do echo "1500, 40"; echo "2500, 60"; sleep 0.05; done ;;
*) echo 500 ;;
esac
"""


def unit(*numbers: float) -> np.ndarray:
    return np.array(numbers) / np.linalg.norm(numbers)


class GPUCase(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.setup = Setup(Path("clip-cli"), "cuda:0", self.folder, [Path("a.jpg"), Path("b.jpg")], FULL, None)

    def patched(self, module: object, **values: object) -> None:
        for name, value in values.items():
            patcher = patch.object(module, name, value)
            patcher.start()
            self.addCleanup(patcher.stop)


class Memory(GPUCase):
    def measure(self, notes: dict[int, str], found: dict[str, np.ndarray], recovered: bool = True) -> dict:
        """What the part returns when embedding says `notes` with so many MiB left."""
        left: list[int] = []

        @contextmanager
        def ballast(device: str, leave: int):
            left.append(leave)
            yield 4096 - leave

        def embed(*_: object) -> Run:
            events = [{"event": "note", "message": notes[left[-1]]}] if left and left[-1] in notes else []
            return Run(events, 0, 1)

        expected = {"a": unit(1, 0), "b": unit(0, 1)}
        self.patched(memory, _ballast=ballast, embed=embed, in_process=lambda *_: recovered,
                     vectors=lambda store: expected if store.name == "memory" else found)
        return memory.measure(self.setup)

    def test_memory_is_taken_until_a_batch_does_not_fit(self) -> None:
        result = self.measure({1536: "encoding 512 images at a time"}, {"a": unit(1, 0), "b": unit(0, 1)})
        self.assertEqual((result["left"], result["held"], result["images"]), (1536, 2560, 2))
        text = page.page({"machine": "m", "command": "c", "date": "d", "memory": result})
        self.assertIn("with 1536 MiB left by another program, 2 images were embedded, least cosine 1.0000000", text)
        self.assertIn("It said: encoding 512 images at a time", text)
        self.assertEqual(page.missed({"memory": result}), [])

    def test_other_vectors_or_bits_are_a_failure(self) -> None:
        result = self.measure({3072: "n"}, {"a": unit(1, 0.1), "b": unit(0, 1)}, recovered=False)
        missed = page.missed({"memory": result})
        self.assertRegex(missed[0], "batches in parts: least cosine 0.995")
        self.assertIn("other bits after a batch that did not fit", missed[1])

    def test_a_lost_image_or_memory_that_always_suffices_ends_the_check(self) -> None:
        with self.assertRaisesRegex(SystemExit, "an image is missing"):
            self.measure({3072: "n"}, {"a": unit(1, 0)})
        with self.assertRaisesRegex(SystemExit, "batches of 1024 fitted even into 1024 MiB"):
            self.measure({}, {})

    def test_it_needs_a_gpu_and_the_whole_check(self) -> None:
        for setup in (replace(self.setup, device="cpu"), replace(self.setup, sizes=QUICK)):
            self.assertEqual(memory.measure(setup), {})
        self.assertIn("not tried", page.page({"machine": "", "command": "", "date": "", "memory": {}}))

    def test_the_other_program_holds_what_it_says(self) -> None:
        source = self.folder / "driver.c"
        source.write_text(DRIVER)
        subprocess.run(["cc", "-shared", "-fPIC", source, "-o", self.folder / "libcuda.so.1"], check=True)
        with patch.dict(os.environ, {"LD_LIBRARY_PATH": str(self.folder)}):
            with memory._ballast("cuda:1", 1024) as held:
                self.assertEqual(held, 3072)
            with self.assertRaisesRegex(SystemExit, "could not take the device's memory"):
                with memory._ballast("cuda:2", 1024):
                    pass


class Several(GPUCase):
    def measure(self, devices: list[str], vectors: object) -> dict:
        self.started: list[str] = []
        self.patched(several.libtorch_c, devices=lambda: ["cpu", *devices])
        self.patched(several, start_embedding=lambda cli, bundle, device, *_: self.started.append(device),
                     finish=lambda *_: None, vectors=vectors)
        return several.measure(self.setup)

    def test_two_devices_run_at_the_same_time(self) -> None:
        for stored, same in ((lambda store: 1, True), (lambda store: store.name, False)):
            result = self.measure(["cuda:0 (H200)", "cuda:1 (H200)"], stored)
            self.assertEqual(self.started, ["cuda:0", "cuda:1"])
            self.assertEqual(result, {"devices": 2, "same_bits": same})
            text = page.page({"machine": "", "command": "", "date": "", "several": result})
            self.assertIn("the same bits on both" if same else "other bits on both", text)

    def test_one_device_is_said(self) -> None:
        result = self.measure(["cuda:0 (H200)"], None)
        self.assertEqual((result, self.started), ({"devices": 1}, []))
        self.assertIn("there is one GPU", page.page({"machine": "", "command": "", "date": "", "several": result}))


class Load(GPUCase):
    def test_memory_and_load_are_those_that_nvidia_smi_reports(self) -> None:
        (self.folder / "nvidia-smi").write_text(NVIDIA_SMI)
        (self.folder / "nvidia-smi").chmod(0o755)
        with patch.dict(os.environ, {"PATH": f"{self.folder}:{os.environ['PATH']}"}):
            self.assertEqual(monitor.description("cuda:0"), "NVIDIA H200 (143771 MiB), driver 580.159.04")
            watching = monitor.Monitor("cuda:0")
            self.addCleanup(watching.close)
            start = time.monotonic()
            while not (load := watching.load(start, time.monotonic())).peak_mebibytes or load.peak_mebibytes < 2000:
                self.assertLess(time.monotonic() - start, 10)
                time.sleep(0.05)
            self.assertEqual(load.peak_mebibytes, 2000)
            self.assertTrue(40 <= load.percent <= 60)


class Page(unittest.TestCase):
    def test_each_part_has_its_caption_and_table(self) -> None:
        row = {"model": "ViT-B-32", "precision": "bf16"}
        busy = {"workers": 8, "images": 16000, "rate": 9000.0, "encode": 0.97, "prepare": 0.5, "device_percent": 30.0,
                "mebibytes": 2100}
        text = page.page({
            "machine": "H200", "command": "c", "date": "2026-01-01",
            "agreement": [row | {"images": 256, "least": 0.99, "target": 0.999, "relative_error": 0.01, "verified": False}],
            "invariance": [row | {"case": "batches of 8", "images": 64, "equal": 60, "largest_difference": 1e-3,
                                  "least_cosine": 0.9999999}],
            "batches": [row | {"batch": 256, "rate": 27000.4, "eager_rate": 18000.0, "warm_up": 1.2, "mebibytes": 2048},
                        row | {"batch": 512, "rate": None, "eager_rate": None, "warm_up": None, "mebibytes": None}],
            "pipeline": [row | busy],
            "memory": {}, "several": {"devices": 1},
        })
        for part in ("**Agreement**", "**Equal bits**", "**Image tower**", "**JPEG to Parquet**", "**Out of memory**",
                     "**Two devices**"):
            self.assertIn(part, text)
        for line in ("| ViT-B-32 | bf16 | 256 | 0.9900000 | ≥ 0.999 | 1 | **failed** |",
                     "| bf16 | batches of 8 | 60 of 64 | 1.0e-03 | 0.9999999 |",
                     "| 256 | 27,000 | 18,000 | 2,048 |", "| 512 | – | – | – |",
                     "| bf16 | 8 | 16000 | 9,000 | 97 | 50 | 30 | 2,100 |", "bf16: 8 workers fill the device."):
            self.assertIn(line, text)

    def test_a_missed_target_is_listed(self) -> None:
        row = {"model": "small", "precision": "fp16", "least": 0.998, "target": 0.999, "verified": False}
        self.assertEqual(page.missed({"agreement": [row]}), [
            "small fp16: least cosine 0.998000, target 0.999", "small fp16: `models verify` failed"])


if __name__ == "__main__":
    unittest.main(warnings="ignore")
