"""Which folders of a module use each other."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from rooms.swift_text import Declaration, SwiftText, read

Uses = dict[str, dict[str, set[str]]]
"""For each folder the folders that it uses, and which names in what files."""


@dataclass
class Source:
    path: Path
    folder: str
    line_count: int
    text: SwiftText

    @property
    def module(self) -> str:
        return self.folder.split("/", 1)[0]

    def sees(self, folder: str) -> bool:
        return folder.split("/", 1)[0] in self.text.imports | {self.module}


def read_sources(root: Path) -> list[Source]:
    sources = []
    for path in sorted(root.glob("*/**/*.swift")):
        text = path.read_text(encoding="utf-8")
        sources.append(Source(path, path.parent.relative_to(root).as_posix(), len(text.splitlines()), read(text)))
    return sources


def last(name: str) -> str:
    return name.rsplit(".", 1)[-1]


class Names:
    """Who declares a name: top-level names, members, and first labels of functions, initialisers and subscripts."""

    def __init__(self, sources: list[Source]) -> None:
        self.top = defaultdict(set)
        self.members = defaultdict(set)
        self.owned = defaultdict(set)
        self.calls = defaultdict(set)
        self.labels = defaultdict(set)
        self.subscripts = defaultdict(set)
        self.operators = defaultdict(set)
        for source in sources:
            for declared in source.text.declarations:
                if not declared.is_private:
                    self.add(declared, source.folder)
        self.added = defaultdict(set)
        for source in sources:
            for declared in source.text.declarations:
                if declared.is_added and not declared.is_private and not self.is_at_home(declared, source.folder):
                    self.added[declared.kind, declared.name].add(source.folder)
                    self.added["label", declared.label or declared.name].add(source.folder)

    def add(self, declared: Declaration, folder: str) -> None:
        owner = last(declared.owner)
        if declared.label:
            self.calls[declared.name, declared.label].add(folder)
        if declared.kind == "init":
            self.calls[owner, declared.name].add(folder)
            self.labels[declared.name].add(folder)
        elif declared.kind == "subscript":
            self.subscripts[declared.name].add(folder)
        elif declared.kind == "operator":
            self.operators[declared.name].add(folder)
        elif declared.owner:
            self.members[declared.name].add(folder)
            self.owned[owner, declared.name].add(folder)
            # The initialiser that the compiler makes has the properties' names as labels.
            self.labels[declared.name].add(folder)
            self.calls[owner, declared.name].add(folder)
        else:
            self.top[declared.name].add(folder)

    def is_at_home(self, declared: Declaration, folder: str) -> bool:
        """Whether who names the type names the folder already."""
        return folder in self.top.get(declared.owner.split(".")[0], ())


def named_folders(source: Source, names: Names) -> dict[str, set[str]]:
    """The names in a file that only one other folder can have declared."""
    text = source.text
    own = {declared.name for declared in text.declarations if declared.is_private}
    mentioned = {name for region, name, _ in text.bare if (region, name) not in text.local}
    implicit = {name for region, name, in_type in text.bare if in_type and (region, name) not in text.local}
    found = defaultdict(set)

    def note(name: str, declaring: set[str], adding: set[str]) -> None:
        visible = {folder for folder in declaring if source.sees(folder)}
        if len(visible) == 1 and visible <= adding and source.folder not in visible:
            found[next(iter(visible))].add(name)

    for name in mentioned - own:
        # Members and nested types of the folder's own have precedence over what is declared outside.
        if source.folder not in names.members[name]:
            # A name that a module declares itself is that module's own.
            inside = {folder for folder in names.top[name] if folder.split("/", 1)[0] == source.module}
            note(name, inside or names.top[name], names.top[name])
    for name in (text.dotted | implicit) - own:
        adding = names.added["value", name] | names.added["type", name]
        note(name, names.members[name] | names.top[name], adding)
    for owner, name in text.pairs:
        adding = names.added["value", name] | names.added["type", name]
        note(f"{owner}.{name}", names.owned[owner, name], adding)
    for callee, label in text.calls:
        declaring = names.labels[label] if callee in ("init", "self", "Self") else names.calls[callee, label]
        if callee not in own:
            note(f"{callee}({label}:)", declaring, names.added["label", label])
    for label in text.subscripts:
        note(f"[{label}:]", names.subscripts[label], names.added["subscript", label])
    for name in text.operators & names.operators.keys():
        note(name, names.operators[name], names.operators[name])
    return found


def folder_uses(sources: list[Source]) -> Uses:
    names = Names(sources)
    uses = defaultdict(lambda: defaultdict(set))
    for source in sources:
        for folder, found in named_folders(source, names).items():
            uses[source.folder][folder] |= {f"{name} in {source.path.name}" for name in found}
    return uses


def module_uses(sources: list[Source]) -> dict[str, set[str]]:
    """The modules that each imports."""
    modules = {source.module for source in sources}
    imports = {module: set() for module in sorted(modules)}
    for source in sources:
        imports[source.module] |= source.text.imports & modules - {source.module}
    return imports


def reached(edges: dict[str, set[str]]) -> dict[str, set[str]]:
    """For each node all that it reaches."""
    reach = {node: set(others) for node, others in edges.items()}
    for between in list(reach):
        for others in reach.values():
            if between in others:
                others |= reach[between]
    return reach


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """The groups whose nodes all reach each other."""
    reach = reached(edges)
    turning = [node for node in reach if node in reach[node]]
    groups = {
        frozenset(other for other in turning if other in reach[node] and node in reach[other]) for node in turning
    }
    return sorted(sorted(group) for group in groups)


def reduced(edges: dict[str, set[str]]) -> list[tuple[str, str]]:
    """The edges without those that a longer way makes superfluous."""
    reach = reached(edges)
    return sorted(
        (node, other)
        for node, others in edges.items()
        for other in others
        if not any(other in reach.get(between, ()) for between in others - {other})
    )
