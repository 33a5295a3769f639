"""Runs clip-cli with a database, and looks for the password wherever it must not be."""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from environment import FORGETFUL
from stored import require

from database.server import DATABASE, PASSWORD, USER, Server


@dataclass
class Result:
    status: int
    output: str
    errors: str
    seconds: float
    peak: int  # KiB


class Tool:
    def __init__(self, cli: Path, server: Server):
        self.cli = cli.absolute()
        self.server = server
        # Nothing of the person who runs this.
        self.environment = {name: value for name, value in FORGETFUL.items() if not name.startswith("PG")}
        self.environment |= {"HOME": str(server.folder / "home"), "XDG_CACHE_HOME": os.environ.get(
            "XDG_CACHE_HOME", f"{os.environ['HOME']}/.cache")}

    @property
    def with_password(self) -> dict[str, str]:
        return self.environment | {"PGPASSWORD": PASSWORD}

    def start(self, *words: object, environment: dict[str, str] | None = None, cwd: Path | None = None) -> subprocess.Popen:
        command = [str(self.cli), *map(str, words)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd,
                                   env=self.with_password if environment is None else environment)
        self._require_no_password_in_processes()
        return process

    def run(self, *words: object, status: int = 0, **options: object) -> Result:
        """Runs the tool, and requires its exit code."""
        start = time.monotonic()
        process = self.start(*words, **options)
        output, errors = process.communicate()
        result = Result(process.returncode, output, errors, time.monotonic() - start, 0)
        require(result.status == status, f"{words[:3]}: exit code {result.status}, expected {status}: {errors}{output}")
        require(PASSWORD not in output + errors, f"{words[:3]}: the password is in the output")
        return result

    def measure(self, *words: object, status: int = 0) -> Result:
        """Runs the tool by itself, and measures its memory too."""
        program = ("import resource, subprocess, sys; code = subprocess.run(sys.argv[1:]).returncode; "
                   "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)")
        start = time.monotonic()
        done = subprocess.run(["python3", "-c", program, self.cli, *map(str, words)], capture_output=True, text=True,
                              env=self.with_password)
        seconds = time.monotonic() - start
        require(done.returncode == status, f"{words[:3]}: exit code {done.returncode}: {done.stderr[-2000:]}")
        return Result(done.returncode, done.stdout, done.stderr, seconds, int(done.stdout.split()[-1]))

    def server_session(self, statements: str) -> subprocess.Popen:
        """A session of the user's, which goes on until it is ended."""
        command = ["psql", "-X", "-h", self.server.folder, "-p", self.server.port, "-U", USER, "-d", DATABASE, "-c", statements]
        return subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    @staticmethod
    def _require_no_password_in_processes() -> None:
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                require(PASSWORD.encode() not in file.read_bytes(), f"the password is in {file}")
            except OSError:
                continue


def require_no_password(folder: Path) -> None:
    """Requires that no file below a folder holds the password."""
    for file in folder.rglob("*"):
        if file.is_file():
            require(PASSWORD.encode() not in file.read_bytes(), f"the password is in {file}")
