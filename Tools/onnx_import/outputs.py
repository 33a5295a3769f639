"""Which output of a graph has the vectors, and how one vector is made of many."""

from dataclasses import dataclass

import numpy as np
from onnx_import.files import OnnxFile

NAMES = {"image": ("image_embeds", "image_features", "image_embeddings", "image_embedding"),
         "text": ("text_embeds", "text_features", "text_embeddings", "text_embedding")}
"""What exporters call vectors; others are taken where there is no choice, or when they are named."""


@dataclass(frozen=True)
class Output:
    """An output, and the pooling of its tokens; None if it is pooled."""

    name: str
    pooling: str | None


def choose_output(file: OnnxFile, kind: str, found: dict[str, np.ndarray], named: str | None, pooling: str | None,
                  poolings: tuple[str, ...]) -> Output:
    """The output for images or texts (`kind`) among those of a run of one input; raises SystemExit that asks."""
    shapes = ", ".join(f"'{name}' {list(values.shape)}" for name, values in found.items())
    if named is not None and named not in found:
        raise SystemExit(f"error: '{file.path}' has no output '{named}'; it has {shapes}: choose with --{kind}-output")
    name = named or next((usual for usual in NAMES[kind] if usual in found), next(iter(found)) if len(found) == 1 else None)
    if name is None:
        raise SystemExit(f"error: '{file.path}' has the outputs {shapes}; name that with the {kind} vectors with "
                         f"--{kind}-output")
    values = found[name]
    if values.ndim not in (2, 3) or values.dtype not in (np.float32, np.float16):
        raise SystemExit(f"error: '{file.path}' has the output '{name}' {values.dtype} {list(values.shape)}; vectors are "
                         f"floats with two dimensions, or three if they are not pooled: choose with --{kind}-output among {shapes}")
    if values.ndim == 3 and pooling is None:
        raise SystemExit(f"error: '{file.path}' gives a vector for each token ('{name}' {list(values.shape)}); say with "
                         f"--{kind}-pooling how one is made of them: {', '.join(poolings)}")
    if values.ndim == 2 and pooling is not None:
        raise SystemExit(f"error: '{file.path}' gives pooled vectors ('{name}' {list(values.shape)}); leave --{kind}-pooling "
                         f"out, or choose among {shapes} with --{kind}-output")
    return Output(name, pooling)
