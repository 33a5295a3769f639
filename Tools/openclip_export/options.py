"""What to export, and how."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class ImageOverrides:
    """Preprocessing that replaces the model's own; None keeps the model's. Names and values are open_clip's."""

    size: tuple[int, int] | None = None  # height, width
    mean: tuple[float, ...] | None = None
    std: tuple[float, ...] | None = None
    interpolation: str | None = None
    resize_mode: str | None = None

    def preprocessing(self) -> dict:
        """The overrides other than the size, as open_clip's `force_preprocess_cfg`."""
        named = {"mean": self.mean, "std": self.std, "interpolation": self.interpolation,
                 "resize_mode": self.resize_mode}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True)
class ExportOptions:
    """A model, the precision of the exported encoders, and where the bundle goes."""

    model: str  # a folder, or an architecture of open_clip's, hf-hub:ORG/NAME or local-dir:PATH
    output: Path
    pretrained: str | None = None  # a tag of open_clip's, or a file for an architecture or a folder of open_clip's
    averaged: bool = True  # whether EMA weights are taken where a checkpoint has them beside others
    random_seed: int | None = None  # weights drawn with this seed instead of pretrained ones
    model_config: Path | None = None  # an additional architecture, named as the file without its suffix
    name: str | None = None  # of a model in a folder of transformers; None for the folder's
    context_length: int | None = None  # of texts, for a model of transformers; None for the longest
    engine: str = "torchscript"  # what runs the encoders; or openvino
    precision: str = "fp32"  # of the stored weights; fp32 bundles run on CPUs in other precisions too
    calibration_images: Path | None = None  # a folder; None for the sample photographs
    force_quick_gelu: bool = False
    image: ImageOverrides = field(default_factory=ImageOverrides)
