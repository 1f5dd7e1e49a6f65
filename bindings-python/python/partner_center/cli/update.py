"""``update``: a change by the synchronous contract."""

from __future__ import annotations

from . import change, options, report, terminal, texts
from .command import ENVIRONMENT, EXIT_CODES, OF_CODE, Command, epilog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from .. import Client


def _options(parser: ArgumentParser) -> None:
    options.customer(parser)
    parser.add_argument(
        "qualification", metavar="QUALIFICATION", type=options.updated, help=texts.UPDATED
    )
    options.change(parser)


def _update(arguments: Namespace) -> int:
    return change.ask(arguments, change.Contract(_preview, _present, _send))


def _preview(client: Client, arguments: Namespace, code: str | None) -> str:
    return client.preview_update_qualification(
        arguments.customer,
        arguments.qualification,
        validation_code=code,
        request_id=arguments.request_id,
    )


def _present(client: Client, arguments: Namespace) -> str:
    return client.get_qualification(arguments.customer).qualification


def _send(client: Client, arguments: Namespace, code: str | None) -> report.Answer:
    updated = client.update_qualification(
        arguments.customer,
        arguments.qualification,
        validation_code=code,
        request_id=arguments.request_id,
    )
    qualification = terminal.plain(updated.qualification)
    text = (
        f"{report.words_of(updated.outcome)}: customer {updated.customer} is {qualification} "
        f"(evidence: {updated.evidence}, request id {terminal.plain(updated.request_id)})"
    )
    return report.Answer(text, report.record(updated))


COMMAND = Command(
    name="update",
    line="set a customer's qualification",
    usage="%(prog)s CUSTOMER QUALIFICATION [options]",
    about="""\
Sets a customer's qualification. This cannot be undone, so a terminal is shown
the customer's present state and asked; a script has to say --yes.""",
    epilog=epilog(
        ENVIRONMENT + OF_CODE,
        EXIT_CODES,
        example="""\
partner-center update 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04 \\
      GovernmentCommunityCloud --validation-code-env VALIDATION_CODE""",
    ),
    options=_options,
    run=_update,
    writes=True,
)
