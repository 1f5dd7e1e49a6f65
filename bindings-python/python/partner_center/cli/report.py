"""What a call came to, in words or as JSON, and as an exit code."""

from __future__ import annotations

import contextlib
import json
import sys

from .. import ErrorKind, Outcome, Qualification, UpdatedQualification
from . import connection, terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable
    from typing import Any

    from .. import Attempt, CurrentQualification, PartnerCenterError

DONE, USAGE, NOT_APPLIED, UNKNOWN = 0, 2, 3, 4


def succeeded(
    arguments: Namespace, answer: UpdatedQualification | CurrentQualification | str
) -> int:
    """Tells the result of a call, or shows a request that was not sent."""
    if isinstance(answer, str):
        return _tell(DONE, lambda: _show_request(arguments, answer))
    if arguments.json:
        known = {"customer": answer.customer, "qualification": answer.qualification}
        return _tell(DONE, lambda: terminal.out(_json(answer, **known)))
    qualification = terminal.plain(answer.qualification)
    if isinstance(answer, UpdatedQualification):
        text = (
            f"applied: customer {answer.customer} is {qualification} "
            f"(evidence: {answer.evidence}, request id {terminal.plain(answer.request_id)})"
        )
    else:
        none = answer.qualification is Qualification.NONE
        state = "has no qualification (None)" if none else f"is {qualification}"
        text = (
            f"read: customer {answer.customer} {state} "
            f"(request id {terminal.plain(answer.request_id)})"
        )
    return _tell(DONE, lambda: terminal.out(terminal.folded(text, sys.stdout)))


def _show_request(arguments: Namespace, request: str) -> None:
    if arguments.json:
        known = {"customer": arguments.customer, "qualification": arguments.qualification}
        record = _json(None, outcome=Outcome.NOT_APPLIED, request=request, **known)
        return terminal.out(record)
    return terminal.out(request)


def failed(arguments: Namespace, error: PartnerCenterError) -> int:
    """Tells an error."""
    code = exit_code(error)
    if arguments.json:
        return _tell(code, lambda: terminal.out(_failure(arguments, error)))
    return _tell(code, lambda: _explain(arguments, error))


def exit_code(error: PartnerCenterError) -> int:
    """The exit code of an error."""
    if error.kind is ErrorKind.INVALID_ARGUMENT:
        return USAGE
    # An interrupt may come after the answer that proved the change.
    codes = {Outcome.APPLIED: DONE, Outcome.ALREADY_SET: DONE, Outcome.UNKNOWN: UNKNOWN}
    return codes.get(error.outcome, NOT_APPLIED)


def misused(words: list[str], error: PartnerCenterError) -> int:
    """Tells of arguments that cannot be taken."""
    if "--json" in words:
        outcome = Outcome.NOT_APPLIED if "update" in words else None
        return _tell(USAGE, lambda: terminal.out(_json(error, outcome=outcome, error=f"{error}")))
    return _tell(
        USAGE, lambda: terminal.err(terminal.folded(terminal.plain(str(error)), sys.stderr))
    )


def _explain(arguments: Namespace, error: PartnerCenterError) -> None:
    writing = arguments.qualification is not None
    word = str(error.outcome).replace("_", " ") if writing else "not read"
    text = f"{word}: {terminal.plain(str(error))}"
    terminal.err(terminal.folded(text, sys.stderr))
    if error.outcome is Outcome.UNKNOWN:
        command = terminal.plain(connection.command_to_read(arguments))
        terminal.err(f"Read the customer with:\n  {command}")


def _failure(arguments: Namespace, error: PartnerCenterError) -> str:
    writing = arguments.qualification is not None
    return _json(
        error,
        outcome=error.outcome if writing else None,
        customer=arguments.customer,
        qualification=arguments.qualification,
        error=str(error),
    )


_MEMBERS = [
    "outcome",
    "customer",
    "qualification",
    "evidence",
    "kind",
    "reason",
    "status",
    "code",
    "description",
    "request_id",
    "correlation_id",
    "ms_cv",
    "retry_after",
]


def _json(
    source: UpdatedQualification | CurrentQualification | PartnerCenterError | None,
    **known: str | None,
) -> str:
    record: dict[str, Any] = {name: getattr(source, name, None) for name in _MEMBERS}
    attempts: tuple[Attempt, ...] = getattr(source, "attempts", ())
    record["attempts"] = [_attempt(attempt) for attempt in attempts]
    record["error"] = None
    return json.dumps({**record, **known})


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "at": attempt.at.isoformat(),
        "class": attempt.class_,
        "status": attempt.status,
        "request_id": attempt.request_id,
        "correlation_id": attempt.correlation_id,
    }


def _tell(code: int, tell: Callable[[], None]) -> int:
    """The code; an interrupt while something is printed does not change what happened."""
    with contextlib.suppress(KeyboardInterrupt):
        tell()
    return code
