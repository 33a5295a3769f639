"""Describes a model's tokenizer for model.json and writes its files, or refuses one that cannot be reproduced."""

from pathlib import Path

from open_clip.tokenizer import HFTokenizer, SimpleTokenizer, get_clean_fn
from openclip_export import sentencepiece_bpe, unigram, wordpiece

CLIP_MERGES = 48_894
MERGES_FILE = "bpe_simple_vocab_16e6.txt"
CLEANING = {get_clean_fn(name): name for name in ("whitespace", "lower", "canonicalize")}


def describe_tokenizer(tokenizer: object, folder: Path) -> dict:
    """Writes the tokenizer's files into `folder` and returns the `text` part of model.json, without the encoder's file.

    Raises SystemExit that names the tokenizer when it is of a kind that would not be reproduced exactly.
    """
    if isinstance(tokenizer, SimpleTokenizer):
        kind = _describe_clip(tokenizer, folder)
    elif isinstance(tokenizer, HFTokenizer):
        kind = _describe_hugging_face(tokenizer, folder)
    else:
        raise SystemExit(f"error: the tokenizer {type(tokenizer).__name__} cannot be exported; name a Hugging Face "
                         "tokenizer in the configuration's text_cfg.hf_tokenizer_name")
    return {"tokenizer": kind, "cleaning": CLEANING[tokenizer.clean_fn], "context_length": tokenizer.context_length,
            "padding": "context"}


def real_length(tokenizer: object, text: str) -> int:
    """The number of tokens of a text, cut to the context length, without padding."""
    if isinstance(tokenizer, SimpleTokenizer):
        return min(len(tokenizer.encode(text)) + 2, tokenizer.context_length)
    ids = tokenizer.tokenizer(tokenizer.clean_fn(text), truncation=True, max_length=tokenizer.context_length)
    return len(ids["input_ids"])


def _describe_clip(tokenizer: SimpleTokenizer, folder: Path) -> dict:
    if tokenizer.reduction_fn is not None:
        raise SystemExit("error: this model's tokenizer leaves out tokens at random (reduction_mask), which is for "
                         "training; remove it from the configuration's tokenizer_kwargs")
    if len(tokenizer.bpe_ranks) != CLIP_MERGES or len(tokenizer.all_special_ids) != 2:
        raise SystemExit("error: this model's SimpleTokenizer has its own merges or special tokens; only CLIP's "
                         "vocabulary can be exported")
    lines = ["#version: 0.2", *(" ".join(merge) for merge in tokenizer.bpe_ranks)]
    (folder / MERGES_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {"kind": "clip-bpe", "vocabulary": MERGES_FILE}


def _describe_hugging_face(tokenizer: HFTokenizer, folder: Path) -> dict:
    inner = tokenizer.tokenizer
    name = f"{type(inner).__name__} of '{inner.name_or_path}'"
    if tokenizer.tokenizer_mode:
        raise SystemExit(f"error: the tokenizer {name} runs in the mode '{tokenizer.tokenizer_mode}', which cannot be "
                         "exported")
    if (backend := getattr(inner, "backend_tokenizer", None)) is None:
        raise SystemExit(f"error: the tokenizer {name} has no tokenizers backend and cannot be exported")
    kinds = {"WordPiece": wordpiece.describe, "Unigram": unigram.describe, "BPE": sentencepiece_bpe.describe}
    model = type(backend.model).__name__
    if model not in kinds:
        raise SystemExit(f"error: the tokenizer {name} is of the kind {model}, which cannot be exported; supported are "
                         "CLIP's byte-pair encoding, WordPiece (BERT), Unigram (T5, SigLIP, XLM-R) and SentencePiece's "
                         "byte-pair encoding (Gemma, SigLIP 2)")
    if (inner.padding_side, inner.truncation_side) != ("right", "right"):
        raise SystemExit(f"error: the tokenizer {name} pads or cuts texts at the left, which cannot be exported")
    return kinds[model](inner, name, folder) | {"strip_sep_token": tokenizer.strip_sep_token}
