"""Two-tower models of transformers in the form that the export expects, and as transformers itself runs them."""

from openclip_export.transformers_tokenizer import TransformersTokenizer
from torch import Tensor, nn
from torch.nn import functional as F


class Reference:
    """The unchanged model: `get_image_features` and `get_text_features`."""

    def __init__(self, network: nn.Module, tokenizer: TransformersTokenizer) -> None:
        self._network, self._tokenizer = network, tokenizer

    def encode_image(self, images: Tensor, normalize: bool = False) -> Tensor:
        vectors = self._network.get_image_features(pixel_values=images).pooler_output
        return F.normalize(vectors, dim=-1) if normalize else vectors

    def encode_text(self, ids: Tensor, normalize: bool = False) -> Tensor:
        vectors = self._network.get_text_features(input_ids=ids, attention_mask=self._tokenizer.mask(ids)).pooler_output
        return F.normalize(vectors, dim=-1) if normalize else vectors


class TransformersModel(nn.Module):
    """The towers of a model, with the names that open_clip gives them."""

    def __init__(self, network: nn.Module, tokenizer: TransformersTokenizer) -> None:
        super().__init__()
        self.visual = ImageFeatures(network)
        self.text = TextFeatures(network, tokenizer)
        self.logit_scale = network.logit_scale
        self.logit_bias = getattr(network, "logit_bias", None)

    def encode_image(self, images: Tensor, normalize: bool = False) -> Tensor:
        vectors = self.visual(images)
        return F.normalize(vectors, dim=-1) if normalize else vectors

    def encode_text(self, ids: Tensor, normalize: bool = False) -> Tensor:
        vectors = self.text(ids)
        return F.normalize(vectors, dim=-1) if normalize else vectors


class ImageFeatures(nn.Module):
    """Images, [B, 3, H, W], to vectors, [B, D], that are not normalised."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.tower = network.vision_model
        self.projection = getattr(network, "visual_projection", nn.Identity())

    def forward(self, images: Tensor) -> Tensor:
        return self.projection(self.tower(pixel_values=images).pooler_output)


class TextFeatures(nn.Module):
    """Token ids, [B, L], to vectors, [B, D], that are not normalised."""

    def __init__(self, network: nn.Module, tokenizer: TransformersTokenizer) -> None:
        super().__init__()
        self.tower = network.text_model
        self.projection = getattr(network, "text_projection", nn.Identity())
        self._uses_first = network.config.model_type in ("chinese_clip", "altclip")
        # A causal tower reads the vector of the end token, which sees no padding.
        self._mask = tokenizer.mask if network.config.model_type != "clip" else lambda ids: None

    def forward(self, ids: Tensor) -> Tensor:
        output = self.tower(input_ids=ids, attention_mask=self._mask(ids))
        return self.projection(output.last_hidden_state[:, 0] if self._uses_first else output.pooler_output)
