"""Small `tokenizer.json` files to start from: one of each kind, and one for each part that is supported or refused.

The fixtures of the tests have thousands of pieces, and take as long as a hundred of these.
"""

import json
from collections.abc import Iterator

LETTERS = list("abcdefghijklmnopqrstuvwxyzAP.\u00e9")
WORDS = ["\u2581", "\u2581a", "\u2581photo", "photo", "\u2581cat", "at", "\u2581of"]
SPECIAL = ["<pad>", "</s>", "<unk>"]
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def _token(content: str, number: int, **fields: bool) -> dict[str, object]:
    return {"id": number, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
            "special": True} | fields


TEMPLATE = {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
            "pair": [], "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}}
METASPACE = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
REPLACE = {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}
SPLIT = {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False}
FILE = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [_token(text, number) for number, text in enumerate(SPECIAL)],
        "normalizer": None, "pre_tokenizer": METASPACE, "post_processor": TEMPLATE, "decoder": None}
PIECES = SPECIAL + WORDS + LETTERS
UNIGRAM = {"type": "Unigram", "unk_id": 2, "byte_fallback": False,
           "vocab": [[piece, -0.5 * number] for number, piece in enumerate(PIECES)]}
MERGES = [["a", "t"], ["\u2581", "a"], ["c", "at"], ["p", "h"]]
BYTE_PAIR = {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None,
             "fuse_unk": True, "byte_fallback": False, "ignore_merges": False,
             "vocab": {piece: number for number, piece in enumerate([*PIECES, "cat", "ph"])}, "merges": MERGES}
PARTS = [
    *({"normalizer": normalizer} for normalizer in (
        *({"type": kind} for kind in ("Lowercase", "Nmt", "NFC", "NFD", "NFKC", "NFKD", "Unknown", "Replace", "Prepend", "Precompiled")),
        {"type": "Prepend", "prepend": "\u2581"}, {"type": "Strip", "strip_left": True, "strip_right": False}, REPLACE,
        {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}, {"type": "Replace", "pattern": {"Regex": "a+"}, "content": ""},
        {"type": "Replace", "pattern": {"Regex": "a|b"}, "content": ""}, {"type": "Precompiled", "precompiled_charsmap": "AAAA"},
        {"type": "Sequence", "normalizers": [{"type": "Strip", "strip_left": True, "strip_right": True}, REPLACE]})),
    *({"pre_tokenizer": divider} for divider in (
        None, SPLIT, SPLIT | {"invert": True}, {"type": "WhitespaceSplit"}, {"type": "ByteLevel"}, METASPACE | {"replacement": "__"},
        METASPACE | {"prepend_scheme": "first"}, METASPACE | {"prepend_scheme": "never", "split": False}, METASPACE | {"prepend_scheme": "x"},
        METASPACE | {"add_prefix_space": False}, {"type": "Metaspace", "replacement": "_", "add_prefix_space": False},
        *({"type": "Sequence", "pretokenizers": parts} for parts in (
            [{"type": "WhitespaceSplit"}, METASPACE], [SPLIT, METASPACE], [METASPACE, SPLIT], [METASPACE, METASPACE])))),
    {"normalizer": {"type": "NFKC"}, "pre_tokenizer": METASPACE | {"prepend_scheme": "first"}},
    *({"post_processor": template} for template in (
        None, {"type": "BertProcessing"}, TEMPLATE | {"special_tokens": {}}, TEMPLATE | {"single": [{"SpecialToken": {"id": "</s>"}}]},
        TEMPLATE | {"special_tokens": {"</s>": {"id": "</s>", "ids": [99999], "tokens": ["</s>"]}}},
        TEMPLATE | {"single": [{"SpecialToken": {"id": "</s>"}}] * 20 + TEMPLATE["single"]})),
    {"version": "2.0"}, {"truncation": {"direction": "Left", "max_length": 4, "strategy": "LongestFirst", "stride": 0}},
    *({"padding": {"strategy": "BatchLongest", "direction": side, "pad_to_multiple_of": multiple, "pad_id": 0, "pad_type_id": 0,
                   "pad_token": token}} for side, multiple, token in (
                       ("Right", None, "<pad>"), ("Left", None, "<pad>"), ("Right", 8, "<pad>"), ("Right", None, "[PAD]"))),
    *({"added_tokens": FILE["added_tokens"] + more} for more in (
        [_token("cat", 40, single_word=True, lstrip=True, rstrip=True)], [_token("A", 41, normalized=True), _token("a", 42, normalized=True)],
        [_token("</s>", 1)], [_token("\u2581", 3, normalized=True)], [_token("", 43)], [_token("photo", 99999)])),
    {"added_tokens": FILE["added_tokens"] + [_token(" ", 44, normalized=True)],
     "normalizer": {"type": "Strip", "strip_left": True, "strip_right": True}},
]


def _files(model: dict[str, object], models: list[dict[str, object]]) -> Iterator[bytes]:
    for part in PARTS:
        yield json.dumps(FILE | part | {"model": model}, ensure_ascii=False).encode()
    for other in models:
        yield json.dumps(FILE | {"model": other}, ensure_ascii=False).encode()


def unigrams() -> Iterator[bytes]:
    yield from _files(UNIGRAM, [
        UNIGRAM, BYTE_PAIR, {"type": "WordPiece"}, UNIGRAM | {"unk_id": None}, UNIGRAM | {"unk_id": 99999}, UNIGRAM | {"vocab": []},
        UNIGRAM | {"vocab": [["a", 0], ["a", 0], ["<unk>", -1e308]]}, UNIGRAM | {"byte_fallback": True},
        UNIGRAM | {"byte_fallback": True, "vocab": UNIGRAM["vocab"] + [[byte, 0] for byte in BYTES]}])


def byte_pairs() -> Iterator[bytes]:
    vocabulary = BYTE_PAIR["vocab"]
    yield from _files(BYTE_PAIR, [
        BYTE_PAIR, UNIGRAM, BYTE_PAIR | {"merges": ["a t", "\u2581 a", "c at"]}, BYTE_PAIR | {"unk_token": None}, BYTE_PAIR | {"unk_token": "?"},
        *(BYTE_PAIR | {field: value} for field, value in (
            ("dropout", 0.5), ("continuing_subword_prefix", "##"), ("end_of_word_suffix", "</w>"), ("ignore_merges", True))),
        *(BYTE_PAIR | {"vocab": value} for value in ([], {"a": 0.5}, {"a": 1}, {"a": 0, "b": 0}, vocabulary | {"x" * 9: "1"})),
        *(BYTE_PAIR | {"merges": value} for value in ({}, [["a", "a"]], [["a"]], ["a"], [1], [["a", "t", "c"]], [{"a": [1, None]}])),
        {key: value for key, value in BYTE_PAIR.items() if key != "vocab"}, {key: value for key, value in BYTE_PAIR.items() if key != "merges"},
        BYTE_PAIR | {"byte_fallback": True, "vocab": vocabulary | {byte: len(vocabulary) + number for number, byte in enumerate(BYTES)}}])
    escaped = json.dumps(FILE | {"model": BYTE_PAIR | {"vocab": vocabulary | {"\U0001f600": len(vocabulary)}}}).encode()
    yield from (escaped, escaped.replace(b"\\ude00", b"\\u0061"), escaped.replace(b"\\u2581", b"\\u25g1"), escaped.replace(b"\\ud83d", b""),
                escaped[:-9], json.dumps(FILE | {"model": BYTE_PAIR}, indent=1).encode())
