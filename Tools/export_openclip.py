#!/usr/bin/env python3
"""Exports a model of open_clip, transformers or sentence-transformers as a model bundle.

Docs/ExportingModels.md says what can be exported; install Tools/requirements.txt first.
"""

import argparse
import logging
import os
import warnings
from pathlib import Path

from torchvision_ops import import_torchvision

PRECISIONS = {"torchscript": ["fp32", "fp16", "bf16"], "openvino": ["fp32", "int8"]}
"""The engines, and the precisions of weights that are stored for them."""
CALIBRATED = {"torchscript": "fp32", "openvino": "int8"}
"""The engines, and the precision of stored weights for which ranges for int8 are found."""


def main() -> None:
    arguments = parse_arguments()
    silence_libraries()
    import_torchvision()  # open_clip imports it
    import open_clip
    from openclip_export.assemble import export
    from openclip_export.options import ExportOptions

    if arguments.list:
        print("\n".join(f"{model} {tag}" for model, tag in open_clip.list_pretrained()))
        return
    cosines = export(ExportOptions(
        model=arguments.model or arguments.model_config.stem,
        output=arguments.output.absolute(),
        pretrained=arguments.pretrained,
        averaged=not arguments.no_ema,
        random_seed=arguments.seed if arguments.random_init else None,
        model_config=arguments.model_config,
        context_length=arguments.context_length,
        engine=arguments.engine,
        precision=arguments.precision,
        calibration_images=arguments.calibration_images,
        force_quick_gelu=arguments.force_quick_gelu,
        image=image_overrides(arguments),
    ))
    print_result("exported", arguments.output, "the original model in fp32", cosines)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", metavar="NAME|DIR",
                        help="a folder with a model of open_clip, transformers or sentence-transformers; or an "
                             "architecture of open_clip's, hf-hub:ORG/NAME, or local-dir:PATH")
    parser.add_argument("--pretrained", metavar="TAG|FILE",
                        help="weights of an architecture: a tag or a file; a file for a folder of open_clip's")
    parser.add_argument("--no-ema", action="store_true",
                        help="of a checkpoint with averaged (EMA) weights beside others, use the others")
    parser.add_argument("--output", type=Path, metavar="DIR",
                        help="the bundle's folder; it appears whole or not at all, and replaces an older bundle")
    parser.add_argument("--engine", choices=list(PRECISIONS), default="torchscript",
                        help="what runs the encoders (default: %(default)s)")
    parser.add_argument("--precision", choices=["fp32", "fp16", "bf16", "int8"], default="fp32",
                        help="of the stored weights (default: %(default)s). An fp32 bundle of TorchScript runs on CPUs in "
                             "fp32, bf16 or int8, as 'clip-cli --precision' says, and one of OpenVINO in fp32 or bf16; fp16 "
                             "and bf16 bundles of TorchScript are for GPUs; int8 is for OpenVINO")
    parser.add_argument("--calibration-images", type=Path, metavar="DIR",
                        help="photographs like yours, of which up to 512 set the ranges for int8; sample photographs "
                             "otherwise")
    parser.add_argument("--list", action="store_true", help="list open_clip's architectures with their tags")
    parser.add_argument("--model-config", type=Path, metavar="FILE",
                        help="a configuration in open_clip's format; its file name is a further architecture")
    parser.add_argument("--random-init", action="store_true", help="random weights, for tests")
    parser.add_argument("--seed", type=int, default=0, help="seed for --random-init (default: %(default)s)")
    parser.add_argument("--context-length", type=int, metavar="N",
                        help="tokens of a text, for a model of transformers with longer ones: each text is padded to it")
    parser.add_argument("--force-quick-gelu", action="store_true", help="QuickGELU instead of GELU")
    add_image_options(parser, "--force-image-size")
    arguments = parser.parse_args()
    if not arguments.list:
        if arguments.output is None:
            parser.error("--output is missing")
        if arguments.model is None and arguments.model_config is None:
            parser.error("--model is missing")
        if arguments.random_init and arguments.pretrained:
            parser.error("--random-init and --pretrained exclude each other")
        if arguments.precision not in PRECISIONS[arguments.engine]:
            parser.error(f"--engine {arguments.engine} stores {', '.join(PRECISIONS[arguments.engine])}; --precision "
                         f"{arguments.precision} is not among them")
        if arguments.calibration_images and arguments.precision != CALIBRATED[arguments.engine]:
            parser.error(f"--calibration-images sets the ranges for int8, which --engine {arguments.engine} with --precision "
                         f"{arguments.precision} does not have; leave it out, or pass --precision {CALIBRATED[arguments.engine]}")
        if len(arguments.image_size or []) > 2:
            parser.error("--force-image-size takes one or two numbers")
    return arguments


def add_image_options(parser: argparse.ArgumentParser, size: str) -> None:
    """Adds the options that describe preprocessing; `size` names that for the size."""
    parser.add_argument(size, dest="image_size", type=int, nargs="+", metavar="N", help="side, or height and width")
    parser.add_argument("--image-mean", type=float, nargs=3, metavar="X", help="mean of each channel, 0 to 1")
    parser.add_argument("--image-std", type=float, nargs=3, metavar="X", help="standard deviation of each channel")
    parser.add_argument("--image-interpolation", choices=["bicubic", "bilinear"])
    parser.add_argument("--image-resize-mode", choices=["shortest", "longest", "squash"])


def image_overrides(arguments: argparse.Namespace) -> "ImageOverrides":
    """What those options say."""
    from openclip_export.options import ImageOverrides

    return ImageOverrides(
        size=None if arguments.image_size is None else tuple(arguments.image_size * 2)[:2],
        mean=arguments.image_mean and tuple(arguments.image_mean),
        std=arguments.image_std and tuple(arguments.image_std),
        interpolation=arguments.image_interpolation,
        resize_mode=arguments.image_resize_mode,
    )


def print_result(done: str, output: Path, reference: str, cosines: dict[str, tuple[float, float]]) -> None:
    """Says how large the bundle is, and how near its vectors are to the reference's."""
    megabytes = sum(path.stat().st_size for path in output.rglob("*") if path.is_file()) / 1e6
    print(f"{done} '{output}': {megabytes:.0f} MB; least cosine with {reference}:")
    for precision, (images, texts) in cosines.items():
        print(f"  {precision}: images {images:.6f}, texts {texts:.6f}")


def silence_libraries() -> None:
    """Turns off what the libraries say of things that are checked or reported here."""
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    os.environ["TRANSFORMERS_VERBOSITY"] = "error"
    logging.disable(logging.ERROR)
    warnings.filterwarnings("ignore")


if __name__ == "__main__":
    main()
