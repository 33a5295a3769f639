"""Ray on one machine, with actors that are processes of their own."""

import ray

from engines.job import FILES_BEFORE_KILL, WORKER_OPTIONS, Job, Outcome
from engines.processes import Killer
from swift_openclip.ray import classify_ray, embed_ray

ACTORS = 4
ACTOR_PROCESS = "ray::"
# Leaves processors for what reads.
CPUS_PER_ACTOR = 0.5


def run(job: Job) -> Outcome:
    """Embeds with a worker and an actor killed in the middle, then classifies."""
    ray.init(num_cpus=ACTORS, include_dashboard=False, object_store_memory=512 << 20, logging_level="error")
    killer = Killer(job.running, ACTOR_PROCESS, job.store / "_staging", FILES_BEFORE_KILL)
    killer.start()
    try:
        program = str(job.program)
        store = embed_ray(
            ray.data.read_parquet(str(job.tables)),
            str(job.store),
            model=job.model,
            workers=ACTORS,
            program=program,
            arguments=WORKER_OPTIONS,
            expect=job.images,
            rows_per_task=1000,
            num_cpus=CPUS_PER_ACTOR,
        )
        results = classify_ray(
            str(job.store),
            model=job.model,
            categories=str(job.categories),
            workers=ACTORS,
            program=program,
            num_cpus=CPUS_PER_ACTOR,
        )
        return Outcome(store, killer.killed, results.take_all())
    finally:
        killer.stop()
        ray.shutdown()
