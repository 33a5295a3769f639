"""SentencePiece's byte-pair tokenizers over characters, as Gemma and SigLIP 2 have them."""

import json
from pathlib import Path

from openclip_export import unigram

PRE_TOKENIZERS = unigram.PRE_TOKENIZERS | {"Split"}
UNSUPPORTED = ("dropout", "continuing_subword_prefix", "end_of_word_suffix", "ignore_merges")


def describe(tokenizer: object, name: str, folder: Path) -> dict:
    """Writes tokenizer.json and returns the `text.tokenizer` part of model.json.

    Raises SystemExit when the tokenizer has a step or an option that is not known, as byte-level ones do.
    """
    parts = json.loads(tokenizer.backend_tokenizer.to_str())
    if used := [option for option in UNSUPPORTED if parts["model"].get(option)]:
        raise SystemExit(f"error: the tokenizer {name} cannot be exported: its byte-pair model uses {', '.join(used)}")
    vocabulary = parts["model"]["vocab"]
    if parts["model"]["unk_token"] not in vocabulary or sorted(vocabulary.values()) != list(range(len(vocabulary))):
        raise SystemExit(f"error: the tokenizer {name} cannot be exported: its byte-pair model has no unknown "
                         "token, or ids with gaps")
    steps = parts["pre_tokenizer"] or {}
    if any(step.get("type") == "Split" and not _ends_words(step) for step in steps.get("pretokenizers", [steps])):
        raise SystemExit(f"error: the tokenizer {name} cannot be exported: its step Split is only supported with a "
                         "string as its pattern and the behavior MergedWithPrevious")
    return unigram.describe_file(tokenizer, name, folder, "sentencepiece-bpe", PRE_TOKENIZERS)


def _ends_words(split: dict) -> bool:
    return "String" in split["pattern"] and split["behavior"] == "MergedWithPrevious" and not split["invert"]
