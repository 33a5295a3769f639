#!/usr/bin/env python3
"""Checks that modules and their folders depend on each other one way, and draws them in Docs/Architecture.md.

    python Tools/check_rooms.py            # fails when there is a circle, or when the page shows something else
    python Tools/check_rooms.py --write    # draws the page's pictures again

What a folder uses is read from the sources: the types and functions that it names and that another folder declares,
and the members that another folder's extensions add where no other member has their name.
"""

import argparse
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "Sources"
PAGE = ROOT / "Docs" / "Architecture.md"
MARKS = ("<!-- drawn by Tools/check_rooms.py -->", "<!-- end of what Tools/check_rooms.py draws -->")

MAXIMUM_FILES = 15
MAXIMUM_CORE_LINES = 8000
CORE = "CLIPCore"
CORE_IMPORTS = {
    "Yams", "Synchronization", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin"
}  # fmt: skip

DECLARATION = re.compile(
    r"^(?:@\w+(?:\([^)]*\))? +)*((?:[\w()]+ +)*)(?:struct|class|enum|protocol|actor|typealias|func|let|var) +(\w+)",
    re.MULTILINE,
)
EXTENSION = re.compile(r"^((?:\w+ +)*)extension +([\w.]+)[^{]*\{(.*?)^\}", re.MULTILINE | re.DOTALL)
MEMBER = re.compile(r"^    ((?:[\w()@]+ +)*)(?:func|var|let|struct|enum) +(\w+)", re.MULTILINE)
ANY_MEMBER = re.compile(r"^ +(?:[\w()@]+ +)*(?:func|var|let|case) +(\w+)", re.MULTILINE)
PRIVATE = re.compile(r"\b(?:private|fileprivate)\b")


@dataclass
class Source:
    """One file: its room, and its text without comments and literals."""

    path: Path
    room: str
    text: str
    imports: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)


def bare(text: str) -> str:
    """The text without comments, and of string literals only what is interpolated."""

    def interpolations(match: re.Match[str]) -> str:
        return " ".join(re.findall(r"\\\(((?:[^()]|\([^()]*\))*)\)", match[0]))

    text = re.sub(r'"""[\s\S]*?"""', interpolations, text)
    text = re.sub(r"//[^\n]*|/\*[\s\S]*?\*/", "", text)
    return re.sub(r'"(?:\\\((?:[^()]|\([^()]*\))*\)|\\.|[^"\\\n])*"', interpolations, text)


def read_sources() -> list[Source]:
    sources = []
    for path in sorted(SOURCES.glob("*/**/*.swift")):
        text = bare(path.read_text(encoding="utf-8"))
        source = Source(path, path.parent.relative_to(SOURCES).as_posix(), text)
        source.imports = set(re.findall(r"^(?:\w+ +)*import +(\w+)", text, re.MULTILINE))
        source.words = set(re.findall(r"\b[A-Za-z_]\w*\b", text))
        source.members = set(re.findall(r"\.(\w+)", text))
        sources.append(source)
    return sources


def module_of(room: str) -> str:
    return room.split("/", 1)[0]


def sees(source: Source, room: str) -> bool:
    return module_of(room) in source.imports | {module_of(source.room)}


def used_names(sources: list[Source]) -> dict[str, dict[str, set[str]]]:
    """For each room the rooms that it uses, and in what files which names."""
    declared = defaultdict(set)
    member_counts = defaultdict(int)
    for source in sources:
        for modifiers, name in DECLARATION.findall(source.text):
            if not PRIVATE.search(modifiers):
                declared[name].add(source.room)
        for name in ANY_MEMBER.findall(source.text):
            member_counts[name] += 1
    added = {}
    for source in sources:
        for modifiers, extended, body in EXTENSION.findall(source.text):
            if source.room in declared[extended.split(".")[0]] or PRIVATE.search(modifiers):
                continue
            for member_modifiers, name in MEMBER.findall(body):
                if member_counts[name] == 1 and not PRIVATE.search(member_modifiers):
                    added[name] = source.room
    uses = defaultdict(lambda: defaultdict(set))

    def note(source: Source, room: str, name: str) -> None:
        uses[source.room][room].add(f"{name} in {source.path.name}")

    for source in sources:
        for name in source.words & declared.keys():
            rooms = {room for room in declared[name] if sees(source, room)}
            # A name that a module declares itself is that module's own.
            rooms = {room for room in rooms if module_of(room) == module_of(source.room)} or rooms
            if source.room not in rooms and len(rooms) == 1:
                note(source, next(iter(rooms)), name)
        for name in source.members & added.keys():
            if added[name] != source.room and sees(source, added[name]):
                note(source, added[name], name)
    return uses


