"""Bundles as version 0.1 exported them in int8, so that tests can show that they still open."""

from pathlib import Path

import torch
from bundle import staged_bundle, write_model
from openclip_export.assemble import identity
from openclip_export.encoders import Encoders
from openclip_export.golden import agreement, make_references, write_references
from openclip_export.operators import load_encoder
from openclip_export.options import ExportOptions
from openclip_export.precision import Precision
from openclip_export.source import load_source
from openclip_export.tokenizer_spec import describe_tokenizer
from openclip_export.torchscript import IMAGE_FILE, TEXT_FILE, rewritten, save
from torch import nn
from torch.ao.quantization import per_channel_dynamic_qconfig, quantize_dynamic

ENGINE = "onednn"
INT8 = Precision("int8", torch.float32, least_cosine=0.995)


def export_earlier(options: ExportOptions) -> tuple[float, float]:
    """Writes the bundle; returns the least cosine of image and of text vectors with the fp32 model."""
    torch.backends.quantized.engine = ENGINE
    with staged_bundle(options.output) as folder:
        source = load_source(options)
        model, preprocessing = source.model, source.preprocessing
        text = describe_tokenizer(source.tokenizer, folder)
        references = make_references(folder, source, text)
        scale = model.logit_scale.exp().item()
        model = rewritten(model)
        model.visual = quantize_dynamic(model.visual, {nn.Linear: per_channel_dynamic_qconfig}, dtype=torch.qint8)
        save(folder, model, preprocessing, references, INT8, takes_pixels=False)
        encoders = Encoders(IMAGE_FILE, TEXT_FILE, load_encoder, run=[INT8], required=[INT8], fields={})
        images, texts = agreement(folder, encoders, references, INT8)
        write_references(folder, references, [INT8])
        write_model(folder, identity(source, "int8", 1, "exported by Tools/export_openclip.py") | {
            "precision": "int8", "quantized_engine": ENGINE,
            "embedding_dimension": len(references.images[0].embedding), "logit_scale": scale, "logit_bias": None,
            "image": {"file": IMAGE_FILE} | preprocessing.description(), "text": {"file": TEXT_FILE} | text,
        })
    return min(images), min(texts)
