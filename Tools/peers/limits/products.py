"""Speed of matrix products: the size of a ViT-B/32's first layer of an MLP, for a batch of 32."""

import time
from collections.abc import Callable
from functools import partial

from peers.turns import in_turns

ROWS, INNER, COLUMNS = 1600, 768, 3072
CALLS = 10


def products(threads: int, has_bf16: bool, turns: int) -> dict[str, list[float]]:
    """GFLOP/s (for integers GOP/s) in each turn, by kind. Imports torch."""
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    functions = {"fp32, torch": _plain(), "fp32, oneDNN, packed": _packed(torch.float32), "int8, oneDNN": _int8()}
    if has_bf16:
        functions["bf16, oneDNN, packed"] = _packed(torch.bfloat16)
    with torch.inference_mode():
        return in_turns({name: partial(_rate, function) for name, function in functions.items()}, turns)


def _plain() -> Callable[[], object]:
    import torch

    x, weight = torch.randn(ROWS, INNER), torch.randn(COLUMNS, INNER)
    return lambda: torch.nn.functional.linear(x, weight)


def _packed(dtype: object) -> Callable[[], object]:
    import torch

    x, weight = torch.randn(ROWS, INNER, dtype=dtype), torch.randn(COLUMNS, INNER, dtype=dtype)
    packed = torch.ops.mkldnn._reorder_linear_weight(weight, ROWS)
    return lambda: torch.ops.mkldnn._linear_pointwise(x, packed, None, "none", [], "")


def _int8() -> Callable[[], object]:
    import torch

    x = torch.randint(0, 256, (ROWS, INNER), dtype=torch.uint8)
    weight = torch.randint(-127, 128, (COLUMNS, INNER), dtype=torch.int8)
    packed = torch.ops.onednn.qlinear_prepack(weight, [ROWS, INNER])
    scales, zeros = torch.full((COLUMNS,), 0.01), torch.zeros(COLUMNS, dtype=torch.int64)
    return lambda: torch.ops.onednn.qlinear_pointwise(x, 0.02, 128, packed, scales, zeros, None, 1.0, 0, torch.float32,
                                                      "none", [], "")


def _rate(function: Callable[[], object]) -> float:
    function()
    start = time.perf_counter()
    for _ in range(CALLS):
        function()
    return 2 * ROWS * INNER * COLUMNS * CALLS / (time.perf_counter() - start) / 1e9
