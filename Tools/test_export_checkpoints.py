#!/usr/bin/env python3
"""What the exporter reads from checkpoint files and folders, and what it refuses."""

import argparse
import sys
import tempfile
import unittest
from pathlib import Path

import torch

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from export_openclip import silence_libraries  # noqa: E402
from torchvision_ops import import_torchvision  # noqa: E402

silence_libraries()
import_torchvision()
import open_clip  # noqa: E402
from openclip_export.checkpoint import read_checkpoint  # noqa: E402
from openclip_export.fitting import fit_weights  # noqa: E402
from openclip_export.folders import folder_kind, open_clip_weights  # noqa: E402
from openclip_export.loading import load_model  # noqa: E402
from openclip_export.make_test_models import write_source  # noqa: E402
from openclip_export.options import ExportOptions, ImageOverrides  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

PLAIN, AVERAGE = torch.tensor([1.0]), torch.tensor([2.0])


class Folder(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def saved(self, value: object, name: str = "w.pt") -> Path:
        torch.save(value, self.folder / name)
        return self.folder / name


class Checkpoints(Folder):
    def test_every_form_gives_the_same_names(self) -> None:
        weights = {"visual.proj": PLAIN, "logit_scale": PLAIN}
        wrapped = {f"module._orig_mod.{name}": tensor for name, tensor in weights.items()}
        for value in (weights, wrapped, {"state_dict": wrapped, "epoch": 3, "optimizer": {"state": {}}},
                      {"model": weights}, {"model": {"state_dict": wrapped}}, {"model_state_dict": weights, "args": None},
                      {"ema": {"n_averaged": torch.tensor(7), **wrapped}},
                      {"state_dict": {f"model.{name}": tensor for name, tensor in weights.items()}},
                      {f"base_model.model.{name}": tensor for name, tensor in weights.items()}):
            with self.subTest(list(value)):
                self.assertEqual(read_checkpoint(self.saved(value)).weights, weights)

    def test_the_content_and_not_the_name_tells_the_format(self) -> None:
        save_file({"a": PLAIN}, self.folder / "w.bin")
        self.assertEqual(read_checkpoint(self.folder / "w.bin").weights, {"a": PLAIN})
        self.assertEqual(read_checkpoint(self.saved({"a": PLAIN}, "w.safetensors")).weights, {"a": PLAIN})
        torch.save({"a": PLAIN}, self.folder / "old.pt", _use_new_zipfile_serialization=False)
        self.assertEqual(read_checkpoint(self.folder / "old.pt").weights, {"a": PLAIN})

    def test_averages_are_preferred_unless_declined(self) -> None:
        for section in ("ema", "state_dict_ema", "model_ema", "ema_state_dict"):
            path = self.saved({"state_dict": {"a": PLAIN}, section: {"module.a": AVERAGE}})
            averaged, plain = read_checkpoint(path), read_checkpoint(path, averaged=False)
            self.assertEqual((averaged.weights["a"], averaged.average), (AVERAGE, section))
            self.assertEqual((plain.weights["a"], plain.average), (PLAIN, None))

    def test_averages_without_names_are_refused_unless_declined(self) -> None:
        path = self.saved({"state_dict": {"a": PLAIN}, "ema": {"decay": 0.9, "shadow_params": [AVERAGE]}})
        with self.assertRaisesRegex(SystemExit, "under 'ema', have no names.*'shadow_params'.*--no-ema"):
            read_checkpoint(path)
        self.assertEqual(read_checkpoint(path, averaged=False).weights, {"a": PLAIN})

    def test_a_model_among_other_parts_is_not_guessed(self) -> None:
        path = self.saved({"state_dict": {"model.a": PLAIN, "model.b": PLAIN, "loss.weight": PLAIN}})
        with self.assertRaisesRegex(SystemExit, "most names in .* start with 'model.', and 'loss.weight' do not.*torch.save"):
            read_checkpoint(path)

    def test_code_is_not_run(self) -> None:
        path = self.saved({"state_dict": {"a": PLAIN}, "args": argparse.Namespace(lr=1), "hook": Harmful(self.folder / "ran")})
        with self.assertRaisesRegex(SystemExit, r"(?s)not opened.*argparse\.Namespace.*any code.*torch\.save"):
            read_checkpoint(path)
        torch.save(Harmful(self.folder / "ran"), path, _use_new_zipfile_serialization=False)
        with self.assertRaisesRegex(SystemExit, "not opened.*any code"):
            read_checkpoint(path)
        self.assertFalse((self.folder / "ran").exists())

    def test_a_program_is_refused_with_what_helps(self) -> None:
        torch.jit.script(torch.nn.Linear(2, 2)).save(str(self.folder / "w.pt"))
        with self.assertRaisesRegex(SystemExit, "TorchScript program.*--pretrained openai"):
            read_checkpoint(self.folder / "w.pt")

    def test_files_without_weights_say_what_they_are(self) -> None:
        for value, message in (({"epoch": 3, "name": "x"}, "contains 'epoch', 'name'"), ({}, "contains nothing"),
                               ([PLAIN], "object of type list"),
                               ({"visual.q.lora_A.weight": PLAIN}, "LoRA.*merge_and_unload")):
            with self.assertRaisesRegex(SystemExit, message):
                read_checkpoint(self.saved(value))
        pointer, cut = self.folder / "p.pt", self.folder / "c.pt"
        pointer.write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
        cut.write_bytes(self.saved({"a": torch.zeros(1000)}).read_bytes()[:2000])
        save_file({"a": torch.zeros(1000)}, self.folder / "s.safetensors")
        shortened = self.folder / "s2.safetensors"
        shortened.write_bytes((self.folder / "s.safetensors").read_bytes()[:2000])
        (empty := self.folder / "e.pt").touch()
        (page := self.folder / "h.pt").write_text("<!DOCTYPE html><html>Not Found</html>")
        for path, message in ((pointer, "git lfs pull"), (cut, "or damaged"), (shortened, "is damaged"), (empty, "or damaged"),
                              (page, "no checkpoint.*It is text, such as the page of an error")):
            with self.assertRaisesRegex(SystemExit, message):
                read_checkpoint(path)


class Fitting(Folder):
    def refusal(self, given: str, named: str, change: object = dict) -> str:
        """What is said of weights with the shapes of one architecture in another; no memory is used for either."""
        model = open_clip.create_model(named, load_weights=False, device="meta")
        state = open_clip.create_model(given, load_weights=False, device="meta").state_dict()
        weights = change({name: torch.zeros(()).expand(tensor.shape) for name, tensor in state.items()})
        with self.assertRaises(SystemExit) as raised:
            fit_weights(model, Path("w.pt"), read_checkpoint(self.saved(weights)), named, resizes=False)
        return str(raised.exception)

    def test_the_architecture_that_fits_is_named(self) -> None:
        message = self.refusal("ViT-B-16", "ViT-B-32")
        self.assertIn("the weights in 'w.pt' do not fit ViT-B-32", message)
        self.assertIn("'visual.conv1.weight' has [768, 3, 16, 16], not [768, 3, 32, 32]", message)
        self.assertIn("They fit ViT-B-16 and ViT-B-16-quickgelu", message)

    def test_another_image_size_is_not_resized_silently(self) -> None:
        message = self.refusal("ViT-B-32-256", "ViT-B-32")
        self.assertIn("'visual.positional_embedding' has [65, 768], not [50, 768]", message)
        self.assertIn("They fit ViT-B-32-256", message)

    def test_a_file_that_lacks_something_is_incomplete(self) -> None:
        message = self.refusal("ViT-B-32", "ViT-B-32", lambda state: {
            name: tensor for name, tensor in state.items() if name != "logit_scale"})
        self.assertRegex(message, "1 missing: 'logit_scale'\n  Everything else fits: the file is incomplete")

    def test_weights_of_transformers_need_their_folder(self) -> None:
        message = self.refusal("ViT-B-32", "ViT-B-32", lambda state: {f"vision_model.{name}": state[name] for name in state})
        self.assertIn("a model of transformers: name its folder", message)

    def test_few_names_of_many_are_listed(self) -> None:
        message = self.refusal("ViT-B-32", "ViT-B-32", lambda state: {
            name.replace("visual.ln", "image.ln"): tensor for name, tensor in state.items() if "resblocks.3" not in name})
        self.assertRegex(message, r"2\d missing: '.*', '.*', '.*', '.*', …\n  4 unexpected: 'image.ln")
        self.assertRegex(message, r"nearest of open_clip's architectures is ViT-B-32.*, which 9\d%|8\d% of the tensors")


class Folders(Folder):
    def test_a_folder_says_whose_model_it_has(self) -> None:
        with self.assertRaisesRegex(SystemExit, "neither open_clip_config.json"):
            folder_kind(self.folder)
        (self.folder / "config.json").write_text("{}")
        self.assertEqual(folder_kind(self.folder)[0], "transformers")
        (self.folder / "open_clip_config.json").write_text("{}")
        self.assertEqual(folder_kind(self.folder)[0], "open_clip")
        (self.folder / "config.json").write_text('{"vision_config": {}}')
        self.assertEqual(folder_kind(self.folder)[0], "transformers")
        (self.folder / "open_clip_model.safetensors").touch()
        self.assertEqual(folder_kind(self.folder)[0], "open_clip")
        (self.folder / "modules.json").write_text('[{"path": "0_CLIPModel", "type": "sentence_transformers.models.CLIPModel"}]')
        self.assertEqual(folder_kind(self.folder), ("transformers", self.folder / "0_CLIPModel"))
        (self.folder / "modules.json").write_text('[{"path": "1_Dense", "type": "sentence_transformers.models.Dense"}]')
        with self.assertRaisesRegex(SystemExit, "the module Dense"):
            folder_kind(self.folder)

    def test_weights_are_chosen_only_where_there_is_no_choice(self) -> None:
        with self.assertRaisesRegex(SystemExit, "no checkpoint"):
            open_clip_weights(self.folder, None)
        only = self.saved({}, "epoch_1.pt")
        self.assertEqual(open_clip_weights(self.folder, None), only)
        other = self.saved({}, "epoch_2.pt")
        with self.assertRaisesRegex(SystemExit, r"several checkpoints \(epoch_1.pt, epoch_2.pt\); name a file"):
            open_clip_weights(self.folder, None)
        self.assertEqual(open_clip_weights(self.folder, str(other)), other)

    def test_a_folder_is_loaded_with_its_checkpoint(self) -> None:
        source = self.folder / "model"
        write_source("vit-gelu", source)
        options = ExportOptions(model=f"local-dir:{source}", output=self.folder, random_seed=5)
        state = load_model(options).state_dict()
        torch.save({"epoch": 1, "state_dict": {f"module.{name}": tensor for name, tensor in state.items()}}, source / "epoch_1.pt")
        loaded = load_model(ExportOptions(model=f"local-dir:{source}", output=self.folder)).state_dict()
        self.assertTrue(all(torch.equal(loaded[name], tensor) for name, tensor in state.items()))
        resized = load_model(ExportOptions(model=f"local-dir:{source}", output=self.folder, image=ImageOverrides(size=(128, 128))))
        self.assertEqual(resized.visual.positional_embedding.shape, (65, 64))


class Harmful:
    """Creates a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return Path.touch, (self.path,)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
