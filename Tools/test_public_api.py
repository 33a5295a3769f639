#!/usr/bin/env python3
"""What public_api.py lists, counts and refuses, on small symbol graphs."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import public_api  # noqa: E402


def symbol(path: str, declaration: str, kind: str = "property", **changes) -> dict:
    return {
        "kind": {"identifier": f"swift.{kind}"},
        "identifier": {"precise": f"s:{path}"},
        "pathComponents": path.split("."),
        "declarationFragments": [{"spelling": declaration}],
        "docComment": {"lines": [{"text": "What it is."}]},
        "accessLevel": "public",
        "location": {"uri": "file:///a.swift", "position": {"line": 0}},
    } | changes


class Graphs(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def read(self, symbols: list[dict], relationships: list[dict] = [], name: str = "M") -> list[public_api.Symbol]:
        graph = {"symbols": symbols, "relationships": relationships}
        (self.root / f"{name}.symbols.json").write_text(json.dumps(graph))
        return public_api.read_symbols(self.root, "M")

    def counted(self, symbols: list[public_api.Symbol]) -> list[str]:
        return [symbol.declaration for symbol in symbols if symbol.is_counted]


class WhatIsListed(Graphs):
    def test_members_stand_below_their_types_in_an_order_that_does_not_depend_on_the_graph(self) -> None:
        symbols = [
            symbol("B", "struct B", "struct"),
            symbol("A.Options.size", "var size: Int"),
            symbol("A.run()", "func run()", "method"),
            symbol("A", "struct A", "struct"),
            symbol("A.Options", "struct Options", "struct"),
        ]
        expected = [
            "struct A",
            "    struct Options",
            "        var size: Int",
            "    func run()",
            "struct B",
        ]
        self.assertEqual(public_api.listing(self.read(symbols)), expected)
        self.assertEqual(public_api.listing(self.read(symbols[::-1])), expected)

    def test_what_is_added_to_a_type_of_another_module_stands_below_an_extension(self) -> None:
        source = self.root / "a.swift"
        source.write_text("    public func more() {}\n")
        added = symbol("Other.more()", "func more()", "method")
        added["location"]["uri"] = source.as_uri()
        self.read([])
        symbols = self.read([added], name="M@Other")
        self.assertEqual(public_api.listing(symbols), ["extension Other", "    func more()"])

    def test_what_a_module_re_exports_is_listed_with_its_own_module(self) -> None:
        locations = {name: {"uri": f"file:///Sources/{name}/a.swift", "position": {"line": 0}} for name in ("M", "Other")}
        symbols = [symbol(f"Of{name}", f"struct Of{name}", "struct", location=place) for name, place in locations.items()]
        self.assertEqual(public_api.listing(self.read(symbols)), ["struct OfM"])

    def test_conformances_are_part_of_a_declaration_but_for_implicit_ones(self) -> None:
        relations = [
            {"kind": "conformsTo", "source": "s:A", "target": target, "targetFallback": f"Swift.{name}"}
            for target, name in (("s:SH", "Hashable"), ("s:s8CopyableP", "Copyable"))
        ]
        relations.append({"kind": "conformsTo", "source": "s:A", "target": "s:P"})
        symbols = self.read([symbol("A", "struct A", "struct"), symbol("P", "protocol P", "protocol")], relations)
        self.assertEqual(public_api.listing(symbols), ["struct A: Hashable, P", "protocol P"])

    def test_what_no_one_wrote_or_no_user_sees_is_left_out(self) -> None:
        derived = symbol("A.init(rawValue:)", "init?(rawValue: String)", "init")
        del derived["location"]
        synthesized = symbol("A.map()", "func map()", "method", identifier={"precise": "s:map::SYNTHESIZED::s:A"})
        hidden = symbol("A.b", "let b: Int", accessLevel="package")
        self.assertEqual(self.read([derived, synthesized, hidden]), [])


class WhatIsCounted(Graphs):
    def test_cases_and_requirements_are_listed_and_not_counted(self) -> None:
        symbols = [
            symbol("P", "protocol P", "protocol"),
            symbol("P.a", "var a: Int { get }"),
            symbol("E", "enum E", "enum"),
            symbol("E.b", "case b", "enum.case"),
        ]
        found = self.read(symbols, [{"kind": "requirementOf", "source": "s:P.a", "target": "s:P"}])
        self.assertEqual(self.counted(found), ["protocol P", "enum E"])
        self.assertIn("    case b", public_api.listing(found))


class WhatFails(Graphs):
    def test_a_symbol_without_documentation_is_named(self) -> None:
        for comment in ({}, {"lines": [{"text": " "}]}):
            found = public_api.problems(self.read([symbol("A.b", "let b: Int", docComment=comment)]))
            self.assertEqual(found, ["M: A.b has no documentation."])

    def test_more_declarations_than_the_limit(self) -> None:
        most = [symbol(f"A{n}", f"struct A{n}", "struct") for n in range(public_api.MAXIMUM_DECLARATIONS)]
        self.assertEqual(public_api.problems(self.read(most)), [])
        more = public_api.problems(self.read([*most, symbol("B", "struct B", "struct")]))
        self.assertEqual(len(more), 1)
        self.assertIn(str(public_api.MAXIMUM_DECLARATIONS + 1), more[0])

    def test_another_api_than_the_page_lists(self) -> None:
        introduction = f"# What is public\n\n{public_api.MARK}"
        before = public_api.page(introduction, self.read([symbol("A", "struct A", "struct")]))
        same = public_api.page(before, self.read([symbol("A", "struct A", "struct")]))
        self.assertTrue(before.startswith(introduction))
        self.assertEqual(public_api.differences(before, same), [])
        after = public_api.page(before, self.read([symbol("B", "struct B", "struct")]))
        found = public_api.differences(before, after)
        self.assertIn("-struct A", found)
        self.assertIn("+struct B", found)
        self.assertIn("Tools/public_api.py --write", found[-1])

    def test_a_module_that_was_not_built(self) -> None:
        with self.assertRaisesRegex(SystemExit, "Build first"):
            public_api.read_symbols(self.root, "M")

    def test_a_graph_that_a_removed_extension_left(self) -> None:
        source = self.root / "a.swift"
        source.write_text("    package func more() {}\n")
        added = symbol("Other.more()", "func more()", "method")
        added["location"]["uri"] = source.as_uri()
        self.read([])
        with self.assertRaisesRegex(SystemExit, "M@Other.symbols.json is of earlier sources: delete it"):
            self.read([added], name="M@Other")


if __name__ == "__main__":
    unittest.main()
