"""Messages of `clip-cli`, on their way to whoever reads those of this process."""

from __future__ import annotations

import contextlib
import sys


def pass_on(text: str) -> None:
    """Writes messages to standard error. They are lost where it is closed, or nobody reads it any more."""
    # A driver may have put any object in its place, or nothing.
    with contextlib.suppress(Exception):
        sys.stderr.write(text)
        sys.stderr.flush()
