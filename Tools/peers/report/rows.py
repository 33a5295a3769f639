"""Rows of the table: a value or a ratio, and its target."""

from dataclasses import dataclass

from peers.turns import Ratio


@dataclass(frozen=True)
class Target:
    """What the project wants of a number."""

    limit: float
    at_most: bool = False

    def is_reached(self, value: float) -> bool:
        return value <= self.limit if self.at_most else value >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.limit:g}"


@dataclass(frozen=True)
class Row:
    """One line; cells without content are empty."""

    what: str
    ours: str = ""
    peer: str = ""
    number: str = ""
    target: Target | None = None
    value: float | None = None
    """The number that the target is about."""

    def cells(self) -> list[str]:
        reached = "" if self.target is None else "reached" if self.target.is_reached(self.value) else "**missed**"
        return [self.what, self.ours, self.peer, self.number, "" if self.target is None else str(self.target), reached]


HEADER = ["", "this library", "compared with", "ratio (quartiles) or value", "target", ""]


def ratio_row(what: str, ours: str, peer: str, ratio: Ratio, target: Target | None) -> Row:
    """A ratio with its spread."""
    number = f"{ratio.median:.2f} ({ratio.low:.2f} to {ratio.high:.2f})"
    return Row(what, ours, peer, number, target, ratio.median)


def table(rows: list[Row]) -> str:
    """Markdown."""
    lines = [HEADER, ["---"] * len(HEADER), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |") for cells in lines)
