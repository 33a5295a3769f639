#!/usr/bin/env python3
"""What the exporter makes of folders of transformers, and whether it sees that there is no room for a bundle."""

import json
import sys
import unittest
from collections import namedtuple
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import torch
from folder_case import FolderCase  # first: it prepares what the others import
from export_openclip import parse_arguments
from openclip_export import room, torchscript
from openclip_export.assemble import export
from openclip_export.make_test_models import write_source
from openclip_export.options import ExportOptions, ImageOverrides
from openclip_export.precision import FP32
from openclip_export.source import empty_model, load_source
from safetensors.torch import load_file, save_file

Usage = namedtuple("Usage", "total used free")


class Transformers(FolderCase):
    def test_older_weights_are_read_as_safely(self) -> None:
        state = load_file(self.folder / "model.safetensors")
        expected = load_source(self.options).model.state_dict()
        (self.folder / "model.safetensors").unlink()
        torch.save(state, self.folder / "pytorch_model.bin")
        found = load_source(self.options).model.state_dict()
        self.assertTrue(all(torch.equal(found[name], tensor) for name, tensor in expected.items()))
        torch.save(state | {"x": Path()}, self.folder / "pytorch_model.bin")
        self.assert_refused("pytorch_model.bin' was not opened.*any code")

    def test_every_weight_must_be_there_and_fit(self) -> None:
        file = self.folder / "model.safetensors"
        state = load_file(file)
        save_file({name: tensor for name, tensor in state.items() if "layers.1.mlp" not in name}, file, {"format": "pt"})
        self.assert_refused("do not fit config.json.*\n  8 missing: 'text_model")
        save_file(state, file, {"format": "pt"})
        self.change("config.json", projection_dim=48)
        self.assert_refused(r"2 of another shape: 'text_projection.weight' has \[32, 64\], not \[48, 64\]")
        file.unlink()
        self.assert_refused("has no model.safetensors")

    def test_what_is_not_supported_is_named(self) -> None:
        for file, values, message in (
            ("config.json", {"model_type": "siglip2"}, "NaFlex"),
            ("config.json", {"model_type": "blip"}, "model_type 'blip'; clip, siglip"),
            ("preprocessor_config.json", {"crop_size": {"height": 48, "width": 48}}, "crop_size is not the model's 64"),
            ("preprocessor_config.json", {"size": {"shortest_edge": 72}}, "size is neither 64"),
            ("preprocessor_config.json", {"resample": 1}, "resample is neither"),
            ("preprocessor_config.json", {"do_normalize": False}, "do_normalize is not true"),
        ):
            before = (self.folder / file).read_text()
            self.change(file, **values)
            self.assert_refused(message)
            (self.folder / file).write_text(before)
        self.options = ExportOptions(model=str(self.folder), output=self.options.output, image=ImageOverrides(mean=(0, 0, 0)))
        self.assert_refused("are for models of open_clip")

    def test_towers_become_operators(self) -> None:
        with redirect_stdout(StringIO()) as printed:
            export(self.options)
        for name, kinds in (("image_encoder.pt", ("patches", "attention", "mlp", "linear")),
                            ("text_encoder.pt", ("attention", "mlp", "linear"))):
            nodes = torch.jit.load(str(self.options.output / name)).inlined_graph.findAllNodes
            self.assertEqual([len(nodes(f"openclip::{kind}")) for kind in kinds], [1, 2, 2, 1][-len(kinds):])
        self.assertRegex(printed.getvalue(), "encoder of images: 6 operators; as plain TorchScript: nothing\n"
                                             "encoder of texts: 5 operators; as plain TorchScript: nothing")


