#!/usr/bin/env python3
"""Makes a model bundle from ONNX files: image and text encoders as two files, or one graph with both.

Docs/ImportingONNX.md says what is found out and what has to be said; scripts/setup.sh onnx installs what this needs.
"""

import argparse
from pathlib import Path

from export_openclip import add_image_options, image_overrides, print_result, silence_libraries
from torchvision_ops import import_torchvision


def main() -> None:
    arguments = parse_arguments()
    silence_libraries()
    import_torchvision()  # open_clip imports it
    from onnx_import.assemble import import_model
    from onnx_import.options import ImportOptions

    cosines = import_model(ImportOptions(
        image_encoder=arguments.model or arguments.image_encoder,
        text_encoder=arguments.model or arguments.text_encoder,
        output=arguments.output.absolute(),
        name=arguments.name,
        tokenizer=arguments.tokenizer,
        preprocessing=arguments.preprocessing,
        image=image_overrides(arguments),
        pixels=arguments.pixels,
        layout=arguments.image_layout,
        image_output=arguments.image_output,
        text_output=arguments.text_output,
        image_pooling=arguments.image_pooling,
        text_pooling=arguments.text_pooling,
        context_length=arguments.context_length,
        logit_scale=arguments.logit_scale or None,
        has_no_scale=arguments.logit_scale == 0,
        logit_bias=arguments.logit_bias,
        precision=arguments.precision,
        calibration_images=arguments.calibration_images,
    ))
    print_result("imported", arguments.output, "ONNX Runtime", cosines)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--image-encoder", type=Path, metavar="FILE", help="the ONNX file of the image encoder")
    parser.add_argument("--text-encoder", type=Path, metavar="FILE", help="the ONNX file of the text encoder")
    parser.add_argument("--model", type=Path, metavar="FILE", help="an ONNX file with both encoders, instead")
    parser.add_argument("--output", type=Path, metavar="DIR", required=True,
                        help="the bundle's folder; it appears whole or not at all, and replaces an older bundle")
    parser.add_argument("--name", help="the model's name (default: the name of the bundle's folder)")
    parser.add_argument("--tokenizer", metavar="DIR|NAME",
                        help="a folder with the tokenizer's files, or an architecture of open_clip's with the same tokenizer; "
                             "the folder of the text encoder, or the one above, otherwise")
    parser.add_argument("--preprocessing", type=Path, metavar="FILE|DIR",
                        help="preprocessor_config.json or open_clip_config.json; found beside the image encoder, or in the "
                             "folder above, otherwise")
    parser.add_argument("--pixels", choices=["normalised", "0-1", "0-255"],
                        help="what the image encoder takes: pixels with mean and standard deviation applied, or numbers that "
                             "it normalises itself")
    parser.add_argument("--image-layout", choices=["NCHW", "NHWC"], help="where the image encoder has the channels")
    add_image_options(parser, "--image-size")
    parser.add_argument("--image-output", metavar="NAME", help="the output with image vectors")
    parser.add_argument("--text-output", metavar="NAME", help="the output with text vectors")
    parser.add_argument("--image-pooling", choices=["first", "mean"], help="one vector out of those of all patches")
    parser.add_argument("--text-pooling", choices=["first", "mean", "end", "last"],
                        help="one vector out of those of all tokens: the first, the mean, that of the first end token (CLIP), "
                             "or the last before the padding")
    parser.add_argument("--context-length", type=int, metavar="N", help="tokens of a text, where the file leaves it open")
    parser.add_argument("--logit-scale", type=scale, metavar="X", help="what multiplies cosines, or none")
    parser.add_argument("--logit-bias", type=float, metavar="X", help="what is added to them, for SigLIP and its like")
    parser.add_argument("--precision", choices=["fp32", "int8"], default="fp32",
                        help="of the image encoder's weights (default: %(default)s): as they are, or quantised")
    parser.add_argument("--calibration-images", type=Path, metavar="DIR",
                        help="photographs like yours, of which up to 512 set the ranges for int8; sample photographs otherwise")
    arguments = parser.parse_args()
    encoders = arguments.image_encoder is not None, arguments.text_encoder is not None
    if arguments.model is not None and any(encoders) or arguments.model is None and not all(encoders):
        parser.error("name --image-encoder and --text-encoder, or --model for one file with both")
    if arguments.calibration_images and arguments.precision != "int8":
        parser.error("--calibration-images sets the ranges for int8; leave it out, or pass --precision int8")
    if len(arguments.image_size or []) > 2:
        parser.error("--image-size takes one or two numbers")
    return arguments


def scale(text: str) -> float:
    """A positive number; 0 for 'none'."""
    if text == "none":
        return 0
    if not (value := float(text)) > 0:
        raise ValueError
    return value


if __name__ == "__main__":
    main()
