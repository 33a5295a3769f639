#!/usr/bin/env python3
"""Embeds the same images from each kind of source: a folder, a list, tables of paths and of bytes, archives, and from
file://, http:// and s3:// addresses, the last two served on loopback. All must give the same vectors, to the bit.
"""

import argparse
import csv
import http.server
import io
import logging
import re
import subprocess
import sys
import tarfile
import tempfile
import threading
import zipfile
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

import pyarrow
import pyarrow.parquet
from environment import FORGETFUL
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

from stored import make_images, require, require_same, vectors

COUNT = 40
BUCKET = "photos"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--model", default="default", help="name or bundle of the model")
    arguments = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
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
    handler = partial(QuietHandler, directory=work)
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{web.server_address[1]}"
    urls = work / "urls.txt"
    names = [image.relative_to(work) for image in images]
    urls.write_text("".join(f"{address}/{name}\n" for name in names))

    backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    backend.create_bucket(BUCKET, "us-east-1")
    for name in [*names, "shard-0.tar", "shard-1.tar", "images.zip"]:
        backend.put_object(BUCKET, str(name), (work / name).read_bytes())
    store = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    store.start()
    endpoint = ["--s3-endpoint", "http://{}:{}".format(*store.get_host_and_port())]
    return {
        "http": ["--files-from", urls],
        "http-tar.gz": [f"{address}/images.tar.gz"],
        "s3": [f"s3://{BUCKET}/images/", *endpoint],
        "s3-tar": [f"s3://{BUCKET}/shard-{{0..1}}.tar", *endpoint],
        "s3-zip": [f"s3://{BUCKET}/images.zip", *endpoint],
    }


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and their parts, and prints nothing."""

    def send_head(self) -> BinaryIO | None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        path = Path(self.translate_path(self.path))
        if asked is None or not path.is_file():
            return super().send_head()
        content = path.read_bytes()
        first = int(asked[1])
        part = content[first : int(asked[2] or len(content)) + 1]
        self.send_response(HTTPStatus.PARTIAL_CONTENT)
        self.send_header("Content-Range", f"bytes {first}-{first + len(part) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        return io.BytesIO(part)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    sys.exit(main())
