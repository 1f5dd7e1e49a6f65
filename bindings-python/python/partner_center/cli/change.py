"""Asks for a change: what both contracts have in common."""

from __future__ import annotations

from typing import NamedTuple

from .. import CancelledError, InvalidArgumentError, Outcome, Qualification
from . import connection, report, secret, terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from .. import Client


class Contract(NamedTuple):
    """What differs between the two."""

    preview: Callable[[Client, Namespace, str | None], str]
    """The request as text."""
    present: Callable[[Client, Namespace], str]
    """What the customer is now, in words."""
    send: Callable[[Client, Namespace, str | None], report.Answer]
    """Asks for it, and says what it came to."""


def ask(arguments: Namespace, contract: Contract) -> int:
    """Sets a customer's qualification, or shows the request."""
    call = _preview if arguments.dry_run else _send
    return report.settle(arguments, lambda given: call(given, contract))


def _send(arguments: Namespace, contract: Contract) -> report.Answer:
    if not arguments.yes and not terminal.interactive():
        raise InvalidArgumentError(
            "This change cannot be undone, and nobody is at a terminal to confirm it. "
            "Add --yes to confirm it here. Nothing was sent."
        )
    code = secret.validation_code(arguments)
    _check(arguments, contract, code)
    client = connection.client(arguments)
    if not arguments.yes:
        _confirm(client, arguments, contract)
    arguments.asked = True
    return contract.send(client, arguments, code)


def _check(arguments: Namespace, contract: Contract, code: str | None) -> str:
    """The request as text; what breaks a rule is known before anybody is asked."""
    try:
        return contract.preview(connection.client_without_token(arguments), arguments, code)
    except InvalidArgumentError as error:
        government = arguments.qualification is Qualification.GOVERNMENT_COMMUNITY_CLOUD
        if code is None and government:
            raise InvalidArgumentError(
                f"{error} Put the validation code into an environment variable "
                "and give its name with --validation-code-env."
            ) from None
        raise


def _confirm(client: Client, arguments: Namespace, contract: Contract) -> None:
    """Asks on the standard error output, so that the result alone is on the other."""
    now = contract.present(client, arguments)
    asked = arguments.qualification
    terminal.err(f"customer  {arguments.customer}")
    terminal.err(f"now       {terminal.plain(now)}")
    terminal.err(f"asked     {asked}\n")
    terminal.err("This cannot be undone. Any other answer leaves the customer as it is.")
    if terminal.ask(f"Type {asked} to go on: ") != asked:
        raise CancelledError(f"The answer was not {asked}, so the customer was not changed.")


def _preview(arguments: Namespace, contract: Contract) -> report.Answer:
    request = _check(arguments, contract, secret.validation_code(arguments))
    known = {"customer": arguments.customer, "qualification": arguments.qualification}
    shown = report.record(None, outcome=Outcome.NOT_APPLIED, request=request, **known)
    return report.Answer(request, shown, is_folded=False)
