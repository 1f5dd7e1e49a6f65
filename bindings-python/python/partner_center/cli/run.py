"""``run``: makes the changes of a plan."""

from __future__ import annotations

from .. import InvalidArgumentError, Plan
from . import connection, files, many, named, options, terminal, texts
from .command import ENVIRONMENT, OF_CODES, OF_RUNS, Command, epilog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from .. import Report


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("plan", metavar="PLAN", help=texts.PLAN)
    parser.add_argument("--journal", metavar="FILE", required=True, help=texts.JOURNAL)
    parser.add_argument("--yes", metavar="COUNT", type=options.number, help=texts.YES_COUNT)
    options.run(parser)
    parser.set_defaults(ask_code=[], resend_older=False, audit=False)


def _run(arguments: Namespace) -> int:
    return many.settle(arguments, _made)


def _made(arguments: Namespace) -> Report:
    plan = Plan.from_json(files.text(arguments.plan, "PLAN"))
    if arguments.yes is not None and arguments.yes != plan.sends:
        raise InvalidArgumentError(
            f"--yes confirms {arguments.yes} changes, and the plan asks for {plan.sends}. "
            "Nothing was sent."
        )
    if arguments.yes is None:
        many.needs_terminal(f"--yes {plan.sends}")
    names = [code.name for code in plan.codes]
    codes = named.codes(arguments, names)
    client = connection.client(arguments)
    codes |= named.listed(arguments, client, [name for name in names if name not in codes])
    if arguments.yes is None:
        terminal.err("\n".join(many.counts(plan)))
        many.confirm(f"Type {plan.sends}, the number of changes, to go on: ", str(plan.sends))
    return many.ended(
        arguments,
        plan.sends,
        lambda heard: client.run(
            plan, arguments.journal, codes=codes, on_result=heard, **many.pace(arguments)
        ),
    )


COMMAND = Command(
    name="run",
    line="make the changes of a plan, with a journal to resume it by",
    usage="%(prog)s PLAN --journal FILE [options]",
    about="""\
Makes the changes of a plan: one, then ten, then the rest; it stops early where
that goes wrong. They cannot be undone, so a terminal is shown their number and
asked to type it; a script has to say --yes with it. Each change that fails is a
line. The journal is what partner-center resume goes on by, after Ctrl-C or a
crash.""",
    epilog=epilog(
        ENVIRONMENT + OF_CODES,
        OF_RUNS,
        example="""\
partner-center run plan.json --journal schools.journal \\
      --code-env 'Woodgrove County=WOODGROVE_CODE'""",
    ),
    options=_options,
    run=_run,
    writes=True,
)
