"""The emulator that the clients are measured against, in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def emulator(cores: set[int] | None = None) -> Iterator[tuple[str, str]]:
    """Its address and token; on those cores."""
    server = subprocess.Popen(
        [sys.executable, "-m", "partner_center", "emulator"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        where = told(server)
        if cores is not None:
            for task in Path(f"/proc/{server.pid}/task").iterdir():
                os.sched_setaffinity(int(task.name), cores)
        yield where
    finally:
        # Not by an interrupt: whoever begins the bench in the background has those ignored.
        server.terminate()
        server.communicate()


def told(server: subprocess.Popen[str]) -> tuple[str, str]:
    """The emulator's address and token, off its own words."""
    text = ""
    while not (
        found := re.search(r"(http://127\.0\.0\.1:\d+)[\s\S]*?(emulator-[0-9a-f]{32})", text)
    ):
        assert server.stdout is not None
        line = server.stdout.readline()
        assert line, text
        text += line
    return found.group(1), found.group(2)
