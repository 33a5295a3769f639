"""A web server and an object store on loopback, which serve files until the program ends."""

import http.server
import io
import logging
import re
import threading
from collections.abc import Iterable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

BUCKET = "photos"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}


def serve_folder(folder: Path) -> str:
    """Serves a folder over HTTP; returns its URL."""
    handler = partial(QuietHandler, directory=folder)
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{web.server_address[1]}"


def serve_bucket(folder: Path, names: Iterable[str]) -> list[str]:
    """Puts files of a folder into a bucket and serves it; returns the options that name the endpoint."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    backend.create_bucket(BUCKET, "us-east-1")
    for name in names:
        backend.put_object(BUCKET, name, (folder / name).read_bytes())
    store = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    store.start()
    return ["--s3-endpoint", "http://{}:{}".format(*store.get_host_and_port())]


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
