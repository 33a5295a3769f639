"""Compares preprocessing with open_clip's transform in one run on the same JPEG files, in turns, each on one thread.

From the bytes of a file: open_clip to its normalised tensor, and this library to the pixels that its exported encoders
normalise themselves. The files are 500x375 pixels of the demonstration photographs, quality 90, every second one
in portrait format, so that no image has the size of the one before. Times are CPU times of the thread, medians over all files.
Fails when this library takes more than half of open_clip's time.
"""

import argparse
import io
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch
from PIL import Image, ImageOps

sys.path.insert(0, str(Path(__file__).resolve().parent))
from torchvision_ops import import_torchvision  # noqa: E402

TURNS, ROUNDS, ALLOWED_RATIO = 5, 9, 0.5
SIZE, QUALITY = (500, 375), 90
STAGES = ("decoding", "resizing and cropping", "both")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="the built program of the package Benchmarks")
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    import_torchvision()
    from open_clip.transform import PreprocessCfg, image_transform_v2

    transform = image_transform_v2(PreprocessCfg(), is_train=False)
    times: dict[str, list[float]] = {}
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        files = write_jpegs(arguments.photos, Path(folder))
        for _ in range(TURNS):
            turn = {"open_clip": theirs(transform, files)} | ours(arguments.benchmarks, Path(folder))
            ratios.append(turn["both"] / turn["open_clip"])
            for name, milliseconds in turn.items():
                times.setdefault(name, []).append(milliseconds)
    print(f"{len(files)} files, {sum(map(len, files)) // len(files)} bytes on average; median of {TURNS} turns (range)")
    for name, values in times.items():
        print(f"{name:<25} {statistics.median(values):6.3f} ms ({min(values):.3f} to {max(values):.3f})")
    ratio = statistics.median(ratios)
    print(f"{ratio:.3f} of open_clip's time ({min(ratios):.3f} to {max(ratios):.3f})")
    if ratio > ALLOWED_RATIO:
        raise SystemExit(f"error: expected at most {ALLOWED_RATIO}")


def write_jpegs(photos: Path, folder: Path) -> list[bytes]:
    paths = sorted(path for path in photos.iterdir() if path.suffix in (".jpg", ".png"))
    files = []
    for index, path in enumerate(paths):
        with Image.open(path) as image:
            photo = ImageOps.fit(image.convert("RGB"), SIZE if index % 2 == 0 else SIZE[::-1])
        output = folder / f"{path.stem}.jpg"
        photo.save(output, quality=QUALITY)
        files.append(output.read_bytes())
    return files


def theirs(transform: object, files: list[bytes]) -> float:
    """Milliseconds per image of open_clip."""
    times = []
    for _ in range(ROUNDS):
        start = time.thread_time()
        for file in files:
            transform(Image.open(io.BytesIO(file)))
        times.append(time.thread_time() - start)
    return 1000 * statistics.median(times) / len(files)


def ours(program: Path, folder: Path) -> dict[str, float]:
    """Milliseconds per image of each stage of this library."""
    environment = os.environ | {"BENCHMARK_JPEGS": str(folder), "BENCHMARK_ROUNDS": str(ROUNDS)}
    output = subprocess.run([program, "preprocessing-speed"], check=True, capture_output=True, text=True,
                            env=environment).stdout
    times = {}
    for stage in STAGES:
        found = re.search(rf"^{stage}, ms per image +([\d.]+)$", output, re.MULTILINE)
        if not found:
            raise SystemExit(f"error: the benchmark did not print '{stage}'")
        times[stage] = float(found[1])
    return times


if __name__ == "__main__":
    main()
