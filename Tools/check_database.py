#!/usr/bin/env python3
"""Embeds images from a PostgreSQL server that it starts and stops, and writes results and vectors into it.

What goes wrong is part of it: wrong passwords, lost connections, faulty rows, interrupted runs. The password must be in
no file, message or list of processes.
"""

import argparse
import tempfile
from pathlib import Path

from database import credentials, reading, recipe, scale, writing
from database.server import Server
from database.tool import Tool, require_no_password
from stored import make_images


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to make images from")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        # The server's user has to get into its own folder.
        work.chmod(0o755)
        scratch = work / "scratch"
        scratch.mkdir(mode=0o700)
        make_images(arguments.photos, scratch / "images", reading.COUNT)
        with Server(work / "server") as server:
            tool = Tool(arguments.cli, server)
            found = reading.check(tool, server, scratch / "images", scratch)
            print(f"{len(found)} images have the same vectors from a query as from files")
            writing.check(tool, server, scratch / "paths", scratch)
            print("results and vectors are in tables as in files, once each")
            require_no_password(scratch)
            (work / "credentials").mkdir(mode=0o700)
            credentials.check(tool, server, work / "credentials")
            print("the password is nowhere")
            recipe.check(tool, server, arguments.photos, work / "recipe")
            print("the recipe prints what Docs/Recipes.md shows")
            print(scale.check(tool, server, scratch))


if __name__ == "__main__":
    main()
