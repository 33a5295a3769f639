"""SigLIP's own tokenizer, which runs SentencePiece, as steps of a `tokenizer.json`."""

import base64
import json
import string
from pathlib import Path

from sentencepiece import sentencepiece_model_pb2

VOCABULARY_FILE = "tokenizer.json"
UNIGRAM = 1
WHITE_SPACE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace() and chr(code) != " ")
"""What Python's `\\s` matches beside a space."""


def describe(tokenizer: object, name: str, folder: Path) -> dict:
    """Writes tokenizer.json and returns the `text.tokenizer` part of model.json.

    Texts are lower-cased and lose their ASCII punctuation before SentencePiece normalises them. Raises SystemExit when
    SentencePiece's model is not of SigLIP's kind.
    """
    model = sentencepiece_model_pb2.ModelProto.FromString(tokenizer.sp_model.serialized_model_proto())
    rules = model.normalizer_spec
    if model.trainer_spec.model_type != UNIGRAM or model.trainer_spec.byte_fallback or not (
            rules.add_dummy_prefix and rules.remove_extra_whitespaces and rules.escape_whitespaces):
        raise SystemExit(f"error: the tokenizer {name} cannot be exported: its SentencePiece model is not of SigLIP's kind")
    if not tokenizer.do_lower_case:
        raise SystemExit(f"error: the tokenizer {name} cannot be exported: it does not lower-case texts")
    parts = {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [_added(index, token) for index, token in sorted(tokenizer.added_tokens_decoder.items())],
        "normalizer": {"type": "Sequence", "normalizers": _steps(rules.precompiled_charsmap)},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": tokenizer.eos_token, "type_id": 0}}],
            "pair": [],
            "special_tokens": {tokenizer.eos_token: {
                "id": tokenizer.eos_token, "ids": [tokenizer.eos_token_id], "tokens": [tokenizer.eos_token]}},
        },
        "decoder": None,
        "model": {"type": "Unigram", "unk_id": tokenizer.unk_token_id, "byte_fallback": False,
                  "vocab": [[piece.piece, piece.score] for piece in model.pieces]},
    }
    (folder / VOCABULARY_FILE).write_text(json.dumps(parts, ensure_ascii=False), encoding="utf-8")
    return {"kind": "unigram", "vocabulary": VOCABULARY_FILE, "padding_token": tokenizer.pad_token,
            "separator_token": None, "exact_scores": True}


def _steps(character_map: bytes) -> list[dict]:
    steps = [_replace("▁", " "), {"type": "Lowercase"}]
    steps += [_replace(character, "") for character in string.punctuation]
    steps += [_replace(character, " ") for character in WHITE_SPACE]
    tidy = [{"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            {"type": "Strip", "strip_left": True, "strip_right": True}]
    if not character_map:
        return steps + tidy
    mapped = {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(character_map).decode("ascii")}
    return [*steps, *tidy, mapped, *tidy]


def _replace(character: str, content: str) -> dict:
    return {"type": "Replace", "pattern": {"String": character}, "content": content}


def _added(index: int, token: object) -> dict:
    return {"id": index, "content": token.content, "single_word": token.single_word, "lstrip": token.lstrip,
            "rstrip": token.rstrip, "normalized": token.normalized, "special": token.special}
