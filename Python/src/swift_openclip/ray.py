"""Images in Ray datasets, and stores on Ray."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from ray.data import ActorPoolStrategy, Dataset, from_items
from ray.data import range as numbers

from swift_openclip.classify import ClassifyJob
from swift_openclip.command import ClipCommand
from swift_openclip.evaluate import EvaluateJob
from swift_openclip.job import EmbeddedStore, EmbedJob
from swift_openclip.search import Query, SearchJob
from swift_openclip.spread import Part, SpreadJob
from swift_openclip.staging import StagedFile, file_columns
from swift_openclip.worker import Worker, WorkerError

# As often as Spark tries a task.
_ATTEMPTS = 4
_ROWS_PER_BLOCK = 4096


def embed_ray(
    dataset: Dataset,
    output: str,
    *,
    model: str | ClipCommand,
    workers: int | tuple[int, int],
    expect: int | None = None,
    rows_per_batch: int = 256,
    rows_per_part: int = 50_000,
    rows_per_task: int = 4096,
    remove_others: bool = False,
    **resources: Any,
) -> EmbeddedStore:
    """Embeds the images of a dataset into a new store, each image exactly once.

    Each actor owns one worker process. A task that is repeated because its actor or machine died leaves files that do
    not count.

        store = embed_ray(ray.data.read_parquet("images"), "/shared/store", model="/models/ViT-B-32", workers=8)

    Args:
        dataset: Has the column `id` (text or integers, distinct) and one of `bytes`, `path` and `uri`. The other
            columns are carried into the store.
        output: The folder of the new store, on storage that all machines share under this path.
        model: A bundle's folder, or the name of an installed model, on every machine; or a command with more options.
        workers: The number of actors, or the least and the most.
        expect: The number of rows of `dataset`, to be checked.
        rows_per_batch: How many images a worker gets at a time.
        rows_per_part: The maximum number of vectors in a file of the store.
        rows_per_task: How many images a task has; each task writes a file of its own.
        remove_others: Whether to remove the files of attempts that do not count.
        **resources: What each actor needs, as for `map_batches`: `num_cpus`, `num_gpus`, `memory` and so on.

    Returns:
        The store.

    Raises:
        TypeError: A column has a type that a store does not keep.
        ValueError: A column has a name that is reserved, or that occurs twice.
        FileExistsError: The folder is a store already, or another job's.
        CommandError: `clip-cli store adopt` refused the files, for example because an id occurs twice.
        ray.exceptions.RayError: A task failed; the message has the worker's.
    """
    job = EmbedJob(ClipCommand.of(model), output, rows_per_batch, rows_per_part)
    job.prepare(_arrow_schema(dataset))
    rows = (
        dataset.repartition(target_num_rows_per_block=rows_per_task)
        .map_batches(
            _EmbedActor,
            batch_size=None,
            batch_format="pyarrow",
            zero_copy_batch=True,
            fn_constructor_args=(job,),
            compute=_pool(workers),
            **resources,
        )
        .take_all()
    )
    return job.commit([StagedFile(**row) for row in rows], expect=expect, remove_others=remove_others)


def classify_ray(
    store: str,
    *,
    model: str | ClipCommand,
    categories: str,
    workers: int | tuple[int, int],
    rows_per_batch: int = 4096,
    **resources: Any,
) -> Dataset:
    """Classifies the images of a store, as `clip-cli classify` does on one machine.

        results = classify_ray("/shared/store", model="/models/ViT-B-32", categories="/shared/dogs.yaml", workers=8)
        results.write_parquet("/shared/results")

    Args:
        store: The store's folder, on storage that all machines share under this path.
        model: The model of the store, as for `embed_ray`.
        categories: The category file, under this path on every machine.
        workers: The number of actors, or the least and the most.
        rows_per_batch: How many vectors a worker gets at a time.
        **resources: What each actor needs, as for `map_batches`.

    Returns:
        One row per image, with the columns of `clip-cli classify`; it is computed when it is used.

    Raises:
        FileNotFoundError: There is no store.
        FileExistsError: The store is still being adopted.
        ValueError: A file of the store has an irregular name.
        WorkerError: The store, the model and the categories do not fit together.
    """
    job = ClassifyJob(ClipCommand.of(model), store, categories, rows_per_batch)
    parts = [{"path": path} for path in job.parts()]
    # Ray's own reader does not verify pages.
    vectors = from_items(parts, override_num_blocks=len(parts)).map_batches(_vectors, batch_format="pyarrow")
    return vectors.map_batches(
        _ClassifyActor,
        batch_size=None,
        batch_format="pyarrow",
        zero_copy_batch=True,
        fn_constructor_args=(job, job.schema()),
        compute=_pool(workers),
        **resources,
    )


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


def _vectors(parts: pa.Table) -> Iterator[pa.Table]:
    """The ids and vectors of parts of a store, without metadata, in which parts may differ."""
    for path in parts["path"].to_pylist():
        for batch in Part(0, path).vectors(_ROWS_PER_BLOCK):
            yield pa.Table.from_batches([batch]).replace_schema_metadata(None)


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
            compute=_pool(workers),
            **resources,
        )
        .take_all()
    )
    return [pa.RecordBatch.from_pylist(rows, schema=job.columns)]


def _arrow_schema(dataset: Dataset) -> pa.Schema | None:
    """The columns of a dataset, for which Ray may read its first rows; `None` if they are not Arrow's."""
    schema = dataset.schema()
    return schema.base_schema if schema is not None and isinstance(schema.base_schema, pa.Schema) else None


