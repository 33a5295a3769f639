"""The original files as ONNX Runtime runs them, one image or text at a time."""

import numpy as np
import onnxruntime
import torch
from onnx_import.files import OnnxFile
from onnx_import.inputs import ImageInput, TextInputs
from onnx_import.outputs import Output
from onnx_import.tokens import Tokens
from openclip_export.messages import summary
from torch import Tensor

Feeds = dict[str, np.ndarray]


class Session:
    """A file that is run with one input at a time, repeated if its batch is fixed."""

    def __init__(self, file: OnnxFile) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        self._file = file
        try:
            self._session = onnxruntime.InferenceSession(str(file.path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # whatever ONNX Runtime raises for damaged or unknown content
            raise SystemExit(f"error: ONNX Runtime cannot open '{file.path}': {summary(error)}") from error

    def run(self, feeds: Feeds, outputs: list[str]) -> list[np.ndarray]:
        """The outputs for one image and, or, one text: [1, …] each."""
        repeated = {value.name: np.repeat(feeds[value.name], value.shape[0] or 1, axis=0) for value in self._file.inputs}
        try:
            return [values[:1] for values in self._session.run(outputs, repeated)]
        except Exception as error:  # whatever ONNX Runtime raises
            raise SystemExit(f"error: ONNX Runtime cannot run '{self._file.path}': {summary(error)}") from error


class Reference:
    """Both encoders, with what the bundle's graphs add to them: pooling, in NumPy."""

    def __init__(self, images: Session, texts: Session, image: ImageInput, text: TextInputs, tokens: Tokens) -> None:
        self._sessions = {"image": images, "text": texts}
        self._image, self._text, self._tokens = image, text, tokens
        self._companions: dict[str, Feeds] = {"image": {}, "text": {}}
        self.outputs: dict[str, Output] = {}

    def pair(self, image: np.ndarray, ids: Tensor) -> None:
        """Names an image and a text, [1, …], that one graph with both encoders gets when only the other matters."""
        self._companions = {"image": self.text_feeds(ids), "text": self.image_feeds(image)}

    def image_feeds(self, numbers: np.ndarray) -> Feeds:
        """The inputs for an image, [1, …]."""
        return {self._image.value.name: numbers.astype(self._image.value.type)}

    def text_feeds(self, ids: Tensor) -> Feeds:
        """The inputs for a text, int64 [1, L]."""
        derived = {"mask": self._tokens.mask(ids), "positions": torch.arange(ids.shape[1])[None],
                   "types": torch.zeros_like(ids)}
        return {self._text.ids.name: ids.numpy().astype(self._text.ids.type)} | {
            value.name: derived[role].numpy().astype(value.type) for role, value in self._text.others.items()}

    def run(self, kind: str, feeds: Feeds, outputs: list[str]) -> list[np.ndarray]:
        """Outputs of the encoder for images or texts (`kind`)."""
        return self._sessions[kind].run(self._companions[kind] | feeds, outputs)

    def encode_image(self, images: Tensor, normalize: bool = False) -> Tensor:
        """Vectors, float32 [images, D], not normalised."""
        output = self.outputs["image"]
        rows = [self.run("image", self.image_feeds(numbers[None].numpy()), [output.name])[0] for numbers in images]
        return _vectors([pooled(values, output.pooling, None, None, None) for values in rows])

    def encode_text(self, ids: Tensor, normalize: bool = False) -> Tensor:
        """Vectors, float32 [texts, D], not normalised."""
        output = self.outputs["text"]
        rows = [self.run("text", self.text_feeds(text[None]), [output.name])[0] for text in ids]
        masks = self._tokens.mask(ids).numpy()
        return _vectors([pooled(values, output.pooling, text.numpy(), mask, self._tokens.end)
                         for values, text, mask in zip(rows, ids, masks)])


def pooled(values: np.ndarray, pooling: str | None, ids: np.ndarray | None, mask: np.ndarray | None,
           end: int | None) -> np.ndarray:
    """One vector, [D], of an encoder's output for one input: [1, D], or [1, tokens, D] with a pooling."""
    if pooling is None:
        return values[0]
    tokens = values[0].astype(np.float32)
    if pooling == "mean":
        return tokens.mean(axis=0) if mask is None else tokens[mask == 1].mean(axis=0)
    if pooling == "first":
        return tokens[0]
    return tokens[mask.sum() - 1 if pooling == "last" else np.flatnonzero(ids == end)[0]]


def _vectors(rows: list[np.ndarray]) -> Tensor:
    return torch.from_numpy(np.stack(rows).astype(np.float32))
