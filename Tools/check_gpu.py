#!/usr/bin/env python3
"""Checks and measures models on a GPU: agreement with the CPU, equal bits, speed, memory that runs out, two devices.

Prints tables for Docs/Benchmarks.md, and ends with exit code 1 if a target is missed. `make check-gpu` builds what it
needs. With --device cpu --quick, it tries itself on a machine without a GPU.
"""

import argparse
import datetime
import json
import os
import platform
import shutil
import sys
from contextlib import closing
from pathlib import Path

from gpu import agreement, batches, invariance, memory, page, pipeline, several
from gpu.bundles import make_bundles
from gpu.monitor import Monitor, description
from gpu.setup import CORES, FULL, QUICK, Setup, make_images
from peers import libtorch_c
from peers.machine import this_machine
from peers.progress import say

PARTS = {"agreement": agreement, "invariance": invariance, "batches": batches, "memory": memory, "several": several,
         "pipeline": pipeline}


def main() -> None:
    arguments = parse_arguments()
    require_device(arguments.device)
    folder = arguments.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "stores", ignore_errors=True)
    (folder / "stores").mkdir()
    sizes = QUICK if arguments.quick else FULL
    command = ["Tools/check_gpu.py", "--device", arguments.device] + ["--quick"] * arguments.quick
    results = {"machine": machine(arguments.device), "date": datetime.date.today().isoformat(),
               "command": " ".join(command)}
    say(results["machine"])
    make_bundles(sizes.models, folder / "bundles")
    say(f"making {sizes.images} images")
    images = make_images(arguments.photos, folder / "images", sizes.images)
    with closing(Monitor(arguments.device)) as monitor:
        setup = Setup(arguments.cli, arguments.device, folder, images, sizes, monitor)
        for part in arguments.only or PARTS:
            results[part] = PARTS[part].measure(setup)
            # After each part, so that nothing is lost if a later one fails.
            (folder / "results.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
            (folder / "tables.md").write_text(page.page(results) + "\n", encoding="utf-8")
    print(page.page(results))
    if missed := page.missed(results):
        sys.exit("\n".join(["Missed:", *missed]))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--folder", type=Path, required=True, help="folder for images, bundles and results; reused")
    parser.add_argument("--device", default="cuda:0",
                        help="as `clip-cli models devices` lists them (default: %(default)s)")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part; may be repeated")
    parser.add_argument("--quick", action="store_true", help="small models and few images, to try the check itself")
    return parser.parse_args()


def require_device(device: str) -> None:
    """Raises SystemExit if libtorch does not have it."""
    devices = libtorch_c.devices()
    if device not in [name.split()[0] for name in devices]:
        sys.exit(f"error: there is no device '{device}'; libtorch-c, built for libtorch {libtorch_c.torch_version()}, "
                 f"has: {', '.join(devices)}. A GPU needs a CUDA build: run 'LIBTORCH=<folder> make check-gpu'.")


def machine(device: str) -> str:
    """Device, driver, libtorch, and the rest."""
    processor = this_machine()
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    return (f"{description(device)}; {CORES} cores of {processor.name}, "
            f"{round(os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30)} GiB; {system}; libtorch "
            f"{libtorch_c.torch_version()}")


if __name__ == "__main__":
    main()
