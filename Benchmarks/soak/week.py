#!/usr/bin/env python3
"""Embeds a million images through a stub encoder, as many as a slow machine embeds in a week, and checks what a long run
must not change: memory, live heap, open files, files of the store, and the processor time that an image takes. Then asks the store
about itself, and runs again, when nothing is left to do. Prints the table for Docs/Reliability.md. With --only-embed, checks that
every image is in the store, and nothing else.

The images are 2,000 small files, each of which a table lists many times under other ids: every image is read, decoded,
preprocessed, encoded and stored as any other is.
"""

import argparse
import csv
import shutil
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from statistics import mean

from run import HERE, TOLERANCE, Run, check_store, embed, require
from stub_model import write_stub_model

FILES = 2_000
LARGEST_WIDTH = 160
TENTHS = 10
SLOWEST_INFO = 1
BYTES_OF_AN_ID = 32
"""16 in the set that finds duplicates, and as many in the store's."""
TOLERANCE_OF_TIME = 0.25
"""An image costs so little here that what else the machine does, and looking its id up among more, is seen."""
ROWS_OF_A_PART = 20_000
"""A store of a run has at most a part for as many images, and few files besides."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--bundle", type=Path, required=True, help="a bundle of 64×64 pixels to make the stub from")
    parser.add_argument("--folder", type=Path, required=True, help="folder for images, table, model and store")
    parser.add_argument("--count", type=int, default=1_000_000, help="number of images")
    parser.add_argument("--only-embed", action="store_true",
                        help="for a clip-cli that looks for leaks, and so takes more time and memory")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    images, table, model, store = (folder / name for name in ("images", "images.csv", "stub", "store"))
    command = [HERE / "make_images.py", "--photos", arguments.photos, "--output", images, "--count", str(FILES)]
    subprocess.run([sys.executable, *command, "--largest-width", str(LARGEST_WIDTH)], check=True)
    write_table(table, images, arguments.count)
    write_stub_model(arguments.bundle, model)
    shutil.rmtree(store, ignore_errors=True)
    if arguments.only_embed:
        run = embed(arguments.cli, table, store, model)
        check_store(store, run, arguments.count)
        print(f"{arguments.count:,} images in {run.seconds:.0f} s")
        return
    counter = folder / "live_bytes.so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", counter, HERE / "live_bytes.c"], check=True)
    run = embed(arguments.cli, table, store, model, folder / "live_bytes", counter.absolute())
    check_store(store, run, arguments.count)
    info = seconds_of_info(arguments.cli, store)
    again = embed(arguments.cli, table, store, model)
    require(again.embedded == 0, f"{again.embedded} images were embedded again")
    print(lines(run))
    print(f"\n{arguments.count:,} images in {run.seconds:.0f} s; peak memory {run.peak_mebibytes:.0f} MiB; "
          f"store of {size(store) / 2**20:,.0f} MiB, `store info` {info:.2f} s; "
          f"the same run again {again.seconds:.0f} s and {again.peak_mebibytes:.0f} MiB")
    check(run, arguments.count)
    require(info <= SLOWEST_INFO, f"'store info' took {info:.2f} s")


def write_table(path: Path, images: Path, count: int) -> None:
    """Lists the files again and again, under the ids 0000000 and so on."""
    files = sorted(path for path in images.glob("*/*") if path.is_file())
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "path"))
        writer.writerows((f"{number:07d}", image.absolute()) for number, image in enumerate(islice(cycle(files), count)))


def seconds_of_info(cli: Path, store: Path) -> float:
    """How long `clip-cli store info` takes."""
    start = time.monotonic()
    subprocess.run([cli.absolute(), "store", "info", store], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def size(folder: Path) -> int:
    """Bytes of the files in a folder."""
    return sum(path.stat().st_size for path in folder.iterdir())


def lines(run: Run) -> str:
    """What each tenth of the run took, as Markdown."""
    columns = ["images", "images/s", "CPU ms per image", "resident memory (MiB)", "live heap (MiB)", "files of the store",
               "open files"]
    rows = [f"| {' | '.join(columns)} |", "| --- " * len(columns) + "|"]
    for tenth in range(TENTHS):
        part = tenth / TENTHS, (tenth + 1) / TENTHS
        _, end = run.part(*part)
        samples = run.samples(*part)
        memory = max(sample.resident_mebibytes for sample in samples)
        live = mean(sample.live_mebibytes for sample in samples)
        open_files = max(sample.open_files for sample in samples)
        rows.append(f"| {end.images:,} | {run.rate(*part):,.0f} | {run.cpu_milliseconds(*part):.3f} | {memory:.0f} "
                    f"| {live:.1f} | {end.files} | {open_files} |")
    return "\n".join(rows)


def check(run: Run, count: int) -> None:
    """The last tenth is like the first, apart from the ids that a run remembers. The process that begins is smaller, so
    its memory is that of the second tenth."""
    first, last = (run.cpu_milliseconds(tenth / TENTHS, (tenth + 1) / TENTHS) for tenth in (0, TENTHS - 1))
    require(last <= (1 + TOLERANCE_OF_TIME) * first, f"an image took {first:.3f} ms at first and {last:.3f} ms in the end")
    few, many = (run.samples(tenth / TENTHS, (tenth + 1) / TENTHS) for tenth in (1, TENTHS - 1))
    ids = count * BYTES_OF_AN_ID / 2**20
    for name in ("resident_mebibytes", "live_mebibytes", "open_files"):
        before, after = (max(getattr(sample, name) for sample in samples) for samples in (few, many))
        allowed = (1 + TOLERANCE) * before + (0 if name == "open_files" else ids)
        require(after <= max(allowed, before + 4), f"{name} grew from {before:.0f} to {after:.0f}")
    files = run.progress[-1].files
    require(files <= count / ROWS_OF_A_PART + 4, f"the store has {files} files")


if __name__ == "__main__":
    main()
