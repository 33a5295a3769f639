"""Runs `clip-cli embed` and reads its log."""

import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from environment import FORGETFUL

STEADY_AFTER = 1 / 3
"""The share of the images after which a run counts as steady."""


@dataclass(frozen=True)
class Run:
    """A run that ended well."""

    events: list[dict]  # of the JSON log
    start: float  # time.monotonic()
    end: float

    @property
    def last(self) -> dict:
        return self.events[-1]

    @property
    def notes(self) -> list[str]:
        return [event["message"] for event in self.events if event["event"] == "note"]

    @property
    def rate(self) -> float:
        """Images a second, from the first third of the images to the complete store; of the whole run if it is shorter than the
        log is detailed."""
        early = next(event for event in self.events if event.get("embedded", 0) >= STEADY_AFTER * self.last["embedded"])
        if early is self.last:
            return self.last["rate"]
        return (self.last["embedded"] - early["embedded"]) / (self.last["elapsed"] - early["elapsed"])


def embed(cli: Path, bundle: Path, device: str, images: list[Path], store: Path, *options: object) -> Run:
    """Embeds images into a new store. Raises SystemExit unless all of them are embedded."""
    start = time.monotonic()
    return finish(start_embedding(cli, bundle, device, images, store, *options), len(images), start)


def finish(process: subprocess.Popen, count: int, start: float) -> Run:
    """Waits for a run over `count` images, as `embed` does."""
    log = process.stderr.read().splitlines()
    process.wait()
    events = [json.loads(line) for line in log if line.startswith("{")]
    if process.returncode != 0 or not events or events[-1].get("embedded") != count:
        raise SystemExit(f"error: '{' '.join(process.args)}' ended with exit code {process.returncode}:\n"
                         + "\n".join(log[-10:]))
    return Run(events, start, time.monotonic())


def start_embedding(cli: Path, bundle: Path, device: str, images: list[Path], store: Path,
                    *options: object) -> subprocess.Popen:
    """Starts it, with the log on standard error."""
    names = store.with_suffix(".txt")
    names.write_text("".join(f"{image}\n" for image in images), encoding="utf-8")
    command = [cli.absolute(), "embed", "--files-from", names, "--output", store, "--model", bundle, "--device", device,
               "--log-format", "json", *options]
    return subprocess.Popen(list(map(str, command)), env=FORGETFUL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                            text=True)
