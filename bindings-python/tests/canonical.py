"""What a case's call came to, as the canonical line that all languages write."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any

from partner_center import (
    Attempt,
    Customer,
    CustomerQualification,
    PartnerCenterError,
    ValidationCode,
)

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def success(value: dict[str, Any], result: Any) -> dict[str, Any]:
    """A result's members; ``value`` is what it says."""
    outcome = getattr(result, "outcome", None)
    return {
        "outcome": outcome and outcome.value,
        "result": value,
        "error": None,
        **_trace(result),
    }


def failure(error: PartnerCenterError) -> dict[str, Any]:
    """An error's members."""
    wait = error.retry_after
    return {
        "outcome": error.outcome.value,
        "result": None,
        "error": {
            "kind": error.kind.value,
            "reason": error.reason and error.reason.value,
            "status": error.status,
            "code": error.code,
            "description": error.description,
            "retryable": error.retryable,
            "retry_after_ms": None if wait is None else round(wait * 1000),
            "body": error.body,
            "meaning": error.meaning,
            "next_step": error.next_step,
            "text": str(error),
        },
        **_trace(error),
    }


def _trace(told: Any) -> dict[str, Any]:
    """The members that results and errors share."""
    attempts: tuple[Attempt, ...] = told.attempts
    return {
        "request_id": told.request_id,
        "correlation_id": told.correlation_id,
        "ms_cv": told.ms_cv,
        "mfa_compliant": told.mfa_compliant,
        "attempts": [
            {
                "method": attempt.method,
                "class": attempt.class_.value,
                "status": attempt.status,
                "request_id": attempt.request_id,
                "correlation_id": attempt.correlation_id,
            }
            for attempt in attempts
        ],
    }


def item(of: CustomerQualification) -> dict[str, Any]:
    """One qualification."""
    created = of.vetting_created
    return {
        "qualification": str(of.qualification),
        "vetting_status": of.vetting_status and str(of.vetting_status),
        "vetting_reason": of.vetting_reason and str(of.vetting_reason),
        "vetting_created_ms": created and (created - EPOCH) // timedelta(milliseconds=1),
        "vetting_created_text": of.vetting_created_text,
    }


def customer(of: Customer) -> dict[str, Any]:
    """One customer."""
    members = (
        "id company_name domain relationship_to_partner commerce_id allow_delegated_access "
        "custom_domains associated_partner_id organization_registration_number email"
    )
    return {name: getattr(of, name) for name in members.split()}


def code(of: ValidationCode) -> dict[str, Any]:
    """One validation code."""
    members = "value organization max_creates remaining_creates partner_id etag"
    return {name: getattr(of, name) for name in members.split()}


def line(seen: dict[str, Any], case: str) -> str:
    """Sorted members; no port; a GUID that the case does not name becomes its number."""
    text = json.dumps(seen, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    ids: dict[str, str] = {}

    def numbered(match: re.Match[str]) -> str:
        guid = match.group()
        return guid if guid in case else ids.setdefault(guid, f"id-{len(ids) + 1}")

    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:port", GUID.sub(numbered, text))


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
