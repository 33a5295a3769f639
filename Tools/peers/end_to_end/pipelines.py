"""The commands of the pipelines: this library, open_clip with a DataLoader, and one composed of OpenVINO and OpenCV."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from peers import ours
from peers.models import ModelFiles

HERE = Path(__file__).resolve().parent
OURS, OPEN_CLIP, COMPOSED = "this library", "open_clip + DataLoader", "OpenVINO int8 + OpenCV"
PILLOW = "OpenVINO + Pillow"


@dataclass(frozen=True)
class Pipeline:
    """A program that embeds a list of files and logs as `clip-cli embed --log-format json` does.

    `command` takes the list, the output (removed before) and one of the settings, of which the fastest is used.
    """

    name: str
    command: Callable[[Path, Path, object], list[str]]
    settings: tuple[object, ...]


def pipelines(cli: Path, files: ModelFiles, has_bf16: bool, threads: int) -> list[Pipeline]:
    """This library in int8, and the peers at their best."""
    return [
        Pipeline(OURS, lambda images, output, _: ours.embed_command(
            cli, files.bundle, "int8", images, output, threads), ("as by default",)),
        Pipeline(OPEN_CLIP, lambda images, output, workers: _python(
            "run_open_clip.py", images, output, "--model", files.name, "--weights", files.weights,
            "--workers", workers, "--threads", threads), (0, 1, 2)),
        Pipeline(COMPOSED, lambda images, output, setting: _python(
            "run_composed.py", images, output, "--model", files.converted, "--precision",
            "int8+bf16" if has_bf16 else "int8", "--streams", setting[0], "--batch", setting[1],
            "--threads", threads), ((1, 32), (threads, 32), (threads, 8))),
    ]


def openvino_pipelines(cli: Path, bundles: dict[str, Path], has_bf16: bool, threads: int) -> dict[str, list[Pipeline]]:
    """By precision, this library on OpenVINO and a program with its Python API, on the same network.

    `bundles` are by stored precision. What int8 does not cover runs in fp32 here, and in bf16 there if that is faster.
    """
    def pair(precision: str) -> list[Pipeline]:
        bundle = bundles["int8" if precision == "int8" else "fp32"]
        theirs = ["int8", "int8+bf16"] if precision == "int8" and has_bf16 else [precision]
        settings = tuple((variant, workers, *sizes) for variant in theirs for workers in (1, threads)
                         for sizes in ((1, 32), (threads, 8)))
        return [
            Pipeline(OURS, lambda images, output, _: ours.embed_command(
                cli, bundle, precision, images, output, threads), ("as by default",)),
            Pipeline(PILLOW, lambda images, output, setting: _python(
                "run_pillow.py", images, output, "--network", bundle / "image_encoder.xml", "--precision", setting[0],
                "--workers", setting[1], "--streams", setting[2], "--batch", setting[3], "--threads", threads), settings),
        ]

    return {precision: pair(precision) for precision in ours.PRECISIONS if has_bf16 or precision != "bf16"}


def _python(script: str, images: Path, output: Path, *options: object) -> list[str]:
    return [str(word) for word in (sys.executable, HERE / script, "--list", images, "--output", output, *options)]
