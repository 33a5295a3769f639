"""What `clip-cli` finds in a store on one machine, to compare with."""

import csv
import random
from pathlib import Path

import pyarrow.parquet as pq

from engines.images import run
from engines.job import HITS, QUERIES, Job, Outcome
from stored import require


def draw_labels(cli: Path, job: Job) -> None:
    """Draws images to label, and labels them by chance."""
    run(cli, "sample", job.store, "--categories", job.categories, "--model", job.model, "--output", job.labels)
    with job.labels.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rng = random.Random(2)
    with job.labels.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "label": rng.choice(["0", "0", "1"])} for row in rows)


def require_same_hits(cli: Path, job: Job, outcome: Outcome, what: str) -> None:
    """Ends the program unless ids, cosines and their order are those of `clip-cli search`."""
    for query, found in zip(QUERIES, outcome.found, strict=True):
        results = job.scratch / "hits.parquet"
        weights = ["--weights", ",".join(map(str, query.weights))] if query.weights else []
        separate = ["--separate-queries"] if query.is_separate else []
        options = ["-k", HITS, "--output", results, "--model", job.model, "--force"]
        run(cli, "search", job.store, *query.texts, *weights, *separate, *options)
        expected = pq.read_table(results)
        require(found.schema.names == expected.schema.names, f"{what}: columns {found.schema.names}")
        require(found.to_pylist() == expected.to_pylist(), f"{what}: {query} found {found}, not {expected}")


def require_same_evaluation(cli: Path, job: Job, outcome: Outcome, what: str) -> None:
    """Ends the program unless an evaluation is that of `clip-cli evaluate`, to the last digit."""
    found = [path.read_bytes() for path in job.metrics]
    options = ["--categories", job.categories, "--labels", job.labels, *job.evaluating, "--force"]
    printed = run(cli, "evaluate", job.store, "--model", job.model, *options)
    require(outcome.evaluation == printed, f"{what}: the evaluation is\n{outcome.evaluation}\nnot\n{printed}")
    for path, contents in zip(job.metrics, found, strict=True):
        require(path.read_bytes() == contents, f"{what}: {path.name} differs")
