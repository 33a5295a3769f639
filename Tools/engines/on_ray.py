"""Ray on one machine, with actors that are processes of their own."""

import contextlib
from collections.abc import Callable, Iterator

import ray

from engines.damage import damaged_copy, require_refused
from engines.job import HITS, QUERIES, TASKS, TASKS_BEFORE_KILL, Job, Outcome
from engines.processes import Killer
from swift_openclip import EmbeddedStore
from swift_openclip.ray import classify_ray, embed_ray, evaluate_ray, search_ray

ACTORS = 4
ACTOR_PROCESS = "ray::"
# Leaves processors for what reads.
CPUS_PER_ACTOR = 0.5


def embed(job: Job) -> None:
    """Embeds."""
    with engine():
        embed_images(job)


def run(job: Job, draw_labels: Callable[[Job], None]) -> Outcome:
    """Embeds with a worker and an actor killed in the middle, then classifies, searches and evaluates."""
    with engine(), Killer(job.running, ACTOR_PROCESS, job.store / "_staging", TASKS_BEFORE_KILL) as killer:
        store = embed_images(job)
        folder, model, categories = str(job.store), job.deciding, str(job.categories)
        results = classify_ray(folder, model=model, categories=categories, workers=ACTORS, num_cpus=CPUS_PER_ACTOR)
        found = [
            search_ray(folder, query, model=model, workers=2, count=HITS, tasks=TASKS, num_cpus=CPUS_PER_ACTOR)
            for query in QUERIES
        ]
        draw_labels(job)
        evaluation = evaluate_ray(
            folder,
            str(job.results),
            model=model,
            categories=categories,
            labels=str(job.labels),
            workers=2,
            options=job.evaluating,
            tasks=TASKS,
            num_cpus=CPUS_PER_ACTOR,
        )
        damaged = str(damaged_copy(job))
        damaged_results = classify_ray(damaged, model=model, categories=categories, workers=1, num_cpus=CPUS_PER_ACTOR)
        require_refused(damaged_results.take_all, "ray")
        return Outcome(store, killer.killed, results.take_all(), found, evaluation)


def embed_images(job: Job) -> EmbeddedStore:
    return embed_ray(
        ray.data.read_parquet(str(job.tables)),
        str(job.store),
        model=job.command,
        workers=ACTORS,
        expect=job.images,
        rows_per_task=1000,
        num_cpus=CPUS_PER_ACTOR,
    )


@contextlib.contextmanager
def engine() -> Iterator[None]:
    ray.init(num_cpus=ACTORS, include_dashboard=False, object_store_memory=512 << 20, logging_level="error")
    try:
        yield
    finally:
        ray.shutdown()
