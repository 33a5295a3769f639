"""A pair of saved encoders, whichever engine runs them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from openclip_export.precision import Precision
from torch import Tensor

Loader = Callable[[Path, Precision], Callable[[Tensor], Tensor]]
"""Loads an encoder from its file, to run in a precision."""


@dataclass(frozen=True)
class Encoders:
    """The files of two encoders in a bundle's folder, and what model.json says of them."""

    image_file: str
    text_file: str
    load: Loader
    run: list[Precision]  # the precisions in which this CPU can run them
    required: list[Precision]  # those that golden.json gives a required cosine for
    fields: dict  # of model.json
    image_fields: dict = field(default_factory=dict)  # of its part `image`
    format_version: int = 2
