"""Compares reading images of eleven formats with plain calls of their codec libraries, in CPU time.

The images are the demonstration photographs with 500x375 pixels, every second one in portrait format, in each format.
Decoding is compared on one thread, in turns. Then `EmbeddingRun` embeds 10,000 images of all formats mixed, with an
encoder that costs nothing, two decode workers and a Parquet store; it is compared with the time that codecs and
preprocessing alone take for these images. Fails when a run takes more than 1/0.95 of that.

Everything runs on one logical CPU: where two share a core, each is slower while the other works, and a run with two
threads would be compared with codecs that had the core to themselves.
"""

import argparse
import os
import re
import statistics
import subprocess
import tempfile
from pathlib import Path

import pillow_heif
import pillow_jxl  # noqa: F401 (registers itself)
from PIL import Image, ImageOps

pillow_heif.register_heif_opener()

SIZE, MIXED, ALLOWED_RATIO = (500, 375), 10_000, 1 / 0.95
# Variants alternate from photograph to photograph.
FORMATS = {
    "jpeg": ("jpg", "JPEG", [{"quality": 90}]),
    "png": ("png", "PNG", [{}]),
    "webp": ("webp", "WEBP", [{"quality": 90}]),
    "tiff": ("tif", "TIFF", [{"compression": name} for name in ("raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg")]),
    "gif": ("gif", "GIF", [{}]),
    "bmp": ("bmp", "BMP", [{}]),
    "pnm": ("ppm", "PPM", [{}]),
    "jpeg2000": ("jp2", "JPEG2000", [{"quality_mode": "dB", "quality_layers": [42], "irreversible": True}]),
    "heic": ("heic", "HEIF", [{"quality": 80}]),
    "avif": ("avif", "AVIF", [{"quality": 80}]),
    "jpegxl": ("jxl", "JXL", [{"quality": 90}]),
}
STAGES = ("codec", "decoder", "preprocessing")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="the built program of the package Benchmarks")
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--rounds", type=int, default=9, help="rounds of decoding (default: %(default)s)")
    parser.add_argument("--formats-only", action="store_true", help="decode, and embed nothing")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        images, mixed = Path(folder, "images"), Path(folder, "mixed")
        write_images(arguments.photos, images)
        environment = {"BENCHMARK_IMAGES": str(images), "BENCHMARK_ROUNDS": str(arguments.rounds)}
        print_formats(images, run(arguments.benchmarks, "reading-speed", environment))
        if arguments.formats_only:
            return
        mix(images, mixed)
        output = run(arguments.benchmarks, "embedding-speed", environment | {"BENCHMARK_MIXED": str(mixed)})
    print(output, end="")
    alone, whole = (float(re.search(rf"^{name}, s: ([\d.]+)$", output, re.MULTILINE)[1])
                    for name in ("codecs and preprocessing", "run"))
    print(f"{whole / alone:.3f} of the time of codecs and preprocessing")
    if whole / alone > ALLOWED_RATIO:
        raise SystemExit(f"error: expected at most {ALLOWED_RATIO:.3f}")


def write_images(photos: Path, folder: Path) -> None:
    paths = sorted(path for path in photos.iterdir() if path.suffix in (".jpg", ".png"))
    for name in FORMATS:
        Path(folder, name).mkdir(parents=True)
    for index, path in enumerate(paths):
        with Image.open(path) as image:
            photo = ImageOps.fit(image.convert("RGB"), SIZE if index % 2 == 0 else SIZE[::-1])
        # EXIF data would be written beside the image.
        photo.info = {}
        for name, (extension, pillow_name, variants) in FORMATS.items():
            photo.save(folder / name / f"{path.stem}.{extension}", pillow_name, **variants[index % len(variants)])


def mix(images: Path, mixed: Path) -> None:
    """Fills a folder with links to the images, in turns, as many as there should be."""
    mixed.mkdir()
    files = [sorted(folder.iterdir()) for folder in sorted(images.iterdir())]
    originals = [path for same in zip(*files) for path in same]
    for copy in range(-(-MIXED // len(originals))):
        for index, path in enumerate(originals):
            os.link(path, mixed / f"{copy * len(originals) + index:06d}{path.suffix}")


def run(program: Path, benchmark: str, environment: dict[str, str]) -> str:
    return subprocess.run([program, benchmark], check=True, stdout=subprocess.PIPE, text=True,
                          env=os.environ | environment).stdout


def print_formats(images: Path, output: str) -> None:
    print("ms per image, medians; ratios are those of the same round")
    print(f"{'':<10} {'kB':>5} {'codec':>8} {'decoder':>8} {'preproc.':>8}  decoder/codec  both with preprocessing")
    for folder in sorted(images.iterdir()):
        times = {stage: [float(value) for value in re.search(
            rf"^{folder.name}, {stage}, ms per image: (.*)$", output, re.MULTILINE)[1].split()] for stage in STAGES}
        rounds = list(zip(*(times[stage] for stage in STAGES)))
        ratio = statistics.median(decoder / codec for codec, decoder, _ in rounds)
        whole = statistics.median((decoder + rest) / (codec + rest) for codec, decoder, rest in rounds)
        sizes = [path.stat().st_size for path in folder.iterdir()]
        print(f"{folder.name:<10} {statistics.mean(sizes) / 1000:5.0f} "
              + " ".join(f"{statistics.median(times[stage]):8.3f}" for stage in STAGES)
              + f"  {ratio:13.3f}  {whole:23.3f}")


if __name__ == "__main__":
    main()
