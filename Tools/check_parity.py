"""Compares `clip-cli` with open_clip and transformers on a small model of each family: tokens, pixels, embeddings,
zero-shot vectors and decisions, with both engines. Stops with an error at the first difference. Needs no network.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from export_openclip import silence_libraries  # noqa: E402
from torchvision_ops import import_torchvision  # noqa: E402

ADVERSARIAL_TEXTS = 25_000
TEXTS_OF_OTHER_FAMILIES = 1_000
TOKENIZER_FAMILIES = (
    "vit-gelu", "bert", "siglip", "siglip2", "xlm-roberta", "transformers-clip", "sentence-transformers-clip",
    "transformers-siglip",
)
"""One family for each kind of tokenizer; these are compared on all texts."""
SENTENCEPIECE_FAMILIES = ("transformers-siglip",)
"""Their own tokenizer runs SentencePiece itself."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--models", type=Path, required=True, help="folder for the exported bundles; reused")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to decide about")
    arguments = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    silence_libraries()
    import_torchvision()
    from openclip_export import make_test_models
    from parity import decisions, pixels, tokens
    from parity.tool import Tool

    tool = Tool(arguments.cli.absolute())
    lines = tokens.corpus(ADVERSARIAL_TEXTS)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        images = pixels.write_images(scratch)
        photos = sorted(arguments.photos.absolute().glob("*.*g"))
        for family in make_test_models.FAMILIES:
            check_family(tool, family, arguments.models.absolute(), lines, images, photos, scratch)
        count = decisions.check(tool, arguments.models.absolute() / "vit-gelu", arguments.photos, scratch)
        print(f"{count} decisions are the same for every batch size and number of threads")


def check_family(tool: object, family: str, models: Path, lines: list[str], images: list[Path], photos: list[Path],
                 scratch: Path) -> None:
    """Exports one family for both engines and compares everything that its bundles can do."""
    from openclip_export import make_test_models
    from openclip_export.operators import loadable_precisions
    from openclip_export.source import load_source
    from parity import openvino, pixels, tokens, vectors, zero_shot

    folder, bundle = scratch / family, models / family
    make_test_models.write_source(family, folder)
    source = load_source(make_test_models.export_options(folder, bundle))
    found = {}
    for precision in make_test_models.PRECISIONS["torchscript"].get(family, ["fp32"]):
        make_test_models.export_family(folder, models, "torchscript", precision)
        if precision == "fp32":
            found = vectors.check_all(tool, bundle, loadable_precisions(), photos, source, scratch)
        else:
            tool.run("models", "verify", models / f"{family}-{precision}")
    own_lines = lines if family in TOKENIZER_FAMILIES else lines[:TEXTS_OF_OTHER_FAMILIES]
    if family in SENTENCEPIECE_FAMILIES:
        own_lines = tokens.without_differences_of_sentencepiece(own_lines)
    text_count = tokens.check(tool, bundle, source.tokenizer, own_lines)
    image_count = pixels.check(tool, bundle, source.preprocessing, images, scratch)
    cosine = zero_shot.check(tool, bundle, source.reference, source.tokenizer, scratch)
    print(f"{family:<26} {text_count:>6} texts and {image_count} images equal, reference outputs verified, "
          f"zero-shot vectors within cosine {cosine:.7f}; least cosine of photographs: {listed(found)}", flush=True)
    found = openvino.check(tool, folder, models, source, photos, scratch)
    print(f"{'':<26} OpenVINO: reference outputs verified, least cosine of photographs: {listed(found)}", flush=True)


def listed(cosines: dict[str, float]) -> str:
    return ", ".join(f"{precision} {least:.6f}" for precision, least in cosines.items())


if __name__ == "__main__":
    main()
