"""What a check came to."""

from __future__ import annotations

from typing import NamedTuple

OK, WARNING, FAILED = "ok", "warning", "failed"


class Check(NamedTuple):
    """One thing that was looked at."""

    name: str
    state: str
    text: str
    """What is so, and what to do where it is not as it should be."""
