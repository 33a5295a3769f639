"""The operators against the same layers of libtorch: results, independence of neighbours, refusals, storing.

Usage: operators.py IMPLEMENTATION_LIBRARY
"""

import itertools
import sys
import tempfile
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

torch.classes.load_library(sys.argv[1])
torch.manual_seed(0)
ops, classes = torch.ops.openclip, torch.classes.openclip
ALLOWED = {"fp32": (1e-5, 1 - 1e-6), "bf16": (0.1, 0.9999), "int8": (0.2, 0.9995)}
"""The largest difference of a value and the least cosine in each precision."""
ACTIVATIONS = {"none": lambda x: x, "relu": F.relu, "gelu": F.gelu, "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
               "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x), "silu": F.silu}


class Layer:
    def __init__(self, columns: int, depth: int, bias: bool = True, range_: tuple[float, float] = (-6.0, 6.0)) -> None:
        self.weight = torch.randn(columns, depth) * depth ** -0.5
        self.bias = torch.randn(columns) * 0.1 if bias else None
        self.state = (self.weight, self.bias, list(range_))

    def __call__(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias)


class Norm:
    def __init__(self, width: int) -> None:
        self.weight, self.bias = 1 + 0.1 * torch.randn(width), 0.1 * torch.randn(width)
        self.state = (self.weight, self.bias, 1e-5)

    def __call__(self, x: Tensor) -> Tensor:
        return F.layer_norm(x, x.shape[-1:], self.weight, self.bias, 1e-5)


def attend(x: Tensor, heads: int, mask: Tensor | None) -> Tensor:
    query, key, value = (part.unflatten(-1, (heads, -1)).transpose(1, 2) for part in x.chunk(3, -1))
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask).transpose(1, 2).flatten(2)


def check(name: str, function, kind, state: tuple, x: Tensor, expected: Tensor, precision: str) -> None:
    ops.set_loading_precision(precision)
    block = kind(state)
    result = function(x, block)
    difference, cosine = ALLOWED[precision]
    found = (result - expected).abs().max().item(), F.cosine_similarity(result.flatten(), expected.flatten(), 0).item()
    assert result.shape == expected.shape and found[0] < difference and found[1] > cosine, f"{name} in {precision}: {found}"
    assert function(x[:0], block).shape == expected[:0].shape, f"{name}: no rows"
    threads = torch.get_num_threads()
    for count in range(1, len(x)):
        assert torch.equal(function(x[:count], block), result[:count]), f"{name}: {count} first rows differ"
        assert torch.equal(function(x[count:], block), result[count:]), f"{name}: {len(x) - count} last rows differ"
    for other in (1, 2, 4):
        torch.set_num_threads(other)
        assert torch.equal(function(x, block), result), f"{name}: differs on {other} threads"
    torch.set_num_threads(threads)


def refuses(what: str, body) -> None:
    try:
        body()
    except RuntimeError as error:
        assert what in str(error), f"'{what}' is not in: {error}"
        return
    raise AssertionError(f"not refused: {what}")


def check_results() -> None:
    for precision, width, tokens in itertools.product(ops.precisions(), (48,), (1, 50)):
        heads, x = 4, torch.randn(5, tokens, width)
        norm, joint, out = Norm(width), Layer(3 * width, width), Layer(width, width)
        first, second = Layer(4 * width, width), Layer(width, 4 * width, bias=False)
        causal = torch.full((tokens, tokens), float("-inf")).triu(1)
        for mask, returns_first in itertools.product((None, causal), (False, True)):
            expected = x + out(attend(joint(norm(x)), heads, mask))
            check("attention", ops.attention, classes.Attention,
                  (norm.state, joint.state, heads, mask, out.state, True, returns_first), x,
                  expected[:, :1] if returns_first else expected, precision)
        for activation, function in ACTIVATIONS.items():
            check(f"mlp {activation}", ops.mlp, classes.MLP, (norm.state, first.state, activation, second.state, True), x,
                  x + second(function(first(norm(x)))), precision)
            check(f"linear {activation}", ops.linear, classes.Linear, (first.state, activation), x, function(first(x)),
                  precision)
        check("mlp without norm", ops.mlp, classes.MLP, ((None, None, 0.0), first.state, "gelu", second.state, False), x,
              second(F.gelu(first(x))), precision)


