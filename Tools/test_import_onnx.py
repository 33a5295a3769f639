#!/usr/bin/env python3
"""What ONNX files are imported, what is found out about them, and what is refused or asked for."""

import json
import sys
import tempfile
import unittest
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

import onnx
import torch

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from export_openclip import silence_libraries  # noqa: E402
from torchvision_ops import import_torchvision  # noqa: E402

silence_libraries()
import_torchvision()
from onnx_import.assemble import import_model  # noqa: E402
from onnx_import.options import ImportOptions  # noqa: E402
from onnx_import.test_models import Kind, write_both, write_images, write_processor, write_texts  # noqa: E402
from openclip_export.options import ImageOverrides  # noqa: E402

DESCRIBED = ImageOverrides(mean=(0.5,) * 3, std=(0.5,) * 3, interpolation="bicubic", resize_mode="shortest")


class Import(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.options = ImportOptions(
            self.folder / "image.onnx", self.folder / "text.onnx", self.folder / "bundle", tokenizer="ViT-B-32",
            image=DESCRIBED, pixels="normalised", logit_scale=20.0)

    def write(self, image: Kind = Kind(), text: Kind = Kind()) -> None:
        write_images(self.options.image_encoder, image)
        write_texts(self.options.text_encoder, text)

    def imported(self, **changes: object) -> dict:
        """Imports, and returns model.json; that vectors agree with ONNX Runtime's is a condition of the import."""
        with redirect_stdout(StringIO()):
            import_model(replace(self.options, **changes))
        return json.loads((self.options.output / "model.json").read_text(encoding="utf-8"))

    def assert_refused(self, message: str, **changes: object) -> None:
        with self.assertRaisesRegex(SystemExit, message):
            self.imported(**changes)
        self.assertFalse(self.options.output.exists())


class Variants(Import):
    def test_image_encoders_of_all_kinds(self) -> None:
        write_texts(self.options.text_encoder, Kind())
        for kind, changes in (
            (Kind(), {}),
            (Kind(layout="NHWC", normalised=True), {}),
            (Kind(expects="0-1"), {"pixels": None}),
            (Kind(expects="0-255", layout="NHWC"), {"pixels": None}),
            (Kind(expects="0-255", pixel_type=torch.uint8), {"pixels": None}),
            (Kind(pooled=False), {"image_pooling": "mean"}),
            (Kind(pooled=False, normalised=True), {"image_pooling": "first"}),
            (Kind(opset=14), {}),
            (Kind(half=True), {}),
        ):
            with self.subTest(kind):
                write_images(self.options.image_encoder, kind)
                description = self.imported(**changes)
                self.assertEqual(description["engine"], "openvino")
                self.assertEqual("mean" in description["image"], kind.expects == "normalised")


if __name__ == "__main__":
    unittest.main(warnings="ignore")
