#!/usr/bin/env python3
"""Lists the public API in Docs/PublicAPI.md, from the symbol graphs that compiling leaves.

    python Tools/public_api.py            # fails when the page lists something else
    python Tools/public_api.py --write    # lists it again

It also fails when a public symbol has no documentation, and when there are more declarations than the limit. Counted is
what is declared with the word `public`: neither cases nor what a protocol requires.
"""

import argparse
import difflib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlparse

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "Docs" / "PublicAPI.md"
MARK = "<!-- All below is written by Tools/public_api.py. -->"
# Lower it whenever there are fewer.
MAXIMUM_DECLARATIONS = 718
SHOWN_DIFFERENCES = 20
UNCOUNTED_KINDS = {"swift.enum.case"}
# Every type has them unless it says otherwise.
IMPLICIT_CONFORMANCES = {"Copyable", "Escapable", "SendableMetatype"}


@dataclass(frozen=True)
class Symbol:
    module: str
    path: tuple[str, ...]
    declaration: str
    is_counted: bool
    is_documented: bool

    @property
    def name(self) -> str:
        return f"{self.module}: {'.'.join(self.path)}"


def modules(root: Path) -> list[str]:
    """The modules that have documentation, which are the products."""
    return sorted(catalog.stem for catalog in root.glob("Sources/*/*.docc"))


def read_symbols(graphs: Path, module: str) -> list[Symbol]:
    files = [graphs / f"{module}.symbols.json", *sorted(graphs.glob(f"{module}@*.symbols.json"))]
    if not files[0].exists():
        sys.exit(f"{files[0]} is missing. Build first.")
    return [symbol for file in files for symbol in read_graph(file, module)]


def read_graph(file: Path, module: str) -> list[Symbol]:
    graph = json.loads(file.read_text(encoding="utf-8"))
    names = {symbol["identifier"]["precise"]: ".".join(symbol["pathComponents"]) for symbol in graph["symbols"]}
    required, conformances = set(), {}
    for relation in graph["relationships"]:
        if relation["kind"] in ("requirementOf", "optionalRequirementOf"):
            required.add(relation["source"])
        elif relation["kind"] == "conformsTo":
            fallback = relation.get("targetFallback", relation["target"]).split(".")[-1]
            conformances.setdefault(relation["source"], set()).add(names.get(relation["target"], fallback))
    found = []
    for symbol in graph["symbols"]:
        identifier = symbol["identifier"]["precise"]
        # What the compiler derives, such as `init(rawValue:)`, stands nowhere in the sources.
        if symbol["accessLevel"] not in ("public", "open") or "location" not in symbol or "::SYNTHESIZED::" in identifier:
            continue
        # What a module re-exports is listed with the module that declares it.
        if is_of_another_module(symbol["location"], module):
            continue
        if "@" in file.name:
            require_current(symbol["location"], file)
        declared = "".join(fragment["spelling"] for fragment in symbol["declarationFragments"])
        # A protocol's declaration says what it inherits.
        is_protocol = symbol["kind"]["identifier"] == "swift.protocol"
        protocols = [] if is_protocol else sorted(conformances.get(identifier, set()) - IMPLICIT_CONFORMANCES)
        found.append(
            Symbol(
                module,
                tuple(symbol["pathComponents"]),
                " ".join(declared.split()) + (f": {', '.join(protocols)}" if protocols else ""),
                symbol["kind"]["identifier"] not in UNCOUNTED_KINDS and identifier not in required,
                any(line["text"].strip() for line in symbol.get("docComment", {}).get("lines", [])),
            )
        )
    return found


def is_of_another_module(location: dict, module: str) -> bool:
    folders = Path(unquote(urlparse(location["uri"]).path)).parts
    return "Sources" in folders and module not in folders


def require_current(location: dict, file: Path) -> None:
    """Refuses a graph of extensions that are no longer there: the compiler does not remove it."""
    source = Path(unquote(urlparse(location["uri"]).path))
    lines = source.read_text(encoding="utf-8").splitlines() if source.exists() else []
    number = location["position"]["line"]
    if number >= len(lines) or "public" not in lines[number]:
        sys.exit(f"{file} is of earlier sources: delete it.")


def listing(symbols: list[Symbol]) -> list[str]:
    """Types with their members, by name; what extends a type of another module stands below `extension`."""
    lines = []
    declared = {symbol.path for symbol in symbols}
    for symbol in sorted(symbols, key=lambda symbol: (symbol.path, symbol.declaration)):
        parent = symbol.path[:-1]
        if parent and parent not in declared:
            declared.add(parent)
            lines.append(f"extension {'.'.join(parent)}")
        depth = len(symbol.path) - 1 if symbol.path[:1] in declared else 1
        lines.append("    " * depth + symbol.declaration)
    return lines


def page(text: str, symbols: list[Symbol]) -> str:
    names = sorted({symbol.module for symbol in symbols})
    by_module = {name: [symbol for symbol in symbols if symbol.module == name] for name in names}
    counts = {name: sum(symbol.is_counted for symbol in by_module[name]) for name in names}
    lines = [
        f"{sum(counts.values())} declarations, at most {MAXIMUM_DECLARATIONS}; cases and requirements of protocols are not",
        "counted. A requirement that has a default implementation is listed twice.",
        "",
        "| Module | Declarations |",
        "| --- | --- |",
        *(f"| {name} | {count} |" for name, count in counts.items()),
    ]
    for name in names:
        lines += ["", f"## {name}", "", "```swift", *listing(by_module[name]), "```"]
    introduction = text.split(MARK)[0]
    return introduction + "\n".join([MARK, "", *lines]) + "\n"


def problems(symbols: list[Symbol]) -> list[str]:
    found = [f"{symbol.name} has no documentation." for symbol in symbols if not symbol.is_documented]
    count = sum(symbol.is_counted for symbol in symbols)
    if count > MAXIMUM_DECLARATIONS:
        found.append(
            f"There are {count} public declarations, more than {MAXIMUM_DECLARATIONS}. Make 'package' what no user needs."
        )
    return found


def differences(before: str, after: str) -> list[str]:
    compared = difflib.unified_diff(before.splitlines(), after.splitlines(), "Docs/PublicAPI.md", "the API", "", "", 0, "")
    found = list(compared)
    if not found:
        return []
    return [*found[:SHOWN_DIFFERENCES], "Docs/PublicAPI.md does not match the code: run Tools/public_api.py --write"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("symbols", nargs="?", type=Path, default=ROOT / ".build" / "symbols", help="the symbol graphs")
    parser.add_argument("--write", action="store_true", help="list the API again")
    arguments = parser.parse_args()
    symbols = [symbol for module in modules(ROOT) for symbol in read_symbols(arguments.symbols, module)]
    text = PAGE.read_text(encoding="utf-8")
    listed = page(text, symbols)
    found = problems(symbols)
    if arguments.write:
        PAGE.write_text(listed, encoding="utf-8")
    else:
        found += differences(text, listed)
    if found:
        sys.exit("\n".join(found))
    print(f"{sum(symbol.is_counted for symbol in symbols)} public declarations, all documented and listed")


if __name__ == "__main__":
    main()
