"""From an image file to the numbers that an encoder takes."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from onnx_import.beside import find_beside
from onnx_import.files import OnnxFile
from onnx_import.inputs import ImageInput
from onnx_import.inside import UNCLEAR, normalised_inside
from onnx_import.options import ImportOptions
from openclip_export.preprocessing_spec import Preprocessing
from openclip_export.transformers_preprocessing import TransformersPreprocessing
from torch import Tensor

FILES = ("preprocessor_config.json", "open_clip_config.json")


@dataclass(frozen=True)
class EncoderPreprocessing:
    """A model's preprocessing up to bytes, and what its encoder expects of them."""

    base: Preprocessing | TransformersPreprocessing
    expects: str  # one of options.PIXELS
    image: ImageInput

    @property
    def size(self) -> tuple[int, int]:
        return self.base.size

    def tensor(self, path: Path) -> Tensor:
        """The encoder's input for an image file, without the batch; by the model's own preprocessing as far as it goes."""
        if self.expects != "normalised":
            return torch.from_numpy(self.numbers(self.pixels(path)[None])[0])
        channels_first = self.base.tensor(path)
        return channels_first if self.image.layout == "NCHW" else channels_first.permute(1, 2, 0)

    def pixels(self, path: Path) -> np.ndarray:
        """An image's bytes, uint8 [H, W, 3]."""
        return self.base.pixels(path)

    def scale_and_offset(self) -> tuple[np.ndarray, np.ndarray]:
        """What turns a byte into the encoder's number, float32 [3] each: byte · scale + offset."""
        if self.expects == "normalised":
            return tuple(values.numpy().astype(np.float32) for values in self.base.scale_and_offset())
        return np.full(3, 1 / 255 if self.expects == "0-1" else 1, np.float32), np.zeros(3, np.float32)

    def numbers(self, pixels: np.ndarray) -> np.ndarray:
        """The encoder's input for bytes, uint8 [images, H, W, 3]."""
        scale, offset = self.scale_and_offset()
        numbers = pixels if self.image.value.type == "uint8" else pixels.astype(np.float32) * scale + offset
        return np.ascontiguousarray(numbers.transpose(0, 3, 1, 2) if self.image.layout == "NCHW" else numbers)

    def description(self) -> dict:
        """The `image` part of model.json, without the encoder's file; mean and std where they are known."""
        described = self.base.description()
        return described if self.expects == "normalised" else {
            key: value for key, value in described.items() if key not in ("mean", "std")}


def find_preprocessing(options: ImportOptions, file: OnnxFile, image: ImageInput) -> EncoderPreprocessing:
    """The preprocessing that `options` or a file beside the encoder say; raises SystemExit that asks for what is missing."""
    config = _config(options, file)
    inside = "0-255" if image.value.type == "uint8" else normalised_inside(file, image.value.name)
    if config is not None and config.name == FILES[0]:
        size = _size(options, file, image, config, None)
        if size[0] != size[1]:
            raise SystemExit(f"error: '{config}' is for square images, and '{file.path}' takes {image.value}; describe the "
                             "preprocessing with --image-… instead")
        base = TransformersPreprocessing(config.parent, size[0], may_normalise_elsewhere=True)
        documented = "normalised" if base.normalises else "0-1" if base.rescales else "0-255"
        if inside and options.pixels is None and documented != inside:
            raise SystemExit(f"error: '{file.path}' seems to normalise pixels itself (from {inside}), and '{config}' gives it "
                             f"numbers that are {documented}; say with --pixels what it takes: normalised, 0-1 or 0-255")
        return EncoderPreprocessing(base, _expected(options, file, image, documented), image)
    expects = _expected(options, file, image, inside)
    if config is not None:
        return EncoderPreprocessing(_open_clip(options, file, image, config), expects, image)
    return EncoderPreprocessing(_described(options, file, image, expects), expects, image)


