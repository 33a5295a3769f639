"""The tokenizer of a folder of transformers."""

from pathlib import Path

import torch
from openclip_export.messages import summary
from torch import Tensor
from transformers import AutoTokenizer


class TransformersTokenizer:
    """Texts to token ids, padded to the context length, as the model's own tokenizer gives them."""

    def __init__(self, folder: Path, longest: int) -> None:
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        except Exception as error:  # whatever transformers and tokenizers raise for missing or damaged files
            raise SystemExit(f"error: the tokenizer in '{folder}' cannot be loaded: {summary(error)}; "
                             "copy all its files (tokenizer.json, tokenizer_config.json, …) into the folder") from error
        if self.tokenizer.pad_token_id is None:
            raise SystemExit(f"error: the tokenizer in '{folder}' has no pad_token; add it to tokenizer_config.json")
        self.context_length = min(longest, self.tokenizer.model_max_length)
        self.uses_mask = "attention_mask" in self.tokenizer.model_input_names

    def __call__(self, texts: list[str]) -> Tensor:
        """Token ids, int64 [texts, context length]; raises SystemExit if the mask cannot be told from the ids."""
        encoded = self.tokenizer(texts, padding="max_length", truncation=True, max_length=self.context_length,
                                 return_tensors="pt")
        ids = encoded["input_ids"]
        if self.uses_mask and not torch.equal(self.mask(ids), encoded["attention_mask"]):
            raise SystemExit("error: this tokenizer masks tokens other than the padding, which cannot be exported")
        return ids

    def mask(self, ids: Tensor) -> Tensor | None:
        """Which tokens are no padding, int64 [texts, context length]; None for models that see the padding.

        Where the end token is the padding token, too, the first of them belongs to the text.
        """
        if not self.uses_mask:
            return None
        is_padding = (ids == self.tokenizer.pad_token_id).long()
        if self.tokenizer.pad_token_id != self.tokenizer.eos_token_id:
            return 1 - is_padding
        return (is_padding.cumsum(dim=1) <= 1).long()

    def real_length(self, text: str) -> int:
        """The number of a text's tokens, cut to the context length, without padding."""
        return len(self.tokenizer(text, truncation=True, max_length=self.context_length)["input_ids"])
