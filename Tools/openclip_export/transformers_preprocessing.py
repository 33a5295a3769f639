"""The image processor of a folder of transformers, and its description for model.json."""

from pathlib import Path

import numpy as np
import torch
from openclip_export.messages import summary
from openclip_export.transformers_config import read_json, require_no_code
from PIL import Image
from torch import Tensor
from transformers import AutoImageProcessor

FILES = ("preprocessor_config.json", "processor_config.json")
INTERPOLATIONS = {Image.Resampling.BILINEAR: "bilinear", Image.Resampling.BICUBIC: "bicubic"}
REQUIRED = ("do_resize",)
NORMALISING = ("do_rescale", "do_normalize")


class TransformersPreprocessing:
    """A model's own image processor, in the version that uses Pillow."""

    def __init__(self, folder: Path, image_size: int, may_normalise_elsewhere: bool = False) -> None:
        """Loads it; an encoder that normalises pixels itself `may_normalise_elsewhere`."""
        require_no_code(folder, *FILES)
        try:
            self._processor = AutoImageProcessor.from_pretrained(folder, backend="pil", local_files_only=True)
        except Exception as error:  # whatever transformers raises for missing or damaged files
            advice = f"correct '{_file(folder)}'" if _file(folder).is_file() else f"copy {FILES[0]} or {FILES[1]}, too"
            raise SystemExit(f"error: the image processor in '{folder}' cannot be loaded: {summary(error)}; {advice}") from error
        self._file = _file(folder)
        # Many configurations leave it out (null); transformers then fails for every image that is not RGB.
        self._processor.do_convert_rgb = True
        self.rescales, self.normalises = (bool(getattr(self._processor, step, False)) for step in NORMALISING)
        for step in REQUIRED if may_normalise_elsewhere else REQUIRED + NORMALISING:
            self._require(getattr(self._processor, step, False), f"{step} is not true")
        self._require(not self.rescales or abs(self._processor.rescale_factor * 255 - 1) < 1e-6, "rescale_factor is not 1/255")
        if self.normalises:
            for field in ("image_mean", "image_std"):
                self._require(_is_colour(getattr(self._processor, field)), f"{field} is not a list of three numbers")
            self._require(min(self._processor.image_std) > 0, "image_std is not above 0")
        self._require(not getattr(self._processor, "do_pad", False), "do_pad is true")
        interpolation = INTERPOLATIONS.get(self._processor.resample)
        self._require(interpolation is not None, "resample is neither 2 (bilinear) nor 3 (bicubic)")
        self.interpolation: str = interpolation
        self.size: tuple[int, int] = (image_size, image_size)
        self.resize_mode: str = self._resize_mode()

    def tensor(self, path: Path) -> Tensor:
        """The model's input for an image file, float32 [3, H, W], normalised."""
        with Image.open(path) as image:
            return self._processor(images=image, return_tensors="pt")["pixel_values"][0]

    def pixels(self, path: Path) -> np.ndarray:
        """The same before the conversion to floats, uint8 [H, W, 3]."""
        with Image.open(path) as image:
            pixels = self._processor(images=image, do_rescale=False, do_normalize=False)["pixel_values"][0]
        return np.ascontiguousarray(np.moveaxis(np.asarray(pixels), 0, -1))

    def scale_and_offset(self) -> tuple[Tensor, Tensor]:
        """What turns a pixel's bytes into the model's input, [3] each: byte · scale + offset."""
        mean, std = (torch.tensor(values) for values in (self._processor.image_mean, self._processor.image_std))
        return 1 / (255 * std), -mean / std

    def description(self) -> dict:
        """The `image` part of model.json, without the encoder's file."""
        return {
            "size": list(self.size),
            "resize_mode": self.resize_mode,
            "interpolation": self.interpolation,
            "convention": "transformers",
            "mean": list(self._processor.image_mean),
            "std": list(self._processor.image_std),
            "input_layout": "NHWC-uint8",
        }

    def _resize_mode(self) -> str:
        size, crop = self._processor.size, getattr(self._processor, "crop_size", None)
        sides = {size.get(side) for side in ("height", "width")}
        crops = getattr(self._processor, "do_center_crop", False)
        if crops:
            self._require({crop.get(side) for side in ("height", "width")} == {self.size[0]},
                          f"crop_size is not the model's {self.size[0]}")
        if sides == {self.size[0]}:
            return "squash"
        self._require(crops and size.get("shortest_edge") == self.size[0] and not size.get("longest_edge"),
                      f"size is neither {self.size[0]} for height and width nor for the shortest edge with a crop")
        return "shortest"

    def _require(self, condition: bool, problem: str) -> None:
        if not condition:
            raise SystemExit(f"error: the image processor in '{self._file}' cannot be exported: {problem}")


def _file(folder: Path) -> Path:
    """The file that describes a folder's image processor: newer versions of transformers put it into that of the whole."""
    newer = folder / FILES[1]
    return newer if newer.is_file() and "image_processor" in read_json(newer) else folder / FILES[0]


def _is_colour(value: object) -> bool:
    return isinstance(value, (list, tuple)) and len(value) == 3 and all(isinstance(number, (int, float)) for number in value)
