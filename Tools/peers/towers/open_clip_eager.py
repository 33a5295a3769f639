"""open_clip's own model, as its README runs it."""

import numpy as np
from peers.models import ModelFiles
from peers.quiet import import_open_clip
from peers.towers.engines import Encoder


def load(files: ModelFiles, precision: str, threads: int) -> Encoder:
    """fp32 only."""
    open_clip = import_open_clip()
    import torch

    torch.set_num_threads(threads)
    model = open_clip.create_model(files.name, pretrained=str(files.weights), weights_only=True).eval()

    def run(pixels: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return model.encode_image(torch.from_numpy(pixels), normalize=True).numpy()

    return Encoder(run)
