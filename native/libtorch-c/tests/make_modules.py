"""Writes the TorchScript modules that the C tests load.

Usage: make_modules.py FOLDER IMPLEMENTATION_LIBRARY
"""

import sys
import warnings
from pathlib import Path

import torch


class Encoder(torch.nn.Module):
    """Mean over the pixels of uint8 NHWC images, times 2: [N, H, W, C] to float32 [N, C]."""

    embedding_dimension: int
    logit_scale: float
    model_name: str

    def __init__(self) -> None:
        super().__init__()
        self.embedding_dimension = 3
        self.logit_scale = 100.5
        self.model_name = "mean-pixel"
        self.register_buffer("factor", torch.full([3], 2.0))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        if images.dtype != torch.uint8:
            raise ValueError("images must be uint8")
        return images.to(torch.float32).mean(dim=[1, 2]) * self.factor

    @torch.jit.export
    def training_flag(self, images: torch.Tensor) -> torch.Tensor:
        return torch.full([1], 1.0 if self.training else 0.0)

    @torch.jit.export
    def difference(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return a - b

    @torch.jit.export
    def identity(self, a: torch.Tensor) -> torch.Tensor:
        return a

    @torch.jit.export
    def transposed(self, a: torch.Tensor) -> torch.Tensor:
        return a.t()

    @torch.jit.export
    def conjugated(self, a: torch.Tensor) -> torch.Tensor:
        return torch.complex(a, a).conj()

    @torch.jit.export
    def negated(self, a: torch.Tensor) -> torch.Tensor:
        return torch._neg_view(a + 0)

    @torch.jit.export
    def zero(self, a: torch.Tensor) -> torch.Tensor:
        return torch._efficientzerotensor(a.size())

    @torch.jit.export
    def own_factor(self, a: torch.Tensor) -> torch.Tensor:
        return self.factor

    @torch.jit.export
    def pair(self, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return a, a

    @torch.jit.export
    def sparse(self, a: torch.Tensor) -> torch.Tensor:
        return a.to_sparse()

    @torch.jit.export
    def warning(self, a: torch.Tensor) -> torch.Tensor:
        warnings.warn("this is old,\nand will go")
        return a

    @torch.jit.export
    def huge(self, a: torch.Tensor) -> torch.Tensor:
        return torch.empty([1 << 50])

    @torch.jit.export
    def full_device(self, a: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`")


class Layers(torch.nn.Module):
    """Returns its input, [rows, 1024], after as many layers as memory shows, which have one weight in common."""

    def __init__(self) -> None:
        super().__init__()
        weight = torch.eye(1024)
        for index in range(16):
            setattr(self, f"layer{index}", torch.classes.openclip.Linear(((weight, None, []), "none")))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for index in range(16):
            x = torch.ops.openclip.linear(x, getattr(self, f"layer{index}"))
        return x


def main() -> None:
    folder = Path(sys.argv[1])
    torch.classes.load_library(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    torch.jit.script(Encoder()).save(str(folder / "encoder.pt"))

    traced = torch.jit.trace(torch.nn.Linear(4, 2), torch.zeros(1, 4))
    torch.jit.freeze(traced.eval()).save(str(folder / "frozen.pt"))

    quantized = torch.ao.quantization.quantize_dynamic(torch.nn.Sequential(torch.nn.Linear(64, 8)), dtype=torch.qint8)
    torch.jit.trace(quantized.eval(), torch.zeros(1, 64)).save(str(folder / "quantized.pt"))

    torch.jit.freeze(torch.jit.trace(Layers().eval(), torch.zeros(1, 1024))).save(str(folder / "layers.pt"))

    whole = (folder / "encoder.pt").read_bytes()
    (folder / "truncated.pt").write_bytes(whole[: len(whole) // 2])
    (folder / "text.pt").write_text("This is no TorchScript module.\n")
    torch.save({"weight": torch.zeros(2)}, folder / "state_dict.pt")


if __name__ == "__main__":
    main()
