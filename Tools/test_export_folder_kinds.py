#!/usr/bin/env python3
"""Which models in folders of transformers and sentence-transformers cannot be exported, and what the exporter says of them."""

import json
import unittest
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import openclip_export
import torch
from folder_case import FolderCase  # first: it prepares what the others import
from openclip_export.assemble import export
from openclip_export.options import ExportOptions
from openclip_export.test_folders import write_transformers
from safetensors.torch import save_file


class OtherModels(FolderCase):
    def test_the_model_type_that_cannot_be_exported_is_named(self) -> None:
        for kind, message in (("siglip2", "keeps the images' shapes .NaFlex."),
                              ("clip_vision_model", "has the model_type 'clip_vision_model', which is one tower"),
                              ("siglip_text_model", "has the model_type 'siglip_text_model', which is one tower"),
                              ("llava", "has the model_type 'llava'; clip, siglip, chinese_clip, altclip can be exported"),
                              ("bert", "has the model_type 'bert'"), ("vit", "has the model_type 'vit'"),
                              ("blip", "has the model_type 'blip'"), ([], "no configuration of transformers")):
            with self.subTest(kind):
                self.change("config.json", model_type=kind)
                self.assert_refused(f"config.json' .*{message}")

    def test_a_tower_alone_is_not_filled_up_at_random(self) -> None:
        state = {name: tensor for name, tensor in self.state().items() if name.startswith(("vision", "visual"))}
        save_file(state, self.folder / "model.safetensors", {"format": "pt"})
        self.change("config.json", architectures=["CLIPVisionModelWithProjection"])
        self.assert_refused("missing: 'logit_scale', 'text_model")

    def test_code_of_a_model_is_not_run(self) -> None:
        (self.folder / "modeling.py").write_text("raise RuntimeError('this code was run')")
        self.change("config.json", auto_map={"AutoModel": "modeling.Model"})
        self.assert_refused("config.json' has an auto_map: the model has code of its own, which is not run")

    def test_values_that_cannot_be_are_named(self) -> None:
        before = json.loads((self.folder / "config.json").read_text())
        for tower, values, message in (
            ("vision_config", {"image_size": [64, 32]}, r"vision_config.image_size \[64, 32\]; only square"),
            ("vision_config", {"num_channels": 1}, "vision_config.num_channels 1"),
            ("vision_config", {"vision_use_head": False}, "vision_use_head false: the model has no vector for a whole image"),
            ("vision_config", {"num_attention_heads": 7}, "transformers cannot build the model of '.*config.json'"),
        ):
            self.change("config.json", **{tower: before[tower] | values})
            self.assert_refused(message)
        (self.folder / "config.json").write_text("{")
        self.assert_refused("config.json' is not valid JSON")
        (self.folder / "config.json").write_text("[]")
        self.assert_refused("config.json' has no JSON object")

    def test_a_folder_of_the_hubs_cache_or_with_an_adapter_alone_is_explained(self) -> None:
        cache = self.scratch / "models--openai--clip"
        (cache / "snapshots" / "0123").mkdir(parents=True)
        self.options = ExportOptions(model=str(cache), output=self.options.output)
        self.assert_refused("is from the cache of the Hugging Face Hub; name .*models--openai--clip/snapshots/0123$")
        (cache / "snapshots" / "0123").rmdir()
        (cache / "adapter_config.json").write_text("{}")
        self.assert_refused("has an adapter .LoRA. and no model; merge it")

    def test_another_dimension_is_the_models(self) -> None:
        state = self.state()
        state |= {f"{tower}_projection.weight": torch.randn(48, 64) for tower in ("visual", "text")}
        save_file(state, self.folder / "model.safetensors", {"format": "pt"})
        self.change("config.json", projection_dim=48)
        with torch.inference_mode():
            vectors = self.load().reference.encode_text(self.load().tokenizer(["a"]))
        self.assertEqual(vectors.shape, (1, 48))


