"""Reference inputs and outputs: open_clip's own model, transform and tokenizer, before anything is rewritten."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from bundle import GOLDEN_FILE, GoldenImage, GoldenText, write_golden, write_json
from default_model.samples import TEXTS, write_sample_images
from openclip_export.encoders import Encoders, Loader
from openclip_export.operators import load_encoder
from openclip_export.precision import Precision
from openclip_export.source import Source
from openclip_export.tokenizer_spec import padding_id, real_length
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True)
class References:
    """The reference inputs of both encoders with the fp32 model's vectors for them."""

    images: list[GoldenImage]
    texts: list[GoldenText]
    token_ids: Tensor  # int64 [texts, context length], padded as the library pads them

    @property
    def pixels(self) -> Tensor:
        """The images' pixels, uint8 [images, H, W, 3]."""
        return torch.from_numpy(np.stack([image.pixels for image in self.images]))


def make_references(folder: Path, source: Source, text: dict) -> References:
    """Writes the reference images into `folder` and runs them and the reference texts through the unchanged model.

    `text` is that part of model.json: saved encoders are compared for the ids that the library will give them.
    """
    model, preprocessing, tokenizer = source.reference, source.preprocessing, source.tokenizer
    paths = write_sample_images(folder / "golden")
    token_ids = tokenizer(TEXTS)
    with torch.inference_mode():
        inputs = torch.stack([preprocessing.tensor(path) for path in paths])
        image_vectors = F.normalize(model.encode_image(inputs, normalize=False), dim=-1).numpy()
        text_vectors = F.normalize(model.encode_text(token_ids, normalize=False), dim=-1).numpy()
    if not (np.isfinite(image_vectors).all() and np.isfinite(text_vectors).all()):
        raise SystemExit(f"error: '{source.name}' gives sample images or texts vectors that are not numbers (NaN): some of its "
                         "weights are none, as after a training that diverged. Take an earlier checkpoint")
    images = [GoldenImage(path.relative_to(folder).as_posix(), preprocessing.pixels(path), vector)
              for path, vector in zip(paths, image_vectors)]
    texts = [GoldenText(text, ids[:real_length(tokenizer, text)].tolist(), vector)
             for text, ids, vector in zip(TEXTS, token_ids, text_vectors)]
    padded = torch.full_like(token_ids, padding_id(tokenizer, text["tokenizer"]))
    for row, item in zip(padded, texts):
        row[:len(item.token_ids)] = torch.tensor(item.token_ids)
    return References(images, texts, padded)


def agreement(folder: Path, encoders: Encoders, references: References,
              precision: Precision) -> tuple[list[float], list[float]]:
    """The cosines of the saved encoders' image and text vectors with the references, run in `precision`."""
    images = [item.embedding for item in references.images]
    texts = [item.embedding for item in references.texts]
    return (compare(folder / encoders.image_file, encoders.load, references.pixels, images, precision),
            compare(folder / encoders.text_file, encoders.load, references.token_ids, texts, precision))


def compare(file: Path, load: Loader, inputs: Tensor, references: list[np.ndarray], precision: Precision) -> list[float]:
    """Runs a saved encoder and returns each vector's cosine with its reference.

    Raises SystemExit when a batch of 1, of 2 or of all inputs gives vectors that are too far from the references.
    """
    encoder = load(file, precision)
    for count in sorted({1, 2, len(inputs)}):
        with torch.inference_mode():
            vectors = encoder(inputs[:count]).numpy()
        expected = np.stack(references[:count])
        cosines = (vectors.astype(np.float64) * expected).sum(axis=1)
        difference = float(np.abs(vectors - expected).max())
        if not cosines.min() >= precision.least_cosine or not difference < precision.largest_difference:
            raise _too_far(file, precision, count, float(cosines.min()), difference)
    return cosines.tolist()


def _too_far(file: Path, precision: Precision, count: int, least: float, difference: float) -> SystemExit:
    found = f"least cosine {least:.6f} (needed {precision.least_cosine})"
    if precision.largest_difference < float("inf"):
        found += f", largest difference {difference:.1e} (allowed {precision.largest_difference:.0e})"
    advice = "" if precision.name != "int8" else (". Give photographs like yours with --calibration-images, or use another "
                                                  "precision: some architectures lose too much in int8")
    return SystemExit(f"error: {file.name} in {precision.name} differs from the original model, {count} at a time: {found}; no "
                      f"bundle was written{advice}")


def is_joint(image_file: Path, pixels: Tensor, precisions: list[Precision]) -> bool:
    """Whether an image's vector has the same bits in every batch, with any number of threads."""
    images = pixels.repeat(2, 1, 1, 1)
    threads = torch.get_num_threads()
    for precision in precisions:
        encoder = load_encoder(image_file, precision)
        with torch.inference_mode():
            vectors = encoder(images)
            torch.set_num_threads(1)
            alone = torch.cat([encoder(image[None]) for image in images])
            torch.set_num_threads(threads)
            pairs = torch.cat([encoder(pair) for pair in images.flip(0).split(5)]).flip(0)
        if not torch.equal(vectors, alone) or not torch.equal(vectors, pairs):
            return False
    return True


def write_references(folder: Path, references: References, precisions: list[Precision]) -> None:
    """Writes golden.json and golden.f32, with the cosines that must be reached.

    Those that this CPU reached are not among them: the files tell which model a bundle is, on whatever CPU it was exported.
    """
    write_golden(folder, references.images, references.texts)
    path = folder / GOLDEN_FILE
    description = json.loads(path.read_text(encoding="utf-8"))
    description["required_cosine"] = {precision.name: precision.least_cosine for precision in precisions}
    write_json(path, description)
