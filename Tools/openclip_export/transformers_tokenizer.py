"""The tokenizer of a folder of transformers."""

from pathlib import Path

import torch
from openclip_export.messages import summary
from openclip_export.transformers_config import require_no_code
from torch import Tensor
from transformers import AutoTokenizer

VOCABULARIES = ("tokenizer.json", "vocab.json", "vocab.txt", "spiece.model", "sentencepiece.bpe.model", "tokenizer.model")
"""Files with a vocabulary; where none is there, transformers makes a tokenizer that knows no words."""

LEAST_SHARE = 0.98
"""The share of a model's token vectors that its tokenizer uses: vocabularies are padded to multiples of numbers such as 128."""


class TransformersTokenizer:
    """Texts to token ids, padded to the context length, as the model's own tokenizer gives them."""

    def __init__(self, folder: Path, longest: int, vocabulary_size: int | None = None) -> None:
        """Loads it; raises SystemExit that says what is missing or does not fit.

        - longest: the most tokens of a text.
        - vocabulary_size: how many tokens the model has vectors for, where that is known.
        """
        require_no_code(folder, "tokenizer_config.json")
        if not any((folder / name).is_file() for name in VOCABULARIES):
            raise SystemExit(f"error: '{folder}' has no tokenizer: none of {', '.join(VOCABULARIES)}; copy its files into the "
                             "folder, with tokenizer_config.json")
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        except Exception as error:  # whatever transformers and tokenizers raise for missing or damaged files
            raise SystemExit(f"error: the tokenizer in '{folder}' cannot be loaded: {summary(error)}; "
                             "copy all its files (tokenizer.json, tokenizer_config.json, …) into the folder") from error
        if self.tokenizer.pad_token_id is None:
            raise SystemExit(f"error: the tokenizer in '{folder}' has no pad_token; add it to tokenizer_config.json")
        self._require_size(folder, vocabulary_size)
        self.context_length = min(longest, self.tokenizer.model_max_length)
        self.uses_mask = "attention_mask" in self.tokenizer.model_input_names
        self._require_padding_at_the_end()

    def __call__(self, texts: list[str]) -> Tensor:
        """Token ids, int64 [texts, context length]."""
        return self._encoded(texts)["input_ids"]

    def mask(self, ids: Tensor) -> Tensor | None:
        """Which tokens are before the padding, int64 [texts, context length]; None for models that see the padding.

        Where the end token pads, too, one of them belongs to the text.
        """
        if not self.uses_mask:
            return None
        return text_mask(ids, self.tokenizer.pad_token_id, self.tokenizer.pad_token_id == self.tokenizer.eos_token_id)

    def _encoded(self, texts: list[str]) -> dict[str, Tensor]:
        return self.tokenizer(texts, padding="max_length", truncation=True, max_length=self.context_length,
                              return_tensors="pt")

    def _require_size(self, folder: Path, expected: int | None) -> None:
        """Models have a vector for each token, and some a few more; another model's tokenizer would be told by nothing else."""
        if expected is not None and not LEAST_SHARE * expected <= (size := len(self.tokenizer)) <= expected:
            raise SystemExit(f"error: the tokenizer in '{folder}' has {size} tokens, and text_config.vocab_size in config.json is "
                             f"{expected}; copy this model's own tokenizer files")

    def _require_padding_at_the_end(self) -> None:
        encoded = self._encoded(["a", "a photo of a cat"])
        if self.uses_mask and not torch.equal(self.mask(encoded["input_ids"]), encoded["attention_mask"]):
            raise SystemExit(f"error: the tokenizer of '{self.tokenizer.name_or_path}' does not mask just the padding after a "
                             "text, which cannot be exported")

    def real_length(self, text: str) -> int:
        """The number of a text's tokens, cut to the context length, without padding."""
        return len(self.tokenizer(text, truncation=True, max_length=self.context_length)["input_ids"])


def text_mask(ids: Tensor, padding: int, ends_with_it: bool) -> Tensor:
    """Which tokens are before the padding, int64 [texts, context length]; one more where texts end with the padding's token."""
    is_text = (ids != padding).long()
    mask = (is_text.flip(1).cumsum(dim=1).flip(1) > 0).long()
    return torch.cat([torch.ones_like(mask[:, :1]), mask[:, :-1]], dim=1) if ends_with_it else mask
