"""Unigram tokenizers, as T5, SigLIP and XLM-R have them."""

import json
from pathlib import Path

VOCABULARY_FILE = "tokenizer.json"
FORMS = {"NFC", "NFD", "NFKC", "NFKD"}
NORMALIZERS = FORMS | {"Precompiled", "Replace", "Strip", "Prepend", "Lowercase", "Nmt"}
PRE_TOKENIZERS = {"Metaspace", "WhitespaceSplit"}
POST_PROCESSORS = {"TemplateProcessing"}


def describe(tokenizer: object, name: str, folder: Path) -> dict:
    """Writes tokenizer.json and returns the `text.tokenizer` part of model.json.

    tokenizer.json holds every step but the padding, which is open_clip's, and the pieces with the scores that the
    tokenizer has in memory. `tokenizers` would change some of their last bits when it reads the file, so they are
    marked as exact. Raises SystemExit when there is a step that is not known.
    """
    return describe_file(tokenizer, name, folder, "unigram", PRE_TOKENIZERS) | {"exact_scores": True}


def describe_file(tokenizer: object, name: str, folder: Path, kind: str, pre_tokenizers: set[str]) -> dict:
    """Does so for a tokenizer of any kind, whose model is not looked at."""
    parts = json.loads(tokenizer.backend_tokenizer.to_str()) | {"padding": None, "truncation": None}
    normalizers = _steps(parts["normalizer"], "normalizers")
    divisions = _steps(parts["pre_tokenizer"], "pretokenizers")
    _require_known(normalizers, NORMALIZERS, name)
    _require_known(divisions, pre_tokenizers, name)
    _require_known(_steps(parts["post_processor"], "processors"), POST_PROCESSORS, name)
    forms = sorted(FORMS.intersection(step["type"] for step in normalizers))
    if forms and any(step.get("prepend_scheme") == "first" for step in divisions):
        raise SystemExit(f"error: the tokenizer {name} cannot be exported: the prepend_scheme 'first' of its step "
                         f"Metaspace is not supported together with the step {', '.join(forms)}")
    (folder / VOCABULARY_FILE).write_text(json.dumps(parts, ensure_ascii=False), encoding="utf-8")
    return {
        "kind": kind,
        "vocabulary": VOCABULARY_FILE,
        "padding_token": tokenizer.pad_token,
        "separator_token": tokenizer.sep_token,
    }


def _steps(part: dict | None, members: str) -> list[dict]:
    """A part's steps."""
    if part is None:
        return []
    return part[members] if part["type"] == "Sequence" else [part]


def _require_known(steps: list[dict], known: set[str], name: str) -> None:
    if unknown := sorted({step["type"] for step in steps} - known):
        raise SystemExit(f"error: the tokenizer {name} cannot be exported: it has the step {', '.join(unknown)}, and "
                         f"only {', '.join(sorted(known))} are supported there")
