#!/usr/bin/env python3
"""Runs a command, and prints the most memory that it and the processes below it took at a time.

    Tools/peak_memory.py python Tools/export_openclip.py --model ViT-B-32 --random-init --output /tmp/bundle

Anonymous memory is what a program must have; pages of files that it maps can be read again. Sampled from /proc 20 times a second.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from engines.processes import ancestors, processes

FIELDS = ("RssAnon", "RssShmem", "RssFile")
INTERVAL = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the program to run")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")
    given = parser.parse_args()
    process = subprocess.Popen([given.program, *given.arguments])
    anonymous = everything = 0
    while process.poll() is None:
        tree = [number for number in processes() if process.pid in (number, *ancestors(number))]
        sizes = [resident(number) for number in tree]
        anonymous = max(anonymous, sum(size["RssAnon"] + size["RssShmem"] for size in sizes))
        everything = max(everything, sum(sum(size.values()) for size in sizes))
        time.sleep(INTERVAL)
    print(f"peak memory: {anonymous / 1e6:.0f} MB anonymous, {everything / 1e6:.0f} MB with mapped files", file=sys.stderr)
    sys.exit(process.returncode)


def resident(process: int) -> dict[str, int]:
    """Bytes of each kind; nothing of a process that has ended."""
    sizes = dict.fromkeys(FIELDS, 0)
    try:
        lines = [line.split() for line in Path(f"/proc/{process}/status").read_text().splitlines()]
    except OSError:
        return sizes
    return sizes | {words[0].rstrip(":"): int(words[1]) << 10 for words in lines if words and words[0].rstrip(":") in FIELDS}


if __name__ == "__main__":
    main()
