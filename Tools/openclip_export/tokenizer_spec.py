"""Describes a model's tokenizer for model.json and writes its files, or refuses one that cannot be reproduced."""

from pathlib import Path

from open_clip.tokenizer import HFTokenizer, SimpleTokenizer, get_clean_fn
from openclip_export import clip_bpe, sentencepiece_bpe, siglip_sentencepiece, unigram, wordpiece
from openclip_export.transformers_tokenizer import TransformersTokenizer

CLEANING = {get_clean_fn(name): name for name in ("whitespace", "lower", "canonicalize")}


def describe_tokenizer(tokenizer: object, folder: Path) -> dict:
    """Writes the tokenizer's files into `folder` and returns the `text` part of model.json, without the encoder's file.

    Raises SystemExit that names the tokenizer when it is of a kind that would not be reproduced exactly.
    """
    if isinstance(tokenizer, TransformersTokenizer):
        kind = _describe_backend(tokenizer.tokenizer, folder)
        return {"tokenizer": kind, "cleaning": "none", "context_length": tokenizer.context_length, "padding": "context"}
    if isinstance(tokenizer, SimpleTokenizer):
        kind = clip_bpe.describe_simple(tokenizer, folder)
    elif isinstance(tokenizer, HFTokenizer):
        kind = _describe_hugging_face(tokenizer, folder)
    else:
        raise SystemExit(f"error: the tokenizer {type(tokenizer).__name__} cannot be exported; name a Hugging Face "
                         "tokenizer in the configuration's text_cfg.hf_tokenizer_name")
    return {"tokenizer": kind, "cleaning": CLEANING[tokenizer.clean_fn], "context_length": tokenizer.context_length,
            "padding": "context"}


def real_length(tokenizer: object, text: str) -> int:
    """The number of tokens of a text, cut to the context length, without padding."""
    if isinstance(tokenizer, TransformersTokenizer):
        return tokenizer.real_length(text)
    if isinstance(tokenizer, SimpleTokenizer):
        return min(len(tokenizer.encode(text)) + 2, tokenizer.context_length)
    ids = tokenizer.tokenizer(tokenizer.clean_fn(text), truncation=True, max_length=tokenizer.context_length)
    return len(ids["input_ids"])


def padding_id(tokenizer: object, description: dict) -> int:
    """The id that the library fills short texts up with, as it reads it from `description`, the `text.tokenizer` part of
    model.json: 0 where no token is named, and where the token is one that is replaced with 0."""
    token = description.get("padding_token")
    if token is None or (description.get("strip_sep_token") and token == tokenizer.tokenizer.sep_token):
        return 0
    return tokenizer.tokenizer.convert_tokens_to_ids(token)


def _describe_hugging_face(tokenizer: HFTokenizer, folder: Path) -> dict:
    if tokenizer.tokenizer_mode:
        raise SystemExit(f"error: the tokenizer '{tokenizer.tokenizer.name_or_path}' runs in the mode "
                         f"'{tokenizer.tokenizer_mode}', which cannot be exported")
    return _describe_backend(tokenizer.tokenizer, folder) | {"strip_sep_token": tokenizer.strip_sep_token}


def _describe_backend(tokenizer: object, folder: Path) -> dict:
    """Describes a tokenizer of transformers by the model inside it."""
    name = f"{type(tokenizer).__name__} of '{tokenizer.name_or_path}'"
    kind = _kind(tokenizer)
    if kind is None:
        raise SystemExit(f"error: the tokenizer {name} has no tokenizers backend and cannot be exported")
    kinds = {"CLIP": clip_bpe.describe, "WordPiece": wordpiece.describe, "Unigram": unigram.describe,
             "BPE": sentencepiece_bpe.describe, "SigLIP": siglip_sentencepiece.describe}
    if kind not in kinds:
        raise SystemExit(f"error: the tokenizer {name} is of the kind {kind}, which cannot be exported; supported are "
                         "CLIP's byte-pair encoding, WordPiece (BERT), Unigram (T5, SigLIP, XLM-R) and SentencePiece's "
                         "byte-pair encoding (Gemma, SigLIP 2)")
    if (tokenizer.padding_side, tokenizer.truncation_side) != ("right", "right"):
        raise SystemExit(f"error: the tokenizer {name} pads or cuts texts at the left, which cannot be exported")
    return kinds[kind](tokenizer, name, folder)


def _kind(tokenizer: object) -> str | None:
    """The kind of the model inside a tokenizer."""
    if type(tokenizer).__name__ == "SiglipTokenizer":
        return "SigLIP"
    if (backend := getattr(tokenizer, "backend_tokenizer", None)) is None:
        return None
    kind = type(backend.model).__name__
    return "CLIP" if kind == "BPE" and backend.model.end_of_word_suffix == clip_bpe.WORD_END else kind
