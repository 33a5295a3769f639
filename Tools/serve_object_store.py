"""Serves object stores on loopback for the tests, until standard input is closed.

Prints the endpoints of two servers, one a line: moto's S3 with the buckets below, and one that fails in the way that the
first part of the key says.
"""

import http.server
import itertools
import logging
import sys
import threading
from email.utils import formatdate

from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

MANY = 1200
ODD_NAMES = ["a b.jpg", "a%20b.jpg", "a+b.jpg", "grün/猫.jpg", "q?x=1.jpg", "#1.jpg", "e\u0301.jpg"]


def fill() -> None:
    put = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].put_object
    for bucket in ["photos", "many", "odd"]:
        s3_backends[DEFAULT_ACCOUNT_ID]["aws"].create_bucket(bucket, "us-east-1")
    put("photos", "set/one.jpg", bytes(range(256)) * 4)
    put("photos", "set/empty.jpg", b"")
    put("photos", "set/deep/er/two.PNG", b"two")
    put("photos", "set/a.jpg", b"a")
    put("photos", "set/a/b.jpg", b"b")
    put("photos", "set/notes.txt", b"text")
    put("photos", "set/.hidden.jpg", b"hidden")
    put("photos", "set/._one.jpg", b"resource fork")
    put("photos", "set/.git/three.jpg", b"hidden folder")
    put("photos", "set/marker/", b"")
    put("photos", "settled/other.jpg", b"another folder")
    for index in range(MANY):
        put("many", f"{index % 7}/{index:04}.jpg", str(index).encode())
    for name in ODD_NAMES:
        put("odd", f"x/{name}", name.encode())
    put("odd", "y/d//e.jpg", b"")


# A listing of a folder that names an object elsewhere.
STRANGE_LISTING = """<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>b</Name><Prefix>strange/</Prefix>
<KeyCount>1</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated><Contents><Key>elsewhere/a.jpg</Key>
<LastModified>2020-01-01T00:00:00.000Z</LastModified><Size>1</Size></Contents></ListBucketResult>"""


class Failing(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    versions = itertools.count()

    def respond(self, status: int, length: int, body: bytes = b"") -> None:
        self.send_response(status)
        if "/changes" in self.path and self.command == "HEAD":
            self.send_header("ETag", f'"{next(self.versions)}"')
        self.send_header("Content-Length", str(length))
        self.send_header("Last-Modified", formatdate(0, usegmt=True))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def fail(self, status: int, code: str) -> None:
        body = f"<Error><Code>{code}</Code><Message>It is {code}</Message></Error>".encode()
        self.respond(status, len(body), b"" if self.command == "HEAD" else body)

    def do_HEAD(self) -> None:
        if "/breaks/" in self.path:
            self.fail(500, "InternalError")
            return
        self.respond(403 if "/denied" in self.path else 200, 0 if "/denied" in self.path else 1000)

    def do_GET(self) -> None:
        if "/breaks" in self.path or "prefix=breaks" in self.path:
            self.fail(500, "InternalError")
            return
        if "prefix=strange" in self.path:
            body = STRANGE_LISTING.encode()
            self.respond(200, len(body), body)
            return
        if "/changes" in self.path:
            first, last = map(int, self.headers["Range"].removeprefix("bytes=").split("-"))
            self.respond(206, last - first + 1, b"x" * (last - first + 1))
            return
        if "/denied" in self.path or "list-type" in self.path:
            self.fail(403, "AccessDenied")
            return
        self.respond(206, 1000, b"x" * 100)
        if "/stalls" in self.path:
            self.rfile.read(1)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    fill()
    store = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    store.start()
    host, port = store.get_host_and_port()
    failing = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Failing)
    failing.daemon_threads = True
    threading.Thread(target=failing.serve_forever, daemon=True).start()
    print(f"http://{host}:{port}", f"http://127.0.0.1:{failing.server_address[1]}", sep="\n", flush=True)
    sys.stdin.read()
    store.stop()


main()
