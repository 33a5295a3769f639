#!/usr/bin/env python3
"""Attacks `clip-cli` as hostile people would: with names that steer terminals and spreadsheets, paths that lead elsewhere,
files that unpack to gigabytes, servers, and secrets that must stay secret. Docs/Security.md has the table of attacks.
"""

import argparse
import tempfile
import time
from pathlib import Path

from security.bombs import check_bombs
from security.network import check_network
from security.pages import check_pages
from security.places import check_places
from security.secrets import check_secrets
from security.spreadsheets import check_spreadsheets
from security.terminal import check_terminal
from security.tool import Tool
from security.versions import check_versions

CHECKS = {
    "terminal": check_terminal, "spreadsheets": check_spreadsheets, "places": check_places, "network": check_network,
    "secrets": check_secrets, "bombs": check_bombs, "pages": check_pages, "versions": lambda tool, _: check_versions(tool),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    parser.add_argument("--model", default="default", help="name or bundle of the model")
    parser.add_argument("--only", nargs="+", choices=CHECKS, default=list(CHECKS), help="the attacks to try")
    arguments = parser.parse_args()
    photo = (arguments.photos / "cat.png").read_bytes()
    for name in arguments.only:
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            found = CHECKS[name](Tool(arguments.cli, arguments.model, Path(folder)), photo)
        print(f"{found} ({time.monotonic() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
