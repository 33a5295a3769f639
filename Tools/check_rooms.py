#!/usr/bin/env python3
"""Checks that the folders of each module depend on each other one way, and draws them in Docs/Architecture.md.

    python Tools/check_rooms.py            # fails if there is a cycle, or if the page is out of date
    python Tools/check_rooms.py --write    # redraws the diagrams of the page

A module uses the modules that its files import. What a folder uses is read from the text of the sources, without a
compiler:
- types, values, functions and operators that only one other folder declares, by name;
- what an extension adds in another folder than its type's: members and nested types whose names are unique to that
  folder or that are written after their type; functions, `init` and `subscript` also by a unique first label.

It ignores what it cannot attribute: names that several folders declare, `init` and `subscript` without a label,
operators of the standard library, conformances, and the expansion of macros. It does not know the standard library's
members: an extension that adds one with the same name seems to be used wherever the original is. So it may miss a
cycle, and its reports need review.
"""

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

from rooms.uses import Source, Uses, circles, folder_uses, module_uses, read_sources, reduced

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "Docs" / "Architecture.md"
MARKS = ("<!-- drawn by Tools/check_rooms.py -->", "<!-- end of what Tools/check_rooms.py draws -->")

MAXIMUM_FILES = 15
MAXIMUM_CORE_LINES = 8300
CORE = "CLIPCore"
CORE_IMPORTS = {
    "CResample", "Yams", "Synchronization", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin"
}  # fmt: skip


def crowded_folders(root: Path) -> list[str]:
    counts = Counter(path.parent for name in ("Sources", "Tests") for path in (root / name).glob("**/*.swift"))
    return [
        f"{folder.relative_to(root)} has {count} files, more than {MAXIMUM_FILES}. Divide it."
        for folder, count in sorted(counts.items())
        if count > MAXIMUM_FILES
    ]


def circle_problems(uses: Uses) -> list[str]:
    found = []
    for circle in circles({folder: set(others) for folder, others in uses.items()}):
        edges = [
            f"  {folder} uses {other}: {', '.join(sorted(uses[folder][other])[:4])}"
            for folder in circle
            for other in circle
            if other in uses[folder]
        ]
        found.append("\n".join([f"These folders form a cycle: {', '.join(circle)}.", *edges]))
    return found


def core_problems(sources: list[Source]) -> list[str]:
    core = [source for source in sources if source.module == CORE]
    found = [
        f"{source.path.relative_to(ROOT)} imports {', '.join(sorted(foreign))}: {CORE} builds alone."
        for source in core
        if (foreign := source.text.imports - CORE_IMPORTS)
    ]
    lines = sum(source.line_count for source in core)
    if lines > MAXIMUM_CORE_LINES:
        found.append(f"{CORE} has {lines} lines, more than {MAXIMUM_CORE_LINES}. Move out what is none of its nouns.")
    return found


def graph(edges: dict[str, set[str]], nodes: list[str]) -> list[str]:
    """A Mermaid graph whose arrows point to what is used."""
    joined = reduced(edges)
    alone = [node for node in nodes if not any(node in edge for edge in joined)]
    names = {node: node if node.isalnum() else f'{re.sub(r"[^A-Za-z0-9]", "_", node)}["{node}"]' for node in nodes}
    arrows = [f"    {names[node]} --> {names[other]}" for node, other in joined]
    return ["```mermaid", "graph TD", *arrows, *(f"    {names[node]}" for node in alone), "```"]


def drawing(sources: list[Source], uses: Uses) -> str:
    modules = module_uses(sources)
    lines = ["### Modules", "", "An arrow points to what is used; indirect dependencies are omitted.", ""]
    lines += graph(modules, list(modules))
    for module in modules:
        folders = sorted({source.folder for source in sources if source.module == module})
        names = {folder: folder.removeprefix(f"{module}/") for folder in folders}
        within = {names[folder]: {names[other] for other in uses[folder] if other in names} for folder in folders}
        if len(folders) > 1:
            lines += ["", f"### Folders of {module}", "", *graph(within, sorted(within))]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="draw the pictures of Docs/Architecture.md again")
    arguments = parser.parse_args()
    sources = read_sources(ROOT / "Sources")
    uses = folder_uses(sources)
    found = circle_problems(uses) + crowded_folders(ROOT) + core_problems(sources)
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(MARKS[0])
    _, after = rest.split(MARKS[1])
    drawn = f"{before}{MARKS[0]}\n{drawing(sources, uses)}\n{MARKS[1]}{after}"
    if arguments.write:
        PAGE.write_text(drawn, encoding="utf-8")
    elif drawn != page:
        found.append("Docs/Architecture.md does not match the code: run Tools/check_rooms.py --write")
    if found:
        sys.exit("\n".join(found))
    modules, folders = {source.module for source in sources}, {source.folder for source in sources}
    print(f"{len(modules)} modules, {len(folders)} folders: no cycles, and Docs/Architecture.md is up to date")


if __name__ == "__main__":
    main()
