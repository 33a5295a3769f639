"""Passwords, signatures and keys in addresses and in the environment: never printed, and never in a store or a result."""

import sqlite3
from pathlib import Path

import pyarrow
import pyarrow.parquet
from stored import require, vectors

from security.network import Server
from security.tool import Tool

SECRET = "hunter2SECRET"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIA" + SECRET, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": SECRET,
    "AWS_EC2_METADATA_DISABLED": "true", "PGPASSWORD": SECRET,
}
SIGNATURES = ["X-Amz-Signature", "Signature", "sig", "token", "access_token"]


def check_secrets(tool: Tool, photo: bytes) -> str:
    """Runs commands that are given secrets, and looks for them in what they print and write."""
    before = set(tool.place.rglob("*"))
    with Server({"/a.png": ("", photo), "/b.png": ("gzip", b"broken")}) as server:
        tries = commands(tool, server)
        for words, variables in tries:
            outcome = tool.run(*words, env=ENVIRONMENT | variables)
            require(SECRET.encode() not in outcome.output + outcome.errors, f"{words} prints a secret: {outcome.text}")
    written = [path for path in sorted(set(tool.place.rglob("*")) - before) if path.is_file() and "given" not in path.name]
    for path in written:
        require(SECRET not in text_of(path), f"{path} holds a secret")
    require(len(vectors(tool.place / "signed-store")) == len(SIGNATURES), "signed addresses were not read")
    return f"secrets: {len(tries)} commands, {len(written)} files"


def text_of(path: Path) -> str:
    """A file's contents as text, and those of a Parquet file uncompressed."""
    text = path.read_bytes().decode(errors="replace")
    if path.suffix == ".parquet":
        table = pyarrow.parquet.read_table(path)
        text += f"{table.schema.metadata} {[column.to_pylist() for column in table.itercolumns() if column.type != pyarrow.float32()]}"
    return text


def commands(tool: Tool, server: Server) -> list[tuple[list[str], dict[str, str]]]:
    place, port, model = tool.place, server.server.server_port, ["--model", tool.model]
    scored = ["signed-store", "--categories", "given-categories.json", *model]
    queried = ["--query", "SELECT 1", "--output", "none", *model]
    hidden = f"postgresql://ann:{SECRET}@127.0.0.1:1/photos"
    signed = [server.url(f"/a.png?n={name}&{name}={SECRET}") for name in SIGNATURES]
    failing = [server.url(f"/{path}?X-Amz-Signature={SECRET}") for path in ("b.png", "none.png")]
    rows = list(zip(SIGNATURES, signed, strict=True))
    (place / "given-signed.csv").write_text("id,path,source\n" + "".join(f"{name},{url},{url}\n" for name, url in rows))
    (place / "given-signed.txt").write_text("".join(f"{url}\n" for url in signed))
    (place / "given-failing.txt").write_text("".join(f"{url}\n" for url in [
        *failing, f"http://ann:{SECRET}@127.0.0.1:{port}/a.png", f"https://ann:{SECRET}@127.0.0.1:1/a.png",
        f"s3://bucket/a.png?secret_key={SECRET}&access_key=x", f"s3://AKIA:{SECRET}@bucket/a.png",
    ]))
    (place / "given-categories.json").write_text('{"threshold": -1, "categories": {"cat": {"positive": ["a cat"]}}}')
    with sqlite3.connect(place / "given.sqlite") as database:
        database.execute("CREATE TABLE photos (id TEXT, path TEXT)")
        database.executemany("INSERT INTO photos VALUES (?, ?)", rows)
    unreachable = f"http://user:{SECRET}@127.0.0.1:1"
    return [
        (["embed", "given-signed.csv", "--keep-columns", "source", "--output", "signed-store", *model], {}),
        (["embed", "--files-from", "given-failing.txt", "--output", "failing-store", "--allow-failures", *model], {}),
        (["embed", "--files-from", "given-failing.txt", "--output", "logged", "--allow-failures", "--log-format", "json", *model], {}),
        (["embed", "--database", "given.sqlite", "--query", "SELECT id, path FROM photos", "--output", "database-store", *model], {}),
        (["embed", "--database", hidden, *queried], {}),
        (["embed", "--database", f"postgresql://127.0.0.1:1/photos?user=ann&password={SECRET}", *queried], {}),
        (["embed", f"http://ann:{SECRET}@127.0.0.1:{port}/a.tar", "--output", "none", *model], {}),
        (["embed", f"s3://bucket/photos/?secret_key={SECRET}", "--output", "none", *model], {}),
        (["embed", "s3://bucket/photos/", "--s3-endpoint", unreachable, "--output", "none", *model], {}),
        (["embed", "--files-from", "given-signed.txt", "--output", "proxied", "--allow-failures", *model], {"http_proxy": unreachable}),
        (["store", "info", "signed-store"], {}),
        (["store", "verify", "signed-store", *model], {}),
        (["classify", *scored, "--output", "signed.parquet"], {}),
        (["classify", *scored, "--output", "signed.csv"], {}),
        (["classify", *scored, "--output-database", hidden, "--table", "results"], {}),
        (["report", "signed-store", "--results", "signed.parquet", "--output", "signed.html"], {}),
    ]