def check_patches() -> None:
    pixels = torch.randint(0, 256, (5, 21, 35, 3), dtype=torch.uint8)  # a margin of 1 pixel on the right is not used
    for precision, has_class in itertools.product(ops.precisions(), (False, True)):
        layer = Layer(24, 7 * 7 * 3, range_=(0.0, 255.0))
        layer.state = (layer.weight / 255, layer.bias, [0.0, 255.0])
        positions = torch.randn(15 + has_class, 24)
        weight = layer.state[0].view(24, 7, 7, 3).permute(0, 3, 1, 2)
        patches = F.conv2d(pixels.permute(0, 3, 1, 2).float(), weight, layer.bias, stride=7).flatten(2).transpose(1, 2)
        tokens = torch.cat([torch.zeros(5, 1, 24), patches], 1) if has_class else patches
        check("patches", ops.patches, classes.Patches, (layer.state, 7, positions, has_class), pixels, tokens + positions,
              precision)


def check_grey_patches() -> None:
    """Rounded weights multiply what a pixel differs from 128, so they do not matter to a grey image."""
    layer = Layer(24, 7 * 7 * 3, range_=(0.0, 255.0))
    pixels = torch.full((1, 7, 7, 3), 128, dtype=torch.uint8)
    expected = layer(torch.full((1, 1, 7 * 7 * 3), 128.0))
    for precision in ops.precisions():
        ops.set_loading_precision(precision)
        result = ops.patches(pixels, classes.Patches((layer.state, 7, torch.zeros(1, 24), False)))
        # Sums of 147 numbers up to some 40, in fp32.
        assert torch.allclose(result, expected, atol=1e-3), f"patches of a grey image, in {precision}"


def check_refusals() -> None:
    ops.set_loading_precision("fp32")
    layer, x = Layer(8, 4), torch.randn(2, 3, 4)
    refuses("4 elements in its last dimension", lambda: ops.linear(torch.randn(2, 5), classes.Linear((layer.state, "none"))))
    refuses("no activation 'swish'", lambda: classes.Linear((layer.state, "swish")))
    refuses("a weight must have 2 dimensions", lambda: classes.Linear(((torch.randn(3), None, []), "none")))
    refuses("a bias must have an element", lambda: classes.Linear(((torch.randn(3, 2), torch.randn(2), []), "none")))
    refuses("a range must be", lambda: classes.Linear(((torch.randn(3, 2), None, [1.0, 2.0]), "none")))
    refuses("heads", lambda: classes.Attention(((None, None, 0.0), layer.state, 3, None, layer.state, False, False)))
    refuses("must take what the first returns",
            lambda: classes.MLP(((None, None, 0.0), layer.state, "none", layer.state, False)))
    patches = classes.Patches((Layer(4, 12).state, 2, torch.randn(4, 4), False))
    refuses("images of another size", lambda: ops.patches(torch.zeros(1, 6, 6, 3, dtype=torch.uint8), patches))
    refuses("pixels must be uint8", lambda: ops.patches(torch.zeros(1, 4, 4, 3), patches))
    refuses("there is no precision 'int4'", lambda: ops.set_loading_precision("int4"))
    mask = torch.zeros(7, 7)
    attention = classes.Attention(((None, None, 0.0), Layer(12, 4).state, 2, mask, Layer(4, 4).state, True, False))
    refuses("another number of tokens", lambda: ops.attention(x, attention))


class Stored(torch.nn.Module):
    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.block = classes.Linear((layer.state, "gelu"))

    def forward(self, x: Tensor) -> Tensor:
        return ops.linear(x, self.block)


def check_storing() -> None:
    layer, x = Layer(32, 16), torch.randn(3, 16)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "module.pt")
        torch.jit.freeze(torch.jit.trace(Stored(layer).eval(), x)).save(path)
        for precision in ops.precisions():
            ops.set_loading_precision(precision)
            loaded = torch.jit.load(path)
            ops.set_loading_precision("fp32")
            assert torch.allclose(loaded(x), F.gelu(layer(x)), atol=ALLOWED[precision][0]), f"stored, in {precision}"


with torch.inference_mode():
    check_results()
    check_patches()
    check_grey_patches()
    check_refusals()
    check_storing()
print("operators: checked in", ", ".join(ops.precisions()))
