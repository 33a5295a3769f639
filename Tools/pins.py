"""The Python packages that the project pins."""

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)")


def normalised(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(folder: Path = HERE) -> dict[str, str]:
    """The version of each package that a list of requirements pins, by normalised name."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("requirements*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if match := PIN.fullmatch(line.strip()):
                name, version = normalised(match[1]), match[2]
                if found.setdefault(name, version) != version:
                    raise SystemExit(f"error: {path} pins {name} to {version}, and another list to {found[name]}")
    return found
