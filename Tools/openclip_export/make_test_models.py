#!/usr/bin/env python3
"""Exports a small model with random weights of each family of open_clip's and transformers', for tests. Needs no network."""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from export_openclip import silence_libraries  # noqa: E402
from torchvision_ops import import_torchvision  # noqa: E402

FAMILIES = sorted(path.stem for path in (HERE / "test_configs").rglob("*.json"))
PRECISIONS = {
    "torchscript": {"vit-quickgelu": ["fp32", "bf16", "fp16", "int8"]},
    "openvino": {"vit-quickgelu": ["fp32", "int8"], "resnet": ["fp32", "int8"]},
}
"""The precisions of a family's stored weights for each engine; fp32 for those that are not listed. int8 of TorchScript is
what version 0.1 exported."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="gets a bundle in DIR/NAME for each")
    parser.add_argument("--engine", choices=list(PRECISIONS), default="torchscript",
                        help="DIR/NAME-openvino for models of OpenVINO")
    parser.add_argument("families", nargs="*", metavar="FAMILY", help="which families; all when none is named")
    arguments = parser.parse_args()
    output = arguments.output.absolute()
    os.environ["HF_HUB_OFFLINE"] = "1"
    silence_libraries()
    import_torchvision()
    with tempfile.TemporaryDirectory() as scratch:
        for family in arguments.families or FAMILIES:
            source = Path(scratch) / family
            write_source(family, source)
            for precision in PRECISIONS[arguments.engine].get(family, ["fp32"]):
                export_family(source, output, arguments.engine, precision)


def write_source(family: str, folder: Path) -> None:
    """Writes the folder of a model: of open_clip's its configuration and tokenizer, of transformers' the weights, too."""
    from openclip_export.test_folders import write_transformers
    from openclip_export.test_tokenizers import TOKENIZERS

    folder.mkdir()
    if (transformers_file := HERE / "test_configs" / "transformers" / f"{family}.json").is_file():
        write_transformers(json.loads(transformers_file.read_text(encoding="utf-8")), folder)
        return
    description = json.loads((HERE / "test_configs" / f"{family}.json").read_text(encoding="utf-8"))
    text = description["model_cfg"]["text_cfg"]
    if kind := text.get("hf_tokenizer_name"):
        tokenizer = TOKENIZERS[kind]()
        tokenizer.save_pretrained(folder)
        if architecture := text.get("hf_model_name"):
            write_text_model(architecture, folder, tokenizer)
            text["hf_model_name"] = str(folder)
    (folder / "open_clip_config.json").write_text(json.dumps(description), encoding="utf-8")


def write_text_model(architecture: str, folder: Path, tokenizer: object) -> None:
    """Writes the configuration of a small Hugging Face text model."""
    from transformers import AutoConfig

    AutoConfig.for_model(
        architecture, vocab_size=len(tokenizer), hidden_size=64, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=128, max_position_embeddings=128, pad_token_id=tokenizer.pad_token_id,
    ).save_pretrained(folder)


def export_options(source: Path, output: Path, engine: str = "torchscript", precision: str = "fp32") -> "ExportOptions":
    """How a family is exported: folders of transformers have their weights."""
    from openclip_export.options import ExportOptions

    is_open_clip = (source / "open_clip_config.json").is_file()
    return ExportOptions(model=str(source), output=output, random_seed=0 if is_open_clip else None, engine=engine,
                         precision=precision)


def bundle_name(family: str, engine: str, precision: str) -> str:
    """The folder of a family's bundle."""
    return "-".join([family, *(["openvino"] if engine == "openvino" else []), *([precision] if precision != "fp32" else [])])


def export_family(source: Path, output: Path, engine: str, precision: str) -> None:
    """Exports one bundle with weights drawn from a fixed seed, and prints how long it took."""
    from openclip_export.assemble import export
    from openclip_export.earlier import export_earlier

    started = time.monotonic()
    name = bundle_name(source.name, engine, precision)
    options = export_options(source, output / name, engine, precision)
    is_earlier = (engine, precision) == ("torchscript", "int8")
    cosines = {"int8": export_earlier(options)} if is_earlier else export(options)
    found = "; ".join(f"{name} images {images:.6f}, texts {texts:.6f}" for name, (images, texts) in cosines.items())
    print(f"{name:<26} {time.monotonic() - started:5.1f} s   least cosine: {found}", flush=True)


if __name__ == "__main__":
    main()
