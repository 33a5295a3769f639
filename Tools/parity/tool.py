"""Runs `clip-cli`."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from environment import FORGETFUL


@dataclass(frozen=True)
class Tool:
    """The built command-line tool."""

    path: Path

    def run(self, *arguments: str | Path, text: str | None = None) -> str:
        """What it prints; raises SystemExit with its own words when it fails."""
        command = [self.path, *map(str, arguments)]
        result = subprocess.run(command, input=text, capture_output=True, text=True, env=FORGETFUL)
        if result.returncode != 0:
            raise SystemExit(f"error: clip-cli {arguments[0]} ended with {result.returncode}: {result.stderr.strip()}")
        return result.stdout


def require(condition: bool, difference: str) -> None:
    """Raises SystemExit that says what differs."""
    if not condition:
        raise SystemExit(f"error: {difference}")
