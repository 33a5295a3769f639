"""CLIP's byte-pair tokenizer, as open_clip and as transformers have it."""

import json
from pathlib import Path

from open_clip.tokenizer import SimpleTokenizer, bytes_to_unicode

MERGE_COUNT = 48_894
MERGES_FILE = "bpe_simple_vocab_16e6.txt"
WORD_END = "</w>"
EXPECTED_MODEL = {"end_of_word_suffix": WORD_END, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False}
EXPECTED_STEPS = {
    "normalizers": ["NFC", {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}, "Lowercase"],
    "pretokenizers": [{"type": "Split", "behavior": "Removed", "invert": True},
                      {"type": "ByteLevel", "add_prefix_space": False}],
}
WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
"""How texts are split into words, after the special tokens."""


def describe_simple(tokenizer: SimpleTokenizer, folder: Path) -> dict:
    """Writes the merges of open_clip's tokenizer and returns the `text.tokenizer` part of model.json."""
    if tokenizer.reduction_fn is not None:
        raise SystemExit("error: this model's tokenizer leaves out tokens at random (reduction_mask), which is for "
                         "training; remove it from the configuration's tokenizer_kwargs")
    if len(tokenizer.bpe_ranks) != MERGE_COUNT or len(tokenizer.all_special_ids) != 2:
        raise SystemExit("error: this model's SimpleTokenizer has its own merges or special tokens; only CLIP's "
                         "vocabulary can be exported")
    return _write(list(tokenizer.bpe_ranks), folder)


def describe(tokenizer: object, name: str, folder: Path) -> dict:
    """Writes the merges of transformers' tokenizer and returns the `text.tokenizer` part of model.json.

    It treats texts in another way than open_clip's: it repairs nothing, and finds its special tokens as they are spelled.
    Raises SystemExit when it is not CLIP's.
    """
    parts = json.loads(tokenizer.backend_tokenizer.to_str())
    merges = [tuple(merge) for merge in parts["model"]["merges"]]
    special = tokenizer.bos_token, tokenizer.eos_token

    def require(condition: bool, what: str) -> None:
        if not condition:
            raise SystemExit(f"error: the tokenizer {name} cannot be exported: its {what} is not that of CLIP")

    require(EXPECTED_MODEL.items() <= parts["model"].items(), "model")
    require(_fits(parts["normalizer"], "normalizers"), "normalizer")
    require(_fits(parts["pre_tokenizer"], "pretokenizers") and _splits_words(parts["pre_tokenizer"]), "pre-tokenizer")
    require(len(merges) == MERGE_COUNT and parts["model"]["vocab"] == _vocabulary(merges, special), "vocabulary")
    require({token["content"] for token in parts["added_tokens"]} == set(special), "list of added tokens")
    require(not any(token[flag] for token in parts["added_tokens"] for flag in ("single_word", "lstrip", "rstrip")),
            "handling of added tokens")
    require(tokenizer.pad_token in parts["model"]["vocab"], "padding token")
    ends = [tokenizer.bos_token_id, tokenizer.eos_token_id]
    require(tokenizer("")["input_ids"] == ends, "post-processor")
    return _write(merges, folder) | {
        "convention": "transformers", "start_token": special[0], "end_token": special[1],
        "padding_token": tokenizer.pad_token,
        "normalized_tokens": [token["content"] for token in parts["added_tokens"] if token["normalized"]],
    }


def _write(merges: list[tuple[str, str]], folder: Path) -> dict:
    lines = ["#version: 0.2", *(" ".join(merge) for merge in merges)]
    (folder / MERGES_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {"kind": "clip-bpe", "vocabulary": MERGES_FILE}


def _vocabulary(merges: list[tuple[str, str]], special: tuple[str, str]) -> dict[str, int]:
    """The ids: bytes, bytes that end a word, merges, start, end."""
    alphabet = list(bytes_to_unicode().values())
    pieces = [*alphabet, *(byte + WORD_END for byte in alphabet), *("".join(merge) for merge in merges), *special]
    return {piece: index for index, piece in enumerate(pieces)}


def _fits(part: dict | None, members: str) -> bool:
    """Whether a part has the expected steps, each with at least the expected fields."""
    steps = [] if part is None else part.get(members, [part])
    expected = [{"type": step} if isinstance(step, str) else step for step in EXPECTED_STEPS[members]]
    return len(steps) == len(expected) and all(want.items() <= step.items() for want, step in zip(expected, steps))


def _splits_words(part: dict) -> bool:
    return part["pretokenizers"][0]["pattern"].get("Regex", "").endswith(WORDS)
