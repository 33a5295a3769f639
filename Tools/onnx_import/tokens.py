"""The tokenizer that belongs to a text encoder."""

from dataclasses import dataclass
from pathlib import Path

import open_clip
from onnx_import.beside import find_beside
from onnx_import.files import OnnxFile
from onnx_import.inputs import TextInputs
from onnx_import.options import ImportOptions
from open_clip.tokenizer import HFTokenizer, SimpleTokenizer
from openclip_export.folders import OPEN_CLIP_CONFIG
from openclip_export.loading import load_tokenizer
from openclip_export.options import ExportOptions
from openclip_export.transformers_tokenizer import TransformersTokenizer, text_mask
from torch import Tensor

FILES = (OPEN_CLIP_CONFIG, "tokenizer_config.json", "tokenizer.json")
LONGEST = 4096
"""Tokens of a text; tokenizers without a limit state far more."""


@dataclass(frozen=True)
class Tokens:
    """A tokenizer, texts to int64 [texts, context length], with the ids that masks and pooling need."""

    tokenizer: object
    padding: int
    end: int | None

    @property
    def context_length(self) -> int:
        return self.tokenizer.context_length

    def mask(self, ids: Tensor) -> Tensor:
        """1 for a text's tokens and 0 for the padding, int64 [texts, context length]."""
        return text_mask(ids, self.padding, self.padding == self.end)


def find_tokenizer(options: ImportOptions, file: OnnxFile, inputs: TextInputs) -> Tokens:
    """The tokenizer that `options` name, or that is beside the encoder; raises SystemExit if none is there or it does not
    fit."""
    if inputs.length is not None and options.context_length not in (None, inputs.length):
        raise SystemExit(f"error: '{file.path}' takes texts as {inputs.ids}, and --context-length says "
                         f"{options.context_length}; leave it out")
    length = inputs.length or options.context_length
    named = options.tokenizer
    if named is None and (found := find_beside(file.path, FILES)):
        named = str(found.parent)
    if named is None:
        raise SystemExit(f"error: there is no tokenizer beside '{file.path}' or in the folder above; name a folder with "
                         "tokenizer.json and tokenizer_config.json, or an architecture of open_clip's with the same tokenizer "
                         "(ViT-B-32 for CLIP's), with --tokenizer")
    tokens = _transformers(Path(named), length) if _is_transformers(Path(named)) else _open_clip(named, length, options)
    if inputs.length is not None and tokens.context_length != inputs.length:
        raise SystemExit(f"error: '{file.path}' takes texts as {inputs.ids}, and the tokenizer '{named}' gives "
                         f"{tokens.context_length} tokens; name the one that belongs to it with --tokenizer")
    return tokens


def _is_transformers(folder: Path) -> bool:
    return folder.is_dir() and not (folder / OPEN_CLIP_CONFIG).is_file()


def _transformers(folder: Path, length: int | None) -> Tokens:
    tokenizer = TransformersTokenizer(folder, length or LONGEST)
    if length is None and tokenizer.context_length == LONGEST:
        raise SystemExit(f"error: neither the text encoder nor the tokenizer in '{folder}' limits the tokens of a text; name "
                         "the limit with --context-length")
    return Tokens(tokenizer, tokenizer.tokenizer.pad_token_id, tokenizer.tokenizer.eos_token_id)


def _open_clip(named: str, length: int | None, options: ImportOptions) -> Tokens:
    is_folder = Path(named).is_dir()
    if not is_folder and named not in open_clip.list_models():
        raise SystemExit(f"error: '{named}' is neither a folder nor an architecture of open_clip's; name one with --tokenizer")
    tokenizer = load_tokenizer(ExportOptions(model=f"local-dir:{named}" if is_folder else named, output=options.output))
    if length is not None:
        tokenizer.context_length = length
    if isinstance(tokenizer, HFTokenizer):
        return Tokens(tokenizer, tokenizer.tokenizer.pad_token_id, tokenizer.tokenizer.eos_token_id)
    if not isinstance(tokenizer, SimpleTokenizer):
        raise SystemExit(f"error: the tokenizer of '{named}' ({type(tokenizer).__name__}) cannot be used; name another with "
                         "--tokenizer")
    return Tokens(tokenizer, 0, tokenizer.eot_token_id)
