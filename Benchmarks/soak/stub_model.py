"""A model bundle without a model: the vector of an image is a fixed linear map of its pixels, each the mean of 8×8.

It costs next to nothing, so that what surrounds the encoder is what a run takes its time and memory for.
"""

import hashlib
import json
import shutil
from pathlib import Path

import torch

DIMENSION = 512
BLOCK = 8


class StubEncoder(torch.nn.Module):
    """Maps uint8 images of N × height × width × 3 to N unit vectors."""

    def __init__(self, height: int, width: int, dimension: int) -> None:
        super().__init__()
        self.block = BLOCK
        generator = torch.Generator().manual_seed(0)
        inputs = 3 * (height // BLOCK) * (width // BLOCK)
        self.register_buffer("weight", torch.randn(inputs, dimension, generator=generator))
        self.register_buffer("bias", torch.randn(dimension, generator=generator))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        planes = pixels.permute(0, 3, 1, 2).to(torch.float32) / 255
        means = torch.nn.functional.avg_pool2d(planes, self.block).flatten(1)
        return torch.nn.functional.normalize(means @ self.weight + self.bias)


def write_stub_model(origin: Path, output: Path) -> None:
    """Writes a bundle that differs from the one at `origin` in its image encoder alone."""
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(origin, output)
    manifest = json.loads((output / "model.json").read_text())
    height, width = manifest["image"]["size"]
    encoder = StubEncoder(height, width, DIMENSION).eval()
    path = output / manifest["image"]["file"]
    torch.jit.script(encoder).save(str(path))
    manifest |= {"name": "stub", "origin": "a fixed linear map of the pixels", "embedding_dimension": DIMENSION}
    manifest["description"] = "A stub for long runs; its texts do not belong to its images."
    manifest["files"][manifest["image"]["file"]] = hashlib.sha256(path.read_bytes()).hexdigest()
    (output / "model.json").write_text(json.dumps(manifest, indent=2))
