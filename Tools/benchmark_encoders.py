"""Measures exported image encoders against open_clip's own model in one run, in turns, on two threads.

Weights are random: they do not change the speed. Fails when int8 is less than twice as fast as open_clip in fp32,
or 1.6 times on a CPU without VNNI.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent))
from export_openclip import silence_libraries  # noqa: E402
from torchvision_ops import import_torchvision  # noqa: E402

THREADS, BATCH, ROUNDS = 2, 32, 9
REQUIRED_RATIO = 2.0 if "avx512_vnni" in Path("/proc/cpuinfo").read_text(encoding="ascii") else 1.6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="ViT-B-32", help="an architecture of open_clip")
    model = parser.parse_args().model
    os.environ["HF_HUB_OFFLINE"] = "1"
    silence_libraries()
    import_torchvision()
    torch.set_num_threads(THREADS)
    with tempfile.TemporaryDirectory() as folder, torch.inference_mode():
        rates = measure(encoders(model, Path(folder)))
    for name, rate in rates.items():
        print(f"{name:<22} {rate:6.1f} images/s, {rate / rates['open_clip eager fp32']:.2f} times open_clip")
    if rates["int8"] < REQUIRED_RATIO * rates["open_clip eager fp32"]:
        raise SystemExit(f"error: int8 is less than {REQUIRED_RATIO} times as fast as open_clip in fp32")


def encoders(name: str, folder: Path) -> dict[str, Callable[[torch.Tensor], torch.Tensor]]:
    """Functions from uint8 [B, H, W, 3] to image vectors; open_clip's own starts from floats that are ready."""
    import open_clip
    from openclip_export.assemble import export
    from openclip_export.operators import loadable_precisions, loading_in
    from openclip_export.options import ExportOptions

    eager = open_clip.create_model(name, load_weights=False).eval()
    pixels = torch.zeros(BATCH, 3, *eager.visual.preprocess_cfg["size"])
    result = {"open_clip eager fp32": lambda _: eager.encode_image(pixels, normalize=True)}
    with torch.inference_mode(False):
        export(ExportOptions(model=name, output=folder / "bundle", random_seed=0))
    for precision in loadable_precisions():
        with loading_in(precision):
            result[precision.name] = torch.jit.load(folder / "bundle" / "image_encoder.pt")
    return result


def measure(functions: dict[str, Callable[[torch.Tensor], torch.Tensor]]) -> dict[str, float]:
    """Images per second of each, the median of several rounds in which they take turns."""
    images = torch.randint(0, 256, (BATCH, 224, 224, 3), dtype=torch.uint8)
    seconds: dict[str, list[float]] = {name: [] for name in functions}
    for round in range(ROUNDS + 2):
        for name, function in functions.items():
            start = time.perf_counter()
            function(images)
            if round >= 2:  # the first rounds warm up
                seconds[name].append(time.perf_counter() - start)
    return {name: BATCH / statistics.median(times) for name, times in seconds.items()}


if __name__ == "__main__":
    main()
