"""One text vector for each ImageNet class: its name, and more and more softly the general words above it."""

from collections.abc import Callable
from pathlib import Path

import torch
from default_model.wordnet import Synset, ancestors, read_nouns
from installed import load_module_file, package_file
from torch import Tensor
from torch.nn import functional as F

HYPERNYM_DECAY = 0.5
"""Weight of a hypernym relative to the one below it."""


def class_names() -> list[str]:
    """The 1000 ImageNet class names in the order of the classifier's outputs, as open_clip words them."""
    return list(load_module_file(package_file("open_clip", "zero_shot_metadata.py")).IMAGENET_CLASSNAMES)


def class_offsets() -> list[int]:
    """The WordNet 3.0 noun offset of each ImageNet class, in the same order."""
    lines = package_file("timm", "data/_info/imagenet_synsets.txt").read_text().split()
    return [int(line.removeprefix("n")) for line in lines]


def class_vectors(encode: Callable[[list[str]], Tensor], wordnet: Path, decay: float = HYPERNYM_DECAY) -> Tensor:
    """The unit vectors of the classes, [1000, D], made with `encode`, which gives unit vectors for texts.

    A class's vector is `name + sum over hypernyms of decay^depth * hypernym`, normalised.
    """
    nouns = read_nouns(wordnet)
    names, offsets = class_names(), class_offsets()
    above = [ancestors(nouns, offset) for offset in offsets]
    general = sorted(set().union(*above))
    row = {offset: index for index, offset in enumerate(general)}
    general_vectors = encode([_wording(nouns[offset]) for offset in general])
    weights = torch.zeros(len(names), len(general))
    for index, depths in enumerate(above):
        for offset, depth in depths.items():
            weights[index, row[offset]] = decay ** depth
    return F.normalize(encode(names) + weights @ general_vectors, dim=-1)


def _wording(synset: Synset) -> str:
    return synset.words[0]
