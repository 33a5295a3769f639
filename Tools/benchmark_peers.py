"""Compares this library with open_clip, ONNX Runtime and OpenVINO, in turns, in one run on one machine.

Writes a table and a plot into Docs/Benchmarks.md below the heading of the CPU's class, and everything measured into a
JSON file. Needs Tools/requirements-benchmark.txt. Docs/Benchmarks.md says what is compared.
"""

import argparse
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from peers.end_to_end.measure import FULL, QUICK
from peers.end_to_end.measure import measure as measure_end_to_end
from peers.end_to_end.pipelines import openvino_pipelines, pipelines
from peers.limits.measure import measure as measure_limits
from peers.machine import Machine, default_threads, this_machine
from peers.models import ModelFiles, make_models, make_openvino_bundle
from peers.photos import Photos, make_photos
from peers.report.rows import table
from peers.report.write import all_rows, run_description, write_page
from peers.towers.engines import available
from peers.towers.measure import measure as measure_tower
from peers.towers.same_network import measure as measure_same_network

END_TO_END_MODEL, MODELS = "ViT-B-32", ("ViT-B-32", "ViT-B-16")
PAGE = Path(__file__).resolve().parents[1] / "Docs/Benchmarks.md"
TURNS, QUICK_TURNS = 5, 2
END_TO_END_TURNS = 3
"""At most; an end-to-end run is long and averages by itself."""


@dataclass(frozen=True)
class Setup:
    """What the parts need."""

    machine: Machine
    arguments: argparse.Namespace
    photos: Photos

    @property
    def models(self) -> tuple[str, ...]:
        return MODELS[:1] if self.arguments.quick else MODELS

    def files(self, model: str) -> ModelFiles:
        return make_models(model, self.arguments.folder, self.photos.calibration_pixels)

    def openvino_bundles(self, model: str) -> dict[str, Path]:
        """By stored precision."""
        return {precision: make_openvino_bundle(model, self.arguments.folder, self.photos.calibration_pixels, precision)
                for precision in ("fp32", "int8")}


def main() -> None:
    machine = this_machine()
    arguments = parse_arguments(machine)
    keep_to(arguments)
    setup = Setup(machine, arguments, make_photos(arguments.photos, arguments.folder))
    results: dict = {"run": run_description(machine, arguments.threads, arguments.turns)}
    for part in [arguments.only] if arguments.only else PARTS:
        results[part] = PARTS[part](setup)
    path = arguments.folder / "results.json"
    path.write_text(json.dumps(results, indent=1), encoding="utf-8")
    print(table(all_rows(results, machine)))
    if not arguments.quick and not arguments.only:
        write_page(PAGE, results, machine)
    print(f"\nAll measurements: '{path}'")


def parse_arguments(machine: Machine) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--folder", type=Path, required=True, help="folder for images, models and results; reused")
    parser.add_argument("--threads", type=int, default=default_threads(machine), help="default: %(default)s")
    parser.add_argument("--only", choices=PARTS, help="one part; the page stays as it is")
    parser.add_argument("--quick", action="store_true", help="short, to try it; the page stays as it is")
    parser.add_argument("--turns", type=int, help=f"default: {TURNS}, or {QUICK_TURNS} with --quick")
    arguments = parser.parse_args()
    arguments.turns = arguments.turns or (QUICK_TURNS if arguments.quick else TURNS)
    return arguments


def keep_to(arguments: argparse.Namespace) -> None:
    """Gives this process and those it starts as many cores as threads, and `clip-cli` a cache of its own."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:arguments.threads])
    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    os.environ["OPENCLIP_CACHE"] = str(arguments.folder.absolute() / "cache")


def towers(setup: Setup) -> dict[str, dict]:
    """Results by model."""
    return {model: measure_tower(available(setup.machine), setup.files(model), setup.photos.compared_pixels,
                                 setup.arguments.threads, setup.arguments.turns) for model in setup.models}


def end_to_end(setup: Setup) -> dict[str, dict]:
    """Results by pipeline."""
    arguments = setup.arguments
    compared = pipelines(arguments.cli, setup.files(END_TO_END_MODEL), setup.machine.has_bf16, arguments.threads)
    return measure_end_to_end(compared, setup.photos.files, arguments.folder / "end-to-end",
                              QUICK if arguments.quick else FULL, min(arguments.turns, END_TO_END_TURNS))


def openvino(setup: Setup) -> dict[str, dict]:
    """Results by precision and pipeline."""
    arguments = setup.arguments
    compared = openvino_pipelines(arguments.cli, setup.openvino_bundles(END_TO_END_MODEL), setup.machine.has_bf16, arguments.threads)
    return {precision: measure_end_to_end(pair, setup.photos.files, arguments.folder / "openvino",
                                          QUICK if arguments.quick else FULL, min(arguments.turns, END_TO_END_TURNS))
            for precision, pair in compared.items()}


def openvino_towers(setup: Setup) -> dict[str, dict]:
    """Results by precision and by what runs the tower."""
    arguments = setup.arguments
    return measure_same_network(arguments.cli, setup.openvino_bundles(END_TO_END_MODEL), setup.files(END_TO_END_MODEL).bundle,
                                setup.machine.has_bf16, arguments.threads, arguments.turns, setup.photos.files[0])


def limits(setup: Setup) -> dict[str, object]:
    """The machine's."""
    return measure_limits(setup.photos.files, setup.arguments.threads, setup.machine.has_bf16, setup.arguments.turns)


PARTS: dict[str, Callable[[Setup], dict]] = {"towers": towers, "end-to-end": end_to_end, "openvino": openvino,
                                           "openvino-towers": openvino_towers, "limits": limits}


if __name__ == "__main__":
    main()
