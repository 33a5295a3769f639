#!/usr/bin/env python3
"""Tests of doc_commands.py."""

import unittest
from pathlib import Path

from doc_commands import category_files, commands

PAGE = Path("Page.md")


def found(*lines: str) -> list[tuple[int, str]]:
    return [(command.line, command.text) for command in commands(PAGE, "\n".join(lines))]


class Commands(unittest.TestCase):
    def test_calls_of_the_tool_are_found_with_their_lines(self):
        page = ("# Title", "```sh", "clip-cli lint a.yaml   # a comment", "make test", ".build/release/clip-cli --version", "```")
        self.assertEqual(found(*page), [(3, "clip-cli lint a.yaml   # a comment"), (5, ".build/release/clip-cli --version")])

    def test_a_backslash_joins_lines(self):
        self.assertEqual(found("```sh", "clip-cli embed a \\", "    --output b", "```"), [(2, "clip-cli embed a     --output b")])

    def test_a_pipe_leads_to_the_tool(self):
        self.assertEqual(len(found("```sh", "find . | clip-cli embed --output b", "```")), 1)

    def test_only_the_command_word_counts(self):
        self.assertEqual(found("```sh", "ls bin/clip-cli", "echo clip-cli embed", "```"), [])

    def test_other_blocks_and_text_are_left_out(self):
        self.assertEqual(found("clip-cli embed a", "```", "clip-cli embed b", "```", "```swift", "clip-cli embed c", "```"), [])

    def test_a_block_in_a_list_loses_its_indentation(self):
        self.assertEqual(found("1. One", "", "   ```sh", "   clip-cli lint a", "   ```"), [(4, "clip-cli lint a")])


class CategoryFiles(unittest.TestCase):
    def test_whole_files_are_found(self):
        page = "```yaml\nthreshold: 0.1\ncategories:\n  cat:\n```\n\n```yaml\nrule: softmax\n```\n"
        files = category_files(PAGE, page)
        self.assertEqual([(file.place, file.text) for file in files], [("Page.md:2", "threshold: 0.1\ncategories:\n  cat:\n")])


if __name__ == "__main__":
    unittest.main()
