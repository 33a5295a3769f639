#!/usr/bin/env python3
"""Renews the generated part of `advisories.json`: what a copy of PyPA's advisory database knows of the pinned packages.

On a machine with a network:

    git clone --depth 1 https://github.com/pypa/advisory-database
    Tools/update_advisories.py --database advisory-database
    Tools/check_advisories.py

What was added by hand, and what is accepted, stays; remove from it what the database has.
"""

import argparse
import json
import subprocess
from pathlib import Path

import yaml
from check_advisories import LIST
from pins import normalised, pinned

URL = "https://github.com/pypa/advisory-database"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", type=Path, required=True, help="a clone of PyPA's advisory database")
    parser.add_argument("--list", type=Path, default=LIST, help="the list of vulnerabilities")
    arguments = parser.parse_args()
    known = json.loads(arguments.list.read_text(encoding="utf-8"))
    commit, when = git(arguments.database, "log", "-1", "--format=%H %cs").split()
    known["database"] = {"url": URL, "commit": commit, "date": when}
    known["advisories"] = sorted(
        (entry for package in pinned() for entry in entries(arguments.database, package)),
        key=lambda entry: (entry["package"], entry["id"]),
    )
    arguments.list.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(known['advisories'])} advisories of {when}")


def entries(database: Path, package: str) -> list[dict]:
    """The advisories about a package that were not withdrawn."""
    names = git(database, "ls-tree", "-r", "--name-only", "HEAD", f"vulns/{package}/").split()
    found = []
    for name in names:
        advisory = yaml.safe_load(git(database, "show", f"HEAD:{name}"))
        if "withdrawn" in advisory:
            continue
        ranges = [text for part in advisory["affected"] if normalised(part["package"]["name"]) == package for text in affected(part)]
        found.append({
            "id": advisory["id"], "aliases": sorted(advisory.get("aliases", [])), "package": package,
            "affected": ranges, "summary": summary(advisory),
        })
    return found


def affected(part: dict) -> list[str]:
    """The ranges of versions of an entry; its single versions if it has no ranges."""
    ranges = []
    for events in (found["events"] for found in part.get("ranges", []) if found["type"] == "ECOSYSTEM"):
        start = "0"
        for event in events:
            if "introduced" in event:
                start = str(event["introduced"])
            elif "fixed" in event:
                ranges.append(f">={start},<{event['fixed']}")
                start = ""
            elif "last_affected" in event:
                ranges.append(f">={start},<={event['last_affected']}")
                start = ""
        if start:
            ranges.append(f">={start}")
    return ranges or [f"=={version}" for version in part.get("versions", [])]


def summary(advisory: dict) -> str:
    """The first sentence of what an advisory says, at most 160 characters of it."""
    words = " ".join((advisory.get("summary") or advisory["details"]).split())
    sentence = words.split(". ")[0].rstrip(".")
    return sentence if len(sentence) <= 160 else sentence[:159].rsplit(" ", 1)[0] + " …"


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
