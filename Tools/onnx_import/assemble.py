"""Imports one model: what its files tell, references from ONNX Runtime, the bundle's graphs, and their comparison."""

import importlib.metadata
from pathlib import Path

import numpy as np
import torch
from bundle import staged_bundle
from default_model.samples import TEXTS
from onnx_import.files import OnnxFile
from onnx_import.graphs import convert, image_graph, text_graph
from onnx_import.inputs import image_input, text_inputs
from onnx_import.options import IMAGE_POOLINGS, TEXT_POOLINGS, ImportOptions
from onnx_import.outputs import choose_output
from onnx_import.preprocessing import EncoderPreprocessing, find_preprocessing
from onnx_import.reference import Reference, Session
from onnx_import.room import import_room
from onnx_import.scale import find_scale
from onnx_import.tokens import Tokens, find_tokenizer
from openclip_export.assemble import Cosines, write_bundle
from openclip_export.encoders import Encoders
from openclip_export.golden import References, compare
from openclip_export.openvino_encoders import load, quantise, required_precisions, saved_encoders
from openclip_export.precision import Precision
from openclip_export.room import require_room
from openclip_export.source import Source
from openvino_graphs import IMAGE_FILE, TEXT_FILE, save_graph

HALF = Precision("fp32", torch.float32, least_cosine=0.9999)
"""Of files in fp16, whose vectors ONNX Runtime rounds in other places."""
RANDOM_IMAGES = 8


