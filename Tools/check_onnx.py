#!/usr/bin/env python3
"""Imports small ONNX models of each layout as `make import-onnx` does, and compares `clip-cli` with ONNX Runtime on the
original files: reference outputs, vectors of photographs and texts, and scores. Stops with an error at the first difference.
"""

import argparse
import csv
import io
import json
import sys
import tempfile
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from export_openclip import silence_libraries  # noqa: E402
from torchvision_ops import import_torchvision  # noqa: E402

silence_libraries()
import_torchvision()
import import_onnx  # noqa: E402
import onnxruntime  # noqa: E402
import open_clip  # noqa: E402
import torch  # noqa: E402
from onnx_import.test_models import LENGTH, MEAN, STD, Kind, write_both, write_images, write_processor, write_texts  # noqa: E402
from openclip_export.openvino_encoders import required_precisions, runnable  # noqa: E402
from parity.tool import Tool, require  # noqa: E402
from stored import vectors  # noqa: E402

TEXTS = ("a cat", "a photo of a rocket", "a page of text", "Ein Hund, 犬!")
PHOTOS = 8
EXACT = 0.99999
NUMPY = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(uint8)": np.uint8, "tensor(int64)": np.int64,
         "tensor(int32)": np.int32}
DESCRIBED = ("--image-interpolation", "bicubic", "--image-resize-mode", "shortest")
NORMALISED = (*DESCRIBED, "--pixels", "normalised", "--image-mean", *map(str, MEAN), "--image-std", *map(str, STD))
MASKED = Kind(inputs=("attention_mask",))


@dataclass(frozen=True)
class Case:
    """A layout, what has to be said about it, and the cosine that its vectors must reach."""

    name: str
    image: Kind
    text: Kind
    options: tuple[str, ...]
    is_one_graph: bool = False
    required: float = EXACT


