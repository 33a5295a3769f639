#!/usr/bin/env python3
"""What ONNX files are imported, what is found out about them, and what is refused or asked for."""

import json
import sys
import tempfile
import unittest
from collections import namedtuple
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from unittest.mock import patch

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
from onnx_import.test_models import MEAN, SIZE, Kind, write_both, write_images, write_processor, write_texts  # noqa: E402
from openclip_export import clip_bpe, room  # noqa: E402
from openclip_export.options import ImageOverrides  # noqa: E402
from openclip_export.test_tokenizers import TOKENIZERS  # noqa: E402

Usage = namedtuple("Usage", "total used free")
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
        """Imports in place of what is there, and returns model.json. Vectors agree with ONNX Runtime's, or there is none."""
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
            (Kind(expects="0-1", is_scalar=True), {"pixels": None}),
            (Kind(expects="0-255", is_scalar=True, half=True), {"pixels": None}),
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
                self.assertEqual(description["image"]["batch"], "joint")

    def test_an_encoder_that_mixes_a_batch_runs_images_alone(self) -> None:
        self.write(Kind(mixes=True))
        self.assertEqual(self.imported()["image"]["batch"], "single")

    def test_text_encoders_of_all_kinds(self) -> None:
        write_images(self.options.image_encoder, Kind())
        for kind, changes in (
            (Kind(id_type=torch.int32, normalised=True, opset=20), {}),
            (Kind(inputs=("attention_mask",)), {}),
            (Kind(inputs=("attention_mask", "position_ids", "token_type_ids"), id_type=torch.int32), {}),
            *((Kind(pooled=False, inputs=("attention_mask",)), {"text_pooling": pooling})
              for pooling in ("first", "mean", "end", "last")),
        ):
            with self.subTest(kind, **changes):
                write_texts(self.options.text_encoder, kind)
                self.assertEqual(self.imported(**changes)["text"]["context_length"], 77)

    def test_texts_are_padded_as_the_bundle_says(self) -> None:
        """CLIP's tokenizer of transformers pads with the end token, which masks and pooling see."""
        write_images(self.options.image_encoder, Kind())
        write_texts(self.options.text_encoder, Kind(pooled=False, inputs=("attention_mask",)))
        TOKENIZERS["clip"]().save_pretrained(self.folder / "tokenizer")
        changes = {"tokenizer": str(self.folder / "tokenizer"), "text_pooling": "last"}
        self.assertEqual(self.imported(**changes)["text"]["tokenizer"]["padding_token"], "<|endoftext|>")
        self.options = replace(self.options, output=self.folder / "second")
        with patch.object(clip_bpe, "describe", lambda *arguments: {"kind": "clip-bpe"}):
            self.assert_refused("text_encoder.xml in fp32 differs from the original model", **changes)

    def test_one_graph_tells_its_scale_and_bias(self) -> None:
        both = write_both(self.folder / "model.onnx")
        description = self.imported(image_encoder=both, text_encoder=both, logit_scale=None)
        self.assertAlmostEqual(description["logit_scale"], 25, places=3)
        self.assertAlmostEqual(description["logit_bias"], -3, places=3)

    def test_external_data_belongs_to_a_model(self) -> None:
        self.write()
        path = self.options.text_encoder
        onnx.save(onnx.load(path), path, save_as_external_data=True, location="text.onnx_data", size_threshold=0)
        self.imported()
        (self.folder / "text.onnx_data").rename(self.folder / "other")
        self.options = replace(self.options, output=self.folder / "second")
        self.assert_refused("text.onnx' keeps weights in 'text.onnx_data', which is not beside it")

    def test_int8_is_quantised_with_photographs(self) -> None:
        self.write()
        description = self.imported(precision="int8")
        self.assertEqual((description["precision"], description["calibration"]["images"]), ("int8", 6))

    def test_files_beside_the_encoder_describe_it(self) -> None:
        (self.folder / "onnx").mkdir()
        changes = {"image_encoder": write_images(self.folder / "onnx" / "image.onnx", Kind()), "pixels": None,
                   "image": ImageOverrides()}
        write_texts(self.options.text_encoder, Kind())
        write_processor(self.folder)
        image = self.imported(**changes)["image"]
        self.assertEqual((image["convention"], image["mean"], image["size"]), ("transformers", list(MEAN), [SIZE, SIZE]))
        (self.folder / "preprocessor_config.json").unlink()
        (self.folder / "open_clip_config.json").write_text(json.dumps({
            "model_cfg": {"vision_cfg": {"image_size": SIZE}}, "preprocess_cfg": {"mean": MEAN, "resize_mode": "squash"}}))
        image = self.imported(**changes | {"pixels": "normalised"})["image"]
        self.assertEqual((image["resize_mode"], image["mean"]), ("squash", list(MEAN)))


