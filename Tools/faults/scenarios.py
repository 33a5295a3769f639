"""The commands that write, each with what it finds and what may be left of it."""

import random
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from environment import FORGETFUL
from faults import stores
from stored import make_images, require

CATEGORIES = """\
templates: ["a photo of {}."]
neutral: ["a photo.", "an image of something."]
categories:
  animal:
    positive: ["a dog", "a cat"]
    negative: ["a wall"]
    threshold: 0.0
  thing:
    positive: ["a cup of coffee", "a clock"]
    threshold: 0.0
"""


@dataclass(frozen=True)
class Scenario:
    """A command that writes into a folder.

    `start` is copied to `place` before each try. `content` is what can be compared with an undisturbed run; `fragments`
    splits a content into pieces of which, after a failure, each must be the old or the new one.
    """

    name: str
    start: Path
    place: Path
    command: list[str]
    content: Callable[[], object]
    fragments: Callable[[object], dict]
    #: Removed before the command is run again, as its message says.
    begun_anew: Path | None = None

    def reset(self) -> None:
        """Puts everything back to where it was before the command."""
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(self.start, self.place, symlinks=True)

    def rerun(self) -> subprocess.CompletedProcess:
        """Runs the command once more, undisturbed."""
        if self.begun_anew and self.begun_anew.is_dir():
            shutil.rmtree(self.begun_anew)
        elif self.begun_anew:
            self.begun_anew.unlink(missing_ok=True)
        return subprocess.run(self.command, capture_output=True, text=True, env=FORGETFUL)

    def leftovers(self) -> list[str]:
        """Unfinished files."""
        return sorted(str(path.relative_to(self.place)) for path in self.place.rglob(".*"))


class World:
    """Images, stores and files that the commands work on, made once."""

    def __init__(self, cli: Path, photos: Path, model: str, scratch: Path, images: int, seed: int) -> None:
        self.cli, self.model, self.scratch = str(cli.absolute()), str(Path(model).absolute()), scratch
        if not Path(model).exists():
            self.model = model
        self.images = scratch / "images"
        make_images(photos, self.images, images)
        self.rng = random.Random(seed)
        self.place = scratch / "place"
        self.inputs = scratch / "inputs"
        self.inputs.mkdir()

    def run(self, *words: object) -> None:
        """Runs a command that must succeed."""
        command = [self.cli, *map(str, words)]
        result = subprocess.run(command, capture_output=True, text=True, env=FORGETFUL)
        require(result.returncode == 0, f"exit code {result.returncode}: {' '.join(command)}\n{result.stderr}")

    def embed(self, store: Path, *options: object) -> list[str]:
        """The command that embeds the images; it commits after each batch."""
        return ["embed", str(self.images), "--output", str(store), "--model", self.model, "--commit-interval", "0",
                "--batch-size", "8", *map(str, options)]  # fmt: skip

    def start(self, name: str) -> Path:
        """The folder that a scenario starts from."""
        folder = self.scratch / "start" / name
        folder.mkdir(parents=True)
        return folder

    def chosen(self, name: str) -> list[Scenario]:
        """The scenarios whose names begin like this; raises SystemExit if there is none."""
        scenarios = self.scenarios()
        chosen = [scenario for scenario in scenarios if scenario.name.startswith(name)]
        known = ", ".join(scenario.name for scenario in scenarios)
        require(bool(chosen), f"no command begins with '{name}'; choose one of {known}")
        return chosen

    def scenarios(self) -> list[Scenario]:
        """All scenarios, in an order in which each finds what those before it made."""
        self.run(*self.embed(self.inputs / "store"))
        self.run("store", "export", self.inputs / "store", "--output", self.inputs / "exported")
        made = [self.embedding(), self.compaction(), self.importing()]
        made += [self.classification(suffix) for suffix in ("csv", "jsonl", "parquet")]
        made += [self.calibration(), self.sampling()]
        # The last, because it changes the images.
        return [*made, self.update()]

    def of_store(self, name: str, start: Path, words: list[object], anew: bool = False) -> Scenario:
        """A command that writes the store `place/store`."""
        store = self.place / "store"

        def content() -> object:
            rows = stores.rows(store)
            # Into how many parts a run divides its rows depends on where it was interrupted; a merger has one.
            return rows, stores.is_complete(store), name == "compact" and len(stores.parts(store))

        def fragments(content: object) -> dict:
            return content[0]

        command = [self.cli, *map(str, words)]
        return Scenario(name, start, self.place, command, content, fragments, store if anew else None)

    def of_file(self, name: str, file: str, words: list[object]) -> Scenario:
        """A command that writes the file `place/file` from the store beside it, once anew and once over an older one."""
        start = self.start(name)
        shutil.copytree(self.inputs / "store", start / "store")
        (start / "categories.yaml").write_text(CATEGORIES)
        output = self.place / file

        def content() -> object:
            return output.read_bytes() if output.exists() else None

        def fragments(content: object) -> dict:
            return {file: content}

        command = [self.cli, *map(str, words), "--categories", str(self.place / "categories.yaml"),
                   "--output", str(output), "--model", self.model]  # fmt: skip
        return Scenario(name, start, self.place, command, content, fragments)

    def embedding(self) -> Scenario:
        """A new store."""
        return self.of_store("embed", self.start("embed"), self.embed(self.place / "store"))

    def update(self) -> Scenario:
        """A store of images of which some have changed, and some are gone."""
        start = self.start("update")
        shutil.copytree(self.inputs / "store", start / "store")
        files = sorted(path for path in self.images.rglob("*") if path.is_file())
        chosen = self.rng.sample(files, len(files) // 2)
        for path in chosen[: len(files) // 3]:
            # Decoders pass over what stands behind an image.
            with path.open("ab") as file:
                file.write(b"changed")
        for path in chosen[len(files) // 3 :]:
            path.unlink()
        return self.of_store("update", start, self.embed(self.place / "store", "--prune"))

    def compaction(self) -> Scenario:
        """A store of several small parts."""
        start = self.start("compact")
        shutil.copytree(self.inputs / "store", start / "store")
        return self.of_store("compact", start, ["store", "compact", self.place / "store"])

    def importing(self) -> Scenario:
        """Files in clip-retrieval's layout."""
        words = ["store", "import", self.inputs / "exported", "--output", self.place / "store", "--model", self.model]
        return self.of_store("import", self.start("import"), words, anew=True)

    def classification(self, suffix: str) -> Scenario:
        """A result file that replaces an older one."""
        scenario = self.of_file(f"classify {suffix}", f"results.{suffix}", ["classify", self.place / "store"])
        scenario.reset()
        older = CATEGORIES.replace("threshold: 0.0", "threshold: 0.9")
        (self.place / "categories.yaml").write_text(older)
        subprocess.run(scenario.command, check=True, capture_output=True, env=FORGETFUL)
        shutil.copy(self.place / f"results.{suffix}", scenario.start)
        return scenario

    def calibration(self) -> Scenario:
        """A category file with other thresholds."""
        words = ["calibrate", self.place / "store", "--target", "f1", "--labels", self.place / "given.csv"]
        scenario = self.of_file("calibrate", "calibrated.yaml", words)
        lines = [f"{id},animal,{number % 2}" for number, id in enumerate(sorted(stores.rows(self.inputs / "store")))]
        (scenario.start / "given.csv").write_text("\n".join(["id,category,label", *lines, ""]))
        return scenario

    def sampling(self) -> Scenario:
        """A labels file."""
        scenario = self.of_file("sample", "labels.csv", ["sample", self.place / "store", "--per-category", 10])
        return replace(scenario, begun_anew=self.place / "labels.csv")
