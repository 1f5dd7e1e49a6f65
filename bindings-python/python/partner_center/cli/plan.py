"""``plan``: what a run would do to many customers."""

from __future__ import annotations

import json
import os

from .. import Decision, InvalidArgumentError, _tables
from . import connection, files, many, options, report, terminal, texts
from .command import ENVIRONMENT, Command, epilog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from .. import Change, Plan, PlannedChange

_NOTED = (Decision.CONFLICT, Decision.REFUSED, Decision.UNREAD)
_MOST = 20
"""The most rows that people are shown."""


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=texts.CHANGES)
    parser.add_argument(
        "--operation",
        metavar="OPERATION",
        type=options.operation,
        required=True,
        help=texts.OPERATION,
    )
    parser.add_argument("--out", metavar="FILE", help=texts.OUT)
    options.pace(parser)
    options.json(parser)
    options.connection(parser)


def _plan(arguments: Namespace) -> int:
    return report.settle(arguments, _made)


def _made(arguments: Namespace) -> int:
    changes = _changes(arguments.file)
    client = connection.client(arguments)
    with files.claimed(arguments.out, "--out"):
        with terminal.bar("customers", len(changes)) as bar:
            read = []

            def planned(one: PlannedChange) -> None:
                read.append(one)
                bar(one)

            plan = client.plan(
                changes,
                operation=arguments.operation,
                on_planned=planned,
                **many.pace(arguments),
            )
            # Doubles, and what breaks a rule, are not read.
            bar.advance(len(changes) - len(read))
        if arguments.out is not None:
            _write(plan, arguments.out)
    return report.tell(report.DONE, lambda: _tell(arguments, plan))


def _changes(path: str) -> list[Change]:
    try:
        return _tables.changes(path)
    except OSError as error:
        raise files.unusable("FILE", "read", error) from None


def _write(plan: Plan, path: str) -> None:
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(plan.to_json() + "\n")
    except OSError as error:
        raise InvalidArgumentError(
            f"--out cannot be written: {error.strerror}. Nothing was changed."
        ) from None


def _tell(arguments: Namespace, plan: Plan) -> None:
    noted = [one for one in plan if one.decision in _NOTED]
    if arguments.json:
        for one in noted:
            terminal.out(json.dumps(many.members(one)))
        terminal.out(json.dumps(_record(arguments, plan)))
        return
    terminal.out("\n".join(many.counts(plan)))
    for one in noted[:_MOST]:
        now = f"the customer is {one.current}"
        terminal.out(many.line(one, one.decision, one.detail or now))
    if len(noted) > _MOST:
        where = "--json shows them all" if arguments.out is None else "the file has them all"
        terminal.out(f"and {len(noted) - _MOST} more rows; {where}")
    if arguments.out is not None:
        terminal.out("Make these changes with:")
        terminal.out(f"  {terminal.plain(connection.command_to_run(arguments))}")


def _record(arguments: Namespace, plan: Plan) -> dict[str, object]:
    out = arguments.out
    return {
        "operation": plan.operation,
        "base_url": plan.base_url,
        "planned": len(plan),
        "doubles": plan.doubles,
        "sends": plan.sends,
        **{str(decision): plan.count(decision) for decision in Decision},
        "codes": {code.name: code.sends for code in plan.codes},
        "fingerprint": plan.fingerprint,
        "file": None if out is None else os.fspath(out),
        "error": None,
    }


COMMAND = Command(
    name="plan",
    line="read many customers, and say what a run would change",
    usage="%(prog)s FILE.csv --operation OPERATION [options]",
    about="""\
Reads the customers of many changes, and says what a run would do to each.
Nothing is changed. FILE.csv has the columns customer and qualification, and
may have education_segment, website and code_name: what the organization's
validation code is called, never the code. --out keeps the plan for
partner-center run.""",
    epilog=epilog(
        ENVIRONMENT,
        """\
exit codes:
  0  planned, whatever it says
  2  wrong usage; nothing was sent
  3  the customers could not be read
""",
        example="""\
partner-center plan schools.csv --operation update_qualification \\
      --out plan.json""",
    ),
    options=_options,
    run=_plan,
)
