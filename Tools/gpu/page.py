"""What was measured, as tables for Docs/Benchmarks.md, and which targets were missed."""

from gpu.memory import LEAST_COSINE
from gpu.pipeline import FULL_SHARE


SHIPPED = ("batches in parts through page-locked memory, of which one is copied while the one before is computed; libtorch's "
           "fuser on")


def page(results: dict) -> str:
    """Markdown, one section for each part that ran."""
    sections = [f"{CAPTIONS[part]}{SECTIONS[part](results[part])}" for part in SECTIONS if part in results]
    head = f"Machine: {results['machine']}. Command: `{results['command']}`. {results['date']}."
    return "\n\n".join([head, *sections])


def missed(results: dict) -> list[str]:
    """The targets that were not reached."""
    found = [f"{row['model']} {row['precision']}: least cosine {row['least']:.6f}, target {row['target']}"
             for row in results.get("agreement", []) if row["least"] < row["target"]]
    found += [f"{row['model']} {row['precision']}: `models verify` failed"
              for row in results.get("agreement", []) if not row["verified"]]
    if memory := results.get("memory"):
        if memory["least"] < LEAST_COSINE:
            found.append(f"batches in parts: least cosine {memory['least']:.6f}, target {LEAST_COSINE}")
        if not memory["recovered"]:
            found.append("a module has other bits after a batch that did not fit")
    return found


def _agreement(rows: list[dict]) -> str:
    return _table(
        ["model", "precision", "images", "least cosine to the CPU's fp32", "target",
         "largest error, % of the distance of two images", "`models verify`"],
        [[row["model"], row["precision"], row["images"], f"{row['least']:.7f}", f"≥ {row['target']}",
          f"{100 * row['relative_error']:.2g}", "passed" if row["verified"] else "**failed**"] for row in rows])


def _invariance(rows: list[dict]) -> str:
    return _table(
        ["precision", "compared with batches of 32 in order", "vectors with equal bits", "largest difference",
         "least cosine"],
        [[row["precision"], row["case"], f"{row['equal']} of {row['images']}", f"{row['largest_difference']:.1e}",
          f"{row['least_cosine']:.7f}"] for row in rows])


def _batches(rows: list[dict]) -> str:
    precisions = list(dict.fromkeys(row["precision"] for row in rows))
    header = ["batch size"] + [text for name in precisions for text in (f"{name}, images/s", "open_clip", "MiB")]
    cells = {(row["batch"], row["precision"]): [_count(row[key]) for key in ("rate", "eager_rate", "mebibytes")]
             for row in rows}
    sizes = dict.fromkeys(row["batch"] for row in rows)
    return _table(header, [[size] + [text for name in precisions for text in cells[size, name]] for size in sizes])


def _pipeline(rows: list[dict]) -> str:
    lines = [[row["precision"], row["workers"], row["images"], _count(row["rate"]), _percent(row["encode"]),
              _percent(row["prepare"]), _count(row["device_percent"]), _count(row["mebibytes"])] for row in rows]
    table = _table(["precision", "decode workers", "images", "images/s", "encoder busy, %", "workers busy, %",
                    "GPU busy, %", "GPU memory, MiB"], lines)
    precisions = dict.fromkeys(row["precision"] for row in rows)
    verdicts = [_filling([row for row in rows if row["precision"] == name]) for name in precisions]
    return f"{table}\n\n{' '.join(verdicts)}"


def _filling(rows: list[dict]) -> str:
    last = rows[-1]
    if last["encode"] >= FULL_SHARE:
        return f"{last['precision']}: {last['workers']} workers fill the device."
    best = max(rows, key=lambda row: row["rate"])
    return f"{last['precision']}: no number of workers fills the device; {best['workers']} are the fastest."


def _memory(result: dict) -> str:
    if not result:
        return "not tried: it needs a GPU and the whole check."
    same = "gives the same bits" if result["recovered"] else "**gives other bits**"
    return (f"with {result['left']} MiB left by another program, {result['images']} images were "
            f"embedded, least cosine {result['least']:.7f} to a run with all memory. It said: "
            f"{' '.join(result['notes'])} A module {same} after such an error.")


def _several(result: dict) -> str:
    if "same_bits" not in result:
        count = result["devices"]
        return f"not tried; there {'is one GPU' if count == 1 else f'are {count} GPUs'}."
    return f"at the same time, {'the same bits' if result['same_bits'] else 'other bits'} on both."


CAPTIONS = {
    "agreement": "**Agreement**:\n\n",
    "invariance": "**Equal bits**:\n\n",
    "batches": f"**Image tower**, from pixels in the machine's memory to vectors there, as shipped: {SHIPPED}:\n\n",
    "pipeline": f"**JPEG to Parquet**, as shipped: {SHIPPED}:\n\n",
    "memory": "**Out of memory**: ",
    "several": "**Two devices**: ",
}
SECTIONS = {"agreement": _agreement, "invariance": _invariance, "batches": _batches, "pipeline": _pipeline,
            "memory": _memory, "several": _several}


def _table(header: list[str], rows: list[list]) -> str:
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in [header, ["---"] * len(header), *rows])


def _count(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"
