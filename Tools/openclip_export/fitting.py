"""Puts weights into a model, and says what differs where they do not fit."""

import math
from pathlib import Path
from unittest.mock import patch

import open_clip
import torch
from open_clip import factory
from openclip_export.checkpoint import Checkpoint
from openclip_export.messages import LISTED, describe_differences
from torch import Tensor, nn

Shapes = dict[str, tuple[int, ...]]


def fit_weights(model: nn.Module, path: Path, checkpoint: Checkpoint, name: str, resizes: bool) -> None:
    """Loads weights as open_clip does, which converts names and layouts of other programs.

    - name: the model's in messages.
    - resizes: whether positions may be interpolated to the model's size; otherwise another size is a difference.

    Raises SystemExit with a short list of the differences, and the architecture that is nearest to the weights.
    """
    converted: dict[str, Tensor] = dict(checkpoint.weights)
    hook = model.register_load_state_dict_pre_hook(lambda _, state, *__: converted.clear() or converted.update(state))
    expected, given = shapes(model.state_dict()), shapes(checkpoint.weights)
    try:
        with patch.object(factory, "load_state_dict", lambda *_, **__: dict(checkpoint.weights)):
            open_clip.load_checkpoint(model, str(path))
    except Exception as error:  # whatever open_clip's conversions and torch raise for weights that do not fit
        found = shapes(converted)  # with the shapes that positions have in the file
        found |= {key: given[key] for key in found.keys() & given.keys()}
        raise _refusal(path, name, expected, found, given) from error
    finally:
        hook.remove()
    resized = {key for key in given.keys() & expected.keys() if _differ(given[key], expected[key])}
    if resized and not resizes:
        raise _refusal(path, name, {key: expected[key] for key in resized}, {key: given[key] for key in resized}, given)


def shapes(state: dict[str, Tensor]) -> Shapes:
    """The shapes of tensors by name."""
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def nearest_architectures(weights: Shapes) -> tuple[float, list[str]]:
    """The architectures of open_clip's that most tensors fit, and the part of all tensors that do, 0 to 1.

    Looks only at those with the weights' embedding dimension, and not at those whose text model the hub describes.
    """
    best, names = 0.0, []
    dimensions = {shape[-1] if "head" not in name else shape[0] for name, shape in weights.items()
                  if name.removeprefix("text.") in ("text_projection", "visual.proj", "visual.head.proj.weight") and shape}
    for name in open_clip.list_models():
        config = open_clip.get_model_config(name)
        if "hf_model_name" in config["text_cfg"] or (dimensions and config["embed_dim"] not in dimensions):
            continue
        with torch.device("meta"):
            try:
                model = open_clip.create_model(name, load_weights=False, device="meta")
            except Exception:  # architectures that cannot be built without weights
                continue
        share = _share(shapes(model.state_dict()), weights)
        if share > best:
            best, names = share, []
        if share == best:
            names.append(name)
    return best, names


def _share(expected: Shapes, given: Shapes) -> float:
    # Some architectures keep the text tower in a module of its own, and open_clip loads either form into either.
    expected, given = ({name.removeprefix("text."): shape for name, shape in side.items()} for side in (expected, given))
    equal = sum(name in given and not _differ(given[name], shape) for name, shape in expected.items())
    return equal / len(expected.keys() | given.keys())


def _differ(given: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    return given != expected and (math.prod(given), math.prod(expected)) != (1, 1)


def _refusal(path: Path, name: str, expected: Shapes, given: Shapes, original: Shapes) -> SystemExit:
    missing = [f"'{key}'" for key in expected if key not in given]
    unexpected = [f"'{key}'" for key in given if key not in expected]
    other = [f"'{key}' has {list(given[key])}, not {list(expected[key])}" for key in expected
             if key in given and _differ(given[key], expected[key])]
    found = describe_differences(missing, unexpected, other)
    share, names = nearest_architectures(original)
    if any(key.startswith(("text_model.", "vision_model.")) for key in original):
        advice = "They are those of a model of transformers: name its folder, which has config.json too, with --model"
    elif name in names and not unexpected and not other:
        advice = "Everything else fits: the file is incomplete. Save all of the model's weights"
    elif share == 1:
        advice = f"They fit {' and '.join(names[:LISTED])}: name it with --model"
    elif share > 0.5:
        advice = f"The nearest of open_clip's architectures is {names[0]}, which {share:.0%} of the tensors fit"
    else:
        advice = "No architecture of open_clip's is near: add yours with --model-config"
    return SystemExit(f"error: the weights in '{path}' do not fit {name}:\n{found}  {advice}")
