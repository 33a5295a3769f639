"""Imports open_clip without network and without what it and others print."""

import os


def import_open_clip() -> object:
    """The module."""
    from export_openclip import silence_libraries
    from torchvision_ops import import_torchvision

    os.environ["HF_HUB_OFFLINE"] = "1"
    silence_libraries()
    import_torchvision()
    import open_clip

    return open_clip
