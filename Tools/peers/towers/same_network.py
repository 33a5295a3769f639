"""One network on OpenVINO: through this library, as `embed --engine auto` measures it, and through OpenVINO's Python API."""

import multiprocessing
import os
import re
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np
from peers.ours import PRECISIONS
from peers.progress import say
from peers.towers.engines import OURS
from peers.towers.openvino_cpu import properties
from peers.turns import in_turns

TORCHSCRIPT, PYTHON = "this library on TorchScript", "OpenVINO's Python API"
BATCH = 32
SECONDS, LEAST_CALLS = 2.0, 5


def measure(cli: Path, bundles: dict[str, Path], torch_bundle: Path, has_bf16: bool, threads: int, turns: int,
            photo: Path) -> dict[str, dict[str, list[float]]]:
    """Seconds an image in each turn, by precision and by what runs the tower.

    - bundles: for OpenVINO, by stored precision.
    """
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder, "model")
        for suffix, bundle in (("", torch_bundle), ("-openvino", bundles["fp32"]), ("-openvino-int8", bundles["int8"])):
            Path(f"{model}{suffix}").symlink_to(bundle.absolute())
        for precision in (name for name in PRECISIONS if has_bf16 or name != "bf16"):
            say(f"tower on OpenVINO, {precision}: {turns} turns")
            network = bundles["int8" if precision == "int8" else "fp32"] / "image_encoder.xml"
            ways = {OURS: partial(_through_the_tool, cli, model, precision, threads, photo)}
            for variant in ([precision, "int8+bf16"] if precision == "int8" and has_bf16 else [precision]):
                for streams in sorted({1, threads}):
                    ways[f"{PYTHON}, {variant}, {streams} streams"] = partial(
                        _in_a_process, network, variant, threads, streams)
            found = in_turns(ways, turns)
            found[OURS], found[TORCHSCRIPT] = ([pair[index] for pair in found[OURS]] for index in (0, 1))
            results[precision] = found
    return results


def measured(message: str, precision: str) -> tuple[float, float]:
    """Seconds an image of OpenVINO and of TorchScript, out of what `--engine auto` says; raises SystemExit without them."""
    rates = [re.search(rf"{engine} ([0-9.]+) in {precision}\b", message) for engine in ("OpenVINO", "TorchScript")]
    if None in rates:
        raise SystemExit(f"error: '--engine auto' did not measure both engines in {precision}: {message}")
    return 1 / float(rates[0][1]), 1 / float(rates[1][1])


def _through_the_tool(cli: Path, model: Path, precision: str, threads: int, photo: Path) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:  # with a new cache, it measures
        command = [cli.absolute(), "embed", photo.parent, "--include", photo.name, "--output", Path(folder, "store"), "--model", model,
                   "--engine", "auto", "--precision", precision, "--encoder-threads", threads]
        run = subprocess.run(list(map(str, command)), env=os.environ | {"OPENCLIP_CACHE": folder}, capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(f"error: clip-cli embed ended with exit code {run.returncode}: {run.stderr}")
    return measured(run.stderr, precision)


def _in_a_process(*arguments: object) -> float:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_through_python, arguments)


def _through_python(network: Path, precision: str, threads: int, streams: int) -> float:
    """Seconds an image, the least of several rounds of a batch for each stream."""
    import openvino

    core = openvino.Core()
    graph = core.read_model(network)
    shape = [BATCH, *(graph.inputs[0].partial_shape[index].get_length() for index in (1, 2, 3))]
    graph.reshape(shape)
    model = core.compile_model(graph, "CPU", properties(precision, threads, streams))
    queue = openvino.AsyncInferQueue(model, streams)
    pixels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    took: list[float] = []
    while sum(took) < SECONDS or len(took) < LEAST_CALLS:
        start = time.perf_counter()
        for _ in range(streams):
            queue.start_async([pixels])
        queue.wait_all()
        took.append(time.perf_counter() - start)
    return min(took[1:]) / (BATCH * streams)
