"""Speed, counts and agreement of all engines on one architecture."""

from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
from peers.models import ModelFiles
from peers.progress import say
from peers.towers.engines import REFERENCE, Engine
from peers.towers.worker import Worker
from peers.turns import in_turns

BATCHES = [32, 1]


def measure(engines: list[Engine], files: ModelFiles, pixels: Path, threads: int, turns: int) -> dict[str, dict]:
    """Results by engine's name: `cosine` (least and mean over images) to open_clip in fp32 and, by batch size,
    `seconds` (an image, in each turn) and `counts` (an image)."""
    say(f"{files.name}: loading {len(engines)} engines")
    workers = {engine.name: Worker(engine, files, pixels, threads) for engine in engines}
    try:
        say(f"{files.name}: vectors of the photos")
        vectors = {name: worker.vectors(BATCHES[0]).astype(np.float64) for name, worker in workers.items()}
        results = {name: {"cosine": _cosines(vectors[name], vectors[REFERENCE.name])} for name in workers}
        for batch in BATCHES:
            say(f"{files.name}: {turns} turns of batch {batch}")
            counts = {name: asdict(worker.counts(batch)) for name, worker in workers.items()}
            seconds = in_turns({name: partial(worker.turn, batch) for name, worker in workers.items()}, turns)
            for name in workers:
                results[name][str(batch)] = {"seconds": seconds[name], "counts": counts[name]}
        return results
    finally:
        for worker in workers.values():
            worker.close()


def _cosines(vectors: np.ndarray, reference: np.ndarray) -> dict[str, float]:
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(reference, axis=1)
    cosines = (vectors * reference).sum(axis=1) / lengths
    return {"least": float(cosines.min()), "mean": float(cosines.mean())}
