"""What `embed` makes of images that a worker gets too."""

import subprocess
from pathlib import Path

from environment import FORGETFUL
from served import CREDENTIALS
from stored import require, rows
from workers.client import BATCH


def embedded(cli: Path, model: str, table: Path, store: Path, *options: str) -> dict[str, dict]:
    """What `embed` makes of a table's images, by id."""
    command = [cli.absolute(), "embed", table, "--output", store, "--model", model, "--batch-size", BATCH]
    words = [*map(str, command), "--allow-failures", *options]
    result = subprocess.run(words, capture_output=True, text=True, env=FORGETFUL | CREDENTIALS)
    require(result.returncode == 0, f"embed: exit code {result.returncode}: {result.stderr}")
    outcomes = {}
    for part in store.glob("part-*.parquet"):
        for row in rows(part, ["id", "embedding", "source_damage"]):
            outcomes[row["id"]] = {"embedding": row["embedding"], "stage": None, "reason": None,
                                   "damage": row["source_damage"]}
    for row in rows(store / "rejects.parquet", ["id", "stage", "reason"]):
        outcomes[row["id"]] = {"embedding": None, "stage": row["stage"], "reason": row["reason"], "damage": None}
    return outcomes
