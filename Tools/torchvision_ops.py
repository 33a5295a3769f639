"""Lets torchvision's Python side import beside a torch build that its compiled operators do not match."""

import torch


def import_torchvision() -> None:
    """Imports torchvision, declaring the operators its Python side names when its own library did not load.

    PyPI's torchvision wheel is compiled for CUDA torch; beside CPU torch its operators stay undefined and the
    import fails. Nothing in this project calls them, so a declaration without an implementation is enough. Call this
    before importing transformers, sentence_transformers or open_clip, which import torchvision themselves.
    """
    try:
        import torchvision  # noqa: F401
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
        torch.library.define("torchvision::nms", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        torch.library.define("torchvision::qnms", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        import torchvision  # noqa: F401
