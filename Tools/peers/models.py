"""The files of one architecture with random weights: ours, ONNX, OpenVINO, and OpenVINO quantised."""

import json
import multiprocessing
import sys
from dataclasses import dataclass
from pathlib import Path

from peers import ours
from peers.artefacts import artefact, key_of
from peers.progress import say

SEED = 0
PACKAGES = ("torch", "open_clip_torch", "onnx", "onnxscript", "openvino", "nncf")
HERE = Path(__file__).resolve().parent
EXPORT_SOURCES = [*(HERE.parent / "openclip_export").glob("*.py"), HERE / "ours.py"]


@dataclass(frozen=True)
class ModelFiles:
    """Where the files of an architecture are."""

    name: str
    bundle: Path  # this library's
    converted: Path  # the peers'

    @property
    def weights(self) -> Path:
        """open_clip's, a state dict."""
        return self.converted / "weights.pt"

    @property
    def onnx(self) -> Path:
        return self.converted / "tower.onnx"

    @property
    def openvino(self) -> Path:
        return self.converted / "tower.xml"

    @property
    def openvino_int8(self) -> Path:
        return self.converted / "tower-int8.xml"

    @property
    def normalisation(self) -> tuple[list[float], list[float]]:
        """Mean and standard deviation of each channel, 0 to 1."""
        values = json.loads((self.converted / "normalisation.json").read_text(encoding="ascii"))
        return values["mean"], values["std"]


def make_models(name: str, folder: Path, calibration: Path) -> ModelFiles:
    """Exports and converts what is missing, in a process of its own, so that its memory does not count later."""
    bundle = artefact(folder, f"{name}-ours", key_of([*EXPORT_SOURCES, calibration], ["torch", "open_clip_torch"], [SEED]),
                      lambda pending: _in_process(ours.export_bundle, name, pending, SEED, calibration))
    converted = artefact(folder, f"{name}-peers", key_of([HERE / "conversion.py", calibration], PACKAGES, [SEED]),
                         lambda pending: _in_process(_convert, name, pending, calibration))
    return ModelFiles(name, bundle, converted)


def make_openvino_bundle(name: str, folder: Path, calibration: Path, precision: str) -> Path:
    """Exports this library's bundle for OpenVINO, unless it is there."""
    key = key_of([*EXPORT_SOURCES, calibration], ["torch", "open_clip_torch", "openvino", "nncf"], [SEED, precision])
    return artefact(folder, f"{name}-openvino-{precision}", key, lambda pending: _in_process(
        ours.export_bundle, name, pending, SEED, calibration, "openvino", precision))


def _convert(name: str, folder: Path, calibration: Path) -> None:
    from peers.conversion import convert

    convert(name, ModelFiles(name, folder, folder), SEED, calibration)


def _in_process(function: object, name: str, *arguments: object) -> None:
    say(f"{name}: {function.__name__.strip('_').replace('_', ' ')}")
    process = multiprocessing.get_context("spawn").Process(target=function, args=(name, *arguments))
    process.start()
    process.join()
    if process.exitcode != 0:
        sys.exit(process.exitcode)