CASES = (
    Case("two files", Kind(), Kind(), NORMALISED),
    Case("two files, quantised", Kind(), Kind(), (*NORMALISED, "--precision", "int8"), required=0.995),
    Case("bytes, NHWC, int32 ids", Kind(expects="0-255", layout="NHWC", pixel_type=torch.uint8, normalised=True),
         Kind(inputs=("attention_mask", "position_ids", "token_type_ids"), id_type=torch.int32, normalised=True), DESCRIBED),
    Case("unpooled, pixels up to 1", Kind(expects="0-1", pooled=False), Kind(pooled=False, inputs=("attention_mask",)),
         (*DESCRIBED, "--image-pooling", "mean", "--text-pooling", "end")),
    Case("unpooled, first token", Kind(layout="NHWC", pooled=False, normalised=True), Kind(pooled=False, normalised=True),
         (*NORMALISED, "--image-pooling", "first", "--text-pooling", "first")),
    Case("half precision", Kind(half=True), Kind(half=True), NORMALISED, required=0.9999),
    Case("one graph", MASKED, MASKED, (), is_one_graph=True),
    Case("one graph, int32 ids, pixels up to 255", Kind(inputs=MASKED.inputs, id_type=torch.int32, expects="0-255"),
         Kind(inputs=MASKED.inputs, id_type=torch.int32), DESCRIBED, is_one_graph=True),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to embed")
    arguments = parser.parse_args()
    tool = Tool(arguments.cli.absolute())
    photos = sorted(arguments.photos.absolute().glob("*.*g"))[:PHOTOS]
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            print(f"{case.name:<40} {check(tool, case, photos, Path(folder))}", flush=True)


def check(tool: Tool, case: Case, photos: list[Path], folder: Path) -> str:
    """Imports one model and compares what its bundle gives; returns what agreed."""
    files, bundle = write(case, folder), folder / "bundle"
    imported(case, files, bundle)
    original = Original(case, files)
    expected_texts, expected_images = original.texts(TEXTS), original.images(pixels(tool, bundle, photos, folder))
    precisions = runnable(required_precisions("int8" if "int8" in case.options else "fp32"))
    images = []
    for precision in precisions:
        tool.run("models", "verify", bundle, "--precision", precision.name)
        store = folder / precision.name
        tool.run("embed", *photos, "--model", bundle, "--output", store, "--precision", precision.name)
        found = {Path(id).name: vector for id, vector in vectors(store).items()}
        required = case.required if precision == precisions[0] else min(case.required, precision.least_cosine)
        least = least_cosine(case, "photo", [found[photo.name] for photo in photos], expected_images, required)
        images.append(f"{least:.6f} in {precision.name}")
    tool.run("encode-text", *TEXTS, "--model", bundle, "--output", folder / "texts.npy")
    texts = least_cosine(case, "text", np.load(folder / "texts.npy"), expected_texts, case.required)
    largest = check_scores(tool, case, bundle, folder / precisions[0].name, photos, expected_images @ expected_texts.T, folder)
    return f"verified; least cosine: photos {', '.join(images)}, texts {texts:.6f}; scores within {largest:.1e}"


def write(case: Case, folder: Path) -> tuple[Path, ...]:
    """Writes the ONNX files."""
    if case.is_one_graph:
        if "--pixels" not in case.options and case.image.expects == "normalised":
            write_processor(folder)
        return (write_both(folder / "model.onnx", case.image),)
    return write_images(folder / "image.onnx", case.image), write_texts(folder / "text.onnx", case.text)


def imported(case: Case, files: tuple[Path, ...], bundle: Path) -> None:
    """Runs the program of `make import-onnx`."""
    named = ["--model", files[0]] if case.is_one_graph else ["--image-encoder", files[0], "--text-encoder", files[1],
                                                             "--logit-scale", "20"]
    command = ["import_onnx.py", *map(str, named), "--tokenizer", "ViT-B-32", "--output", str(bundle), *case.options]
    with patch.object(sys, "argv", command), redirect_stdout(io.StringIO()):
        import_onnx.main()


class Original:
    """The original files in ONNX Runtime, one image or text at a time, with what their documentation would say around them."""

    def __init__(self, case: Case, files: tuple[Path, ...]) -> None:
        self._case = case
        self._image, self._text = (onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
                                   for file in (files[0], files[-1]))

    def images(self, pixels: np.ndarray) -> np.ndarray:
        """Unit vectors for uint8 [images, H, W, 3]."""
        kind = self._case.image
        numbers = pixels if kind.expects == "0-255" else pixels / 255
        numbers = (numbers - MEAN) / STD if kind.expects == "normalised" else numbers
        rows = []
        for image in numbers if kind.layout == "NHWC" else numbers.transpose(0, 3, 1, 2):
            values = self._run(self._image, "image_embeds", {"pixel_values": image[None]} | self._companion(texts=True))
            pooling = "mean" if "mean" in self._case.options else "first"
            rows.append(values if kind.pooled else values.mean(axis=0) if pooling == "mean" else values[0])
        return normalised(rows)

    def texts(self, texts: tuple[str, ...]) -> np.ndarray:
        """Unit vectors."""
        rows = []
        for ids in open_clip.get_tokenizer("ViT-B-32")(list(texts)).numpy():
            values = self._run(self._text, "text_embeds", self._text_feeds(ids) | self._companion(texts=False))
            is_end = "end" in self._case.options
            rows.append(values if self._case.text.pooled else values[ids.argmax() if is_end else 0])
        return normalised(rows)

    def _text_feeds(self, ids: np.ndarray) -> dict[str, np.ndarray]:
        mask = (np.arange(LENGTH) <= ids.argmax())[None]  # the end token has the largest id
        return {"input_ids": ids[None], "attention_mask": mask, "position_ids": np.arange(LENGTH)[None],
                "token_type_ids": np.zeros((1, LENGTH))}

    def _companion(self, texts: bool) -> dict[str, np.ndarray]:
        """Of one graph, the inputs of the other encoder."""
        if not self._case.is_one_graph:
            return {}
        return self._text_feeds(np.full(LENGTH, 3)) if texts else {"pixel_values": np.zeros((1, 3, 32, 32))}

    @staticmethod
    def _run(session: onnxruntime.InferenceSession, output: str, feeds: dict[str, np.ndarray]) -> np.ndarray:
        own = {value.name: feeds[value.name].astype(NUMPY[value.type]) for value in session.get_inputs()}
        return session.run([output], own)[0][0].astype(np.float64)


def pixels(tool: Tool, bundle: Path, photos: list[Path], folder: Path) -> np.ndarray:
    """The photographs' pixels; `make test` compares them with Pillow's."""
    tool.run("preprocess", *photos, "--model", bundle, "--output", folder / "pixels.npy")
    return np.load(folder / "pixels.npy")


def check_scores(tool: Tool, case: Case, bundle: Path, store: Path, photos: list[Path], cosines: np.ndarray,
                 folder: Path) -> float:
    """Requires that `classify` scores photographs with their cosines to the texts; returns the largest difference."""
    names = [f"text{index}" for index in range(len(TEXTS))]
    categories, results = folder / "categories.json", folder / "results.csv"
    categories.write_text(json.dumps({"threshold": 0, "categories": {
        name: {"positive": [text]} for name, text in zip(names, TEXTS)}}), encoding="utf-8")
    tool.run("classify", store, "--model", bundle, "--categories", categories, "--output", results)
    with results.open(newline="", encoding="utf-8") as file:
        rows = {Path(row["id"]).name: row for row in csv.DictReader(file)}
    scores = np.array([[float(rows[photo.name][f"score_{name}"]) for name in names] for photo in photos])
    largest = float(np.abs(scores - cosines).max())
    limit = 1e-4 if case.required == EXACT else 2 * np.sqrt(2 * (1 - case.required))
    require(largest < limit, f"{case.name}: a score differs by {largest:.1e} from the cosine; {limit:.1e} is allowed")
    return largest


def least_cosine(case: Case, what: str, found: list, expected: np.ndarray, required: float) -> float:
    """Requires nearly equal vectors; returns the least cosine."""
    least = float((np.array(found, np.float64) * expected).sum(axis=1).min())
    require(least >= required, f"{case.name}: a {what}'s vector has cosine {least:.7f} with ONNX Runtime's; "
                               f"{required} is required")
    return least


def normalised(rows: list[np.ndarray]) -> np.ndarray:
    return np.stack([row / np.linalg.norm(row) for row in rows])


if __name__ == "__main__":
    main()
