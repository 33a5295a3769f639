"""WordPiece tokenizers, as BERT has them."""

import json
from pathlib import Path

VOCABULARY_FILE = "vocab.txt"
MASK_TOKEN = "[MASK]"
EXPECTED_MODEL = {"continuing_subword_prefix": "##", "max_input_chars_per_word": 100}
EXPECTED_NORMALIZER = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True}


def describe(tokenizer: object, name: str, folder: Path) -> dict:
    """Writes vocab.txt and returns the `text.tokenizer` part of model.json; raises SystemExit when it is not BERT's."""
    parts = json.loads(tokenizer.backend_tokenizer.to_str())
    _check(parts, tokenizer, name)
    vocabulary = parts["model"]["vocab"]
    tokens = sorted(vocabulary, key=vocabulary.get)
    if [vocabulary[token] for token in tokens] != list(range(len(tokens))) or any("\n" in token for token in tokens):
        raise SystemExit(f"error: the vocabulary of the tokenizer {name} is not a list of lines and cannot be exported")
    (folder / VOCABULARY_FILE).write_text("\n".join(tokens) + "\n", encoding="utf-8")
    return {
        "kind": "wordpiece",
        "vocabulary": VOCABULARY_FILE,
        "lowercase": parts["normalizer"]["lowercase"],
        "strip_accents": parts["normalizer"]["strip_accents"],
        "unknown_token": parts["model"]["unk_token"],
        "start_token": tokenizer.cls_token,
        "end_token": tokenizer.sep_token,
        "padding_token": tokenizer.pad_token,
    }


def _check(parts: dict, tokenizer: object, name: str) -> None:
    def require(condition: bool, what: str) -> None:
        if not condition:
            raise SystemExit(f"error: the tokenizer {name} cannot be exported: its {what} is not BERT's")

    normalizer, pre_tokenizer = parts["normalizer"] or {}, parts["pre_tokenizer"] or {}
    require(EXPECTED_MODEL.items() <= parts["model"].items(), "model")
    require(EXPECTED_NORMALIZER.items() <= normalizer.items(), "normalizer")
    require(pre_tokenizer.get("type") == "BertPreTokenizer", "pre-tokenizer")
    require(tokenizer("")["input_ids"] == [tokenizer.cls_token_id, tokenizer.sep_token_id], "post-processor")
    special = {tokenizer.unk_token, tokenizer.cls_token, tokenizer.sep_token, tokenizer.pad_token, MASK_TOKEN}
    added = {token["content"] for token in parts["added_tokens"]}
    require(added == special & set(parts["model"]["vocab"]), "list of added tokens")
    flags = ("single_word", "lstrip", "rstrip", "normalized")
    require(not any(token[flag] for token in parts["added_tokens"] for flag in flags), "handling of added tokens")
