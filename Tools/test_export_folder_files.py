#!/usr/bin/env python3
"""What the exporter makes of the forms in which image processors and tokenizers lie around in folders of transformers."""

import json
import unittest

import numpy as np
import torch
from folder_case import FolderCase  # first: it prepares what the others import
from openclip_export.options import ExportOptions
from openclip_export.source import Source
from PIL import Image
from transformers import AutoImageProcessor, AutoTokenizer, CLIPProcessor

TEXTS = ["", "a photo of a cat", "Ünïcode 中文 🙂 don't", "A  B\n12,345!", "<|endoftext|> x"]


class Processors(FolderCase):
    FILE = "preprocessor_config.json"

    def assert_pixels_of(self, expected: Source) -> None:
        found = self.load().preprocessing
        self.assertEqual(found.description(), expected.preprocessing.description())
        self.assertEqual(found.scale_and_offset()[0].tolist(), expected.preprocessing.scale_and_offset()[0].tolist())

    def test_every_form_says_the_same(self) -> None:
        expected, before = self.load(), (self.folder / self.FILE).read_text()
        sizes = {"height": 64, "width": 64}
        for form in (
            {"size": 64, "crop_size": 64},
            {"size": 64, "crop_size": 64, "image_processor_type": None, "feature_extractor_type": "CLIPFeatureExtractor",
             "do_convert_rgb": None, "do_rescale": None, "rescale_factor": None, "resample": None, "image_mean": None,
             "image_std": None, "do_resize": None, "do_normalize": None},
            {"image_processor_type": "CLIPImageProcessorFast", "crop_size": sizes, "default_to_square": False,
             "do_pad": False, "data_format": "channels_first", "device": None},
            {"image_processor_type": "CLIPImageProcessorPil"},
            {"image_processor_type": None},
            {"processor_class": "CLIPProcessor", "size": {"shortest_edge": 64}},
        ):
            with self.subTest(form):
                self.change(self.FILE, **form)
                self.assert_pixels_of(expected)
            (self.folder / self.FILE).write_text(before)

    def test_a_folder_that_transformers_itself_wrote(self) -> None:
        expected = self.load()
        processor = AutoImageProcessor.from_pretrained(self.folder)
        processor.save_pretrained(self.folder)
        self.assert_pixels_of(expected)
        (self.folder / self.FILE).unlink()
        CLIPProcessor(processor, AutoTokenizer.from_pretrained(self.folder)).save_pretrained(self.folder)
        self.assertFalse((self.folder / self.FILE).exists())
        self.assert_pixels_of(expected)
        self.change("processor_config.json", image_processor={"do_pad": True, "image_processor_type": "CLIPImageProcessor",
                                                              "size": 64, "crop_size": 64})
        self.assert_refused("processor_config.json' cannot be exported: do_pad is true")

    def test_what_cannot_be_exported_is_named_with_its_file(self) -> None:
        before = (self.folder / self.FILE).read_text()
        for form, message in (
            ({"do_center_crop": False}, "size is neither 64"),
            ({"crop_size": None}, "crop_size is not the model's 64"),
            ({"do_resize": False}, "do_resize is not true"),
            ({"rescale_factor": 1 / 127.5}, "rescale_factor is not 1/255"),
            ({"image_mean": 0.5}, "image_mean is not a list of three numbers"),
            ({"image_std": [0.5, 0.5]}, "image_std is not a list of three numbers"),
            ({"image_std": [0, 0.5, 0.5]}, "image_std is not above 0"),
            ({"auto_map": {"AutoImageProcessor": "code.Processor"}}, "has an auto_map"),
        ):
            with self.subTest(message):
                self.change(self.FILE, **form)
                self.assert_refused(f"{self.FILE}' .*{message}")
            (self.folder / self.FILE).write_text(before)
        (self.folder / self.FILE).unlink()
        self.assert_refused("the image processor in '.*' cannot be loaded: .*; copy preprocessor_config.json")
        (self.folder / self.FILE).write_text('{"image_processor_type": "NoSuchProcessor"}')
        self.assert_refused(f"cannot be loaded: Unrecognized image processor.*; correct '.*{self.FILE}'")

    def test_other_images_than_rgb_are_converted_whatever_the_file_says(self) -> None:
        path = self.scratch / "gray.png"
        Image.linear_gradient("L").save(path)
        expected = self.load().preprocessing.pixels(path)
        for value in ("null", "false"):
            text = json.dumps(json.loads((self.folder / self.FILE).read_text()) | {"do_convert_rgb": "VALUE"})
            (self.folder / self.FILE).write_text(text.replace('"VALUE"', value))
            self.assertTrue(np.array_equal(self.load().preprocessing.pixels(path), expected))


