#!/usr/bin/env python3
"""What the exporter makes for OpenVINO, in fp32 and in int8."""

import json
import sys
import tempfile
import unittest
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from export_openclip import silence_libraries  # noqa: E402
from torchvision_ops import import_torchvision  # noqa: E402

silence_libraries()
import_torchvision()
from default_model.samples import write_sample_images  # noqa: E402
from openclip_export.assemble import export  # noqa: E402
from openclip_export.make_test_models import export_options, write_source  # noqa: E402
from openclip_export.options import ExportOptions  # noqa: E402
from openvino_graphs import import_openvino  # noqa: E402


class Export(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.bundle = self.folder / "bundle"

    def exported(self, family: str, precision: str = "fp32", images: Path | None = None) -> tuple[dict, dict]:
        """Exports; returns model.json and the least cosines."""
        write_source(family, source := self.folder / family)
        options = export_options(source, self.bundle, "openvino", precision)
        with redirect_stdout(StringIO()):
            cosines = export(ExportOptions(**vars(options) | {"calibration_images": images}))
        return json.loads((self.bundle / "model.json").read_text(encoding="utf-8")), cosines

    def graph(self, file: str) -> object:
        return import_openvino().Core().read_model(self.bundle / file)

    def test_graphs_take_bytes_and_ids_in_any_number(self) -> None:
        for family, size, length in (("vit-gelu", 64, 77), ("transformers-siglip", 64, 64)):
            with self.subTest(family):
                description, cosines = self.exported(family)
                images, texts = (self.graph(f"{kind}_encoder.xml") for kind in ("image", "text"))
                dimension = description["embedding_dimension"]
                self.assertEqual([str(graph.inputs[0].partial_shape) for graph in (images, texts)],
                                 [f"[?,{size},{size},3]", f"[?,{length}]"])
                self.assertEqual([graph.inputs[0].element_type.to_string() for graph in (images, texts)], ["u8", "i64"])
                for graph in (images, texts):
                    self.assertEqual((len(graph.inputs), len(graph.outputs)), (1, 1))
                    self.assertEqual(str(graph.outputs[0].partial_shape), f"[?,{dimension}]")
                self.assertEqual((description["engine"], description["precision"]), ("openvino", "fp32"))
                self.assertEqual(description["image"]["batch"], "joint")
                self.assertEqual((description["image"]["file"], description["text"]["file"]),
                                 ("image_encoder.xml", "text_encoder.xml"))
                self.assertLessEqual({"image_encoder.bin", "text_encoder.bin"}, description["files"].keys())
                self.assertGreaterEqual(min(cosines["fp32"]), 0.99999)

    def test_int8_is_quantised_with_the_images_that_are_given(self) -> None:
        photos = self.folder / "photos"
        write_sample_images(photos)[0].unlink()
        description, cosines = self.exported("vit-quickgelu", "int8", photos)
        self.assertEqual((description["precision"], description["calibration"]["images"]), ("int8", 5))
        self.assertEqual(description["image"]["batch"], "joint")
        self.assertEqual(list(cosines), ["int8"])
        quantised = {name: sum(operation.get_type_name() == "FakeQuantize" for operation in self.graph(name).get_ops())
                     for name in ("image_encoder.xml", "text_encoder.xml")}
        self.assertGreater(quantised["image_encoder.xml"], 4)
        self.assertEqual(quantised["text_encoder.xml"], 0)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
