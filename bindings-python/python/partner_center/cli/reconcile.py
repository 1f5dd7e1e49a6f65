"""``reconcile``: settles a change whose outcome is unknown."""

from __future__ import annotations

import json

from .. import (
    CancelledError,
    InvalidArgumentError,
    Outcome,
    PartnerCenterError,
    PendingOperation,
)
from . import connection, files, options, report, terminal, texts
from .command import ENVIRONMENT, Command, epilog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from .. import Reconciled

_EXIT_CODES = """\
exit codes:
  0  applied: the customer is in the asked state
  2  wrong usage; nothing was sent
  3  not applied: each request is known to have failed
  4  still unknown, or the customer could not be read; nothing was changed now
"""


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=texts.PENDING)
    parser.add_argument("--audit", action="store_true", help=texts.AUDIT)
    options.json(parser)
    options.connection(parser)


def _reconcile(arguments: Namespace) -> int:
    return report.settle(arguments, _settle)


def _settle(arguments: Namespace) -> report.Answer:
    pending = _pending(arguments.file)
    arguments.customer, arguments.qualification = pending.customer, pending.qualification
    client = connection.client(arguments)
    try:
        return _answer(client.reconcile(pending, audit=arguments.audit), pending)
    except InvalidArgumentError:
        raise
    except PartnerCenterError as error:
        return _unread(error, pending)
    except KeyboardInterrupt:
        terminal.end_line()
        return _unread(CancelledError("Interrupted."), pending)


def _unread(error: PartnerCenterError, pending: PendingOperation) -> report.Answer:
    """Nothing was changed now, and what was to be settled is as open as before."""
    text = f"still unknown, for the customer was not read: {terminal.plain(str(error))}"
    known = {"customer": pending.customer, "qualification": pending.qualification}
    told = report.record(error, outcome=Outcome.UNKNOWN, error=str(error), **known)
    return report.Answer(text, {**told, "pending": _open(pending)}, report.UNKNOWN)


def _answer(settled: Reconciled, pending: PendingOperation) -> report.Answer:
    observed = settled.observed
    is_open = settled.outcome is Outcome.UNKNOWN
    text = (
        f"{'still ' if is_open else ''}{report.words_of(settled.outcome)}: "
        f"customer {settled.customer} was asked to be {terminal.plain(settled.qualification)}, "
        f"and is {terminal.plain(observed.value)} at {observed.at:%Y-%m-%d %H:%M:%S} UTC "
        f"(evidence: {settled.evidence or 'none'}, "
        f"request id {terminal.plain(settled.request_id)})"
    )
    told = report.record(
        settled,
        observed={"value": observed.value, "at": report.moment(observed.at)},
        pending=_open(pending) if is_open else None,
    )
    return report.Answer(text, told, report.code_of(settled.outcome))


def _open(pending: PendingOperation) -> object:
    return json.loads(pending.to_json())


def _pending(path: str) -> PendingOperation:
    """What was kept: the operation itself, or the whole line that --json printed."""
    text = files.text(path, "FILE")
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidArgumentError("FILE holds no JSON. Nothing was sent.") from None
    if isinstance(kept, dict) and "pending" in kept:
        kept = kept["pending"]
    if kept is None:
        raise InvalidArgumentError(
            "FILE tells of a call that left nothing to settle. Nothing was sent."
        )
    return PendingOperation.from_json(json.dumps(kept))


COMMAND = Command(
    name="reconcile",
    line="settle a change whose outcome is unknown, by reads alone",
    usage="%(prog)s FILE|- [options]",
    about="""\
Reads what a customer is now, and says what became of a change whose outcome is
unknown. Nothing is ever sent again. FILE holds what update --json or create
--json printed, or its member "pending"; - is the standard input.""",
    epilog=epilog(
        ENVIRONMENT,
        _EXIT_CODES,
        example="partner-center reconcile unknown.json --audit",
    ),
    options=_options,
    run=_reconcile,
)
