"""The commands that write, each with what it finds and what may be left of it."""

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from faults import stores
from faults.scenario import Scenario
from faults.world import World
from stored import require

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
#: What may befall calls that load a model. Engines are not asked to go on after interruptions.
LOADING = {
    "open": (errno.EIO, errno.EACCES),
    "read": (errno.EIO,),
    "mmap": (errno.ENOMEM, errno.EACCES),
    "memory": (errno.ENOMEM,),
}


class Scenarios:
    """Makes the scenarios of a world."""

    def __init__(self, world: World) -> None:
        self.world, self.place = world, world.scratch / "place"
        self.store = world.inputs / "store"
        world.run(*world.embed(self.store))
        self.categories = world.inputs / "categories.yaml"
        self.categories.write_text(CATEGORIES)

    def writing(self) -> list[Scenario]:
        """All commands that write."""
        exported = self.world.inputs / "exported"
        self.world.run("store", "export", self.store, "--output", exported)
        made = [
            self.of_store("embed", self.world.start("embed"), lambda place: self.world.embed(place / "store")),
            self.of_store(
                "compact", self.world.start("compact", self.store), lambda place: ["store", "compact", place / "store"]
            ),
            self.importing(exported),
        ]
        made += [self.classification(suffix) for suffix in ("csv", "jsonl", "parquet")]
        made += [self.calibration(), self.sampling()]
        # The last, because it changes the images.
        return [*made, self.update()]

    def loading(self, bundle: Path) -> list[Scenario]:
        """Commands that load the encoders of a model that is in their folder."""
        store = self.world.inputs / bundle.name / "store"
        self.world.run(*self.world.embed(store, model=bundle))
        embed = self.of_store(
            f"embed with {bundle.name}",
            self.world.start(f"embed with {bundle.name}", bundle),
            lambda place: self.world.embed(place / "store", model=place / bundle.name),
        )
        classify = self.of_file(f"classify with {bundle.name}", "results.csv", "classify", store=store, model=bundle)
        return [replace(scenario, errors=LOADING) for scenario in (embed, classify)]

    def of_store(self, name: str, start: Path, words: Callable[[Path], list[object]], anew: bool = False) -> Scenario:
        """A command that writes the store `store` of its place."""

        def read(place: Path) -> object:
            store = place / "store"
            # Into how many parts a run divides its rows depends on where it was interrupted; a merger has one.
            return stores.rows(store), stores.is_complete(store), name == "compact" and len(stores.parts(store))

        return Scenario(
            name, start, self.place, self.world.cli, words, read, lambda content: content[0], "store" if anew else None
        )

    def of_file(
        self,
        name: str,
        file: str,
        command: str,
        options: Callable[[Path], list[object]] = lambda place: [],
        store: Path | None = None,
        model: Path | None = None,
    ) -> Scenario:
        """A command that writes a file from the store beside it, with the world's model or one in its place."""
        start = self.world.start(name, store or self.store, self.categories, *([model] if model else []))

        def read(place: Path) -> object:
            return (place / file).read_bytes() if (place / file).exists() else None

        def words(place: Path) -> list[object]:
            files = ["--categories", place / "categories.yaml", "--output", place / file]
            return [
                command,
                place / "store",
                *options(place),
                *files,
                "--model",
                place / model.name if model else self.world.model,
            ]

        return Scenario(name, start, self.place, self.world.cli, words, read, lambda content: {file: content})

    def importing(self, exported: Path) -> Scenario:
        """Files in clip-retrieval's layout."""
        return self.of_store(
            "import",
            self.world.start("import"),
            lambda place: ["store", "import", exported, "--output", place / "store", "--model", self.world.model],
            anew=True,
        )

    def classification(self, suffix: str) -> Scenario:
        """A result file that replaces an older one."""
        scenario = self.of_file(f"classify {suffix}", f"results.{suffix}", "classify")
        scenario.reset()
        categories = scenario.place / "categories.yaml"
        categories.write_text(CATEGORIES.replace("threshold: 0.0", "threshold: 0.9"))
        require(scenario.rerun().returncode == 0, f"{scenario.name} fails")
        output = scenario.place / f"results.{suffix}"
        output.rename(scenario.start / output.name)
        return scenario

    def calibration(self) -> Scenario:
        """A category file with other thresholds."""
        scenario = self.of_file(
            "calibrate",
            "calibrated.yaml",
            "calibrate",
            lambda place: ["--target", "f1", "--labels", place / "given.csv"],
        )
        lines = [f"{id},animal,{number % 2}" for number, id in enumerate(sorted(stores.rows(self.store)))]
        (scenario.start / "given.csv").write_text("\n".join(["id,category,label", *lines, ""]))
        return scenario

    def sampling(self) -> Scenario:
        """A labels file."""
        scenario = self.of_file("sample", "labels.csv", "sample", lambda place: ["--per-category", 10])
        return replace(scenario, begun_anew="labels.csv")

    def update(self) -> Scenario:
        """A store of images of which some have changed, and some are gone."""
        start = self.world.start("update", self.store)
        self.world.change_images()
        return self.of_store("update", start, lambda place: self.world.embed(place / "store", "--prune"))


def chosen(scenarios: list[Scenario], name: str) -> list[Scenario]:
    """The scenarios whose names begin like this; raises SystemExit if there is none."""
    known = ", ".join(scenario.name for scenario in scenarios)
    found = [scenario for scenario in scenarios if scenario.name.startswith(name)]
    require(bool(found), f"no command begins with '{name}'; choose one of {known}")
    return found
