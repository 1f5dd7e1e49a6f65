"""The case operation `run`: a plan, and the run of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from partner_center import Change, ChangeResult, Client, Plan, PlannedChange, Report, aio

PACE: dict[str, Any] = {"at_once": 1, "per_second": None}
"""In order, as a recording is."""
COUNTS = ("planned", "applied", "already_set", "refused", "conflict", "unknown", "not_started")
PLAIN = ("row", "customer", "status", "code", "detail", "request_id", "correlation_id", "attempts")
NAMED = ("qualification", "end", "outcome", "evidence", "kind", "reason")


def called(client: Client, arguments: dict[str, Any]) -> dict[str, Any]:
    """What the two calls come to."""
    planned, settled = Rows(), Rows()
    changes, operation = changes_of(arguments), arguments["operation"]
    plan = client.plan(changes, operation=operation, on_planned=planned.hear, **PACE)
    with journal() as file:
        codes = arguments.get("codes")
        report = client.run(plan, file, codes=codes, on_result=settled.hear, **PACE)
    return said(plan, report, planned, settled)


async def awaited(client: aio.Client, arguments: dict[str, Any]) -> dict[str, Any]:
    """The same, awaited."""
    planned, settled = Rows(), Rows()
    changes, operation = changes_of(arguments), arguments["operation"]
    plan = await client.plan(changes, operation=operation, on_planned=planned.hear_later, **PACE)
    with journal() as file:
        codes = arguments.get("codes")
        report = await client.run(plan, file, codes=codes, on_result=settled.hear_later, **PACE)
    return said(plan, report, planned, settled)


class Rows(list[int]):
    """Rows in the order in which they are heard."""

    def hear(self, told: PlannedChange | ChangeResult) -> None:
        """Notes it."""
        self.append(told.row)

    async def hear_later(self, told: PlannedChange | ChangeResult) -> None:
        """Notes it, awaited."""
        self.append(told.row)


@contextmanager
def journal() -> Iterator[Path]:
    """The path of a file that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "journal"


def changes_of(arguments: dict[str, Any]) -> list[Change]:
    """The asked changes."""
    return [Change(**change) for change in arguments["changes"]]


def said(plan: Plan, report: Report, planned: Rows, settled: Rows) -> dict[str, Any]:
    """The canonical members."""
    return {
        "outcome": None,
        "error": None,
        **dict.fromkeys(("request_id", "correlation_id", "ms_cv", "mfa_compliant")),
        "attempts": [],
        "result": {
            "doubles": plan.doubles,
            "codes": [{"name": code.name, "sends": code.sends} for code in plan.codes],
            "decisions": [one.decision.value for one in plan],
            "currents": [one.current for one in plan],
            "refusals": [one.detail for one in plan],
            "planned": planned,
            "settled": settled,
            "counts": {name: getattr(report, name) for name in COUNTS},
            "stopped": report.stopped and report.stopped.value,
            "detail": report.detail,
            "torn": report.torn,
            "results": [result(one) for one in report],
        },
    }


def result(of: ChangeResult) -> dict[str, Any]:
    """One change's end."""
    named = {name: getattr(of, name) for name in NAMED}
    return {
        **{name: getattr(of, name) for name in PLAIN},
        **{name: None if value is None else str(value) for name, value in named.items()},
    }