def _config(options: ImportOptions, file: OnnxFile) -> Path | None:
    """The file that describes the preprocessing; None if options do."""
    if options.image.preprocessing():
        if options.preprocessing is not None:
            raise SystemExit("error: --preprocessing and --image-mean, --image-std, --image-interpolation, "
                             "--image-resize-mode exclude each other")
        return None
    named = options.preprocessing
    if named is None:
        return find_beside(file.path, FILES)
    found = next((named / name for name in FILES if (named / name).is_file()), None) if named.is_dir() else named
    if found is None or not found.is_file() or found.name not in FILES:
        raise SystemExit(f"error: '{named}' is neither {' nor '.join(FILES)}, nor a folder with one of them")
    return found


def _expected(options: ImportOptions, file: OnnxFile, image: ImageInput, known: str | None) -> str:
    if image.value.type == "uint8" and options.pixels not in (None, "0-255"):
        raise SystemExit(f"error: '{file.path}' takes bytes ({image.value}), and --pixels {options.pixels} says otherwise; "
                         "leave --pixels out")
    if options.pixels is None and known == UNCLEAR:
        raise SystemExit(f"error: '{file.path}' calculates with the pixels of {image.value} before the network, in a way that "
                         "does not tell what it expects; say it with --pixels: normalised, 0-1 or 0-255. Its exporter's "
                         "documentation or code says which")
    if (expects := options.pixels or known) is None:
        raise SystemExit(f"error: '{file.path}' does not tell whether {image.value} expects pixels with mean and standard "
                         "deviation applied; say it with --pixels: normalised (they are applied before), 0-1 or 0-255 (the file applies "
                         "them to numbers up to 1 or 255). Its exporter's documentation or code says which")
    return expects


def _open_clip(options: ImportOptions, file: OnnxFile, image: ImageInput, config: Path) -> Preprocessing:
    try:
        description = json.loads(config.read_text(encoding="utf-8"))
        given = description["model_cfg"]["vision_cfg"]["image_size"]
        values = description.get("preprocess_cfg", {})
        size = _size(options, file, image, config, tuple(given) if isinstance(given, list) else (given, given))
        return Preprocessing(values | {"size": size})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"error: '{config}' is no configuration of open_clip with model_cfg.vision_cfg.image_size and "
                         "preprocess_cfg") from error


def _described(options: ImportOptions, file: OnnxFile, image: ImageInput, expects: str) -> Preprocessing:
    given = options.image
    needed = {"--image-interpolation": given.interpolation, "--image-resize-mode": given.resize_mode}
    if expects == "normalised":
        needed |= {"--image-mean": given.mean, "--image-std": given.std}
    if missing := [option for option, value in needed.items() if value is None]:
        raise SystemExit(f"error: there is no {' or '.join(FILES)} beside '{file.path}' or in the folder above; name one with "
                         f"--preprocessing, or describe the preprocessing with {', '.join(missing)}")
    values = given.preprocessing()
    return Preprocessing({"mean": (0.0,) * 3, "std": (1.0,) * 3} | values | {"size": _size(options, file, image, None, None)})


def _size(options: ImportOptions, file: OnnxFile, image: ImageInput, config: Path | None,
          configured: tuple[int, int] | None) -> tuple[int, int]:
    """Height and width: the graph's where it fixes them, otherwise those that are named."""
    named = options.image.size or (_processor_size(config) if configured is None and config else configured)
    if named is None and None in image.size:
        raise SystemExit(f"error: '{file.path}' takes images of any size ({image.value}); name the model's with --image-size")
    if named is not None and any(fixed not in (None, wanted) for fixed, wanted in zip(image.size, named)):
        where = "--image-size" if options.image.size else f"'{config}'"
        raise SystemExit(f"error: '{file.path}' takes {image.value}, and {where} says {named[0]} × {named[1]}; name the file "
                         "that belongs to it with --preprocessing, or correct --image-size")
    return named or image.size


def _processor_size(config: Path) -> tuple[int, int] | None:
    """The size in a preprocessor_config.json, where it is one."""
    try:
        values = json.loads(config.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SystemExit(f"error: '{config}' is not valid JSON") from error
    size = values.get("crop_size") if values.get("do_center_crop") else values.get("size")
    if isinstance(size, int):
        return size, size
    return (size["height"], size["width"]) if isinstance(size, dict) and {"height", "width"} <= size.keys() else None
