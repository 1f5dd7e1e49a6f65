"""``watch``: waits for Microsoft's decision."""

from __future__ import annotations

from datetime import datetime, timezone

from .. import VettingEnd
from . import connection, create, options, report, terminal, texts
from .command import ENVIRONMENT, Command, epilog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from .. import CustomerQualification, Vetting

_EXIT_CODES = """\
exit codes:
  0  approved, or set without a vetting
  2  wrong usage; nothing was sent
  3  denied, no decision before the deadline, or the customer could not be read
"""
_SAID = {
    VettingEnd.APPROVED: "the customer is qualified",
    VettingEnd.DENIED: "the customer is not qualified",
    VettingEnd.IN_REVIEW: "no decision came before the deadline",
    VettingEnd.NOT_VETTED: "it is set, and was never vetted",
}


def _options(parser: ArgumentParser) -> None:
    options.customer(parser)
    parser.add_argument(
        "qualification", metavar="QUALIFICATION", type=options.created, help=texts.WATCHED
    )
    parser.add_argument("--deadline", metavar="TIME", type=options.duration, help=texts.DEADLINE)
    parser.add_argument(
        "--poll-interval", metavar="TIME", type=options.duration, help=texts.POLL_INTERVAL
    )
    options.json(parser)
    options.connection(parser)


def _watch(arguments: Namespace) -> int:
    return report.settle(arguments, _wait)


def _wait(arguments: Namespace) -> report.Answer:
    def polled(item: CustomerQualification) -> None:
        now = datetime.now(timezone.utc)
        line = f"{now:%Y-%m-%d %H:%M:%S} UTC  {terminal.plain(create.words(item))}"
        report.row(arguments, {"at": report.moment(now), **create.members(item)}, line)

    vetting = connection.client(arguments).wait_for_vetting(
        arguments.customer,
        arguments.qualification,
        deadline=arguments.deadline,
        poll_interval=arguments.poll_interval,
        on_progress=polled,
    )
    return _answer(vetting)


def _answer(vetting: Vetting) -> report.Answer:
    item = vetting.qualification
    end = str(vetting.end).replace("_", " ")
    text = (
        f"{end}: {_SAID[vetting.end]}; customer {vetting.customer}: "
        f"{terminal.plain(create.words(item))} "
        f"(polls: {vetting.polls}, request id {terminal.plain(vetting.request_id)})"
    )
    told = report.record(vetting, end=vetting.end, polls=vetting.polls, **create.members(item))
    good = vetting.end in (VettingEnd.APPROVED, VettingEnd.NOT_VETTED)
    return report.Answer(text, told, report.DONE if good else report.NOT_APPLIED)


COMMAND = Command(
    name="watch",
    line="wait for Microsoft's decision on a qualification",
    usage="%(prog)s CUSTOMER QUALIFICATION [options]",
    about="""\
Reads a customer's qualification now and then, by the service's current
contract, until its vetting is decided: a line for each read, and one for the
end. Nothing is changed.""",
    epilog=epilog(
        ENVIRONMENT,
        _EXIT_CODES,
        example="""\
partner-center watch 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04 Education \\
      --deadline 12h""",
    ),
    options=_options,
    run=_watch,
)
