"""Words for messages: what a library's error says, and how weights differ from what a model needs."""

LISTED = 4
"""How many names of each kind a message has."""


def summary(error: BaseException) -> str:
    """The first sentence of what an error says, which in these libraries is followed by pages of advice."""
    lines = str(error).strip().splitlines()
    return lines[0].partition(". ")[0].rstrip(".:") if lines else type(error).__name__


def describe_differences(missing: list[str], unexpected: list[str], other: list[str]) -> str:
    """One line for each kind of difference, with the number and the first of them."""
    kinds = (("missing", missing), ("unexpected", unexpected), ("of another shape", other))
    return "".join(f"  {len(found)} {kind}: {', '.join(found[:LISTED])}{', …' if len(found) > LISTED else ''}\n"
                   for kind, found in kinds if found)
