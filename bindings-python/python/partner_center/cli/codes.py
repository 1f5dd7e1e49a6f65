"""``codes``: the partner's government validation codes."""

from __future__ import annotations

from . import connection, options, report, table, texts
from .command import ENVIRONMENT, OF_READS, Command, epilog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_COLUMNS = ("organization", "remaining_creates", "max_creates", "value")
_HEADS = ("organization", "uses left", "of", "code")
MASK = "********"


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("--show", action="store_true", help=texts.SHOW)
    options.json(parser)
    options.connection(parser)


def _codes(arguments: Namespace) -> int:
    return report.settle(arguments, _list)


def _list(arguments: Namespace) -> int:
    codes = connection.client(arguments).get_validation_codes()
    hidden = None if arguments.json else MASK
    rows = [
        [
            code.organization,
            code.remaining_creates,
            code.max_creates,
            code.value if arguments.show else hidden,
        ]
        for code in codes
    ]
    table.Table(arguments, _COLUMNS, _HEADS, rows).add(rows)
    return report.DONE


COMMAND = Command(
    name="codes",
    line="list the government validation codes",
    usage="%(prog)s [--show] [options]",
    about="""\
Lists the partner's government validation codes, and how often each can still be
spent. The codes themselves are secrets: --show shows them. Nothing is changed.""",
    epilog=epilog(ENVIRONMENT, OF_READS, example="partner-center codes"),
    options=_options,
    run=_codes,
)
