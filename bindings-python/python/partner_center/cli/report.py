"""What a call came to, in words or as JSON, and as an exit code."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import NamedTuple

from .. import CancelledError, ErrorKind, Outcome, PartnerCenterError
from . import connection, terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from typing import Any

    from .. import Attempt

DONE, USAGE, NOT_APPLIED, UNKNOWN = 0, 2, 3, 4
LEFT = 141
"""What a shell says of a program that a closed pipe has ended: 128 and SIGPIPE."""


class Answer(NamedTuple):
    """What a command has to say at its end, in words and as JSON."""

    text: str
    record: dict[str, Any]
    code: int = DONE
    is_folded: bool = True


def settle(arguments: Namespace, call: Callable[[Namespace], Answer | int]) -> int:
    """Calls, and tells what came of it; the exit code. A number is one, of what has told itself."""
    try:
        answer = call(arguments)
    except PartnerCenterError as error:
        return failed(arguments, error)
    except KeyboardInterrupt as stop:
        terminal.end_line()
        cause = stop.__cause__
        if not isinstance(cause, PartnerCenterError):
            cause = _lost(arguments) if arguments.asked else _stopped(arguments)
        return failed(arguments, cause)
    if isinstance(answer, int):
        return answer
    return tell(answer.code, lambda: _answer(arguments, answer))


def _lost(arguments: Namespace) -> CancelledError:
    """Interrupted at the very moment of the return: what the call came to is lost."""
    do = "Resume its journal" if "journal" in arguments else "Read the customer"
    return CancelledError(
        "Interrupted just when the call ended; what it came to is lost. "
        f"{do} before anything is sent again.",
        outcome=Outcome.UNKNOWN,
    )


def _stopped(arguments: Namespace) -> CancelledError:
    return CancelledError(f"Interrupted.{' No change was sent.' if arguments.writes else ''}")


def _answer(arguments: Namespace, answer: Answer) -> None:
    if arguments.json:
        terminal.out(json.dumps(answer.record))
    else:
        fold = terminal.folded if answer.is_folded else lambda text, _: text
        terminal.out(fold(answer.text, sys.stdout))


def row(arguments: Namespace, record: dict[str, Any], text: str) -> None:
    """One of several things that a command shows, as a line."""
    shown(json.dumps({**record, "error": None}) if arguments.json else text)


def shown(text: str) -> None:
    """A line of a command that only reads: nobody needs the others once its reader has left."""
    if not terminal.out(text):
        raise SystemExit(LEFT)


def failed(arguments: Namespace, error: PartnerCenterError) -> int:
    """Tells an error."""
    code = exit_code(error)
    if arguments.json:
        return tell(code, lambda: terminal.out(json.dumps(_failure(arguments, error))))
    return tell(code, lambda: _explain(arguments, error))


def exit_code(error: PartnerCenterError) -> int:
    """The exit code of an error."""
    if error.kind is ErrorKind.INVALID_ARGUMENT:
        return USAGE
    return code_of(error.outcome)


def code_of(outcome: Outcome) -> int:
    """The exit code of an outcome; an interrupt may come after the answer that proved it."""
    codes = {Outcome.APPLIED: DONE, Outcome.ALREADY_SET: DONE, Outcome.UNKNOWN: UNKNOWN}
    return codes.get(outcome, NOT_APPLIED)


def misused(words: list[str], writing: Iterable[str], error: PartnerCenterError) -> int:
    """Tells of arguments that cannot be taken."""
    if "--json" in words:
        outcome = None if set(words).isdisjoint(writing) else Outcome.NOT_APPLIED
        told = record(error, outcome=outcome, error=str(error))
        return tell(USAGE, lambda: terminal.out(json.dumps(told)))
    return tell(
        USAGE, lambda: terminal.err(terminal.folded(terminal.plain(str(error)), sys.stderr))
    )


def _explain(arguments: Namespace, error: PartnerCenterError) -> None:
    word = words_of(error.outcome) if arguments.writes else "not read"
    terminal.err(terminal.folded(f"{word}: {terminal.plain(str(error))}", sys.stderr))
    if "journal" in arguments:
        _tell_of_resume(arguments, error)
        return
    if error.outcome is not Outcome.UNKNOWN or not arguments.writes:
        return
    if error.pending is not None:
        command = connection.command_to_settle(arguments, error.pending.to_json())
        terminal.err(f"Settle it, now or later, by reads alone:\n  {terminal.plain(command)}")
    command = terminal.plain(connection.command_to_read(arguments))
    terminal.err(f"Read the customer with:\n  {command}")


def _tell_of_resume(arguments: Namespace, error: PartnerCenterError) -> None:
    # Whoever leaves before the first change has a journal, too.
    left = arguments.asked and isinstance(error, CancelledError)
    if left and os.path.exists(arguments.journal):
        command = terminal.plain(connection.command_to_resume(arguments))
        terminal.err(f"Go on with it by:\n  {command}")


def _failure(arguments: Namespace, error: PartnerCenterError) -> dict[str, Any]:
    return record(
        error,
        outcome=error.outcome if arguments.writes else None,
        customer=getattr(arguments, "customer", None),
        qualification=getattr(arguments, "qualification", None),
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


def record(source: object, **known: object) -> dict[str, Any]:
    """A result or an error as the members of a JSON object, with those that are known."""
    members: dict[str, Any] = {name: getattr(source, name, None) for name in _MEMBERS}
    attempts: tuple[Attempt, ...] = getattr(source, "attempts", ())
    members["attempts"] = [_attempt(attempt) for attempt in attempts]
    members["error"] = None
    pending = getattr(source, "pending", None)
    members["pending"] = None if pending is None else json.loads(pending.to_json())
    return {**members, **known}


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "at": attempt.at.isoformat(),
        "class": attempt.class_,
        "status": attempt.status,
        "request_id": attempt.request_id,
        "correlation_id": attempt.correlation_id,
    }


def words_of(outcome: str) -> str:
    """An outcome, or how a change ended, as the first words of a text."""
    return str(outcome).replace("_", " ")


def moment(at: datetime | None) -> str | None:
    """A time as JSON has it."""
    return None if at is None else at.isoformat()


def tell(code: int, say: Callable[[], object]) -> int:
    """The code; an interrupt while something is printed does not change what happened."""
    with contextlib.suppress(KeyboardInterrupt):
        say()
    return code
