"""Every case of tests/fixtures/cases against the replaying server, through the public API.

Each case is a test. What was seen is also written, as one canonical line a case, to
target/parity/python.jsonl for comparison with the other languages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import FIXTURES, ROOT, FixtureServer
from partner_center import Attempt, Client, PartnerCenterError

CASES = sorted((FIXTURES / "cases").rglob("*.json"))
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OPTIONS = {"application", "locale", "deadline", "on_ambiguous"}


@pytest.fixture(scope="session")
def lines() -> Iterator[dict[str, str]]:
    """The canonical lines by case, written down at the end."""
    seen: dict[str, str] = {}
    yield seen
    file = ROOT / "target" / "parity" / "python.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{seen[case]}\n" for case in sorted(seen))
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "path", CASES, ids=[str(path.relative_to(FIXTURES / "cases")) for path in CASES]
)
def test_case(path: Path, fixture_server: FixtureServer, lines: dict[str, str]) -> None:
    """The call ends as the case says, and so do the server's books."""
    text = path.read_text(encoding="utf-8")
    case = json.loads(text)
    line = canonical(run(case, fixture_server), text)
    lines[case["id"]] = line
    seen = json.loads(line)
    assert seen["failures"] == []
    covers(case["expect"], seen, "expect")


def run(case: dict[str, Any], server: FixtureServer) -> dict[str, Any]:
    """What the case's call comes to."""
    calls = 0

    def credential() -> str:
        nonlocal calls
        calls += 1
        token: str = case["tokens"][min(calls, len(case["tokens"])) - 1]
        return token

    options = dict(case.get("client", {}))
    assert options.keys() <= OPTIONS
    # One send is all that a write has today, so there is nothing to switch off.
    assert options.pop("on_ambiguous", "raise") == "raise"
    port = server.start(case["id"])
    client = Client(
        credential,
        base_url=f"https://127.0.0.1:{port}",
        only_ca_certificates=server.authority,
        **options,
    )
    call = getattr(client, case["operation"])
    seen: dict[str, Any]
    try:
        result = call(**case["arguments"])
    except PartnerCenterError as error:
        seen = failure(error)
    else:
        seen = success(result)
    verdict = server.finish(case["id"])
    return {**seen, **verdict, "id": case["id"], "token_calls": calls}


def success(result: Any) -> dict[str, Any]:
    """A result's members."""
    kind = type(result).__name__
    value = {"customer": result.customer, "qualification": str(result.qualification)}
    if kind == "UpdatedQualification":
        value["evidence"] = result.evidence.value
    return {
        "outcome": result.outcome.value if kind == "UpdatedQualification" else None,
        "result": value,
        "error": None,
        **trace(result),
    }


def failure(error: PartnerCenterError) -> dict[str, Any]:
    """An error's members."""
    return {
        "outcome": error.outcome.value,
        "result": None,
        "error": {
            "kind": error.kind.value,
            "reason": error.reason and error.reason.value,
            "status": error.status,
            "code": error.code,
            "description": error.description,
            "retry_after_ms": error.retry_after and round(error.retry_after * 1000),
            "body": error.body,
            "text": str(error),
        },
        **trace(error),
    }


def trace(told: Any) -> dict[str, Any]:
    """The members that results and errors share."""
    attempts: tuple[Attempt, ...] = told.attempts
    return {
        "request_id": told.request_id,
        "correlation_id": told.correlation_id,
        "ms_cv": told.ms_cv,
        "attempts": [
            {
                "class": attempt.class_.value,
                "status": attempt.status,
                "request_id": attempt.request_id,
                "correlation_id": attempt.correlation_id,
            }
            for attempt in attempts
        ],
    }


def canonical(seen: dict[str, Any], case: str) -> str:
    """Sorted members; no port; a GUID that the case does not name becomes its number."""
    line = json.dumps(seen, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    ids: dict[str, str] = {}

    def numbered(match: re.Match[str]) -> str:
        guid = match.group()
        return guid if guid in case else ids.setdefault(guid, f"id-{len(ids) + 1}")

    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:port", GUID.sub(numbered, line))


def covers(expected: Any, seen: Any, at: str) -> None:
    """``seen`` holds all that is expected: objects may hold more, everything else is equal."""
    if isinstance(expected, dict) and isinstance(seen, dict):
        for name, value in expected.items():
            covers(value, seen[name], f"{at}.{name}")
    elif isinstance(expected, list) and isinstance(seen, list):
        assert len(expected) == len(seen), at
        for index, value in enumerate(expected):
            covers(value, seen[index], f"{at}[{index}]")
    else:
        assert seen == expected, at