class Padding(FolderCase):
    def test_a_tower_that_sees_the_padding_gets_that_of_its_tokenizer(self) -> None:
        file = Path(openclip_export.__file__).parent / "test_configs/transformers/transformers-siglip.json"
        description = json.loads(file.read_text(encoding="utf-8")) | {"tokenizer": "clip", "tokenizer_config": {}}
        description["config"]["text_config"]["vocab_size"] = 49408
        folder = self.scratch / "siglip"
        folder.mkdir()
        write_transformers(description, folder)
        with redirect_stdout(StringIO()):
            export(ExportOptions(model=str(folder), output=self.options.output))
        text = json.loads((self.options.output / "model.json").read_text(encoding="utf-8"))["text"]
        self.assertEqual(text["tokenizer"]["padding_token"], "<|endoftext|>")


class SentenceTransformers(FolderCase):
    family = "sentence-transformers-clip"

    def modules(self, *modules: tuple[str, str]) -> None:
        (self.folder / "modules.json").write_text(json.dumps([
            {"idx": index, "name": str(index), "path": path, "type": kind} for index, (kind, path) in enumerate(modules)]))

    def test_the_model_may_be_in_any_folder_and_be_normalised(self) -> None:
        expected = self.load().model.state_dict()
        normalize = "sentence_transformers.base.modules.normalize.Normalize"
        for kind in ("sentence_transformers.models.CLIPModel",
                     "sentence_transformers.sentence_transformer.modules.clip_model.CLIPModel",
                     "sentence_transformers.base.modules.transformer.Transformer"):
            self.modules((kind, "0_CLIPModel"), (normalize, "1_Normalize"))
            with self.subTest(kind):
                found = self.load().model.state_dict()
                self.assertTrue(all(torch.equal(found[name], tensor) for name, tensor in expected.items()))
        for path in (self.folder / "0_CLIPModel").iterdir():
            path.rename(self.folder / path.name)
        self.modules((kind, ""))
        self.assertEqual(self.load().model.state_dict().keys(), expected.keys())

    def test_other_modules_are_refused(self) -> None:
        model, models = ("sentence_transformers.models.CLIPModel", "0_CLIPModel"), "sentence_transformers.models"
        for modules, message in (
            ([model, (f"{models}.Dense", "1_Dense")], "has the module Dense; only models that consist of a CLIPModel"),
            ([(f"{models}.Transformer", ""), (f"{models}.Pooling", "1_Pooling"), (f"{models}.Dense", "2_Dense")],
             "has the module Pooling, so its model embeds texts only"),
            ([("my_code.CLIPModel", "0_CLIPModel")], "has the module my_code.CLIPModel, code of the model's own"),
            ([(f"{models}.Normalize", "1_Normalize"), model], "lists Normalize, CLIPModel; one model is supported, as the first"),
            ([model, model], "lists CLIPModel, CLIPModel; one model is supported"),
            ([], "lists nothing"),
            ([(model[0], "0_Missing")], "0_Missing/config.json' does not exist; copy the model's whole folder"),
        ):
            with self.subTest(message):
                self.modules(*modules)
                self.assert_refused(message)

    def test_a_prompt_before_every_text_is_an_error(self) -> None:
        file = self.folder / "config_sentence_transformers.json"
        file.write_text(json.dumps({"prompts": {"query": "a photo of ", "none": ""}, "default_prompt_name": "query"}))
        self.assert_refused("config_sentence_transformers.json' puts 'a photo of ' before every text")
        for name in ("none", None):
            file.write_text(json.dumps({"prompts": {"query": "a photo of ", "none": ""}, "default_prompt_name": name}))
            self.load()

    def test_a_damaged_list_of_prompts_is_an_error(self) -> None:
        file = self.folder / "config_sentence_transformers.json"
        for text in ('{"prompts": {},}', '{"prompts": {"query": "a photo of "}, "default_prompt_name": ["query"]}', "[]"):
            file.write_text(text)
            self.assert_refused("config_sentence_transformers.json' is no configuration of sentence-transformers")


if __name__ == "__main__":
    unittest.main(warnings="ignore")
