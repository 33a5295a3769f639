"""How `clip-cli` is called."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass


class CommandError(RuntimeError):
    """A command of `clip-cli` failed; the message is its own."""


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

    def worker(self, *options: str) -> list[str]:
        """The command line of a worker, which embeds unless `--mode` says otherwise."""
        return [self.program, "worker", "--model", self.model, *options, *self.arguments]

    def adopt(self, store: str, *, expect: int | None, remove_others: bool) -> str:
        """Makes a store from staged files, with `clip-cli store adopt`.

        Returns:
            What the command printed.

        Raises:
            CommandError: The files cannot be adopted. Nothing has changed, or adopting again completes it.
        """
        command = [self.program, "store", "adopt", store, "--model", self.model]
        if expect is not None:
            command += ["--expect", str(expect)]
        if remove_others:
            command += ["--remove-others"]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise CommandError(result.stderr.strip() or f"{command[0]} ended with exit code {result.returncode}")
        return result.stdout
