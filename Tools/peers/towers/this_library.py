"""This library's image tower."""

from peers import ours
from peers.models import ModelFiles
from peers.towers.engines import Encoder


def load(files: ModelFiles, precision: str, threads: int) -> Encoder:
    """Any precision of `ours.PRECISIONS`."""
    return Encoder(ours.tower(files.bundle, precision, threads), takes_pixels=True)
