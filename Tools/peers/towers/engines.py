"""What runs image towers, and where it runs."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from peers.machine import Machine

OURS, OPENVINO, ONNX_RUNTIME, OPEN_CLIP = "this library", "OpenVINO", "ONNX Runtime", "open_clip"


@dataclass(frozen=True)
class Encoder:
    """A loaded tower: a contiguous batch to unit vectors, float32 [B, D]."""

    run: Callable[[np.ndarray], np.ndarray]
    takes_pixels: bool = False
    """Whether the batch is uint8 [B, H, W, 3]; otherwise it is normalised, float32 [B, 3, H, W]."""


@dataclass(frozen=True)
class Engine:
    """A runtime in one precision. Its module has `load(files, precision, threads) -> Encoder`."""

    runtime: str
    precision: str
    module: str

    @property
    def name(self) -> str:
        return f"{self.runtime} {self.precision}"


REFERENCE = Engine(OPEN_CLIP, "fp32", "open_clip_eager")
ENGINES = (
    REFERENCE,
    Engine(ONNX_RUNTIME, "fp32", "onnx_runtime"),
    Engine(OPENVINO, "fp32", "openvino_cpu"),
    Engine(OPENVINO, "bf16", "openvino_cpu"),
    Engine(OPENVINO, "int8", "openvino_cpu"),
    Engine(OPENVINO, "int8+bf16", "openvino_cpu"),
    Engine(OURS, "fp32", "this_library"),
    Engine(OURS, "bf16", "this_library"),
    Engine(OURS, "int8", "this_library"),
)


def available(machine: Machine) -> list[Engine]:
    """The engines that this machine has instructions for."""
    return [engine for engine in ENGINES if machine.has_bf16 or "bf16" not in engine.precision]