class Questions(Import):
    """What cannot be known is asked for, with the option that says it."""

    def test_pixels(self) -> None:
        self.write()
        self.assert_refused("does not tell whether 'pixel_values'.*--pixels: normalised", pixels=None)
        write_images(self.options.image_encoder, Kind(expects="0-1"))
        write_processor(self.folder)
        self.assert_refused("seems to normalise pixels itself.*preprocessor_config.json.*--pixels", pixels=None,
                            image=ImageOverrides())
        write_images(self.options.image_encoder, Kind(gain=0.1))
        self.assert_refused("calculates with the pixels of 'pixel_values'.*--pixels: normalised", pixels=None)
        write_images(self.options.image_encoder, Kind(expects="0-255", is_scalar=True))
        self.assert_refused(r"seems to normalise pixels itself \(from 0-255\).*--pixels", pixels=None, image=ImageOverrides())
        write_images(self.options.image_encoder, Kind(pixel_type=torch.uint8, expects="0-255"))
        self.assert_refused("takes bytes.*leave --pixels out")

    def test_preprocessing(self) -> None:
        self.write()
        self.assert_refused("no preprocessor_config.json.*--preprocessing.*--image-interpolation, --image-resize-mode, "
                            "--image-mean, --image-std", image=ImageOverrides())
        self.assert_refused("exclude each other", preprocessing=self.folder)
        self.assert_refused("neither preprocessor_config.json nor", preprocessing=self.folder, image=ImageOverrides())
        self.assert_refused(r"--image-size says 48 × 48", image=replace(DESCRIBED, size=(48, 48)))
        write_processor(self.folder, crop_size={"height": 48, "width": 48}, size={"shortest_edge": 48})
        self.assert_refused(r"preprocessor_config.json' says 48 × 48", image=ImageOverrides())

    def test_outputs_and_pooling(self) -> None:
        self.write(Kind(pooled=False))
        self.assert_refused("a vector for each token.*--image-pooling", image_pooling=None)
        self.write(text=Kind(pooled=False))
        self.assert_refused("a vector for each token.*--text-pooling", text_pooling=None)
        self.write()
        self.assert_refused("gives pooled vectors.*leave --text-pooling out", text_pooling="mean")
        self.assert_refused(r"no output 'x'; it has 'image_embeds' \[1, 16\]: choose with --image-output", image_output="x")
        both = write_both(self.folder / "both.onnx")
        self.assert_refused("depends on images and on texts", image_encoder=both, text_encoder=both,
                            image_output="logits_per_image", text_output="logits_per_text")

    def test_scale_and_tokenizer(self) -> None:
        self.write()
        self.assert_refused("--logit-scale", logit_scale=None)
        self.assertIsNone(self.imported(logit_scale=None, has_no_scale=True)["logit_scale"])
        self.options = replace(self.options, output=self.folder / "second")
        self.assert_refused("no tokenizer beside.*--tokenizer", tokenizer=None)
        self.assert_refused("'ViT-X' is neither a folder nor an architecture", tokenizer="ViT-X")
        self.assert_refused(r"input_ids' \(int64 \[\?, 77\]\), and --context-length says 32", context_length=32)


class Refusals(Import):
    def test_encoders_of_two_spaces(self) -> None:
        self.write(text=Kind(dimension=24))
        self.assert_refused("has 16 dimensions, and 'text_embeds' of .* has 24.*--image-output")

    def test_a_fixed_batch_is_opened_or_refused(self) -> None:
        self.write(text=Kind(batch=None))
        self.imported()
        self.options = replace(self.options, output=self.folder / "second")
        write_images(self.options.image_encoder, Kind(batch=None))
        self.assert_refused("image.onnx' cannot take batches of any size.*dynamic_axes")

    def test_files_of_other_kinds(self) -> None:
        self.write()
        self.assert_refused("'.*nowhere.onnx' is no file", image_encoder=self.folder / "nowhere.onnx")
        pointer = self.folder / "pointer.onnx"
        pointer.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
        self.assert_refused("pointer.onnx' .*git lfs pull", image_encoder=pointer)
        self.assert_refused("text.onnx' needs one input with four dimensions.*'input_ids'",
                            image_encoder=self.options.text_encoder)
        both = write_both(self.folder / "both.onnx")
        self.assert_refused("has inputs beside the images: 'input_ids'.*--model", image_encoder=both)
        self.assert_refused("has inputs that are not for texts: 'pixel_values'.*--model", text_encoder=both)

    def test_inputs_that_are_not_known(self) -> None:
        write_images(self.options.image_encoder, Kind())
        write_texts(self.options.text_encoder, Kind(inputs=("attention_mask",)))
        model = onnx.load(self.options.text_encoder)
        for node in model.graph.node:
            node.input[:] = ["extra" if name == "attention_mask" else name for name in node.input]
        model.graph.input[1].name = "extra"
        onnx.save(model, self.options.text_encoder)
        self.assert_refused("'extra'.*Export it again with these names")

    def test_dynamic_quantisation_mixes_a_batch(self) -> None:
        self.write()
        model = onnx.load(self.options.text_encoder)
        model.graph.node.append(onnx.helper.make_node("DynamicQuantizeLinear", ["text_embeds"], ["q", "s", "z"]))
        onnx.save(model, self.options.text_encoder)
        self.assert_refused("quantised dynamically.*--precision int8")

    def test_too_little_disk_or_memory_is_an_error_before_the_work(self) -> None:
        self.write(Kind(half=True))
        with patch("shutil.disk_usage", return_value=Usage(0, 0, 10**6)):
            self.assert_refused("has 1 MB of free disk space; free some")
        with patch.object(room, "available_memory", return_value=10**8):
            self.assert_refused("100 MB of memory are free; close other programs, add swap space, or import on a computer")


if __name__ == "__main__":
    unittest.main(warnings="ignore")
