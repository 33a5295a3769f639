"""Unigram tokenizers, as T5, SigLIP and XLM-R have them."""

import json
from pathlib import Path

from tokenizers import Tokenizer

VOCABULARY_FILE = "tokenizer.json"
NORMALIZERS = {"Precompiled", "Replace", "Strip", "Prepend", "Lowercase", "Nmt", "NFC", "NFD", "NFKC", "NFKD"}
PRE_TOKENIZERS = {"Metaspace", "WhitespaceSplit"}
POST_PROCESSORS = {"TemplateProcessing"}


def describe(tokenizer: object, name: str, folder: Path) -> dict:
    """Writes tokenizer.json and returns the `text.tokenizer` part of model.json.

    tokenizer.json holds the pieces with their scores and every step but the padding, which is open_clip's. Raises
    SystemExit when there is a step that is not known.
    """
    return describe_file(tokenizer, name, folder, "unigram", PRE_TOKENIZERS)


def describe_file(tokenizer: object, name: str, folder: Path, kind: str, pre_tokenizers: set[str]) -> dict:
    """Does so for a tokenizer of any kind, whose model is not looked at."""
    backend = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    backend.no_padding()
    backend.no_truncation()
    parts = json.loads(backend.to_str())
    _require_known(_steps(parts["normalizer"], "normalizers"), NORMALIZERS, name)
    _require_known(_steps(parts["pre_tokenizer"], "pretokenizers"), pre_tokenizers, name)
    _require_known(_steps(parts["post_processor"], "processors"), POST_PROCESSORS, name)
    (folder / VOCABULARY_FILE).write_text(json.dumps(parts, ensure_ascii=False), encoding="utf-8")
    return {
        "kind": kind,
        "vocabulary": VOCABULARY_FILE,
        "padding_token": tokenizer.pad_token,
        "separator_token": tokenizer.sep_token,
    }


def _steps(part: dict | None, members: str) -> set[str]:
    """The types of a part's steps."""
    if part is None:
        return set()
    return {step["type"] for step in part[members]} if part["type"] == "Sequence" else {part["type"]}


def _require_known(steps: set[str], known: set[str], name: str) -> None:
    if unknown := sorted(steps - known):
        raise SystemExit(f"error: the tokenizer {name} cannot be exported: it has the step {', '.join(unknown)}, and "
                         f"only {', '.join(sorted(known))} are supported there")
