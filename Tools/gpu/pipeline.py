"""From JPEG files to Parquet: how many decode workers keep the device busy."""

import shutil

from gpu.bundles import MODELS, path
from gpu.embed import embed
from gpu.setup import Setup
from peers.progress import say

LINKS = 8
"""Every image is embedded under this many names, so that a run on a fast device takes long enough for its start not
to count."""
FULL_SHARE = 0.95
"""The share of the time in which the encoder must be busy for the device to count as full."""


def measure(setup: Setup) -> list[dict]:
    """For each precision and number of workers: images a second, and the loads of encoder, workers and device."""
    model = setup.timed_model
    return [row for precision in MODELS[model][1] for row in _workers(setup, model, precision)]


def _workers(setup: Setup, model: str, precision: str) -> list[dict]:
    """With more and more workers, until the device is full."""
    images = [setup.folder / link / image.relative_to(setup.folder / "images")
              for link in _links(setup) for image in setup.images]
    bundle, store = path(setup.folder / "bundles", model, precision), setup.folder / "stores" / "pipeline"
    rows = []
    for workers in setup.sizes.workers:
        say(f"{model} {precision}: JPEG to Parquet with {workers} decode workers")
        shutil.rmtree(store, ignore_errors=True)
        run = embed(setup.cli, bundle, setup.device, images[:workers * setup.sizes.images_per_worker], store,
                    "--batch-size", setup.sizes.batch, "--decode-workers", workers)
        busy, load = run.last["busy"], setup.monitor.load(run.start, run.end)
        rows.append({"model": model, "precision": precision, "workers": workers, "images": run.last["embedded"],
                     "rate": run.rate, "encode": busy["encode"], "prepare": busy["decode"] + busy["preprocess"],
                     "device_percent": load.percent, "mebibytes": load.peak_mebibytes})
        if busy["encode"] >= FULL_SHARE:
            break
    return rows


def _links(setup: Setup) -> list[str]:
    names = [f"images-{number}" for number in range(LINKS)]
    for name in names:
        link = setup.folder / name
        if not link.is_symlink():
            link.symlink_to("images")
    return names
