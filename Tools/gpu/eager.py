"""open_clip's own model on the same device, to compare speeds with: its weights are random, too."""

from pathlib import Path

import numpy as np
import torch
from gpu.bundles import architecture
from peers.quiet import import_open_clip

DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}


class EagerModel:
    """From uint8 pixels in the machine's memory to vectors there, as open_clip's README runs it on a GPU."""

    def __init__(self, bundles: Path, model: str, precision: str, device: str) -> None:
        open_clip = import_open_clip()
        name, config = architecture(bundles, model, precision)
        if config:
            open_clip.add_model_config(config)
        self._device, self._dtype = device, DTYPES[precision]
        self._model = open_clip.create_model(name, device=device).eval().to(self._dtype)
        values = self._model.visual.image_mean, self._model.visual.image_std
        self._mean, self._deviation = (torch.tensor(value, device=device).view(1, 3, 1, 1) for value in values)

    @torch.inference_mode()
    def run(self, pixels: np.ndarray) -> np.ndarray:
        """uint8 [B, H, W, 3] to float32 [B, D]."""
        values = torch.from_numpy(pixels).to(self._device).permute(0, 3, 1, 2).float().div(255)
        images = ((values - self._mean) / self._deviation).to(self._dtype)
        return self._model.encode_image(images, normalize=True).float().cpu().numpy()