class Tokenizers(FolderCase):
    def test_every_set_of_files_gives_the_same_tokens(self) -> None:
        for family, sets in (
            ("transformers-clip", (["tokenizer.json"], ["vocab.json", "merges.txt"])),
            ("transformers-chinese-clip", (["tokenizer.json"], ["vocab.txt"])),
            ("transformers-siglip", (["spiece.model", "tokenizer_config.json"],)),
            ("transformers-siglip2", (["tokenizer.json", "tokenizer_config.json"],)),
            ("transformers-altclip", (["tokenizer.json", "tokenizer_config.json"],)),
        ):
            for files in sets:
                with self.subTest(f"{family}: {files}"):
                    self.take(family, f"{family}-{'-'.join(files)}")
                    self.write_older_vocabulary()
                    expected = self.load().tokenizer(TEXTS)
                    self.keep(*files)
                    self.assertTrue(torch.equal(self.load().tokenizer(TEXTS), expected))

    def take(self, family: str, name: str) -> None:
        """Goes on with another family's folder."""
        self.folder = self.copy(family, name)
        self.options = ExportOptions(model=str(self.folder), output=self.options.output)

    def write_older_vocabulary(self) -> None:
        """The files beside tokenizer.json that earlier versions of transformers wrote."""
        if not (self.folder / "tokenizer.json").is_file():
            return
        model = json.loads((self.folder / "tokenizer.json").read_text())["model"]
        if model["type"] == "BPE":
            (self.folder / "vocab.json").write_text(json.dumps(model["vocab"]))
            (self.folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{' '.join(pair)}\n" for pair in model["merges"]))
        if model["type"] == "WordPiece":
            (self.folder / "vocab.txt").write_text("".join(f"{token}\n" for token in sorted(model["vocab"], key=model["vocab"].get)))

    def test_a_missing_tokenizer_is_an_error(self) -> None:
        for family in ("clip", "siglip", "siglip2", "chinese-clip", "altclip"):
            with self.subTest(family):
                self.take(f"transformers-{family}", family)
                self.keep("tokenizer_config.json")
                self.assert_refused("has no tokenizer: none of tokenizer.json")

    def test_what_siglip_makes_of_padding_is_not_guessed(self) -> None:
        self.take("transformers-siglip", "siglip")
        self.keep("spiece.model")
        self.assert_refused("tokenizer_config.json' does not exist, and says whether texts are embedded with their padding")

    def test_another_models_tokenizer_is_refused(self) -> None:
        other = self.copy("transformers-chinese-clip", "other")
        self.keep()
        (self.folder / "tokenizer.json").write_bytes((other / "tokenizer.json").read_bytes())
        self.assert_refused("tokens, and text_config.vocab_size in config.json is 49408")
        self.change("config.json", tokenizer_class="BertTokenizer")
        self.assert_refused("tokens, and text_config.vocab_size in config.json is 49408")

    def test_code_of_a_tokenizer_is_not_run(self) -> None:
        self.change("tokenizer_config.json", auto_map={"AutoTokenizer": ["code.Tokenizer", None]})
        self.assert_refused("tokenizer_config.json' has an auto_map")


if __name__ == "__main__":
    unittest.main(warnings="ignore")
