"""What to import, and what the files do not tell."""

from dataclasses import dataclass, field
from pathlib import Path

from openclip_export.options import ImageOverrides

PIXELS = ("normalised", "0-1", "0-255")
"""What an image encoder may expect of a pixel: mean and standard deviation applied, or a number that it normalises."""
IMAGE_POOLINGS = ("first", "mean")
TEXT_POOLINGS = ("first", "mean", "end", "last")


@dataclass(frozen=True)
class ImportOptions:
    """ONNX files, where the bundle goes, and answers; None is for what the import finds out or asks for."""

    image_encoder: Path
    text_encoder: Path  # the same file as the image encoder if one graph has both
    output: Path
    name: str | None = None
    tokenizer: str | None = None  # a folder, or an architecture of open_clip's
    preprocessing: Path | None = None  # preprocessor_config.json, open_clip_config.json, or a folder with one of them
    image: ImageOverrides = field(default_factory=ImageOverrides)
    pixels: str | None = None  # one of PIXELS
    layout: str | None = None  # NCHW or NHWC
    image_output: str | None = None
    text_output: str | None = None
    image_pooling: str | None = None  # one of IMAGE_POOLINGS
    text_pooling: str | None = None  # one of TEXT_POOLINGS
    context_length: int | None = None
    logit_scale: float | None = None
    has_no_scale: bool = False  # whether the model has none, or nobody knows it
    logit_bias: float | None = None
    precision: str = "fp32"
    calibration_images: Path | None = None
