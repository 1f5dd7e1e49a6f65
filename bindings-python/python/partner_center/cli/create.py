"""``create``: a change by the service's current contract."""

from __future__ import annotations

from . import change, options, report, terminal, texts
from .command import ENVIRONMENT, EXIT_CODES, OF_CODE, Command, epilog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from typing import Any

    from .. import Client, CustomerQualification


def _options(parser: ArgumentParser) -> None:
    options.customer(parser)
    parser.add_argument(
        "qualification", metavar="QUALIFICATION", type=options.created, help=texts.CREATED
    )
    parser.add_argument(
        "--education-segment", metavar="SEGMENT", type=options.segment, help=texts.SEGMENT
    )
    parser.add_argument("--website", metavar="URL", help=texts.WEBSITE)
    options.change(parser)


def _create(arguments: Namespace) -> int:
    return change.ask(arguments, change.Contract(_preview, _present, _send))


def _preview(client: Client, arguments: Namespace, code: str | None) -> str:
    return client.preview_create_qualification(
        arguments.customer, arguments.qualification, **_asked(arguments, code)
    )


def _asked(arguments: Namespace, code: str | None) -> dict[str, Any]:
    return {
        "education_segment": arguments.education_segment,
        "website": arguments.website,
        "validation_code": code,
        "request_id": arguments.request_id,
    }


def _present(client: Client, arguments: Namespace) -> str:
    read = client.get_qualifications(arguments.customer)
    return "; ".join(map(words, read)) or "no qualification"


def words(item: CustomerQualification) -> str:
    """A qualification and how its vetting stands."""
    parts = (item.qualification, item.vetting_status, item.vetting_reason)
    return ", ".join(str(part) for part in parts if part is not None)


def members(item: CustomerQualification) -> dict[str, Any]:
    """The same for JSON."""
    return {
        "qualification": item.qualification,
        "vetting_status": item.vetting_status,
        "vetting_reason": item.vetting_reason,
        "vetting_created": report.moment(item.vetting_created),
    }


def _send(client: Client, arguments: Namespace, code: str | None) -> report.Answer:
    created = client.create_qualification(
        arguments.customer, arguments.qualification, **_asked(arguments, code)
    )
    text = (
        f"{report.words_of(created.outcome)}: customer {created.customer} has "
        f"{terminal.plain(words(created.qualification))} "
        f"(evidence: {created.evidence}, request id {terminal.plain(created.request_id)})"
    )
    return report.Answer(text, report.record(created, **members(created.qualification)))


COMMAND = Command(
    name="create",
    line="ask for a qualification by the service's current contract",
    usage="%(prog)s CUSTOMER QUALIFICATION [options]",
    about="""\
Asks for a qualification of a customer by the service's current contract. It
reads first: what is set already is not asked for again. This cannot be undone,
and Education may be asked for three times only, so a terminal is shown the
customer's present state and asked; a script has to say --yes. Microsoft vets
Education: partner-center watch waits for the decision.""",
    epilog=epilog(
        ENVIRONMENT + OF_CODE,
        EXIT_CODES,
        example="""\
partner-center create 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04 Education \\
      --education-segment HigherEducation --website contoso.edu""",
    ),
    options=_options,
    run=_create,
    writes=True,
)
