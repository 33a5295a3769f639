"""Whether the computer has room for an export or import: disk for the bundle, memory for the work."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import torch
from openclip_export.options import ExportOptions
from torch import nn

BASE = 500 << 20
"""Memory of the libraries, in bytes, and of what does not depend on the model."""
COPIES = 4
"""How many times the model in fp32 fits into the most memory that an export takes beyond that. Measured with
`Tools/peak_memory.py` for ViT-B/32: 3.5 for TorchScript, 2.1 for OpenVINO, 2.8 for OpenVINO in int8."""
BESIDE_WEIGHTS = 8 << 20
"""Bytes of a bundle for the tokenizer and the reference images."""
STORED_BYTES = {"fp32": 4, "fp16": 2, "bf16": 2, "int8": 1}


@dataclass(frozen=True)
class Room:
    """What making a bundle takes, in bytes."""

    bundle: int
    memory: int


def require_room(room: Room, output: Path, verb: str) -> None:
    """Says how large the bundle will be; raises SystemExit if disk or memory do not suffice for it.

    - verb: what is done, for messages, such as `export`.
    """
    print(f"the bundle will have about {_size(room.bundle)}, and {verb}ing it takes up to {_size(room.memory)} of memory",
          flush=True)
    folder = next(parent for parent in output.parents if parent.is_dir())
    if (free := shutil.disk_usage(folder).free) < room.bundle:
        raise SystemExit(f"error: '{folder}' has {_size(free)} of free disk space; free some, or name a folder on another disk "
                         "with --output")
    if (free := available_memory()) is not None and free < room.memory:
        raise SystemExit(f"error: {_size(free)} of memory are free; close other programs, add swap space, or {verb} on a "
                         "computer with more memory and copy the bundle")


def export_room(model: nn.Module, options: ExportOptions) -> Room:
    """What exporting a model like this takes."""
    parameters = parameter_count(model)
    images = parameter_count(model.visual if hasattr(model, "visual") else model.vision_model)
    texts = (parameters - images) * (4 if options.precision == "int8" else STORED_BYTES[options.precision])
    return Room(images * STORED_BYTES[options.precision] + texts + BESIDE_WEIGHTS, BASE + COPIES * 4 * parameters)


def parameter_count(model: nn.Module) -> int:
    """How many numbers the towers of a model have."""
    tensors = {id(tensor): tensor for tensor in (*model.parameters(), *model.buffers())}
    return sum(tensor.numel() for tensor in tensors.values())


def on_meta() -> torch.device:
    """Models that are created inside `with on_meta()` have shapes, but no memory."""
    return torch.device("meta")


def available_memory(root: Path = Path("/")) -> int | None:
    """Bytes of memory and swap space that this process may still take; None where the system does not say.

    The limit of a container (cgroup) counts, too.
    """
    try:
        lines = (line.split() for line in (root / "proc/meminfo").read_text().splitlines())
        free = sum(int(words[1]) << 10 for words in lines if words[0] in ("MemAvailable:", "SwapFree:"))
    except OSError:
        return None
    try:
        group = root / "sys/fs/cgroup"
        limit, used = ((group / name).read_text().strip() for name in ("memory.max", "memory.current"))
        cached = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        return free if limit == "max" else min(free, int(limit) - int(used) + int(cached.get("inactive_file", 0)))
    except (OSError, ValueError):
        return free


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
