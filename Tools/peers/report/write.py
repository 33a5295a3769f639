"""Table and plot of one run, as JSON and into the page."""

import datetime
import importlib.metadata
import os
from dataclasses import asdict
from pathlib import Path

from peers.counts import counts_instructions
from peers.machine import Machine
from peers.report.end_to_end import end_to_end_rows, openvino_rows
from peers.report.limits import limit_rows
from peers.report.page import image_name, replace_section
from peers.report.plot import draw
from peers.report.rows import Row, table
from peers.report.towers import same_network_rows, tower_rows

PACKAGES = ("torch", "open_clip_torch", "onnxruntime", "openvino", "nncf", "opencv-python-headless")


def run_description(machine: Machine, threads: int, turns: int) -> dict[str, object]:
    """What the results depend on."""
    return {"machine": asdict(machine), "threads": threads, "turns": turns, "load": os.getloadavg()[0],
            "date": datetime.date.today().isoformat(), "counts_instructions": counts_instructions(),
            "versions": {package: importlib.metadata.version(package) for package in PACKAGES}}


def all_rows(results: dict, machine: Machine) -> list[Row]:
    """Of the parts that were measured."""
    rows = [row for model, engines in results.get("towers", {}).items() for row in tower_rows(model, engines, machine)]
    if "end-to-end" in results:
        rows += end_to_end_rows(results["end-to-end"], machine)
    if "openvino" in results:
        rows += openvino_rows(results["openvino"])
    if "openvino-towers" in results:
        rows += same_network_rows(results["openvino-towers"])
    if "limits" in results:
        rows += limit_rows(results["limits"])
    return rows


def write_page(page: Path, results: dict, machine: Machine) -> None:
    """The section of this machine's class, with its picture."""
    image = page.parent / "images" / image_name(machine.processor_class)
    draw(results, image)
    text = (f"{_sentence(results['run'])}\n\n{table(all_rows(results, machine))}\n\n"
            f"![Images per second of this library and its peers](images/{image.name})")
    replace_section(page, machine.processor_class, text)


def _sentence(run: dict) -> str:
    versions = ", ".join(f"{package} {version}" for package, version in run["versions"].items())
    instructions = "" if run["counts_instructions"] else " Instruction counts: not available on this machine."
    return (f"{run['date']}, {run['machine']['name']}, {run['machine']['cores']} cores, "
            f"{run['machine']['memory_gibibytes']} GiB, {run['threads']} threads, {run['turns']} turns, load "
            f"{run['load']:.1f} at the start; {versions}.{instructions}")
