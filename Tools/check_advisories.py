#!/usr/bin/env python3
"""Compares the pinned Python packages with a list of known vulnerabilities, `advisories.json`, without a network.

Fails when a pinned version is affected and the list does not accept that with a reason. Says how old the list is: it knows
nothing of later vulnerabilities. `update_advisories.py` brings it up to date.
"""

import argparse
import json
from datetime import date
from pathlib import Path

from packaging.specifiers import SpecifierSet
from pins import HERE, pinned

LIST = HERE / "advisories.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", type=Path, default=LIST, help="the list of vulnerabilities")
    parser.add_argument("--requirements", type=Path, default=HERE, help="the folder of the lists of packages")
    arguments = parser.parse_args()
    known = json.loads(arguments.list.read_text(encoding="utf-8"))
    problems, accepted = check(known, pinned(arguments.requirements))
    age = (date.today() - date.fromisoformat(known["database"]["date"])).days
    count = len(known["advisories"]) + len(known["added"])
    print(f"{count} advisories, of which {len(accepted)} that affect a pinned version are accepted. The list is from "
          f"{known['database']['date']}, {age} days ago: Tools/update_advisories.py renews it.")
    if problems:
        raise SystemExit("\n".join(problems))


def check(known: dict, packages: dict[str, str]) -> tuple[list[str], list[str]]:
    """What is wrong, and the advisories that affect a pinned version and are accepted."""
    reasons = {(entry["package"], entry["id"]): entry["reason"] for entry in known["accepted"]}
    affected = {(entry["package"], entry["id"]): entry for entry in known["advisories"] + known["added"]
                if entry["package"] in packages and is_affected(packages[entry["package"]], entry["affected"])}
    problems = [f"error: {package} {packages[package]} is affected by {id} ({entry['summary']}). Pin another version, or accept "
                "it with a reason in Tools/advisories.json." for (package, id), entry in affected.items() if (package, id) not in reasons]
    problems += [f"error: {package}: no reason is given why {id} is accepted" for (package, id), reason in reasons.items() if not reason]
    problems += [f"error: {id} is accepted for {package}, but does not affect what is pinned" for package, id in reasons
                 if (package, id) not in affected]
    return problems, [id for package, id in affected if (package, id) in reasons]


def is_affected(version: str, ranges: list[str]) -> bool:
    """Whether a version is in one of the ranges, such as `>=1.0,<1.2`."""
    return any(SpecifierSet(text).contains(version, prereleases=True) for text in ranges)


if __name__ == "__main__":
    main()
