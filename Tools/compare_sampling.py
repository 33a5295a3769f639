#!/usr/bin/env python3
"""Compares samples of `clip-cli sample` with OASIS and with random labels, and draws the comparison.

Reads the table that `make simulate` wrote, lists the rows that miss a target, runs OASIS (Marchant and Rubinstein, 2017)
on collections with the same distributions of scores, prints both errors of F1 and writes a picture.
"""

import argparse
import csv
import functools
import math
import multiprocessing
import sys
import types
from pathlib import Path

import numpy as np
import scipy

LABELS = (50, 100, 200, 400)
PREVALENCES = (0.1, 0.01, 0.001)
SHAPES = {"normal, 3.5 apart": 3.5, "normal, 2.5 apart": 2.5}
COLOURS = {"sample": "#1b6ca8", "OASIS": "#c8553d", "random": "#777777"}


def load_oasis(folder):
    """OASIS of 2017 on today's SciPy, which no longer passes on NumPy's functions."""
    sys.path.insert(0, str(folder))
    # Only reading its example data needs PyTables.
    sys.modules.setdefault("tables", types.ModuleType("tables"))
    for name in ("percentile", "ptp", "histogram", "cumsum", "sqrt", "arange", "linspace"):
        scipy.__dict__.setdefault(name, getattr(np, name))
    import oasis

    return oasis


def best_threshold(distance, prevalence):
    """The threshold with the largest F1 for normal scores."""
    grid = np.linspace(0, 6, 6001)
    upper = lambda z: np.array([0.5 * math.erfc(value / math.sqrt(2)) for value in z])
    hits = prevalence * upper(grid - distance)
    matches = hits + (1 - prevalence) * upper(grid)
    return grid[np.argmax(2 * hits / (matches + prevalence))]


def oasis_errors(folder, distance, prevalence, run):
    """The errors of F1 after each number of labels, in one collection."""
    oasis = load_oasis(folder)
    count = 100_000 if prevalence < 0.005 else 20_000
    threshold = best_threshold(distance, prevalence)
    generator = np.random.default_rng(run)
    np.random.seed(run)
    truth = (generator.random(count) < prevalence).astype(float)
    scores = generator.normal(size=count) + distance * truth
    matches = (scores >= threshold).astype(float)
    f1 = 2 * (truth * matches).sum() / (truth.sum() + matches.sum())
    strata = oasis.stratify_by_scores(scores, goal_n_strata=30, method="cum_sqrt_F", n_bins=1000)
    # The scores, centred on the threshold, are OASIS's first guess of the rates.
    sampler = oasis.OASISSampler(
        0.5, matches, scores - threshold, lambda image: truth[image], strata=strata, max_iter=200_000
    )
    errors = []
    for labels, before in zip(LABELS, (0, *LABELS)):
        sampler.sample_distinct(labels - before)
        estimate = sampler.estimate_[sampler.t_ - 1]
        errors.append((estimate if np.isfinite(estimate) else 0) - f1)
    return errors


def read(path):
    """The rows of the table."""
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def panels_of(rows):
    """Rows of F1: {(shape, prevalence): {labels: row}}."""
    panels = {}
    for row in rows:
        if row["measure"] == "f1" and row["shape"] in SHAPES:
            panels.setdefault((row["shape"], float(row["prevalence"])), {})[int(row["labels"])] = row
    return panels


def print_missed_targets(rows):
    """Intervals that cover the truth in fewer than 93 or more than 97 % of the collections, or F1 with too wide ones."""
    described = lambda row: f"{row['shape']}, {100 * float(row['prevalence']):g} %, {row['labels']} labels"
    for title, is_missed in {
        "covered in fewer than 93 %": lambda coverage: coverage < 93,
        "covered in more than 97 %": lambda coverage: coverage > 97,
    }.items():
        missed = [row for row in rows if is_missed(100 * float(row["coverage"]))]
        print(f"\n{title}: {len(missed)} of {len(rows)} intervals")
        for row in missed:
            print(f"| {row['measure']} | {described(row)} | {100 * float(row['coverage']):.1f} |")
    f1 = [row for row in rows if row["measure"] == "f1"]
    wide = [row for row in f1 if float(row["width"]) > 1.2 * float(row["oracle"])]
    print(f"\nF1 wider than 1.2 times the oracle's: {len(wide)} of {len(f1)} intervals")
    for row in wide:
        print(f"| {described(row)} | {float(row['width']) / float(row['oracle']):.2f} |")