class Options(FolderCase):
    def test_an_option_that_would_change_nothing_is_refused(self) -> None:
        folder = self.scratch / "vit-gelu"
        write_source("vit-gelu", folder)
        options = ExportOptions(model=str(folder), output=self.options.output, random_seed=0, context_length=32)
        with self.assertRaisesRegex(SystemExit, "--context-length is for models of transformers"):
            export(options)
        for named in (["--precision", "fp16"], ["--precision", "bf16"], ["--engine", "openvino"]):
            words = ["export", "--model", "m", "--output", "o", "--calibration-images", "photos", *named]
            with self.subTest(named), patch.object(sys, "argv", words), redirect_stderr(StringIO()) as errors:
                self.assertRaises(SystemExit, parse_arguments)
                self.assertIn("--calibration-images sets the ranges for int8", errors.getvalue())

    def test_a_photograph_that_cannot_be_read_is_named(self) -> None:
        photos = self.scratch / "photos"
        (photos / "folder.jpg").mkdir(parents=True)
        (photos / "damaged.jpg").write_bytes(b"no image")
        with self.assertRaisesRegex(SystemExit, "damaged.jpg' cannot be read as an image"), redirect_stdout(StringIO()):
            export(replace(self.options, calibration_images=photos))
        (photos / "damaged.jpg").unlink()
        with self.assertRaisesRegex(SystemExit, "photos' has no JPEG, PNG or WebP images"), redirect_stdout(StringIO()):
            export(replace(self.options, calibration_images=photos))
        self.assertFalse(self.options.output.exists())


class Identity(FolderCase):
    def test_references_do_not_tell_on_which_cpu_they_were_made(self) -> None:
        """The same model would have another identity for each, and a CPU may lack a precision that others have."""
        with redirect_stdout(StringIO()), patch.object(torchscript, "loadable_precisions", return_value=[FP32]):
            export(self.options)
        golden = json.loads((self.options.output / "golden.json").read_text(encoding="utf-8"))
        self.assertEqual(golden["required_cosine"], {"fp32": 0.99999, "bf16": 0.999, "int8": 0.995})
        self.assertEqual({name for entry in (*golden["images"], *golden["texts"]) for name in entry},
                         {"file", "row", "text", "token_ids"})


class Room(FolderCase):
    def test_the_count_is_that_of_the_model(self) -> None:
        for family in ("transformers-clip", "vit-gelu", "siglip", "bert"):
            with self.subTest(family):
                folder = self.folder / family
                write_source(family, folder)
                seed = None if family.startswith("transformers") else 0
                options = ExportOptions(model=str(folder), output=self.options.output, random_seed=seed)
                expected = room.parameter_count(load_source(options).model)
                self.assertAlmostEqual(room.parameter_count(empty_model(options)) / expected, 1, places=2)

    def test_too_little_disk_or_memory_is_an_error_before_the_work(self) -> None:
        with patch("shutil.disk_usage", return_value=Usage(0, 0, 10**6)):
            with self.assertRaisesRegex(SystemExit, "has 1 MB of free disk space; free some"):
                export(self.options)
        with patch.object(room, "available_memory", return_value=10**8):
            with self.assertRaisesRegex(SystemExit, "100 MB of memory are free; close other programs"):
                export(self.options)
        self.assertFalse(self.options.output.exists())

    def test_the_limit_of_a_container_counts(self) -> None:
        root = self.folder / "root"
        (root / "proc").mkdir(parents=True)
        (root / "proc/meminfo").write_text("MemTotal: 9 kB\nMemAvailable: 4000 kB\nSwapFree: 96 kB\n")
        self.assertEqual(room.available_memory(root), 4096 << 10)
        group = root / "sys/fs/cgroup"
        group.mkdir(parents=True)
        for limit, free in (("max", 4096 << 10), ("5000", 3100)):
            for name, value in (("memory.max", limit), ("memory.current", "2000"), ("memory.stat", "anon 7\ninactive_file 100")):
                (group / name).write_text(value + "\n")
            self.assertEqual(room.available_memory(root), free)
        self.assertIsNone(room.available_memory(self.folder / "nowhere"))


if __name__ == "__main__":
    unittest.main(warnings="ignore")
