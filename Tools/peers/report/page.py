"""Writes a machine's results into a page, between markers below the heading of its class."""

import re
from pathlib import Path

from peers.machine import CLASSES


def replace_section(page: Path, processor_class: str, text: str) -> None:
    """Replaces what is between the markers of a class; raises SystemExit if the page lacks them."""
    begin, end = f"<!-- peers: {processor_class} -->", f"<!-- end of peers: {processor_class} -->"
    pattern = re.compile(f"(?<={re.escape(begin)}\n).*?(?={re.escape(end)})", re.DOTALL)
    changed, count = pattern.subn(lambda _: f"{text}\n", page.read_text(encoding="utf-8"))
    if count != 1:
        raise SystemExit(f"error: '{page}' needs the lines '{begin}' and '{end}' once, in this order")
    page.write_text(changed, encoding="utf-8")


def image_name(processor_class: str) -> str:
    """The picture's file name."""
    return ("peers-zen5.svg", "peers-vnni.svg", "peers-avx2.svg")[CLASSES.index(processor_class)]
