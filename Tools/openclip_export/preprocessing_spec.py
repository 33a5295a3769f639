"""The model's own image preprocessing, up to the uint8 pixels and beyond, and its description for model.json."""

from pathlib import Path

import numpy as np
import torch
from open_clip.transform import MaybeToTensor, PreprocessCfg, image_transform_v2
from PIL import Image
from torch import Tensor

INTERPOLATIONS = ("bilinear", "bicubic")


class Preprocessing:
    """open_clip's inference transform with a configuration, such as a model's `visual.preprocess_cfg`."""

    def __init__(self, config: dict) -> None:
        self.config = PreprocessCfg(**config)
        self.size: tuple[int, int] = self.config.input_size[1:]
        self._transform = image_transform_v2(self.config, is_train=False)
        # The resize step's own: for shapes other than squares open_clip does not pass the configured one on.
        self.interpolation: str = self._transform.transforms[0].interpolation.value
        if self.interpolation not in INTERPOLATIONS:
            raise SystemExit(f"error: this model resizes with '{self.interpolation}' interpolation; supported are "
                             f"{' and '.join(INTERPOLATIONS)} (see --image-interpolation)")

    def tensor(self, path: Path) -> Tensor:
        """The model's input for an image file, float32 [3, H, W], normalised."""
        with Image.open(path) as image:
            return self._transform(image)

    def pixels(self, path: Path) -> np.ndarray:
        """The same before the conversion to floats, uint8 [H, W, 3]."""
        with Image.open(path) as image:
            for step in self._transform.transforms:
                if isinstance(step, MaybeToTensor):
                    break
                image = step(image)
            return np.asarray(image).copy()

    def scale_and_offset(self) -> tuple[Tensor, Tensor]:
        """What turns a pixel's bytes into the model's input, [3] each: byte · scale + offset."""
        mean, std = (torch.tensor(values) for values in (self.config.mean, self.config.std))
        return 1 / (255 * std), -mean / std

    def description(self) -> dict:
        """The `image` part of model.json, without the encoder's file."""
        return {
            "size": list(self.size),
            "resize_mode": self.config.resize_mode,
            "interpolation": self.interpolation,
            "fill_color": self._fill(),
            "mean": list(self.config.mean),
            "std": list(self.config.std),
            "input_layout": "NHWC-uint8",
        }

    def _fill(self) -> int:
        fill = self.config.fill_color
        values = set(fill) if isinstance(fill, (tuple, list)) else {fill}
        if len(values) != 1:
            raise SystemExit(f"error: this model pads images with the colour {fill}; only greys are supported")
        return int(values.pop())
