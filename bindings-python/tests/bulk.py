"""What the tests of plans and runs share."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from conftest import LONG
from partner_center import (
    Change,
    ChangeOperation,
    Client,
    JournalError,
    Plan,
    Qualification,
    Report,
)
from partner_center.testing import Emulator

UPDATE = ChangeOperation.UPDATE_QUALIFICATION
GCC = Qualification.GOVERNMENT_COMMUNITY_CLOUD
ENDS = ("applied", "already_set", "refused", "conflict", "unknown", "not_started")


def client_of(emulator: Emulator, credential: Any = None, **options: Any) -> Client:
    """A client of the emulator."""
    given = emulator.token if credential is None else credential
    return Client(given, base_url=emulator.url, allow_http_loopback=True, **options)


def schools(emulator: Emulator) -> list[Change]:
    """Education for each customer without a qualification."""
    none = [one for one in emulator.customers() if one["qualification"] == Qualification.NONE]
    return [Change(one["id"], Qualification.EDUCATION) for one in none]


def planned(client: Client, changes: list[Change]) -> Plan:
    """Without a pace."""
    return client.plan(changes, operation=UPDATE, per_second=None)


def sums_hold(report: Report) -> None:
    """Each change has one end."""
    assert report.planned == len(report.results) == sum(getattr(report, end) for end in ENDS)
    for end in ENDS:
        of_it = [result for result in report if result.end == end]
        assert len(of_it) == getattr(report, end)


def again(resume: Callable[[], Report]) -> Report:
    """A resumed run, once what the left one had open has let go of the journal."""
    until = time.monotonic() + LONG
    while True:
        try:
            return resume()
        except JournalError as error:
            if "another run" not in str(error) or time.monotonic() > until:
                raise
        time.sleep(0.01)
