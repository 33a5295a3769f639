"""The commands of the pipelines: this library, open_clip with a DataLoader, and one composed of OpenVINO and OpenCV."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from peers import ours
from peers.models import ModelFiles

HERE = Path(__file__).resolve().parent
OURS, OPEN_CLIP, COMPOSED = "this library", "open_clip + DataLoader", "OpenVINO int8 + OpenCV"


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


def _python(script: str, images: Path, output: Path, *options: object) -> list[str]:
    return [str(word) for word in (sys.executable, HERE / script, "--list", images, "--output", output, *options)]