def _pool(workers: int | tuple[int, int]) -> ActorPoolStrategy:
    if isinstance(workers, int):
        return ActorPoolStrategy(size=workers)
    return ActorPoolStrategy(min_size=workers[0], max_size=workers[1])


class _Actor(ABC):
    """Keeps a worker process for the tasks of an actor, and repeats a task if the process fails temporarily.

    Ray repeats a task whose actor dies, but not one that raises.
    """

    def __init__(self, job: EmbedJob | ClassifyJob | SpreadJob) -> None:
        self._start = job.start_worker
        self._worker = self._start()

    def __call__(self, table: pa.Table) -> pa.Table:
        attempt = 1
        while True:
            try:
                return self._results(self._worker, table)
            except BaseException as error:
                # Another attempt, or the next task, finds a new one.
                self._worker.kill()
                self._worker = self._start()
                if attempt == _ATTEMPTS or not (isinstance(error, WorkerError) and error.is_temporary):
                    raise
                attempt += 1

    @abstractmethod
    def _results(self, worker: Worker, table: pa.Table) -> pa.Table: ...


class _EmbedActor(_Actor):
    """Embeds images into staged files, and returns a row per file."""

    def __init__(self, job: EmbedJob) -> None:
        super().__init__(job)
        self._job = job

    def _results(self, worker: Worker, table: pa.Table) -> pa.Table:
        return pa.table(file_columns(self._job.run(worker, table.to_batches())))


class _ClassifyActor(_Actor):
    """Classifies vectors."""

    def __init__(self, job: ClassifyJob, schema: pa.Schema) -> None:
        super().__init__(job)
        self._job = job
        self._schema = schema

    def _results(self, worker: Worker, table: pa.Table) -> pa.Table:
        return pa.Table.from_batches(self._job.run(worker, table.to_batches()), self._schema)


class _SpreadActor(_Actor):
    """Works on parts of a store."""

    def __init__(self, job: SpreadJob, shares: list[list[Part]]) -> None:
        super().__init__(job)
        self._job = job
        self._shares = shares

    def _results(self, worker: Worker, table: pa.Table) -> pa.Table:
        parts = [part for number in table["id"].to_pylist() for part in self._shares[number]]
        return pa.Table.from_batches([self._job.run(worker, parts)], self._job.columns)
