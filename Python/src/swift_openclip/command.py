"""How `clip-cli` is called."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from swift_openclip.messages import pass_on

# What `clip-cli worker` ends with if its streams failed, and with too little memory.
_TEMPORARY = (74, 75)
# Shells report a signal so; `clip-cli` does for those that it handles.
_SIGNALS = 128


def is_stopped(exit_code: int) -> bool:
    """Whether a signal ended a process, or the one that a shell ran."""
    return exit_code < 0 or exit_code > _SIGNALS


def is_temporary(exit_code: int) -> bool:
    """Whether what a process did may succeed later, unchanged."""
    return is_stopped(exit_code) or exit_code in _TEMPORARY


class CommandError(RuntimeError):
    """A command of `clip-cli` failed; the message begins with its own.

    Attributes:
        exit_code: Its exit code, negative if a signal ended it.
    """

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.exit_code)


@dataclass(frozen=True)
class ClipCommand:
    """The program and the model, which must exist under these paths on every machine of the cluster.

    Attributes:
        model: A bundle's folder, or the name of an installed model.
        program: The program: a path, or a name to be found in `PATH`.
        arguments: Further options of `clip-cli worker`, such as `("--device", "cuda")`.
    """

    model: str
    program: str = "clip-cli"
    arguments: Sequence[str] = ()

    @classmethod
    def of(cls, model: str | ClipCommand) -> ClipCommand:
        """The command for a model, which may be one already."""
        return cls(model) if isinstance(model, str) else model

    def worker(self, *options: str) -> list[str]:
        """The command line of a worker, which embeds unless `--mode` says otherwise."""
        return [self.program, "worker", "--model", self.model, *options, *self.arguments]

    @property
    def input_columns(self) -> set[str]:
        """The names that a worker's columns of ids and images may have; it carries the others."""
        image = self._option("--image-column")
        return {self._option("--id-column") or "id", *((image,) if image else ("bytes", "path", "uri"))}

    def _option(self, name: str) -> str | None:
        """The value of an option of the worker: in the next argument, or behind an equals sign."""
        words = [word for argument in self.arguments for word in argument.split("=", 1)]
        return words[words.index(name) + 1] if name in words[:-1] else None

    def adopt(self, store: str, *, expect: int | None, remove_others: bool) -> str:
        """Makes a store from staged files, with `clip-cli store adopt`.

        Returns:
            What the command printed.

        Raises:
            CommandError: The files cannot be adopted. Nothing has changed, or adopting again completes it.
        """
        expected = [] if expect is None else ["--expect", str(expect)]
        removing = ["--remove-others"] if remove_others else []
        return self.run("store", "adopt", store, "--model", self.model, *expected, *removing)

    def run(self, *arguments: str) -> str:
        """Runs a command of the program on this machine.

        Returns:
            What the command printed; its messages go to standard error.

        Raises:
            CommandError: It failed.
        """
        command = [self.program, *arguments]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            message = result.stderr.strip() or f"{command[0]} ended with exit code {result.returncode}"
            raise CommandError(message, result.returncode)
        pass_on(result.stderr)
        return result.stdout
