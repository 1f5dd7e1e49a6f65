"""What the tests of the bulk commands share."""

from __future__ import annotations

import csv
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from command_line import Done, call, rows
from conftest import LONG
from partner_center.testing import Emulator

ENDS = ("applied", "already_set", "refused", "conflict", "unknown", "not_started")
GOVERNMENT = "GovernmentCommunityCloud"
COUNTY = "Woodgrove County"
CODE = "123456"
UPDATE = ("--operation", "update_qualification")
FAST = ("--per-second", "1000")
SLOW = ("--per-second", "8")
"""So slow that nobody is too late to interrupt it."""
MANY = 60


def written(folder: Path, changes: Sequence[tuple[str, ...]]) -> str:
    """The path of a CSV file of changes."""
    path = folder / "changes.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        names = ("customer", "qualification", "code_name", "education_segment")
        csv.writer(file).writerows([names, *changes])
    return str(path)


def schools(emulator: Emulator, many: int = MANY) -> list[tuple[str, ...]]:
    """Education for so many of the customers without a qualification."""
    none = [one["id"] for one in emulator.customers() if one["qualification"] == "None"]
    return [(one, "Education", "") for one in none[:many]]


def planned(emulator: Emulator, folder: Path, changes: Sequence[tuple[str, ...]]) -> str:
    """The path of their plan."""
    path = str(folder / "plan.json")
    done = call(emulator, "plan", written(folder, changes), *UPDATE, *FAST, "--out", path)
    assert (done.returncode, done.stderr) == (0, "")
    return path


def writes(emulator: Emulator) -> int:
    """How many changes were asked for."""
    return sum(method != "GET" for method, _ in emulator.requests())


def settled(emulator: Emulator) -> int:
    """The same, once what a killed process has left on its way has arrived."""
    counts = [writes(emulator)]
    until = time.monotonic() + LONG
    while counts[-10:] != [counts[-1]] * 10 and time.monotonic() < until:
        time.sleep(0.05)
        counts.append(writes(emulator))
    return counts[-1]


def report_of(done: Done) -> dict[str, Any]:
    """The last line, whose sum holds."""
    told = rows(done)[-1]
    assert told["planned"] == sum(told[end] for end in ENDS)
    return told


def resumed(emulator: Emulator, *words: str) -> Done:
    """Once what the run before had open has let go of the journal."""
    until = time.monotonic() + LONG
    while True:
        done = call(emulator, "resume", *words, "--yes", *FAST, "--json")
        if "another run" not in done.stdout or time.monotonic() > until:
            return done
        time.sleep(0.05)
