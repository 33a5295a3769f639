"""Finds the `clip-cli` commands and the category files in Markdown pages."""

import re
from dataclasses import dataclass
from pathlib import Path

COMMAND = re.compile(r"(?:^|[|;&(]\s*)(?:\S*/)?clip-cli\s")


@dataclass(frozen=True)
class Passage:
    """Something that a page shows, and the line on which it begins."""

    page: Path
    line: int
    text: str

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


def commands(page: Path, text: str) -> list[Passage]:
    """The shell commands that call `clip-cli`; lines that end in a backslash continue in the next one."""
    found: list[Passage] = []
    for block in blocks(page, text, "sh"):
        pending, start = "", block.line
        for number, line in enumerate(block.text.splitlines(), block.line):
            start = start if pending else number
            pending += line
            if line.endswith("\\"):
                pending = pending[:-1]
                continue
            if COMMAND.search(pending.strip()):
                found.append(Passage(page, start, pending.strip()))
            pending = ""
    return found


def category_files(page: Path, text: str) -> list[Passage]:
    """The YAML blocks that are whole category files."""
    return [block for block in blocks(page, text, "yaml") if re.search(r"^categories:", block.text, re.MULTILINE)]


def blocks(page: Path, text: str, language: str) -> list[Passage]:
    """The fenced blocks of a language, without the indentation of their fence."""
    found: list[Passage] = []
    fence = None
    for number, line in enumerate(text.splitlines(), 1):
        if fence is None and (opening := re.match(r"( *)```(\S*)$", line)):
            fence, lines, start = opening, [], number + 1
        elif fence is not None and line.strip() == "```":
            if fence[2] == language:
                found.append(Passage(page, start, "\n".join(lines) + "\n"))
            fence = None
        elif fence is not None:
            lines.append(line.removeprefix(fence[1]))
    return found