class Import:
    """Two encoders with what was found out about them."""

    def __init__(self, options: ImportOptions) -> None:
        """Raises SystemExit that says what does not fit, or asks for what the files do not tell."""
        self.options = options
        is_joint = options.image_encoder == options.text_encoder
        self.image_file = OnnxFile(options.image_encoder)
        self.text_file = self.image_file if is_joint else OnnxFile(options.text_encoder)
        require_room(import_room(self.image_file, self.text_file, options.precision), options.output, "import")
        self.image = image_input(self.image_file, options, not is_joint)
        self.text = text_inputs(self.text_file, not is_joint)
        self.preprocessing = find_preprocessing(options, self.image_file, self.image)
        self.tokens = find_tokenizer(options, self.text_file, self.text)
        images = Session(self.image_file)
        self.reference = Reference(images, images if is_joint else Session(self.text_file), self.image, self.text, self.tokens)
        self._choose_outputs(is_joint)
        self.scale, self.bias = self._find_scale()

    def random_images(self, count: int) -> np.ndarray:
        """Bytes, uint8 [count, H, W, 3], of one seed."""
        return np.random.default_rng(0).integers(0, 256, (count, *self.preprocessing.size, 3), np.uint8)

    def findings(self) -> str:
        """What was found out, a line each."""
        image, text, outputs = self.image, self.text, self.reference.outputs
        normalised = " and ".join(kind for kind in ("image", "text") if self._is_normalised[kind]) or "neither"
        return "\n".join((
            f"images: {image.value}, {image.layout}, {self.preprocessing.expects}; output '{outputs['image'].name}', "
            f"{outputs['image'].pooling or 'pooled'}",
            f"texts: {', '.join(map(str, (text.ids, *text.others.values())))}, {self.tokens.context_length} tokens; output "
            f"'{outputs['text'].name}', {outputs['text'].pooling or 'pooled'}",
            f"normalised in the files: {normalised}; logit scale {self.scale}, bias {self.bias}",
        ))

    def _choose_outputs(self, is_joint: bool) -> None:
        options, reference = self.options, self.reference
        numbers, ids = self.preprocessing.numbers(self.random_images(1)), self.tokens.tokenizer(TEXTS[1:2])
        if is_joint:
            reference.pair(numbers, ids)
        for kind, file, feeds, named, pooling, poolings in (
            ("image", self.image_file, reference.image_feeds(numbers), options.image_output, options.image_pooling,
             IMAGE_POOLINGS),
            ("text", self.text_file, reference.text_feeds(ids), options.text_output, options.text_pooling, TEXT_POOLINGS),
        ):
            names = [value.name for value in file.outputs]
            found = dict(zip(names, reference.run(kind, feeds, names)))
            reference.outputs[kind] = choose_output(file, kind, found, named, pooling, poolings)
        if reference.outputs["text"].pooling == "end" and self.tokens.end is None:
            raise SystemExit(f"error: the tokenizer for '{self.text_file.path}' has no end token (eos_token), so "
                             f"--text-pooling end is not possible; say {', '.join(pooling for pooling in TEXT_POOLINGS if pooling != 'end')}")
        vectors = {"image": reference.encode_image(torch.from_numpy(numbers)), "text": reference.encode_text(ids)}
        sizes = {kind: rows.shape[1] for kind, rows in vectors.items()}
        if sizes["image"] != sizes["text"]:
            outputs = {kind: output.name for kind, output in reference.outputs.items()}
            raise SystemExit(f"error: '{outputs['image']}' of '{self.image_file.path}' has {sizes['image']} dimensions, and "
                             f"'{outputs['text']}' of '{self.text_file.path}' has {sizes['text']}; choose outputs of the same "
                             "space with --image-output and --text-output, or files with the projections")
        self._is_normalised = {kind: bool(abs(rows.norm() - 1) < 1e-3) for kind, rows in vectors.items()}

    def _find_scale(self) -> tuple[float | None, float | None]:
        images = torch.from_numpy(self.preprocessing.numbers(self.random_images(3)))
        return find_scale(self.options, self.image_file, self.reference, images, self.tokens.tokenizer(TEXTS[:4]))

    def source(self) -> Source:
        """The model for the exporter."""
        options = self.options
        files = dict.fromkeys((self.image_file, self.text_file))
        name = options.name or options.output.name
        versions = " and ".join(f"{package} {importlib.metadata.version(package)}" for package in ("onnxruntime", "openvino"))
        named = ", ".join(f"{file.path.name} ({file.digest()})" for file in files)
        return Source(None, self.tokens.tokenizer, self.preprocessing, name, f"ONNX {named}, imported with {versions}",
                      self.reference)

    def save(self, folder: Path, references: References) -> Encoders:
        """Writes the graphs and compares them with ONNX Runtime for random images; the rest is compared as in an export."""
        output = self.reference.outputs
        is_joint = self.image_file is self.text_file
        texts = [(value, (self.tokens.context_length,)) for value in (self.text.ids, *self.text.others.values())]
        images = [(self.image.value, self.preprocessing.numbers(self.random_images(1)).shape[1:])]
        image = image_graph(convert(self.image_file), self.image_file, self.preprocessing, output["image"],
                            texts if is_joint else [])
        text = text_graph(convert(self.text_file), self.text_file, self.text, self.tokens, output["text"],
                          images if is_joint else [])
        calibration = {}
        if self.options.precision == "int8":
            image, calibration = quantise(image, self.preprocessing, self.options.calibration_images)
        save_graph(image, folder / IMAGE_FILE)
        save_graph(text, folder / TEXT_FILE)
        required = self._required()
        self._compare_random_images(folder / IMAGE_FILE, required[0])
        return saved_encoders(folder, references, required, calibration)

    def _required(self) -> list[Precision]:
        required = required_precisions(self.options.precision)
        is_half = self.image_file.is_half or self.text_file.is_half
        return [HALF if is_half and precision.name == "fp32" else precision for precision in required]

    def _compare_random_images(self, file: Path, precision: Precision) -> None:
        if precision.name == "int8":
            return  # noise is outside the range of photographs
        pixels = self.random_images(RANDOM_IMAGES)
        vectors = torch.nn.functional.normalize(
            self.reference.encode_image(torch.from_numpy(self.preprocessing.numbers(pixels))), dim=-1)
        compare(file, load, torch.from_numpy(pixels), list(vectors.numpy()), precision)


def import_model(options: ImportOptions) -> Cosines:
    """Writes the bundle that `options` ask for; it appears whole or not at all.

    Raises SystemExit with what is wrong and what to do about it.
    """
    with staged_bundle(options.output) as folder:
        model = Import(options)
        print(model.findings(), flush=True)
        return write_bundle(folder, model.source(), (model.scale, model.bias), options.precision,
                            "imported by Tools/import_onnx.py", lambda references: model.save(folder, references))
