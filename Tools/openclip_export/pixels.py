"""Vision transformers that take pixels: scaling, patch embedding and positions as one operator."""

import torch
from open_clip.timm_model import TimmModel
from open_clip.transformer import VisionTransformer
from openclip_export.attention import linear
from openclip_export.calibration import Range
from openclip_export.operators import Linear, Patches, layer
from timm.layers import PatchEmbed
from timm.models.vision_transformer import VisionTransformer as TimmTransformer
from torch import Tensor, nn


class PixelTransformer(VisionTransformer):
    """open_clip's vision transformer with `patches` in place of its convolution, and `projection` as a layer."""

    def forward(self, x: Tensor) -> Tensor:
        tokens = self.transformer(self.ln_pre(self.patches(x)))
        return self.projection(self._pool(tokens)[0])


class PixelTimmTransformer(TimmTransformer):
    """timm's vision transformer whose patch embedding includes the class token and positions."""

    def _pos_embed(self, x: Tensor) -> Tensor:
        return x


class PixelEmbeddings(nn.Module):
    """The embeddings of transformers' vision towers: patches, class token and positions."""

    def __init__(self, patches: Patches) -> None:
        super().__init__()
        self.patches = patches

    def forward(self, pixels: Tensor, **_: object) -> Tensor:
        return self.patches(pixels)


def take_pixels(visual: nn.Module, scale: Tensor, offset: Tensor) -> bool:
    """Changes a vision transformer, in place, to take uint8 [images, H, W, 3] pixels; False if it is of another kind.

    The model's own input is pixels · scale + offset, [3] each.
    """
    if type(visual) is VisionTransformer and visual.conv1.bias is None and not visual.output_tokens:
        positions = visual.positional_embedding.detach().float().clone()
        positions[0] += visual.class_embedding.detach()
        if (patches := _patches(visual.conv1, positions, True, scale, offset)) is None:
            return False
        visual.patches = patches
        visual.projection = nn.Identity() if visual.proj is None else Linear(layer(linear(visual.proj.T, None), None), "none")
        del visual.conv1, visual.proj
        visual.__class__ = PixelTransformer
        return True
    if isinstance(getattr(visual, "tower", None), nn.Module):
        return _take_pixels_in_transformers(visual.tower, scale, offset)
    trunk = visual.trunk if isinstance(visual, TimmModel) else None
    if type(trunk) is not TimmTransformer or type(trunk.patch_embed) is not PatchEmbed or not _has_plain_positions(trunk):
        return False
    positions = trunk.pos_embed.detach()[0].float().clone()
    if trunk.cls_token is not None:
        token = trunk.cls_token.detach()[0].float()
        positions = torch.cat([token, positions]) if trunk.no_embed_class else positions + torch.cat(
            [token, torch.zeros_like(positions[1:])])
    patches = _patches(trunk.patch_embed.proj, positions, trunk.cls_token is not None, scale, offset)
    if patches is None:
        return False
    trunk.patch_embed = patches
    trunk.__class__ = PixelTimmTransformer
    return True


def _take_pixels_in_transformers(tower: nn.Module, scale: Tensor, offset: Tensor) -> bool:
    positions = tower.embeddings.position_embedding.weight.detach().float().clone()
    if (token := getattr(tower.embeddings, "class_embedding", None)) is not None:
        positions[0] += token.detach()
    patches = _patches(tower.embeddings.patch_embedding, positions, token is not None, scale, offset)
    if patches is None:
        return False
    tower.embeddings = PixelEmbeddings(patches)
    return True


def _has_plain_positions(trunk: TimmTransformer) -> bool:
    return (trunk.pos_embed is not None and trunk.reg_token is None and not trunk.dynamic_img_size
            and isinstance(trunk.patch_embed.norm, nn.Identity))


def _patches(convolution: nn.Conv2d, positions: Tensor, has_class_token: bool, scale: Tensor, offset: Tensor) -> Patches | None:
    side = convolution.kernel_size[0]
    if convolution.kernel_size != (side, side) or convolution.stride != (side, side) or convolution.padding != (0, 0):
        return None
    weight = convolution.weight.detach().double()  # [columns, 3, side, side]
    bias = (weight * offset.double()[:, None, None]).sum(dim=(1, 2, 3))
    if convolution.bias is not None:
        bias += convolution.bias.detach().double()
    scaled = (weight * scale.double()[:, None, None]).permute(0, 2, 3, 1).reshape(len(weight), -1)
    pixels = Range(torch.zeros(scaled.shape[1]), torch.full([scaled.shape[1]], 255.0))
    return Patches(layer(linear(scaled.float(), bias.float()), pixels), side, positions.contiguous(), has_class_token)
