#!/usr/bin/env python3
"""Embeds the same images from each kind of source: a folder, a list, tables of paths and of bytes, archives, and from
file://, http:// and s3:// addresses, the last two served on loopback. All must give the same vectors, to the bit.
"""

import argparse
import csv
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pyarrow
import pyarrow.parquet
from environment import FORGETFUL

from served import BUCKET, CREDENTIALS, serve_bucket, serve_folder
from stored import make_images, require, require_same, vectors

COUNT = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--model", default="default", help="name or bundle of the model")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        make_images(arguments.photos, work / "images", COUNT)
        images = sorted(path for path in (work / "images").rglob("*") if path.is_file())
        sources = local_sources(work, images) | served_sources(work, images)
        expected = None
        for name, words in sources.items():
            store = work / f"store-{name}"
            command = [arguments.cli.absolute(), "embed", *words, "--output", store, "--model", arguments.model]
            result = subprocess.run(command, capture_output=True, text=True, env=FORGETFUL | CREDENTIALS)
            require(result.returncode == 0, f"{name}: exit code {result.returncode}: {result.stderr}")
            found = {Path(image).stem: vector for image, vector in vectors(store).items()}
            expected = expected or found
            require(len(found) == COUNT, f"{name}: {len(found)} vectors of {COUNT} images")
            require_same(found, expected, name)
    print(f"{COUNT} images have the same vectors from each source: {', '.join(sources)}")


def local_sources(work: Path, images: list[Path]) -> dict[str, list]:
    """Writes lists, tables and archives of the images, and says how each is named on the command line."""
    (work / "list.txt").write_text("".join(f"{image}\n" for image in images))
    (work / "uris.txt").write_text("".join(f"{image.as_uri()}\n" for image in images))
    with (work / "paths.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("id", "path"), *((image.stem, image) for image in images)])
    rows = {"id": [image.stem for image in images], "image": [image.read_bytes() for image in images]}
    pyarrow.parquet.write_table(pyarrow.table(rows), work / "bytes.parquet")
    for half in (0, 1):
        with tarfile.open(work / f"shard-{half}.tar", "w") as archive:
            for image in images[half::2]:
                archive.add(image, arcname=image.name)
    with tarfile.open(work / "images.tar.gz", "w:gz") as archive:
        for image in images:
            archive.add(image, arcname=image.name)
    with zipfile.ZipFile(work / "images.zip", "w") as archive:
        for image in images:
            archive.write(image, image.name)
    return {
        "folder": [images[0].parents[1]],
        "list": ["--files-from", work / "list.txt"],
        "csv": [work / "paths.csv"],
        "parquet": [work / "bytes.parquet"],
        "tar": [str(work / "shard-{0..1}.tar")],
        "tar.gz": [work / "images.tar.gz"],
        "zip": [work / "images.zip"],
        "file-uris": ["--files-from", work / "uris.txt"],
        "file-folder": [images[0].parents[1].as_uri()],
    }


def served_sources(work: Path, images: list[Path]) -> dict[str, list]:
    """Serves images and archives over HTTP and as an object store, until the program ends."""
    address = serve_folder(work)
    urls = work / "urls.txt"
    names = [image.relative_to(work) for image in images]
    urls.write_text("".join(f"{address}/{name}\n" for name in names))
    endpoint = serve_bucket(work, [*map(str, names), "shard-0.tar", "shard-1.tar", "images.zip"])
    return {
        "http": ["--files-from", urls],
        "http-tar.gz": [f"{address}/images.tar.gz"],
        "s3": [f"s3://{BUCKET}/images/", *endpoint],
        "s3-tar": [f"s3://{BUCKET}/shard-{{0..1}}.tar", *endpoint],
        "s3-zip": [f"s3://{BUCKET}/images.zip", *endpoint],
    }


if __name__ == "__main__":
    sys.exit(main())
