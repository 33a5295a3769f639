"""The recipes of Docs/Recipes.md: commands, and what they print. Running them must print the same."""

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from doc_commands import category_files
from environment import FORGETFUL
from stored import HERE, require

PAGE = HERE.parent / "Docs/Recipes.md"
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
    steps: list[Step] = field(default_factory=list)


def recipes() -> dict[str, Recipe]:
    """The page's recipes by their headings: those sections that have commands."""
    found = {}
    for section in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        recipe = Recipe(section.splitlines()[0])
        for language, text in BLOCK.findall(section):
            if language == "sh":
                recipe.steps.append(Step(text))
            elif language == "" and recipe.steps:
                recipe.steps[-1].output = text
        if recipe.steps:
            found[recipe.name] = recipe
    return found


def run(recipe: Recipe, cli: Path, folder: Path, environment: dict[str, str] = FORGETFUL) -> None:
    """Runs a recipe in a folder that has its collection, and requires that it prints what the page shows."""
    tools = folder / ".bin"
    tools.mkdir()
    (tools / "clip-cli").symlink_to(cli.absolute())
    files = category_files(PAGE, PAGE.read_text(encoding="utf-8"))
    require(len(files) == 1, f"{PAGE} has {len(files)} category files instead of one")
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


def _is_same(output: str, shown: str) -> bool:
    """Compares without progress and speed; scores may differ in their last digits from machine to machine."""
    output, shown = _essence(output), _essence(shown)
    pairs = zip(NUMBER.findall(output), NUMBER.findall(shown))
    are_near = all(abs(float(found) - float(expected)) <= TOLERANCE for found, expected in pairs)
    return are_near and NUMBER.sub("0", output) == NUMBER.sub("0", shown)


def _essence(text: str) -> str:
    lines = [re.sub(r" \([\d.]+ images/s, [\d.]+ s\)", "", line) for line in text.splitlines() if not PROGRESS.match(line)]
    return "\n".join(line.rstrip() for line in lines).rstrip()
