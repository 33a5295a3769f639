"""Token ids of random texts, for every kind of tokenizer, against open_clip, transformers and tokenizers."""

import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from differential.bundles import write_bundle
from parity.tokens import LINE_BREAKS
from parity.tool import Tool, require
from tokenizers import Tokenizer
from transformers import BertTokenizer

sys.path.append(str(Path(__file__).resolve().parent.parent / "fixtures"))
import make_text_fixtures as references  # noqa: E402
from make_sentencepiece_bpe_fixtures import PARTS  # noqa: E402

FIXTURES = references.FIXTURES
CONTEXT = 64
FILES = {
    "unigram-t5": ("unigram", "unigram_t5.json", "</s>"), "unigram-xlmr": ("unigram", "unigram_xlmr.json", "<pad>"),
    "unigram-bytes": ("unigram", "unigram_bytes.json", "</s>"),
    "sentencepiece-bpe-gemma": ("sentencepiece-bpe", "sentencepiece_bpe/gemma.json", "<pad>"),
    "sentencepiece-bpe-partial": ("sentencepiece-bpe", "sentencepiece_bpe/partial.json", "<pad>"),
}
"""By name: the kind, the file, and the token that pads."""


def random_texts(count: int, seed: int) -> list[str]:
    """Texts of the kinds that the fixtures have, and of the tokenizers' own parts: what one line can hold."""
    generator = random.Random(seed)
    kinds, weights = zip(*references.KINDS, (lambda generator: "".join(generator.choices(PARTS, k=generator.randint(1, 40))), 15),
                         strict=True)

    def texts() -> Iterator[str]:
        while True:
            text = generator.choices(kinds, weights)[0](generator)
            # Texts of two kinds meet in one, too.
            if generator.random() < 0.2:
                text += generator.choices(kinds, weights)[0](generator)
            if not LINE_BREAKS.intersection(text):
                yield text

    return [text for text, _ in zip(texts(), range(count))]


def tokenizers(folder: Path) -> Iterator[tuple[Path, Callable[[str], list[int]]]]:
    """A bundle for each tokenizer, and the reference."""
    merges, words = FIXTURES / "bpe_merges.txt", FIXTURES / "wordpiece_vocab.txt"
    clip = references.open_clip_tokenizer.SimpleTokenizer(bpe_path=str(references.BPE_FILE), context_length=references.BPE_CONTEXT)
    yield (write_bundle(folder / "clip-bpe", merges, {"kind": "clip-bpe"}, references.BPE_CONTEXT, "lower"),
           lambda text: clip(text)[0].tolist()[:len(clip.encode(text)) + 2])
    for name, is_normalized in (("clip-bpe-transformers", False), ("clip-bpe-transformers-normalized", True)):
        tokens = ["<|startoftext|>"] if is_normalized else []
        fields = {"kind": "clip-bpe", "convention": "transformers", "normalized_tokens": tokens}
        yield (write_bundle(folder / name, merges, fields, references.BPE_CONTEXT),
               _truncated(references.clip_of_transformers(clip, is_normalized), references.BPE_CONTEXT))
    vocabulary = {line: index for index, line in enumerate(words.read_text().splitlines())}
    for name, lowercases in (("wordpiece", True), ("wordpiece-cased", False)):
        bert = BertTokenizer(vocab=vocabulary, do_lower_case=lowercases)
        yield (write_bundle(folder / name, words, {"kind": "wordpiece", "lowercase": lowercases}, CONTEXT), _truncated(bert, CONTEXT))
    for name, (kind, file, padding) in FILES.items():
        reference = Tokenizer.from_file(str(FIXTURES / file))
        reference.enable_truncation(CONTEXT)
        yield (write_bundle(folder / name, FIXTURES / file, {"kind": kind, "padding_token": padding}, CONTEXT),
               lambda text, reference=reference: reference.encode(text).ids)


def _truncated(tokenizer: object, length: int) -> Callable[[str], list[int]]:
    return lambda text: tokenizer(text, truncation=True, max_length=length)["input_ids"]


def check(tool: Tool, bundle: Path, reference: Callable[[str], list[int]], texts: list[str]) -> None:
    """Requires equal ids for every text."""
    output = tool.run("tokenize", "--model", bundle, "--json", "-", text="\n".join(texts) + "\n")
    rows = [json.loads(line) for line in output.split("\n") if line]
    require(len(rows) == len(texts), f"{bundle.name}: {len(texts)} texts gave {len(rows)} rows")
    for row, text in zip(rows, texts, strict=True):
        require(row["text"] == text, f"{bundle.name}: {text!r} was read as {row['text']!r}")
        expected = reference(text)
        require(row["ids"] == expected, f"{bundle.name}: {text!r} gave {row['ids']}, the reference is {expected}")
