"""This library in each precision: its bundles, its image tower and its command line.

Everything that depends on how a precision is chosen is here.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np


def export_bundles(name: str, folder: Path, seed: int, has_bf16: bool) -> None:
    """Exports what `bundle` names."""
    from peers.quiet import import_open_clip

    import_open_clip()
    from openclip_export.assemble import export
    from openclip_export.options import ExportOptions

    for precision in ("fp32", "bf16", "int8") if has_bf16 else ("fp32", "int8"):
        export(ExportOptions(model=name, output=folder / precision, random_seed=seed, precision=precision))


def fp32(bundles: Path, threads: int) -> Callable[[np.ndarray], np.ndarray]:
    """The image tower in fp32: uint8 [B, H, W, 3] to unit vectors."""
    return _tower(bundles / "fp32", threads)


def bf16(bundles: Path, threads: int) -> Callable[[np.ndarray], np.ndarray]:
    """The image tower in bf16."""
    return _tower(bundles / "bf16", threads)


def int8(bundles: Path, threads: int) -> Callable[[np.ndarray], np.ndarray]:
    """The image tower in int8."""
    return _tower(bundles / "int8", threads)


PRECISIONS = {"fp32": fp32, "bf16": bf16, "int8": int8}


def embed_command(cli: Path, bundles: Path, precision: str, images: Path, store: Path, threads: int) -> list[str]:
    """Embeds the images of a list and logs JSON Lines."""
    return [str(word) for word in (
        cli.absolute(), "embed", "--files-from", images, "--output", store, "--model", bundles / precision,
        "--encoder-threads", threads, "--decode-workers", threads, "--log-format", "json")]


def _tower(bundle: Path, threads: int) -> Callable[[np.ndarray], np.ndarray]:
    from peers.libtorch_c import Module

    return Module(bundle / "image_encoder.pt", threads, quantised_engine="onednn").run
