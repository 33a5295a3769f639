#!/usr/bin/env python3
"""Compares `clip-cli evaluate` with scikit-learn: photographs, the demonstration's categories and labels by chance.

Some labels have the probability with which the image was drawn, whose inverse is scikit-learn's `sample_weight`.
"""

import argparse
import subprocess
import tempfile
from pathlib import Path

import numpy
import pandas
from sklearn.metrics import average_precision_score, precision_recall_curve, precision_recall_fscore_support

from environment import FORGETFUL
from stored import HERE, embed_command, require

CATEGORIES = HERE.parent / "Examples/demo-categories.yaml"
MEASURES = ["precision", "recall", "f1"]
OUTCOMES = ["true_positives", "false_positives", "false_negatives", "true_negatives"]
TOLERANCE = 1e-12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to embed")
    arguments = parser.parse_args()
    cli = arguments.cli.absolute()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store, decided = folder / "store", folder / "decided.csv"
        run(*embed_command(cli, arguments.photos, store, "--allow-failures"))
        run(cli, "classify", store, "--categories", CATEGORIES, "--output", decided)
        decisions = pandas.read_csv(decided, keep_default_na=False)
        names = [column.removeprefix("score_") for column in decisions.columns if column.startswith("score_")]
        for seed, (unknown, drawn) in enumerate([(0.0, False), (0.3, False), (0.6, False), (0.3, True), (0.6, True)]):
            labels = random_labels(decisions["id"], names, seed, unknown, drawn)
            check(cli, folder, decisions, labels)
            print(f"labels {seed}: {len(labels)} judgements of {len(names)} categories agree with scikit-learn")


def random_labels(ids: pandas.Series, names: list[str], seed: int, unknown: float, drawn: bool) -> pandas.DataFrame:
    """Labels by chance for a part of all pairs; the first category has positive ones alone."""
    random = numpy.random.default_rng(seed)
    rows = [(i, name, int(name == names[0] or random.random() < 0.4)) for i in ids for name in names
            if random.random() >= unknown]
    labels = pandas.DataFrame(rows, columns=["id", "category", "label"])
    if drawn:
        labels["probability"] = random.choice([1, 0.5, 0.125, 0.03, 0.007], len(labels))
    return labels


def check(cli: Path, folder: Path, decisions: pandas.DataFrame, labels: pandas.DataFrame) -> None:
    paths = {name: folder / f"{name}.csv" for name in ["labels", "metrics", "curves"]}
    labels.to_csv(paths["labels"], index=False)
    run(cli, "evaluate", folder / "store", "--categories", CATEGORIES, "--labels", paths["labels"],
        "--output", paths["metrics"], "--curves", paths["curves"], "--resamples", "50")
    metrics = pandas.read_csv(paths["metrics"]).set_index("category")
    curves = pandas.read_csv(paths["curves"])
    table = labels.merge(decisions, on="id")
    table["matches"] = [int(name in found.split(";")) for name, found in zip(table["category"], table["categories"])]
    table["score"] = [row[f"score_{row['category']}"] for _, row in table.iterrows()]
    table["weight"] = 1 / table["probability"] if "probability" in table else 1.0
    is_drawn = "probability" in labels
    measured = []
    for name, rows in table.groupby("category"):
        found = metrics.loc[name]
        if rows["label"].nunique() < 2:
            undefined = ["average_precision"] if is_drawn else [*MEASURES, "average_precision"]
            require(found[undefined].isna().all(), f"{name} has {undefined} and only one class")
            continue
        weights = rows["weight"]
        expected = [*ratios(rows), average_precision_score(rows["label"], rows["score"], sample_weight=weights)]
        measured.append(expected)
        curve = curves[curves["category"] == name]
        compare(weighted(found, curve) if is_drawn else found, expected, name)
        points = precision_recall_curve(rows["label"], rows["score"], sample_weight=weights)[:2]
        for column, values in zip(["precision", "recall"], points, strict=True):
            require(len(curve) == len(values), f"{name}: the curve has {len(curve)} points, not {len(values)}")
            require(numpy.allclose(curve[column], values, rtol=0, atol=TOLERANCE), f"{name}: the curve's {column} differs")
    if not is_drawn:
        compare(metrics.loc["(micro)"], ratios(table), "(micro)")
        compare(metrics.loc["(macro)"], numpy.mean(measured, axis=0), "(macro)")


def ratios(rows: pandas.DataFrame) -> list[float]:
    return list(precision_recall_fscore_support(rows["label"], rows["matches"], average="binary", zero_division=0,
                                                sample_weight=rows["weight"])[:3])


def weighted(found: pandas.Series, curve: pandas.DataFrame) -> pandas.Series:
    """The metrics of the weighted numbers of decisions and curves; `evaluate` itself estimates those of drawn labels more closely."""
    true, false, missed, _ = found[[f"weighted_{outcome}" for outcome in OUTCOMES]]
    ratios = [true / max(true + false, 1e-300), true / (true + missed), 2 * true / (2 * true + false + missed)]
    average_precision = -numpy.sum(numpy.diff(curve["recall"]) * curve["precision"].iloc[:-1].to_numpy())
    return pandas.Series([*ratios, average_precision], MEASURES + ["average_precision"])


def compare(found: pandas.Series, expected: list[float], name: str) -> None:
    for measure, value in zip(MEASURES + ["average_precision"], expected):
        require(abs(found[measure] - value) <= TOLERANCE, f"{name}: {measure} is {found[measure]}, not {value}")


def run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True, env=FORGETFUL)


if __name__ == "__main__":
    main()
