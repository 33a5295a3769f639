#!/usr/bin/env python3
"""Writes scores, decisions and true classes of the 2,000 textile photographs of the package conformal-clip-data.

`OPENCLIP_SIMULATION_SCORES=textiles.csv make simulate` samples them again and again. Embeds the photographs with the
default model, whose descriptions of the three classes are below.
"""

import argparse
import csv
import subprocess
import tempfile
from pathlib import Path

CATEGORIES = """threshold: {threshold}
categories:
  nominal: {{positive: ["plain woven fabric", "a regular textile texture"], negative: ["fabric with a defect"]}}
  local: {{positive: ["fabric with a stain", "a textile with a hole"], negative: ["plain woven fabric"]}}
  global: {{positive: ["a distorted fabric pattern", "an irregular weave"], negative: ["plain woven fabric"]}}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photographs", type=Path, required=True, help="folder with the folders nominal, local and global")
    parser.add_argument("--output", type=Path, required=True, help="CSV file to write")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store, categories, results = (Path(folder) / name for name in ("store", "categories.yaml", "results.csv"))
        categories.write_text(CATEGORIES.format(threshold=0.0), encoding="utf-8")
        run = lambda *arguments: subprocess.run([options.cli, *arguments], check=True, stdout=subprocess.DEVNULL)
        run("embed", options.photographs, "--output", store)
        run("classify", store, "--categories", categories, "--output", results)
        with open(results, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    with open(options.output, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["category", "score", "match", "truth"])
        for row in rows:
            truth = row["id"].split("/")[-2]
            for name in ("nominal", "local", "global"):
                match = row[f"outcome_{name}"] == "match"
                writer.writerow([name, row[f"score_{name}"], int(match), int(name == truth)])


if __name__ == "__main__":
    main()
