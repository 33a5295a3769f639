"""Bundles with random weights, in each precision that GPUs run."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
from gpu.setup import CORES
from peers import libtorch_c
from peers.progress import say

TOOLS = Path(__file__).resolve().parents[1]
CONFIGS = TOOLS / "openclip_export/test_configs"
MODELS = {
    "small": ("vit-quickgelu", ("fp32", "fp16", "bf16")),
    "resnet": ("resnet", ("fp32",)),  # convolutions, for which libraries may use TF32
    "ViT-B-32": (None, ("fp32", "fp16", "bf16")),
}
"""The small model's configuration, or None for one that open_clip has; and the precisions."""
CORES_PER_EXPORT = 4


def make_bundles(models: tuple[str, ...], folder: Path) -> None:
    """Exports what is missing. Raises SystemExit with the exporter's message."""
    missing = [(model, precision) for model in models for precision in MODELS[model][1]
               if not (path(folder, model, precision) / "model.json").exists()]
    if missing:
        _require_same_libtorch()
        say(f"exporting {len(missing)} bundles")
        folder.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(max(CORES // CORES_PER_EXPORT, 1)) as pool:
            list(pool.map(lambda job: _export(folder, *job), missing))


def path(folder: Path, model: str, precision: str) -> Path:
    """Where a bundle is."""
    return folder / f"{model}-{precision}"


def image_shape(bundle: Path) -> tuple[int, int, int]:
    """Height, width and colours of what the image encoder takes."""
    height, width = json.loads((bundle / "model.json").read_text(encoding="utf-8"))["image"]["size"]
    return height, width, 3


def architecture(folder: Path, model: str, precision: str) -> tuple[str, Path | None]:
    """open_clip's name for it, and the file that describes it unless open_clip has it."""
    if not MODELS[model][0]:
        return model, None
    file = folder / f"{model}-{precision}.json"
    return file.stem, file


def _export(folder: Path, model: str, precision: str) -> None:
    name, file = architecture(folder, model, precision)
    options = ["--model", name]
    if file:
        # Of its own for each precision, because exports run side by side.
        description = json.loads((CONFIGS / f"{MODELS[model][0]}.json").read_text(encoding="utf-8"))
        file.write_text(json.dumps(description["model_cfg"]), encoding="utf-8")
        options = ["--model-config", str(file)]
    command = [sys.executable, str(TOOLS / "export_openclip.py"), *options, "--random-init", "--precision",
               precision, "--output", str(path(folder, model, precision))]
    threads = {"OMP_NUM_THREADS": str(min(CORES_PER_EXPORT, CORES))}
    run = subprocess.run(command, env=os.environ | threads, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if run.returncode != 0:
        raise SystemExit(f"error: exporting {model} in {precision} failed:\n{run.stdout}")


def _require_same_libtorch() -> None:
    """The exporter runs the wrapper's operators inside Python's libtorch."""
    python, wrapper = torch.__version__.partition("+")[0], libtorch_c.torch_version()
    if python != wrapper:
        raise SystemExit(f"error: libtorch-c was built for libtorch {wrapper}, and this Python has torch {python}; set "
                         "LIBTORCH to a CUDA build of the same version, or export the bundles elsewhere")
