"""``get``: a read by the synchronous contract."""

from __future__ import annotations

from .. import Qualification
from . import connection, options, report, terminal
from .command import ENVIRONMENT, EXIT_CODES, Command, epilog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def _options(parser: ArgumentParser) -> None:
    options.customer(parser)
    options.json(parser)
    options.connection(parser)


def _get(arguments: Namespace) -> int:
    return report.settle(arguments, _read)


def _read(arguments: Namespace) -> report.Answer:
    current = connection.client(arguments).get_qualification(arguments.customer)
    none = current.qualification is Qualification.NONE
    state = "has no qualification (None)" if none else f"is {terminal.plain(current.qualification)}"
    text = (
        f"read: customer {current.customer} {state} "
        f"(request id {terminal.plain(current.request_id)})"
    )
    return report.Answer(text, report.record(current))


COMMAND = Command(
    name="get",
    line="read a customer's qualification",
    usage="%(prog)s CUSTOMER [options]",
    about="Reads a customer's qualification. Nothing is changed.",
    epilog=epilog(
        ENVIRONMENT,
        EXIT_CODES,
        example="partner-center get 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04",
    ),
    options=_options,
    run=_get,
)
