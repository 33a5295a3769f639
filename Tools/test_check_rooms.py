#!/usr/bin/env python3
"""What check_rooms.py sees and what it lets pass, on small sources."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import check_rooms  # noqa: E402
from rooms.uses import circles, folder_uses, module_uses, read_sources, reduced  # noqa: E402


class Folder(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, files: dict[str, str]) -> list:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return read_sources(self.root)

    def edges(self, declared: str, using: str, others: dict[str, str] | None = None) -> set[tuple[str, str]]:
        """Uses between `M/Value`, which has a type; `M/Added`, which adds to it; and `M/User`."""
        value = "struct Value {\n    let number: Int\n    init(number: Int) { self.number = number }\n}\n"
        files = {"M/Value/Value.swift": value, "M/Added/Added.swift": declared, "M/User/User.swift": using}
        uses = folder_uses(self.write(files | (others or {})))
        return {(folder, other) for folder, found in uses.items() for other in found}

    def assert_uses(self, declared: str, using: str, others: dict[str, str] | None = None) -> None:
        self.assertIn(("M/User", "M/Added"), self.edges(declared, using, others))

    def assert_uses_not(self, declared: str, using: str, others: dict[str, str] | None = None) -> None:
        self.assertNotIn(("M/User", "M/Added"), self.edges(declared, using, others))


class WhatExtensionsAdd(Folder):
    member = "extension Value {\n    var doubled: Int { number * 2 }\n}\n"

    def test_a_member_whose_name_is_a_local_variable_elsewhere(self) -> None:
        other = {"M/Other/Other.swift": "func f() {\n    let doubled = 2\n    print(doubled)\n}\n"}
        self.assert_uses(self.member, "func g(_ value: Value) -> Int { value.doubled }", other)

    def test_a_local_variable_is_not_a_member(self) -> None:
        local = "f() -> Int {\n        let doubled = 2\n        return doubled"
        for function in (local, "f(doubled: Int) -> Int { doubled"):
            self.assert_uses_not(self.member, f"struct User {{\n    func {function}\n    }}\n}}")

    def test_overloads_in_one_folder(self) -> None:
        overloads = "extension Value {\n    func grown(by n: Int) {}\n    func grown(to n: Double) {}\n}\n"
        self.assert_uses(overloads, "func g(_ value: Value) { value.grown(by: 2) }")

    def test_overloads_of_several_folders_by_their_first_label(self) -> None:
        other = {"M/Other/Other.swift": "struct Other {\n    func grown(by n: Int) {}\n}\n"}
        declared = "extension Value {\n    func grown<N>(to n: N) {}\n}\n"
        self.assert_uses(declared, "func g(_ value: Value) { value.grown(to: 2) }", other)
        self.assert_uses_not(declared, "func g(_ other: Other) { other.grown(by: 2) }", other)

    def test_a_member_called_with_implicit_self(self) -> None:
        self.assert_uses(self.member, "extension Value {\n    var quadrupled: Int { doubled * 2 }\n}\n")

    def test_a_member_in_conditional_code(self) -> None:
        declared = "#if os(Linux)\n    extension Value {\n        var doubled: Int { 2 }\n    }\n#endif\n"
        self.assert_uses(declared, "func g(_ value: Value) -> Int { value.doubled }")

    def test_a_member_that_only_its_own_file_sets(self) -> None:
        declared = "extension Value {\n    private(set) static var newest: Int { get { 1 } set {} }\n}\n"
        self.assert_uses(declared, "func g() -> Int { Value.newest }")

    def test_private_members_are_nobody_elses(self) -> None:
        declared = "extension Value {\n    private var doubled: Int { 2 }\n}\n"
        self.assert_uses_not(declared, "func g(_ other: Other) -> Int { other.doubled }")
        unsafe = "extension Value {\n    private nonisolated(unsafe) static var newest = 1\n}\n"
        self.assert_uses_not(unsafe, "func g() -> Int { Value.newest }")

    def test_a_private_member_hides_what_others_add(self) -> None:
        using = "extension Int {\n    private var doubled: Int { 2 }\n    var four: Int { 1.doubled + doubled }\n}\n"
        self.assert_uses_not(self.member, using)

    def test_members_that_several_folders_declare_are_left_out_unless_their_type_is_named(self) -> None:
        declared = "extension Value {\n    static var best: Int { 1 }\n}\n"
        other = {"M/Other/Other.swift": "struct Other {\n    static var best: Int { 2 }\n}\n"}
        self.assert_uses_not(declared, "func g(_ x: Any.Type) -> Int { x.best }", other)
        self.assert_uses(declared, "func g() -> Int { Value.best }", other)

    def test_an_initialiser_by_its_label(self) -> None:
        declared = "extension Value {\n    init(spelled text: String) { self.init(number: 1) }\n}\n"
        self.assert_uses(declared, 'let value = Value(spelled: "one")\n')
        self.assert_uses(declared, 'let value: Value = .init(spelled: "one")\n')
        self.assert_uses_not(declared, "let value = Value(number: 1)\n")

    def test_a_subscript_by_its_label(self) -> None:
        declared = "extension Value {\n    subscript(digit index: Int) -> Int { index }\n}\n"
        self.assert_uses(declared, "func g(_ value: Value) -> Int { value[digit: 1] }")
        self.assert_uses_not(declared, "let names = [digit: 1]")

    def test_nested_types_classes_and_aliases(self) -> None:
        for kind in ("struct Part {}", "final class Part {}", "typealias Part = Int"):
            self.assert_uses(f"extension Value {{\n    {kind}\n}}\n", "var part: Value.Part?\n")

    def test_an_extension_beside_its_type_adds_nothing(self) -> None:
        files = {"M/Value/Value+Doubled.swift": self.member}
        edges = self.edges("struct Nothing {}", "func g(_ value: Value) -> Int { value.doubled }", files)
        self.assertEqual(edges, {("M/User", "M/Value")})


class WhatIsNamed(Folder):
    def test_an_operator(self) -> None:
        declared = "infix operator <+>\nextension Value {\n    static func <+> (a: Value, b: Value) -> Value { a }\n}\n"
        self.assert_uses(declared, "func g(_ a: Value) -> Value { a <+> a }")

    def test_what_is_extended_and_keys_of_dictionaries(self) -> None:
        self.assert_uses("struct Added {}", "extension Added: Equatable {}")
        self.assert_uses("struct Added {}", "let counts: [Added: Int] = [:]")

    def test_operators_of_the_standard_library_are_left_out(self) -> None:
        declared = "extension Value {\n    static func < (a: Value, b: Value) -> Bool { true }\n}\n"
        self.assert_uses_not(declared, "let a = 1 < 2")

    def test_code_after_slashes_in_a_literal(self) -> None:
        self.assert_uses("struct Added {}", 'let address = ("https://example.org", Added())')

    def test_nested_interpolation(self) -> None:
        self.assert_uses("struct Added {}", r'let text = "a \(f("b \(g((Added()), 1)) // c")) d"')
        self.assert_uses("struct Added {}", 'let text = """\n    a "b" \\(Added())\n    """')

    def test_comments_and_literals_name_nothing(self) -> None:
        for text in ('"Added" // Added', '1 /* Added /* Added */ Added */', '#"\\(Added)"#'):
            self.assert_uses_not("struct Added {}", f"let text = {text}\n")

    def test_a_name_that_two_folders_declare(self) -> None:
        other = {"M/Other/Other.swift": "func measured(_ x: Int) {}"}
        self.assert_uses_not("func measured(_ x: Double) {}", "func g() { measured(1) }", other)
        nested = {"M/Other/Other.swift": "struct Other {\n    struct Added {}\n}"}
        self.assert_uses("struct Added {}", "let added = Added()", nested)

    def test_a_nested_type_hides_one_outside(self) -> None:
        self.assert_uses_not("struct Added {}", "struct User {\n    struct Added {}\n    let added: Added\n}")


class WhatIsChecked(Folder):
    def test_a_circle_is_found_and_explained(self) -> None:
        files = {"M/A/A.swift": "struct A {\n    let b: B\n}", "M/B/B.swift": "struct B {\n    func f(_ a: A) {}\n}"}
        uses = folder_uses(self.write(files))
        problem = "\n".join(check_rooms.circle_problems(uses))
        self.assertIn("These folders form a cycle: M/A, M/B.", problem)
        self.assertIn("M/A uses M/B: B in A.swift", problem)

    def test_longer_circles_and_superfluous_edges(self) -> None:
        self.assertEqual(circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}), [["a", "b", "c"]])
        self.assertEqual(reduced({"a": {"b", "c"}, "b": {"c"}}), [("a", "b"), ("b", "c")])

    def test_modules_use_what_their_files_import(self) -> None:
        files = {"M/A.swift": "internal import struct N.Value\n", "N/B.swift": "@testable import O", "O/C.swift": ""}
        self.assertEqual(module_uses(self.write(files)), {"M": {"N"}, "N": {"O"}, "O": set()})

    def test_crowded_folders_of_sources_and_of_tests(self) -> None:
        crowd = {f"{folder}/{number}.swift": "" for folder in ("Sources/M/A", "Tests/MTests") for number in range(16)}
        self.write(crowd | {f"Tests/MTests/B/{number}.swift": "" for number in range(15)})
        found = [problem.split(" has ")[0] for problem in check_rooms.crowded_folders(self.root)]
        self.assertEqual(found, ["Sources/M/A", "Tests/MTests"])


if __name__ == "__main__":
    unittest.main()
