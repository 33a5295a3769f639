"""This library in each precision: its bundle, its image tower and its command line.

Everything that depends on how a precision is chosen is here.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

PRECISIONS = ("fp32", "bf16", "int8")


def export_bundle(name: str, bundle: Path, seed: int, calibration: Path, engine: str = "torchscript",
                  precision: str = "fp32") -> None:
    """Exports a bundle. One for libtorch runs in every precision; int8 is calibrated on pixels, uint8 [N, H, W, 3]."""
    from peers.quiet import import_open_clip

    import_open_clip()
    from openclip_export.assemble import export
    from openclip_export.options import ExportOptions

    with tempfile.TemporaryDirectory() as images:
        for index, pixels in enumerate(np.load(calibration)):
            Image.fromarray(pixels).save(Path(images, f"{index}.png"))
        export(ExportOptions(model=name, output=bundle, random_seed=seed, engine=engine, precision=precision,
                             calibration_images=Path(images)))


def tower(bundle: Path, precision: str, threads: int) -> Callable[[np.ndarray], np.ndarray]:
    """The image tower: uint8 [B, H, W, 3] to unit vectors."""
    from peers.libtorch_c import Module

    return Module(bundle / "image_encoder.pt", threads, precision).run


def embed_command(cli: Path, bundle: Path, precision: str, images: Path, store: Path, threads: int) -> list[str]:
    """Embeds the images of a list and logs JSON Lines."""
    return [str(word) for word in (
        cli.absolute(), "embed", "--files-from", images, "--output", store, "--model", bundle,
        "--precision", precision, "--encoder-threads", threads, "--decode-workers", threads, "--log-format", "json")]