def svg(panels):
    """One panel per configuration: the error of F1 against the number of labels, on logarithmic scales."""
    width, height, left, top, gap = 250, 190, 50, 40, 60
    columns = len(PREVALENCES)
    total = (left + columns * (width + gap), top + 2 * (height + gap) + 10)
    x = lambda labels: math.log(labels / 45) / math.log(450 / 45) * width
    y = lambda error: height - math.log(min(max(error, 0.02), 2) / 0.02) / math.log(2 / 0.02) * height
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total[0]} {total[1]}" font-family="sans-serif" '
        'font-size="12"><title>Error of F1 by number of labels</title>',
        f'<rect width="{total[0]}" height="{total[1]}" fill="white"/>',
    ]
    for position, (name, colour) in enumerate(COLOURS.items()):
        text = {"sample": "clip-cli sample", "OASIS": "OASIS", "random": "random images"}[name]
        out.append(f'<rect x="{left + 140 * position}" y="9" width="18" height="4" fill="{colour}"/>')
        out.append(f'<text x="{left + 24 + 140 * position}" y="15">{text}</text>')
    for index, ((shape, prevalence), lines) in enumerate(panels.items()):
        row, column = divmod(index, columns)
        out.append(f'<g transform="translate({left + column * (width + gap)},{top + row * (height + gap)})">')
        out.append(f'<text y="-6" font-weight="bold">{shape}, {100 * prevalence:g} % positive</text>')
        out.append(f'<rect width="{width}" height="{height}" fill="none" stroke="#bbb"/>')
        for error in (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2):
            out.append(f'<line x2="{width}" y1="{y(error):.1f}" y2="{y(error):.1f}" stroke="#eee"/>')
            out.append(f'<text x="-6" y="{y(error) + 4:.1f}" text-anchor="end">{error:g}</text>')
        for labels in LABELS:
            out.append(f'<text x="{x(labels):.1f}" y="{height + 15}" text-anchor="middle">{labels}</text>')
        for name, values in lines.items():
            points = " ".join(f"{x(labels):.1f},{y(value):.1f}" for labels, value in zip(LABELS, values))
            out.append(f'<polyline points="{points}" fill="none" stroke="{COLOURS[name]}" stroke-width="2"/>')
        out.append("</g>")
    out.append(f'<text x="{left}" y="{total[1] - 8}">number of labels; 1.96 times the root mean square error of F1</text>')
    return "\n".join(out + ["</svg>\n"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", required=True, help="CSV file of `make simulate`")
    parser.add_argument("--oasis", required=True, help="folder with the package oasis")
    parser.add_argument("--picture", required=True, help="SVG file to write")
    parser.add_argument("--runs", type=int, default=40, help="collections for OASIS")
    options = parser.parse_args()
    rows = read(options.table)
    print_missed_targets(rows)
    panels = {}
    print("\n1.96 × root mean square error of F1 | labels | sample | OASIS | random")
    for (shape, prevalence), by_labels in panels_of(rows).items():
        one_run = functools.partial(oasis_errors, options.oasis, SHAPES[shape], prevalence)
        with multiprocessing.Pool() as pool:
            errors = np.array(pool.map(one_run, range(options.runs)))
        lines = {
            "sample": [1.96 * float(by_labels[labels]["rmse"]) for labels in LABELS],
            "OASIS": list(1.96 * np.sqrt((errors**2).mean(axis=0))),
            "random": [float(by_labels[labels]["random"]) / 2 for labels in LABELS],
        }
        panels[shape, prevalence] = lines
        for column, labels in enumerate(LABELS):
            values = " | ".join(f"{lines[name][column]:.3f}" for name in COLOURS)
            print(f"| {shape}, {prevalence:g} | {labels} | {values} |")
    Path(options.picture).write_text(svg(panels), encoding="utf-8")


if __name__ == "__main__":
    main()
