"""Many changes: what plan, run and resume tell."""

from __future__ import annotations

import json
import sys

from .. import CancelledError, ChangeEnd, Decision, InvalidArgumentError, _tables
from . import connection, files, report, terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterator
    from typing import Any

    from .. import ChangeResult, Plan, PlannedChange, Report

STOPPED = 5
"""The exit code of a run that stopped early."""
_GOOD = (ChangeEnd.APPLIED, ChangeEnd.ALREADY_SET)
_NUMBERS = ("planned", *(str(end) for end in ChangeEnd))
_NOTES = {
    Decision.SET: "a run asks for these; that cannot be undone",
    Decision.CONFLICT: "the customer's state excludes the change",
    Decision.REFUSED: "the change breaks a rule, or the service refuses its customer",
    Decision.UNREAD: "the read failed; a run reads again, and asks where it can",
}


def pace(arguments: Namespace) -> dict[str, Any]:
    """How many at a time and in a second, where that was given."""
    given = {"at_once": arguments.at_once, "per_second": arguments.per_second}
    return {name: value for name, value in given.items() if value is not None}


def counts(plan: Plan) -> Iterator[str]:
    """What a run would do, in numbers."""
    yield f"{len(plan)} changes by {plan.operation} at {terminal.plain(plan.base_url)}"
    numbers = [(str(one), plan.count(one), _NOTES.get(one, "")) for one in Decision]
    numbers.append(("left out", plan.doubles, "the same as an earlier row"))
    for name, number, note in numbers:
        if number or name == Decision.SET:
            yield f"  {report.words_of(name):<12}{number:>7}  {note}".rstrip()
    if plan.codes:
        yield "validation codes, and how many changes would spend each"
    width = max((len(code.name) for code in plan.codes), default=0)
    for code in plan.codes:
        yield f"  {terminal.plain(code.name):<{max(width, 12)}}{code.sends:>7}"


def line(of: PlannedChange | ChangeResult, word: str, why: str) -> str:
    """A change that came, or comes, to nothing."""
    told = f"row {of.row}  {of.customer or '-'}  {report.words_of(word)}: {terminal.plain(why)}"
    return terminal.folded(told, sys.stdout, then="    ")


def members(of: PlannedChange | ChangeResult) -> dict[str, Any]:
    """The same for JSON."""
    told: dict[str, Any] = dict(_tables.rows([of])[0])
    error = told.pop("detail")
    if told.get("pending"):
        told["pending"] = json.loads(told["pending"])
    return {**told, "error": error}


def settle(arguments: Namespace, call: Callable[[Namespace], Report]) -> int:
    """Makes changes, and tells what they came to; the exit code."""

    def whole(arguments: Namespace) -> int:
        files.differ(arguments.results, "--results", arguments.journal, "the journal")
        with files.claimed(arguments.results, "--results"):
            ended = call(arguments)
        _keep(arguments, ended)
        return _end(arguments, ended)

    return report.settle(arguments, whole)


def ended(
    arguments: Namespace,
    total: int | None,
    call: Callable[[Callable[[ChangeResult], None]], Report],
) -> Report:
    """Makes the changes below a bar, and tells of each that comes to nothing."""
    arguments.told = set()

    def heard(result: ChangeResult) -> None:
        if result.end not in _GOOD:
            arguments.told.add(result.row)
            bar.above(lambda: _tell(arguments, result))
        bar(result)

    arguments.asked = True
    with terminal.bar("changes", total) as bar:
        return call(heard)


def _tell(arguments: Namespace, result: ChangeResult) -> None:
    # Of a conflict that the plan had seen, the report says no more.
    excluded = _NOTES[Decision.CONFLICT] if result.end is ChangeEnd.CONFLICT else ""
    why = result.detail or excluded
    told = json.dumps({**members(result), "error": why}) if arguments.json else None
    terminal.out(told or line(result, result.end, why))


def _keep(arguments: Namespace, ended: Report) -> None:
    if arguments.results is None:
        return
    try:
        ended.to_csv(arguments.results)
    except OSError as error:
        # What happened matters more.
        terminal.err(f"--results was not written: {error.strerror}. The journal has them.")


def _end(arguments: Namespace, ended: Report) -> int:
    code = code_of(ended)
    report.tell(code, lambda: _tell_others(arguments, ended))
    if arguments.json:
        told = {name: getattr(ended, name) for name in _NUMBERS}
        known = ("stopped", "torn", "journal", "fingerprint")
        told.update((name, getattr(ended, name)) for name in known)
        return report.tell(code, lambda: terminal.out(json.dumps({**told, "error": ended.detail})))
    return report.tell(code, lambda: _show(arguments, ended, code))


def _tell_others(arguments: Namespace, ended: Report) -> None:
    """What the plan had decided, or an earlier run: no call of this one ended it."""
    for result in ended:
        if result.row not in arguments.told and result.end not in (*_GOOD, ChangeEnd.NOT_STARTED):
            _tell(arguments, result)


def code_of(ended: Report) -> int:
    """The exit code: the gravest of what there is."""
    if ended.stopped is not None:
        return STOPPED
    if ended.unknown:
        return report.UNKNOWN
    is_whole = ended.planned == ended.applied + ended.already_set
    return report.DONE if is_whole else report.NOT_APPLIED


def _show(arguments: Namespace, ended: Report, code: int) -> None:
    first = {
        report.DONE: "applied: each customer is in the asked state",
        report.NOT_APPLIED: "not applied: some of the changes",
        report.UNKNOWN: "unknown: some customers may have been changed",
        STOPPED: f"stopped: {terminal.plain(ended.detail or '')}",
    }
    terminal.out(terminal.folded(first[code], sys.stdout))
    for name in _NUMBERS:
        terminal.out(f"  {report.words_of(name):<12}{getattr(ended, name):>7}")
    terminal.out(f"journal: {terminal.plain(ended.journal)}")
    if ended.torn:
        terminal.out("Its last line was torn, as a crash leaves it, and was left out.")
    if ended.unknown or ended.not_started:
        terminal.out("Read what is unknown and start what was not with:")
        terminal.out(f"  {terminal.plain(connection.command_to_resume(arguments))}")


def needs_terminal(option: str) -> None:
    """Raises where nobody can be asked."""
    if not terminal.interactive():
        raise InvalidArgumentError(
            "These changes cannot be undone, and nobody is at a terminal to confirm them. "
            f"Add {option} to confirm them here. Nothing was sent."
        )


def confirm(question: str, expected: str) -> None:
    """Goes on with the expected answer alone."""
    terminal.err("These changes cannot be undone. Any other answer sends none.")
    if terminal.ask(question) != expected:
        raise CancelledError(f"The answer was not {expected}, so no change was sent.")
