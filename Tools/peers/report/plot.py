"""One picture of a machine's results."""

import statistics
from collections.abc import Callable
from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402

OURS_COLOUR, PEER_COLOUR = "#1f77b4", "#b0b0b0"
BAR_INCHES, WIDTH_INCHES, PANEL_INCHES = 0.24, 8.0, 0.75
# Text stays text, and the same results give the same file.
SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "peers", "font.size": 8}


def draw(results: dict, path: Path) -> None:
    """Bars of all towers and pipelines: images per second, ours in colour."""
    panels = _panels(results)
    heights = [BAR_INCHES * len(values) + PANEL_INCHES for _, values in panels]
    with matplotlib.rc_context(SETTINGS):
        figure, axes = pyplot.subplots(len(panels), figsize=(WIDTH_INCHES, sum(heights)), squeeze=False,
                                       gridspec_kw={"height_ratios": heights}, layout="constrained")
        for axis, (title, values) in zip(axes[:, 0], panels):
            _bars(axis, title, values)
        figure.savefig(path, metadata={"Date": None})
        pyplot.close(figure)


def _panels(results: dict) -> list[tuple[str, dict[str, float]]]:
    towers = [(f"{model}, batch {batch}, images/s", _rates(engines, lambda engine: engine[batch]["seconds"]))
              for model, engines in results.get("towers", {}).items() for batch in ("32", "1")]
    pipelines = results.get("end-to-end", {})
    steady = [("JPEG to Parquet, ViT-B/32, images/s", _rates(pipelines, lambda pipeline: pipeline["steady"]))]
    return towers + (steady if pipelines else [])


def _rates(results: dict[str, dict], seconds: Callable[[dict], list[float]]) -> dict[str, float]:
    return {name: 1 / statistics.median(seconds(result)) for name, result in results.items()}


def _bars(axis: Axes, title: str, values: dict[str, float]) -> None:
    colours = [OURS_COLOUR if name.startswith("this library") else PEER_COLOUR for name in values]
    bars = axis.barh(list(values), list(values.values()), color=colours)
    axis.bar_label(bars, fmt="%.1f", padding=3)
    axis.invert_yaxis()
    axis.margins(x=0.1)
    axis.set_title(title, loc="left")
    axis.spines[["top", "right"]].set_visible(False)
