#!/usr/bin/env python3
"""Which files with weights the exporter reads in folders of transformers, and what it says of others."""

import json
import unittest
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import torch
from folder_case import FolderCase  # first: it prepares what the others import
from openclip_export.assemble import export
from safetensors.torch import save_file
from torch import Tensor


class Weights(FolderCase):
    def write(self, state: dict[str, Tensor], name: str) -> Path:
        path = self.folder / name
        if path.suffix == ".bin":
            torch.save(state, path)
        else:
            save_file({key: tensor.contiguous() for key, tensor in state.items()}, path, {"format": "pt"})
        return path

    def shard(self, state: dict[str, Tensor], stem: str, suffix: str) -> list[Path]:
        """Writes two files and their index."""
        names = list(state)
        halves = names[:len(names) // 2], names[len(names) // 2:]
        paths = [self.write({name: state[name] for name in half}, f"{stem}-0000{number + 1}-of-00002{suffix}")
                 for number, half in enumerate(halves)]
        index = {name: path.name for path, half in zip(paths, halves) for name in half}
        (self.folder / f"{stem}{suffix}.index.json").write_text(json.dumps({"metadata": {}, "weight_map": index}))
        return paths

    def assert_weights(self, expected: dict[str, Tensor]) -> None:
        found = self.load().model.state_dict()
        self.assertTrue(all(torch.equal(found[name], tensor) for name, tensor in expected.items()))

    def test_every_kind_of_file_gives_the_same_weights(self) -> None:
        state, expected = self.state(), self.load().model.state_dict()
        original = self.folder / "model.safetensors"
        for write in (lambda: [self.write(state, "pytorch_model.bin")],
                      lambda: self.shard(state, "model", ".safetensors"),
                      lambda: self.shard(state, "pytorch_model", ".bin")):
            original.unlink(missing_ok=True)
            files = write()
            with self.subTest(files[0].name):
                self.assert_weights(expected)
            for path in (*files, *self.folder.glob("*.index.json")):
                path.unlink()

    def test_weights_of_16_bits_are_taken_exactly(self) -> None:
        state, expected = self.state(), self.load().model.state_dict()
        for kind in (torch.float16, torch.bfloat16):
            self.write({name: tensor.to(kind) for name, tensor in state.items()}, "model.safetensors")
            self.change("config.json", dtype=str(kind).removeprefix("torch."))
            with self.subTest(kind):
                self.assert_weights({name: tensor.to(kind).float() for name, tensor in expected.items()})

    def test_other_weights_in_a_shard_are_another_model(self) -> None:
        state = self.state()
        (self.folder / "model.safetensors").unlink()
        self.shard(state, "model", ".safetensors")
        before = self.load().name
        self.shard({name: tensor + 1 for name, tensor in state.items()}, "model", ".safetensors")
        self.assertNotEqual(self.load().name, before)

    def test_a_shard_that_is_missing_or_a_pointer_is_named(self) -> None:
        state = self.state()
        (self.folder / "model.safetensors").unlink()
        paths = self.shard(state, "model", ".safetensors")
        paths[0].write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
        self.assert_refused("model-00001-of-00002.safetensors' is a pointer of Git LFS")
        paths[0].unlink()
        self.assert_refused("index.json' lists model-00001-of-00002.safetensors, which is not beside it; download")
        (self.folder / "model.safetensors.index.json").write_text("{}")
        self.assert_refused("index.json' has no weight_map")

    def test_weights_beside_the_models_are_an_error(self) -> None:
        self.write(self.state() | {"classifier.weight": torch.zeros(3, 32)}, "model.safetensors")
        self.assert_refused("1 unexpected: 'classifier.weight'")

    def test_quantised_weights_are_refused(self) -> None:
        name = "text_projection.weight"
        self.write(self.state() | {name: self.state()[name].to(torch.int8)}, "model.safetensors")
        self.assert_refused(f"model.safetensors' is quantised: '{name}' has the type torch.int8")
        self.change("config.json", quantization_config={"quant_method": "bitsandbytes", "load_in_8bit": True})
        self.assert_refused("config.json' has a quantization_config")

    def test_adapters_are_not_passed_over(self) -> None:
        (self.folder / "adapter_config.json").write_text("{}")
        self.assert_refused(r"adapter_config.json' says .*LoRA.*merge_and_unload")

    def test_what_is_there_instead_of_weights_is_named(self) -> None:
        (self.folder / "model.safetensors").unlink()
        for name, message in (("tf_model.h5", "has tf_model.h5, weights for another program"),
                              ("onnx/model.onnx", "has onnx/model.onnx: models in ONNX are imported"),
                              ("model.fp16.safetensors", "has model.fp16.safetensors.*: name the weights with --pretrained")):
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_bytes(b"")
            self.assert_refused(message)

    def test_the_oddest_folder_becomes_a_bundle(self) -> None:
        state = {name: tensor.half() for name, tensor in self.state().items()}
        (self.folder / "model.safetensors").unlink()
        self.shard(state, "pytorch_model", ".bin")
        self.change("preprocessor_config.json", image_processor_type="CLIPImageProcessorFast", size=64, crop_size=64)
        with redirect_stdout(StringIO()):
            cosines = export(self.options)
        self.assertGreater(min(cosines["fp32"]), 0.99999)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
