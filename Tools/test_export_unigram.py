#!/usr/bin/env python3
"""What the exporter of Unigram tokenizers writes, and what it refuses."""

import json
import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

sys.path.insert(0, str(Path(__file__).resolve().parent))
from openclip_export import unigram  # noqa: E402

INEXACT = -9.543760859235931
"""A score whose last bit changes when `tokenizers` reads it from a file."""


class Export(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def describe(self, scheme: str, normalizer: object) -> dict:
        backend = Tokenizer(models.Unigram([("<unk>", 0.0), ("a", INEXACT)], unk_id=0, byte_fallback=False))
        backend.normalizer = normalizer
        backend.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=scheme)
        backend.enable_truncation(4)
        backend.enable_padding()
        tokenizer = SimpleNamespace(backend_tokenizer=backend, pad_token="<unk>", sep_token=None)
        return unigram.describe(tokenizer, "T", self.folder)

    def written(self) -> dict:
        return json.loads((self.folder / "tokenizer.json").read_text(encoding="utf-8"))

    def test_scores_are_those_in_memory_and_marked(self) -> None:
        description = self.describe("always", normalizers.NFKC())
        vocabulary = self.written()["model"]["vocab"]
        read = json.loads(Tokenizer.from_file(str(self.folder / "tokenizer.json")).to_str())["model"]["vocab"]
        self.assertIs(description["exact_scores"], True)
        self.assertEqual(vocabulary[1], ["a", INEXACT])
        self.assertNotEqual(read[1], vocabulary[1])

    def test_truncation_and_padding_are_left_to_open_clip(self) -> None:
        self.describe("first", normalizers.Lowercase())
        self.assertIsNone(self.written()["truncation"])
        self.assertIsNone(self.written()["padding"])

    def test_a_prefix_on_the_first_word_after_a_normal_form_is_refused(self) -> None:
        for normalizer in (normalizers.NFKC(), normalizers.Sequence([normalizers.Lowercase(), normalizers.NFD()])):
            with self.assertRaisesRegex(SystemExit, "tokenizer T cannot be exported: the prepend_scheme 'first'.*NF"):
                self.describe("first", normalizer)
            self.assertFalse((self.folder / "tokenizer.json").exists())


if __name__ == "__main__":
    unittest.main()
