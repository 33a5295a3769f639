"""Token ids of `clip-cli tokenize` against the model's own tokenizer."""

import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from open_clip import IMAGENET_CLASSNAMES, OPENAI_IMAGENET_TEMPLATES
from parity.tool import Tool, require

sys.path.append(str(Path(__file__).resolve().parent.parent / "fixtures"))
from make_text_fixtures import texts  # noqa: E402

LINE_BREAKS = frozenset("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


def corpus(count: int) -> list[str]:
    """`count` adversarial texts and every ImageNet class name in every template: what one line can hold.

    Code points that this Python's Unicode does not assign are left out: each library's version of Unicode classifies
    them in its own way.
    """
    def candidates() -> Iterator[str]:
        yield from texts(count)
        for template in OPENAI_IMAGENET_TEMPLATES:
            yield from map(template, IMAGENET_CLASSNAMES)

    return [text for text in candidates()
            if not LINE_BREAKS.intersection(text) and not any(unicodedata.category(c) in ("Cn", "Cs") for c in text)]


def without_differences_of_sentencepiece(lines: list[str]) -> list[str]:
    """The texts without those for which SentencePiece itself and `tokenizers` differ, as Docs/ExportingModels.md says:
    with combining marks, a joiner, a capital sigma, or the end token."""
    return [text for text in lines if not any(part in text for part in ("\u200d", "\u03a3", "</s>"))
            and not any(unicodedata.category(character).startswith("M") for character in text)]


def check(tool: Tool, bundle: Path, tokenizer: object, lines: list[str]) -> int:
    """Requires equal ids for every text; returns how many were compared."""
    output = tool.run("tokenize", "--model", bundle, "--json", "-", text="\n".join(lines) + "\n")
    rows = [json.loads(line) for line in output.split("\n") if line]
    require(len(rows) == len(lines), f"{bundle.name}: {len(lines)} texts gave {len(rows)} rows")
    expected = tokenizer(lines).tolist()
    for row, text, reference in zip(rows, lines, expected):
        ids = row["ids"]
        require(row["text"] == text, f"{bundle.name}: {text!r} was read as {row['text']!r}")
        padding = reference[len(ids):]
        require(reference[:len(ids)] == ids and len(set(padding)) < 2,
                f"{bundle.name}: {text!r} gave {ids}, the reference is {reference}")
    return len(rows)
