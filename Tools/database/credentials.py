"""Passwords: where PostgreSQL's users keep them, and nowhere else."""

from pathlib import Path

from stored import require

from database.server import DATABASE, PASSWORD, USER, Server
from database.tool import Tool, require_no_password

QUERY = "SELECT id, path FROM photos ORDER BY id LIMIT 2"


def check(tool: Tool, server: Server, scratch: Path) -> None:
    home = server.folder / "home"
    home.mkdir(exist_ok=True)
    plain = tool.environment
    ways = {
        "variable": (server.url, plain | {"PGPASSWORD": PASSWORD}),
        "variables": ("postgresql://", plain | {"PGPASSWORD": PASSWORD, "PGUSER": USER, "PGHOST": "127.0.0.1",
                                                "PGPORT": str(server.port), "PGDATABASE": DATABASE}),
        "whole URL": ("env:PHOTOS_URL", plain | {"PHOTOS_URL": server.secret_url}),
        "sslmode": (f"{server.url}?sslmode=disable", plain | {"PGPASSWORD": PASSWORD}),
        "password file": (server.url, plain | {"PGPASSFILE": str(_file(scratch / "passwords", _line(server)))}),
        "service": ("postgresql:///?service=photos", plain | {
            "PGSERVICEFILE": str(_file(scratch / "services", "\n".join((
                "[photos]", "host=127.0.0.1", f"port={server.port}", f"dbname={DATABASE}", f"user={USER}",
                f"password={PASSWORD}", "")))),
        }),
    }
    for name, (url, environment) in ways.items():
        store = scratch / f"store {name}"
        tool.run("embed", "--database", url, "--query", QUERY, "--output", store, environment=environment)
        tool.run("store", "verify", store, environment=environment)
        require_no_password(store)
        tool.run("store", "export", store, "--database", url, "--table", "exported", "--if-exists", "replace",
                 environment=environment)
    _check_refusals(tool, server, scratch)


def _line(server: Server) -> str:
    return f"127.0.0.1:{server.port}:{DATABASE}:{USER}:{PASSWORD}\n"


def _file(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def _check_refusals(tool: Tool, server: Server, scratch: Path) -> None:
    words = ["--query", QUERY, "--output", scratch / "refused"]
    none = tool.run("embed", "--database", server.url, *words, environment=tool.environment, status=3)
    require("PGPASSWORD" in none.errors, f"nothing says where a password belongs: {none.errors}")
    wrong = {"PGPASSWORD": "wrong-w0rd"}
    refused = tool.run("embed", "--database", server.url, *words, environment=tool.environment | wrong, status=3)
    require("authentication failed" in refused.errors and "wrong-w0rd" not in refused.errors, refused.errors)
    secret = {"PHOTOS_URL": server.secret_url.replace(str(server.port), "1")}
    unreachable = tool.run("embed", "--database", "env:PHOTOS_URL", *words, environment=tool.environment | secret, status=3)
    require("127.0.0.1" in unreachable.errors, unreachable.errors)
    secret = {"PHOTOS_URL": server.secret_url.replace(PASSWORD, "wrong-w0rd")}
    refused = tool.run("embed", "--database", "env:PHOTOS_URL", *words, environment=tool.environment | secret, status=3)
    require("wrong-w0rd" not in refused.errors, refused.errors)
    # A password that stands in the list of processes; this one is none.
    shown = tool.run("embed", "--database", server.url.replace("@", ":shown@"), *words, status=2)
    require("list of processes" in shown.errors and "shown" not in shown.errors, shown.errors)
    require(not (scratch / "refused").exists(), "a refused run left a store")
