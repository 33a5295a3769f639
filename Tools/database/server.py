"""A PostgreSQL server of a test's own, in a temporary folder, on loopback and a socket."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

USER = "clip"
PASSWORD = "s3cret-w0rd"
DATABASE = "photos"


class Server:
    """Runs as an unprivileged user, because PostgreSQL refuses to run as root."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.data = folder / "data"
        self.port = _free_port()
        self.account = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}

    def __enter__(self) -> "Server":
        # Whoever ends the check ends the server too.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        try:
            self._start()
        except BaseException:
            if (self.data / "postmaster.pid").exists():
                self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def _start(self) -> None:
        self.folder.mkdir(mode=0o755)
        if self.account:
            shutil.chown(self.folder, self.account["user"], self.account["group"])
        self._program("initdb", "--pgdata", self.data, "--username", "postgres", "--encoding", "UTF8", "--locale", "C",
                      "--auth-local", "trust", "--auth-host", "scram-sha-256", "--no-sync")
        options = f"-h 127.0.0.1 -p {self.port} -k {self.folder} -F"
        self._program("pg_ctl", "start", "--wait", "--pgdata", self.data, "--log", self.folder / "log", "--options", options)
        self.sql(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'", database="postgres")
        self.sql(f"CREATE DATABASE {DATABASE} OWNER {USER}", database="postgres")

    def _stop(self) -> None:
        self._program("pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", self.data)

    @property
    def url(self) -> str:
        """Where the server is, without the password."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def secret_url(self) -> str:
        return self.url.replace("@", f":{PASSWORD}@")

    def sql(self, statements: str, user: str = "postgres", database: str = DATABASE) -> list[list[str]]:
        """Runs statements over the socket, which needs no password, and returns the rows of the last one."""
        command = ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p", self.port,
                   "-U", user, "-d", database, "-f", "-"]
        result = subprocess.run([str(word) for word in command], input=statements, capture_output=True, text=True)
        if result.returncode != 0:
            raise RuntimeError(f"{statements[:200]}: {result.stderr}")
        return [line.split("\t") for line in result.stdout.splitlines()]

    def owner_sql(self, statements: str) -> list[list[str]]:
        """Runs statements as the user whom clip-cli connects as."""
        return self.sql(statements, user=USER)

    def copy(self, table: str, lines: str) -> None:
        """Fills a table from tab-separated text."""
        self.owner_sql(f"COPY {table} FROM STDIN;\n{lines}\\.\n")

    def _program(self, name: str, *words: object) -> None:
        command = [str(_programs() / name), *map(str, words)]
        # What goes on in the background keeps an output open.
        with open(os.devnull) as nothing:
            subprocess.run(command, check=True, stdin=nothing, stdout=subprocess.DEVNULL, cwd="/", **self.account)


def _programs() -> Path:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if folders:
        return folders[-1].parent
    found = shutil.which("initdb")
    if not found:
        raise SystemExit("There is no initdb. Install PostgreSQL's server.")
    return Path(found).parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