def circles(uses: dict[str, dict[str, set[str]]]) -> list[list[str]]:
    """Rooms that reach themselves, by Tarjan's algorithm."""
    order, low, stack, found = {}, {}, [], []

    def visit(room: str) -> None:
        order[room] = low[room] = len(order)
        stack.append(room)
        for other in uses.get(room, {}):
            if other not in order:
                visit(other)
                low[room] = min(low[room], low[other])
            elif other in stack:
                low[room] = min(low[room], order[other])
        if low[room] == order[room]:
            circle = stack[stack.index(room) :]
            del stack[stack.index(room) :]
            if len(circle) > 1:
                found.append(circle)

    for room in list(uses):
        if room not in order:
            visit(room)
    return found


def problems(sources: list[Source], uses: dict[str, dict[str, set[str]]]) -> list[str]:
    found = []
    for circle in circles(uses):
        edges = [
            f"  {room} uses {other}: {', '.join(sorted(uses[room][other])[:4])}"
            for room in circle
            for other in circle
            if other in uses[room]
        ]
        found.append("\n".join([f"These rooms use each other: {', '.join(sorted(circle))}.", *edges]))
    counts = defaultdict(int)
    for source in sources:
        counts[source.room] += 1
    for room, count in counts.items():
        if count > MAXIMUM_FILES:
            found.append(f"Sources/{room} has {count} files, more than {MAXIMUM_FILES}. Divide it.")
    core = [source for source in sources if module_of(source.room) == CORE]
    lines = sum(len(source.path.read_text(encoding="utf-8").splitlines()) for source in core)
    if lines > MAXIMUM_CORE_LINES:
        found.append(f"{CORE} has {lines} lines, more than {MAXIMUM_CORE_LINES}. Move out what is none of its nouns.")
    for source in core:
        foreign = source.imports - CORE_IMPORTS
        if foreign:
            found.append(f"{source.path.relative_to(ROOT)} imports {', '.join(foreign)}: {CORE} builds alone.")
    return found


def reduced(edges: dict[str, set[str]]) -> list[tuple[str, str]]:
    """The edges without those that a longer way makes superfluous."""

    def reaches(start: str, goal: str, seen: set[str]) -> bool:
        return any(
            other == goal or (other not in seen and not seen.add(other) and reaches(other, goal, seen))
            for other in edges.get(start, ())
        )

    return sorted(
        (room, other)
        for room, others in edges.items()
        for other in others
        if not any(reaches(between, other, set()) for between in others - {other})
    )


def graph(edges: dict[str, set[str]], rooms: list[str]) -> list[str]:
    """A Mermaid graph whose arrows point to what is used."""
    joined = reduced(edges)
    alone = [room for room in rooms if not any(room in edge for edge in joined)]
    nodes = {room: room if room.isalnum() else f'{re.sub(r"[^A-Za-z0-9]", "_", room)}["{room}"]' for room in rooms}
    lines = [f"    {nodes[room]} --> {nodes[other]}" for room, other in joined] + [f"    {nodes[room]}" for room in alone]
    return ["```mermaid", "graph TD", *lines, "```"]


def drawing(sources: list[Source], uses: dict[str, dict[str, set[str]]]) -> str:
    modules = sorted({module_of(source.room) for source in sources})
    between = defaultdict(set)
    within = defaultdict(lambda: defaultdict(set))
    for room, others in uses.items():
        for other in others:
            module = module_of(room)
            if module_of(other) != module:
                between[module].add(module_of(other))
            else:
                within[module][room.removeprefix(f"{module}/")].add(other.removeprefix(f"{module}/"))
    lines = ["### Modules", "", "An arrow points to what is used; what is reached by a longer way is left out.", ""]
    lines += graph(between, modules)
    for module in modules:
        rooms = sorted({source.room.removeprefix(f"{module}/") for source in sources if module_of(source.room) == module})
        if len(rooms) > 1:
            lines += ["", f"### Folders of {module}", ""]
            lines += graph(within[module], rooms)
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="draw the pictures of Docs/Architecture.md again")
    arguments = parser.parse_args()
    sources = read_sources()
    uses = used_names(sources)
    found = problems(sources, uses)
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(MARKS[0])
    _, after = rest.split(MARKS[1])
    drawn = f"{before}{MARKS[0]}\n{drawing(sources, uses)}\n{MARKS[1]}{after}"
    if arguments.write:
        PAGE.write_text(drawn, encoding="utf-8")
    elif drawn != page:
        found.append("Docs/Architecture.md shows other modules or folders than there are: Tools/check_rooms.py --write")
    if found:
        sys.exit("\n".join(found))
    rooms = {source.room for source in sources}
    print(f"{len({module_of(room) for room in rooms})} modules, {len(rooms)} folders: no circle, and the page shows them")


if __name__ == "__main__":
    main()
