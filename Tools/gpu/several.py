"""Two devices at the same time."""

import time

from gpu.bundles import path
from gpu.embed import finish, start_embedding
from gpu.setup import Setup
from peers import libtorch_c
from stored import vectors


def measure(setup: Setup) -> dict:
    """Two runs over the same images, each on a device of its own; nothing where there is only one."""
    devices = [name.split()[0] for name in libtorch_c.devices()[1:]]
    if len(devices) < 2 or not setup.is_gpu:
        return {"devices": len(devices)}
    images = setup.images[:setup.sizes.compared]
    bundle = path(setup.folder / "bundles", setup.timed_model, "fp32")
    stores = [setup.folder / "stores" / device.replace(":", "-") for device in devices[:2]]
    start = time.monotonic()
    runs = [start_embedding(setup.cli, bundle, device, images, store)
            for device, store in zip(devices, stores, strict=False)]
    for run in runs:
        finish(run, len(images), start)
    return {"devices": len(devices), "same_bits": vectors(stores[0]) == vectors(stores[1])}
