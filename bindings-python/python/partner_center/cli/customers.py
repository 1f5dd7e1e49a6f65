"""``customers``: the partner's customers."""

from __future__ import annotations

from . import connection, options, report, table, terminal, texts
from .command import ENVIRONMENT, OF_READS, Command, epilog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_COLUMNS = ("id", "company_name", "domain", "relationship_to_partner")
_HEADS = ("id", "company name", "domain", "relationship")


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", help=texts.COMPANY_NAME)
    options.json(parser)
    options.connection(parser)


def _customers(arguments: Namespace) -> int:
    return report.settle(arguments, _list)


def _list(arguments: Namespace) -> int:
    listing = connection.client(arguments).list_customers(company_name=arguments.name)
    shown = None
    with terminal.progress("customers") as bar:
        for page in listing.pages():
            rows = [[getattr(customer, name) for name in _COLUMNS] for customer in page]
            if shown is None:
                shown = table.Table(arguments, _COLUMNS, _HEADS, rows)
            shown.add(rows)
            if bar is not None:
                bar.advance(len(rows))
    return report.DONE


COMMAND = Command(
    name="customers",
    line="list the partner's customers",
    usage="%(prog)s [NAME] [options]",
    about="""\
Lists the partner's customers, a page after the other. With a name: those whose
company name begins so. Nothing is changed.""",
    epilog=epilog(ENVIRONMENT, OF_READS, example="partner-center customers Contoso"),
    options=_options,
    run=_customers,
)
