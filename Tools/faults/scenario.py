"""A command that writes, what it starts from, and what can be compared of what it leaves."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from environment import FORGETFUL


@dataclass(frozen=True)
class Scenario:
    """A command that writes into a folder.

    `start` is copied to `place` before each try. `words` are the command's in a place. `read` returns of a place what can be
    compared with an undisturbed run; `fragments` splits that into pieces of which, after a failure, each must be the old or
    the new one.
    """

    name: str
    start: Path
    place: Path
    cli: str
    words: Callable[[Path], list[object]]
    read: Callable[[Path], object]
    fragments: Callable[[object], dict]
    #: A name in the place that is removed before the command is run again, as its message says.
    begun_anew: str | None = None
    #: What may befall which kinds of calls, if not all that befalls others.
    errors: dict[str, tuple[int, ...]] | None = None

    def at(self, place: Path) -> "Scenario":
        """The same in another place."""
        return replace(self, place=place)

    @property
    def command(self) -> list[str]:
        """The command."""
        return [self.cli, *map(str, self.words(self.place))]

    def content(self) -> object:
        """What can be compared with an undisturbed run."""
        return self.read(self.place)

    def reset(self) -> None:
        """Puts everything back to where it was before the command."""
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(self.start, self.place, symlinks=True)

    def rerun(self) -> subprocess.CompletedProcess:
        """Runs the command once more, undisturbed."""
        if self.begun_anew:
            path = self.place / self.begun_anew
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        return subprocess.run(self.command, capture_output=True, text=True, env=FORGETFUL)

    def leftovers(self) -> list[str]:
        """Unfinished files."""
        return sorted(str(path.relative_to(self.place)) for path in self.place.rglob(".*"))
