"""Small tokenizers of the kinds that models use, trained on `test_configs/corpus.txt`."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from open_clip.tokenizer import SimpleTokenizer
from sentencepiece import SentencePieceTrainer
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import (
    BertTokenizer, CLIPTokenizer, GemmaTokenizer, PreTrainedTokenizerBase, SiglipTokenizer, T5Tokenizer,
    XLMRobertaTokenizer,
)

CORPUS = (Path(__file__).resolve().parent / "test_configs" / "corpus.txt").read_text(encoding="utf-8").splitlines()
VOCABULARY_SIZE = 500


def wordpiece() -> PreTrainedTokenizerBase:
    """BERT's kind, lower case."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(CORPUS, trainers.WordPieceTrainer(
        vocab_size=VOCABULARY_SIZE, special_tokens=special, show_progress=False))
    return BertTokenizer(vocab=tokenizer.get_vocab())


def unigram_t5() -> PreTrainedTokenizerBase:
    """T5's and SigLIP's kind: the text, then an end token, which also fills it up."""
    return T5Tokenizer(vocab=_unigram_pieces(["<pad>", "</s>", "<unk>"]), extra_ids=0, pad_token="</s>")


def unigram_xlm_roberta() -> PreTrainedTokenizerBase:
    """XLM-R's kind: a start token, the text, an end token."""
    return XLMRobertaTokenizer(vocab=_unigram_pieces(["<s>", "<pad>", "</s>", "<unk>", "<mask>"]))


def sentencepiece_bpe() -> PreTrainedTokenizerBase:
    """Gemma's and SigLIP 2's kind: the text, then an end token; characters that are not known become bytes."""
    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", *(f"<0x{byte:02X}>" for byte in range(256))]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=VOCABULARY_SIZE, special_tokens=special, show_progress=False))
    model = json.loads(tokenizer.to_str())["model"]
    return GemmaTokenizer(vocab=model["vocab"], merges=[tuple(merge) for merge in model["merges"]],
                          add_bos_token=False, add_eos_token=True, padding_side="right")


def siglip() -> PreTrainedTokenizerBase:
    """SigLIP's own: SentencePiece on lower-cased text without punctuation."""
    with tempfile.TemporaryDirectory() as folder:
        SentencePieceTrainer.train(
            sentence_iterator=iter([line.lower() for line in CORPUS] + ["< > u n k"]), model_prefix=f"{folder}/spiece",
            vocab_size=VOCABULARY_SIZE, hard_vocab_limit=False, pad_id=0, eos_id=1, unk_id=2, bos_id=-1, minloglevel=2)
        return SiglipTokenizer(f"{folder}/spiece.model", model_input_names=["input_ids"])


def clip(start: str | AddedToken = "<|startoftext|>") -> PreTrainedTokenizerBase:
    """CLIP's own vocabulary, which is not small, as transformers has it."""
    simple = SimpleTokenizer()
    special = dict(zip(simple.all_special_ids, (str(start), "<|endoftext|>")))
    return CLIPTokenizer(vocab={special.get(index, token): index for token, index in simple.encoder.items()},
                         merges=list(simple.bpe_ranks), bos_token=start, model_max_length=77)


def clip_normalized() -> PreTrainedTokenizerBase:
    """The same as in the folders of OpenAI's models: the start token is found in lower-cased text."""
    return clip(AddedToken("<|startoftext|>", normalized=True, special=True))


TOKENIZERS: dict[str, Callable[[], PreTrainedTokenizerBase]] = {
    "wordpiece": wordpiece, "unigram-t5": unigram_t5, "unigram-xlm-roberta": unigram_xlm_roberta,
    "sentencepiece-bpe": sentencepiece_bpe, "siglip": siglip, "clip": clip, "clip-normalized": clip_normalized,
}


def _unigram_pieces(special: list[str]) -> list[tuple[str, float]]:
    """Pieces with their log probabilities, the special tokens first."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.train_from_iterator(CORPUS, trainers.UnigramTrainer(
        vocab_size=VOCABULARY_SIZE, special_tokens=special, unk_token="<unk>", show_progress=False))
    return [tuple(piece) for piece in json.loads(tokenizer.to_str())["model"]["vocab"]]
