"""``resume``: goes on with a run by its journal."""

from __future__ import annotations

from . import connection, many, named, options, terminal, texts
from .command import ENVIRONMENT, OF_CODES, OF_RUNS, Command, epilog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from .. import Report


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("journal", metavar="JOURNAL", help=texts.WRITTEN)
    parser.add_argument("--resend-older", action="store_true", help=texts.RESEND_OLDER)
    parser.add_argument("--audit", action="store_true", help=texts.AUDIT)
    parser.add_argument("--yes", action="store_true", help=texts.YES_RESUME)
    parser.add_argument(
        "--ask-code", metavar="NAME", action="append", default=[], help=texts.ASK_CODE
    )
    options.run(parser)


def _resume(arguments: Namespace) -> int:
    return many.settle(arguments, _made)


def _made(arguments: Namespace) -> Report:
    if not arguments.yes:
        many.needs_terminal("--yes")
    codes = named.codes(arguments, arguments.ask_code)
    client = connection.client(arguments)
    codes = named.listed(arguments, client) | codes
    if not arguments.yes:
        # How many they are only the journal knows, and opening it is the call's.
        terminal.err(f"What {terminal.plain(arguments.journal)} says is open is settled by reads.")
        terminal.err("Then the changes that were not started are made.")
        many.confirm("Type resume to go on: ", "resume")
    return many.ended(
        arguments,
        None,
        lambda heard: client.resume(
            arguments.journal,
            codes=codes,
            resend_older=arguments.resend_older,
            audit=arguments.audit,
            on_result=heard,
            **many.pace(arguments),
        ),
    )


COMMAND = Command(
    name="resume",
    line="go on with a run that was left or stopped, by its journal",
    usage="%(prog)s JOURNAL [options]",
    about="""\
Goes on with a run. What was open is settled by reads; what has ended is never
sent again; then the changes that were not started are made. They cannot be
undone, so a terminal is asked; a script has to say --yes.""",
    epilog=epilog(
        ENVIRONMENT + OF_CODES,
        OF_RUNS,
        example="partner-center resume schools.journal --listed-codes",
    ),
    options=_options,
    run=_resume,
    writes=True,
)
