"""Pages that show commands and what they print. Running them must print the same."""

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from doc_commands import category_files
from environment import FORGETFUL
from stored import HERE, require

RECIPES = HERE.parent / "Docs/Recipes.md"
WALKTHROUGH = HERE.parent / "Docs/Walkthrough.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROGRESS = re.compile(r"\d+ images?$|\d+(/\d+)? images?, |busy: ")
NUMBER = re.compile(r"\d+\.\d+")
TOLERANCE = 0.002


@dataclass
class Step:
    """Commands, and what they print."""

    commands: str
    output: str = ""


@dataclass
class Recipe:
    name: str
    page: Path
    steps: list[Step]


def recipes() -> dict[str, Recipe]:
    """The recipes by their headings: those sections that have commands."""
    found = {}
    for section in re.split(r"^## ", RECIPES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name = section.splitlines()[0]
        if steps := _steps(section):
            found[name] = Recipe(name, RECIPES, steps)
    return found


def walkthrough() -> Recipe:
    """The whole page as one recipe."""
    return Recipe("walkthrough", WALKTHROUGH, _steps(WALKTHROUGH.read_text(encoding="utf-8")))


def _steps(text: str) -> list[Step]:
    steps = []
    for language, block in BLOCK.findall(text):
        if language == "sh":
            steps.append(Step(block))
        elif language == "" and steps:
            steps[-1].output = block
    return steps


def run(
    recipe: Recipe,
    cli: Path,
    folder: Path,
    environment: dict[str, str] = FORGETFUL,
    after_step: Callable[[], None] = lambda: None,
) -> None:
    """Runs a recipe in a folder that has its collection, and requires that it prints what the page shows.

    `after_step` does what a reader does between two commands.
    """
    tools = folder / ".bin"
    tools.mkdir()
    (tools / "clip-cli").symlink_to(cli.absolute())
    files = category_files(recipe.page, recipe.page.read_text(encoding="utf-8"))
    require(len(files) == 1, f"{recipe.page} has {len(files)} category files instead of one")
    (folder / "categories.yaml").write_text(files[0].text)
    environment = environment | {"OMP_WAIT_POLICY": "PASSIVE", "PATH": f"{tools}:{os.environ['PATH']}"}
    for step in recipe.steps:
        command = ["bash", "-e", "-o", "pipefail", "-c", step.commands]
        result = subprocess.run(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        message = f"{recipe.name}: {step.commands}exit code {result.returncode}\n{result.stdout}"
        require(result.returncode == 0, message)
        require(_is_same(result.stdout, step.output), f"{message}\nThe page shows:\n{step.output}")
        after_step()


def _is_same(output: str, shown: str) -> bool:
    """Compares without progress and speed; scores may differ in their last digits from machine to machine."""
    output, shown = _essence(output), _essence(shown)
    pairs = zip(NUMBER.findall(output), NUMBER.findall(shown))
    are_near = all(abs(float(found) - float(expected)) <= TOLERANCE for found, expected in pairs)
    return are_near and NUMBER.sub("0", output) == NUMBER.sub("0", shown)


def _essence(text: str) -> str:
    lines = [re.sub(r" \([\d.]+ images/s, [\d.]+ s\)", "", line) for line in text.splitlines() if not PROGRESS.match(line)]
    return "\n".join(line.rstrip() for line in lines).rstrip()
