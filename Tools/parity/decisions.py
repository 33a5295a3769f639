"""Decisions must not depend on the batch size or the number of threads."""

import csv
import json
from pathlib import Path

from parity.tool import Tool, require

VARIANTS = [(1, 1), (7, 1), (32, 1), (1, 2), (7, 2), (32, 2)]  # images a batch, threads
PROMPTS = {"animal": ["an animal"], "vehicle": ["a vehicle"], "text": ["a page of text"]}


def check(tool: Tool, bundle: Path, photos: Path, scratch: Path) -> int:
    """Requires the same categories for every photo in every variant; returns the number of decisions compared.

    Thresholds lie in the middle of each category's scores, halfway between two of them, so that about half match.
    """
    stores = []
    for batch, threads in VARIANTS:
        stores.append(scratch / f"store-{batch}-{threads}")
        tool.run("embed", photos, "--model", bundle, "--batch-size", str(batch), "--threads", str(threads),
                 "--output", stores[-1])
    scores = _classify(tool, bundle, stores[0], dict.fromkeys(PROMPTS, 0.0), scratch)
    thresholds = {}
    for name in PROMPTS:
        values = sorted(float(row[f"score_{name}"]) for row in scores)
        middle = max(range(len(values) // 4, 3 * len(values) // 4), key=lambda i: values[i + 1] - values[i])
        thresholds[name] = (values[middle] + values[middle + 1]) / 2
    results = [[row["categories"] for row in _classify(tool, bundle, store, thresholds, scratch)] for store in stores]
    require(any(results[0]), f"{bundle.name}: no photo matches anything, so that nothing is compared")
    for (batch, threads), result in zip(VARIANTS, results):
        require(result == results[0], f"{bundle.name}: batch {batch} with {threads} threads decides differently")
    return len(results) * len(results[0]) * len(PROMPTS)


def _classify(tool: Tool, bundle: Path, store: Path, thresholds: dict[str, float], scratch: Path) -> list[dict]:
    categories, output = scratch / "decisions.json", scratch / "decisions.csv"
    categories.write_text(json.dumps({"categories": {
        name: {"positive": prompts, "threshold": thresholds[name]} for name, prompts in PROMPTS.items()}}))
    tool.run("classify", store, "--model", bundle, "--categories", categories, "--output", output)
    with output.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
