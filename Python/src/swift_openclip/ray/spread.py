"""Searching a store, and evaluating decisions on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from ray.data import range as numbers

from swift_openclip.command import ClipCommand
from swift_openclip.evaluate import EvaluateJob
from swift_openclip.ray.actors import Actor, pool
from swift_openclip.search import Query, SearchJob
from swift_openclip.spread import Part, SpreadJob
from swift_openclip.worker import Worker


def search_ray(
    store: str,
    query: Query,
    *,
    model: str | ClipCommand,
    workers: int | tuple[int, int],
    count: int = 20,
    tasks: int = 100,
    **resources: Any,
) -> pa.Table:
    """Finds the images of a store nearest to queries, exactly as `clip-cli search` does on one machine.

        search_ray("/shared/store", Query(["a dog"]), model="/models/ViT-B-32", workers=8)

    Args:
        store: The store's folder, on storage that all machines share under this path.
        query: What to search for.
        model: The model of the store, as for `embed_ray`. Queries with images need its precision, for example
            `ClipCommand("/models/ViT-B-32", arguments=("--precision", "int8"))`.
        workers: The number of actors, or the least and the most.
        count: The number of images per query.
        tasks: The maximum number of tasks, among which the parts of the store are divided.
        **resources: What each actor needs, as for `map_batches`.

    Returns:
        The columns `id` and `cosine`, best first; of images with equal cosines, the earlier one in the store is better.
        If each text and image is a query of its own, the column `query` names it.

    Raises:
        FileNotFoundError: There is no store.
        FileExistsError: The store is still being adopted.
        ValueError: A file of the store has an irregular name, or there is nothing to search for.
        ray.exceptions.RayError: A task failed; the message has the worker's.
    """
    job = SearchJob(ClipCommand.of(model), store, query, count)
    return job.merged(_spread(job, tasks, workers, resources))


def evaluate_ray(
    store: str,
    results: str,
    *,
    model: str | ClipCommand,
    categories: str,
    labels: str,
    workers: int | tuple[int, int],
    options: Sequence[str] = (),
    tasks: int = 100,
    **resources: Any,
) -> str:
    """Measures decisions on a store against labels, exactly as `clip-cli evaluate` does on one machine.

    The workers decide on all images. `clip-cli evaluate` runs on the driver, and reads their decisions.

        print(evaluate_ray(store, results, model=model, categories="dogs.yaml", labels="labels.csv", workers=8))

    Args:
        store: The store's folder, on storage that all machines share under this path.
        results: The file of decisions to be written, `.parquet`, on storage that all machines share under this path. It
            is one of `clip-cli classify`, and remains.
        model: The model of the store, as for `embed_ray`.
        categories: The category file, under this path on every machine.
        labels: The labels, on the driver's machine.
        workers: The number of actors, or the least and the most.
        options: Further options of `clip-cli evaluate`, such as `("--output", "metrics.csv")`.
        tasks: The maximum number of tasks, among which the parts of the store are divided.
        **resources: What each actor needs, as for `map_batches`.

    Returns:
        What `clip-cli evaluate` prints.

    Raises:
        FileNotFoundError: There is no store.
        FileExistsError: The file of decisions exists, or the store is still being adopted.
        ValueError: A file has an irregular name, or the store has no images.
        CommandError: `clip-cli evaluate` failed, for example because labels and store do not fit.
        ray.exceptions.RayError: A task failed; the message has the worker's.
    """
    job = EvaluateJob(ClipCommand.of(model), store, categories, results)
    with job.prepared():
        return job.finish(_spread(job, tasks, workers, resources), ["--labels", labels, *options])


def _spread(
    job: SpreadJob, tasks: int, workers: int | tuple[int, int], resources: dict[str, Any]
) -> list[pa.RecordBatch]:
    """What the tasks of a job on a store return."""
    shares = job.shares(tasks)
    rows = (
        numbers(len(shares), override_num_blocks=len(shares))
        .map_batches(
            _SpreadActor,
            batch_size=None,
            batch_format="pyarrow",
            fn_constructor_args=(job, shares),
            compute=pool(workers),
            **resources,
        )
        .take_all()
    )
    return [pa.RecordBatch.from_pylist(rows, schema=job.columns)]


class _SpreadActor(Actor):
    """Works on parts of a store."""

    def __init__(self, job: SpreadJob, shares: list[list[Part]]) -> None:
        super().__init__(job)
        self._job = job
        self._shares = shares

    def _results(self, worker: Worker, table: pa.Table) -> pa.Table:
        parts = [part for number in table["id"].to_pylist() for part in self._shares[number]]
        return pa.Table.from_batches([self._job.run(worker, parts)], self._job.columns)
