"""Servers that nobody trusts: certificates that nobody signed, answers that unpack to gigabytes, and ways inside."""

import ctypes
import gzip
import http.server
import socket
import ssl
import subprocess
import threading
import zlib
from functools import partial
from pathlib import Path

import pyarrow
from stored import require, rows, vectors

from security.tool import Tool

MIB = 1 << 20
INSIDE = ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0.0.0.0", "[::ffff:127.0.0.1]"]
"""Ways to write the address of a server on 127.0.0.1."""
INSIDE_6 = ["[::1]", "[0:0:0:0:0:0:0:1]"]
"""Ways to write that of one on ::1."""
OPTIONAL = {"br": "brotli", "zstd": "zstd"}
"""Encodings that libcurl may be built without, with the names of their libraries."""


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves a photograph and bombs; counts what was asked for."""

    def __init__(self, files: dict[str, tuple[str, bytes]], asked: list[str], *words, **options) -> None:
        self.files, self.asked = files, asked
        super().__init__(*words, **options)

    def do_GET(self) -> None:
        self.asked.append(self.path)
        encoding, content = self.files.get(self.path.split("?")[0], ("", b""))
        self.send_response(200 if content else 404)
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            pass

    def log_message(self, *_: object) -> None:
        pass


class IPv6Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6


class Server:
    """A web server on loopback, for as long as the `with` block lasts."""

    def __init__(self, files: dict[str, tuple[str, bytes]], certificate: Path | None = None, address: str = "127.0.0.1") -> None:
        self.asked: list[str] = []
        kind = IPv6Server if ":" in address else http.server.ThreadingHTTPServer
        self.server = kind((address, 0), partial(Handler, files, self.asked))
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.scheme = "https"

    def __enter__(self) -> "Server":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.server.server_port}{path}"


def check_network(tool: Tool, photo: bytes) -> str:
    """Embeds lists of URLs, and reads why each failed."""
    bombs = check_encodings(tool, photo)
    inside = check_inside(tool, photo)
    check_certificate(tool, photo)
    return f"network: {bombs} encodings, {inside} ways inside, 1 certificate"


def embed_list(tool: Tool, name: str, urls: list[str], *options: str):
    (tool.place / f"{name}.txt").write_text("".join(f"{url}\n" for url in urls))
    outcome = tool.embed("--files-from", f"{name}.txt", "--allow-failures", *options, store=f"{name}-store")
    require(outcome.status == 0, f"{name} ends with {outcome.status}: {outcome.text}")
    failed = {row["id"]: row["reason"] for row in rows(tool.place / f"{name}-store/rejects.parquet", ["id", "reason"])}
    return outcome, set(vectors(tool.place / f"{name}-store")), failed


def check_encodings(tool: Tool, photo: bytes) -> int:
    """A body that unpacks to four times the size limit is given up at the size limit; one that unpacks to an image is read."""
    zeros = bytes(256 * MIB)
    packers = {
        "gzip": partial(gzip.compress, compresslevel=1),
        "deflate": partial(zlib.compress, level=1),
        "br": lambda data: pyarrow.compress(data, "brotli", asbytes=True),
        "zstd": lambda data: pyarrow.compress(data, "zstd", asbytes=True),
    }
    files = {"/photo.png": ("", photo)}
    for encoding, pack in packers.items():
        files |= {f"/{encoding}.png": (encoding, pack(photo)), f"/{encoding}-bomb.png": (encoding, pack(zeros))}
    del zeros
    with Server(files) as server:
        alone, _, _ = embed_list(tool, "web-alone", [server.url("/photo.png")])
        outcome, stored, failed = embed_list(tool, "web", [server.url(path) for path in files], "--max-bytes", str(64 * MIB))
    known = [name for name in packers if name not in OPTIONAL or OPTIONAL[name] in curl_features()]
    readable = {server.url("/photo.png")} | {server.url(f"/{name}.png") for name in known}
    require(readable <= stored, f"stored: {stored}, failed: {failed}")
    require(not any("bomb" in url for url in stored), f"bombs were read: {stored}")
    for url in (server.url(f"/{name}-bomb.png") for name in known):
        require("more bytes than the limit" in failed.get(url, ""), f"{url} fails for another reason: {failed.get(url)}")
    require(outcome.memory - alone.memory < 64 * len(packers) + 200, f"encoded bodies take {outcome.memory - alone.memory} MiB")
    return len(known)


def curl_features() -> str:
    """The libraries that libcurl was built with, such as `brotli/1.0.9`."""
    library = ctypes.CDLL("libcurl.so.4")
    library.curl_version.restype = ctypes.c_char_p
    return library.curl_version().decode()


def check_inside(tool: Tool, photo: bytes) -> int:
    """A list by strangers leads nowhere inside, however the address is written, and no request is sent."""
    count = inside_of(tool, photo, "127.0.0.1", INSIDE)
    # Some machines have no IPv6.
    if Path("/proc/net/if_inet6").exists() and " lo" in Path("/proc/net/if_inet6").read_text():
        count += inside_of(tool, photo, "::1", INSIDE_6)
    return count


def inside_of(tool: Tool, photo: bytes, address: str, hosts: list[str]) -> int:
    """Tries to reach a server on an address of this machine, which answers where private networks are read."""
    name = "inside-6" if ":" in address else "inside"
    with Server({"/photo.png": ("", photo)}, address=address) as server:
        urls = [server.url("/photo.png", host) for host in hosts]
        _, stored, failed = embed_list(tool, name, urls, "--private-networks", "never")
        require(not stored and failed.keys() == set(urls), f"inside, {stored} were read; failed: {failed}")
        other = {url: reason for url, reason in failed.items() if "private networks are never read" not in reason}
        require(not other, f"inside, other reasons: {other}")
        require(not server.asked, f"inside, requests were sent: {server.asked}")
        _, stored, failed = embed_list(tool, f"{name}-allowed", urls[:1])
        require(stored == set(urls[:1]) and server.asked, f"the server on {address} cannot be reached: {failed}")
    return len(hosts)


def check_certificate(tool: Tool, photo: bytes) -> None:
    """A server whose certificate nobody vouches for is refused, and the reason says so."""
    both = tool.place / "server.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", both, "-out", tool.place / "own.pem", "-days", "2",
               "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True)
    both.write_bytes(both.read_bytes() + (tool.place / "own.pem").read_bytes())
    with Server({"/photo.png": ("", photo)}, certificate=both) as server:
        _, stored, failed = embed_list(tool, "tls", [server.url("/photo.png")])
        require(not server.asked, "a request was sent to a server with a certificate of its own")
    require(not stored and "certificate" in failed[server.url("/photo.png")], f"a certificate of its own: {failed}")
