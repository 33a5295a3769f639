"""The inputs of encoders, and what each of them is for."""

from dataclasses import dataclass

from onnx_import.files import OnnxFile, Value, listed
from onnx_import.options import ImportOptions

IMAGE_TYPES = ("float32", "float16", "uint8")
ID_TYPES = ("int64", "int32")
ROLES = {"mask": "mask", "position": "positions", "type": "types", "segment": "types"}
"""Parts of names of inputs that follow from the token ids."""


@dataclass(frozen=True)
class ImageInput:
    """The input for images."""

    value: Value
    layout: str  # NCHW or NHWC
    size: tuple[int | None, int | None]  # height and width


@dataclass(frozen=True)
class TextInputs:
    """The input for token ids, and those that follow from them, by role: mask, positions and types."""

    ids: Value
    others: dict[str, Value]
    length: int | None


def image_input(file: OnnxFile, options: ImportOptions, is_alone: bool) -> ImageInput:
    """The input for images of a file, which `is_alone` in a file for images only; raises SystemExit if there is none."""
    found = [value for value in file.inputs if len(value.shape) == 4]
    others = [value for value in file.inputs if value not in found]
    if len(found) != 1:
        raise SystemExit(f"error: '{file.path}' needs one input with four dimensions, for images; it has {listed(file.inputs)}")
    if is_alone and others:
        raise SystemExit(f"error: '{file.path}' has inputs beside the images: {listed(others)}; if it has both encoders, name "
                         "it with --model")
    value = found[0]
    if value.type not in IMAGE_TYPES:
        raise SystemExit(f"error: '{file.path}' takes images as {value}; {', '.join(IMAGE_TYPES)} are supported")
    layout = _layout(file, value, options.layout)
    return ImageInput(value, layout, value.shape[2:] if layout == "NCHW" else value.shape[1:3])


def text_inputs(file: OnnxFile, is_alone: bool) -> TextInputs:
    """The inputs for texts of a file, which are alone in a file for texts only; raises SystemExit if they are not known."""
    found = [value for value in file.inputs if len(value.shape) == 2]
    others = [value for value in file.inputs if len(value.shape) != 2 and (is_alone or len(value.shape) != 4)]
    if others:
        advice = "if it has both encoders, name it with --model" if is_alone else "export it again without them"
        raise SystemExit(f"error: '{file.path}' has inputs that are not for texts: {listed(others)}; {advice}")
    roles = {value: next((role for part, role in ROLES.items() if part in value.name.lower()), "ids") for value in found}
    by_role = {role: value for value, role in roles.items()}
    if "ids" not in by_role or len(by_role) < len(found):
        raise SystemExit(f"error: '{file.path}' needs one input for token ids with two dimensions, and may have "
                         f"attention_mask, position_ids and token_type_ids; it has {listed(file.inputs)}. Export it again with these names")
    for value in found:
        if value.type not in ID_TYPES:
            raise SystemExit(f"error: '{file.path}' has the input {value}; {' and '.join(ID_TYPES)} are supported")
    ids = by_role.pop("ids")
    return TextInputs(ids, by_role, ids.shape[1])


def _layout(file: OnnxFile, value: Value, named: str | None) -> str:
    possible = [layout for layout, axis in (("NCHW", 1), ("NHWC", 3)) if value.shape[axis] in (3, None)]
    if not possible or (named and named not in possible):
        raise SystemExit(f"error: '{file.path}' takes images as {value}: there are no three channels in the second or in the "
                         f"last place{f' (--image-layout {named})' if named else ''}")
    if named is None and len(possible) > 1:
        certain = [layout for layout, axis in (("NCHW", 1), ("NHWC", 3)) if value.shape[axis] == 3]
        if len(certain) != 1:
            raise SystemExit(f"error: '{file.path}' takes images as {value}, which does not tell where the channels are; "
                             "say it with --image-layout NCHW or NHWC")
        return certain[0]
    return named or possible[0]
