"""The two commands that talk to the service."""

from __future__ import annotations

from .. import CancelledError, InvalidArgumentError, Outcome, PartnerCenterError, Qualification
from . import connection, report, terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from .. import Client, CurrentQualification, UpdatedQualification

    Answer = UpdatedQualification | CurrentQualification | str


def update(arguments: Namespace) -> int:
    """Sets a customer's qualification, or shows the request."""
    return _settle(arguments, _preview if arguments.dry_run else _update)


def get(arguments: Namespace) -> int:
    """Reads a customer's qualification."""
    arguments.qualification = None
    return _settle(arguments, _get)


def _settle(arguments: Namespace, call: Callable[[Namespace], Answer]) -> int:
    try:
        answer = call(arguments)
    except PartnerCenterError as error:
        return report.failed(arguments, error)
    except KeyboardInterrupt as stop:
        terminal.end_line()
        cause = stop.__cause__
        if not isinstance(cause, PartnerCenterError):
            cause = (
                _lost() if arguments.asked else CancelledError("Interrupted. No change was sent.")
            )
        return report.failed(arguments, cause)
    return report.succeeded(arguments, answer)


def _update(arguments: Namespace) -> UpdatedQualification:
    if not arguments.yes and not terminal.interactive():
        raise InvalidArgumentError(
            "This change cannot be undone, and nobody is at a terminal to confirm it. "
            "Add --yes to confirm it here. Nothing was sent."
        )
    code = connection.validation_code(arguments)
    _check(arguments, code)
    client = connection.client(arguments)
    if not arguments.yes:
        _confirm(client, arguments)
    arguments.asked = True
    return client.update_qualification(
        arguments.customer,
        arguments.qualification,
        validation_code=code,
        request_id=arguments.request_id,
    )


def _lost() -> CancelledError:
    """Interrupted at the very moment of the return: what the call came to is lost."""
    return CancelledError(
        "Interrupted just when the call ended; what it came to is lost. "
        "Read the customer before anything is sent again.",
        outcome=Outcome.UNKNOWN,
    )


def _check(arguments: Namespace, code: str | None) -> str:
    """The request as text; what breaks a rule is known before anybody is asked."""
    try:
        return connection.client_without_token(arguments).preview_update_qualification(
            arguments.customer,
            arguments.qualification,
            validation_code=code,
            request_id=arguments.request_id,
        )
    except InvalidArgumentError as error:
        government = arguments.qualification is Qualification.GOVERNMENT_COMMUNITY_CLOUD
        if code is None and government:
            raise InvalidArgumentError(
                f"{error} Put the validation code into an environment variable "
                "and give its name with --validation-code-env."
            ) from None
        raise


def _confirm(client: Client, arguments: Namespace) -> None:
    """Asks on the standard error output, so that the result alone is on the other."""
    now = client.get_qualification(arguments.customer).qualification
    asked = arguments.qualification
    terminal.err(f"customer  {arguments.customer}")
    terminal.err(f"now       {terminal.plain(now)}")
    terminal.err(f"asked     {asked}\n")
    terminal.err("This cannot be undone. Any other answer leaves the customer as it is.")
    if terminal.ask(f"Type {asked} to go on: ") != asked:
        raise CancelledError(f"The answer was not {asked}, so the customer was not changed.")


def _preview(arguments: Namespace) -> str:
    return _check(arguments, connection.validation_code(arguments))


def _get(arguments: Namespace) -> CurrentQualification:
    client = connection.client(arguments)
    return client.get_qualification(arguments.customer)
