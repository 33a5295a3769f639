"""Steady speed, the whole process, and memory of all pipelines."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from peers.end_to_end.pipelines import Pipeline
from peers.end_to_end.process import Run, run
from peers.progress import say
from peers.turns import in_turns


@dataclass(frozen=True)
class Sizes:
    """How many images each measurement takes."""

    steady: int
    whole: int
    tuning: int


FULL, QUICK = Sizes(steady=1000, whole=400, tuning=200), Sizes(steady=200, whole=100, tuning=64)


def measure(pipelines: list[Pipeline], files: list[Path], folder: Path, sizes: Sizes, turns: int) -> dict[str, dict]:
    """Results by pipeline's name: `setting`, `steady` (seconds an image) and `whole` (seconds), each in each turn, and
    `peak_mebibytes` and `minor_faults` (an image). Memory is sampled in a run that is not timed."""
    folder.mkdir(parents=True, exist_ok=True)
    lists = {count: _write_list(files[:count], folder) for count in (sizes.steady, sizes.whole, sizes.tuning)}

    def once(pipeline: Pipeline, setting: object, count: int, sample_memory: bool = False) -> Run:
        output = folder / "output"
        shutil.rmtree(output) if output.is_dir() else output.unlink(missing_ok=True)
        return run(pipeline.command(lists[count], output, setting), count, sample_memory)

    say("JPEG to Parquet: settings")
    settings = {pipeline.name: _fastest(pipeline, lambda setting: once(pipeline, setting, sizes.tuning))
                for pipeline in pipelines}

    def tuned(pipeline: Pipeline, count: int, sample_memory: bool = False) -> Run:
        return once(pipeline, settings[pipeline.name], count, sample_memory)

    say(f"JPEG to Parquet: memory, settings {settings}")
    sampled = {pipeline.name: tuned(pipeline, sizes.whole, True) for pipeline in pipelines}
    say(f"JPEG to Parquet: {turns} turns of {sizes.steady} images")
    steady = in_turns({pipeline.name: lambda pipeline=pipeline: tuned(pipeline, sizes.steady).steady_seconds
                       for pipeline in pipelines}, turns)
    say(f"JPEG to Parquet: {turns} turns of {sizes.whole} images")
    whole = in_turns({pipeline.name: lambda pipeline=pipeline: tuned(pipeline, sizes.whole).seconds
                      for pipeline in pipelines}, turns)
    return {name: {"setting": str(settings[name]), "steady": steady[name], "whole": whole[name],
                   "whole_images": sizes.whole, "steady_images": sizes.steady,
                   "peak_mebibytes": sampled[name].peak_mebibytes, "minor_faults": sampled[name].minor_faults}
            for name in settings}


def _fastest(pipeline: Pipeline, once: Callable[[object], Run]) -> object:
    if len(pipeline.settings) == 1:
        return pipeline.settings[0]
    return min(pipeline.settings, key=lambda setting: once(setting).steady_seconds)


def _write_list(files: list[Path], folder: Path) -> Path:
    path = folder / f"first-{len(files)}.txt"
    path.write_text("".join(f"{file}\n" for file in files))
    return path
