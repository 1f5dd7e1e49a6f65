"""Validation codes by the names that a plan has for them."""

from __future__ import annotations

import json

from .. import InvalidArgumentError
from . import secret, terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from .. import Client, ValidationCode

    Codes = dict[str, str | ValidationCode]


def codes(arguments: Namespace, wanted: Iterable[str]) -> Codes:
    """Those that were given; for the others that are wanted somebody at a terminal is asked."""
    given: Codes = dict(_of_a_file(arguments))
    # A resumed run has to ask for what a file told this one.
    asked = list(given)
    for name, variable in arguments.code_env:
        given[name] = secret.from_variable(variable, "--code-env", "Put the code into it.")
    if not arguments.listed_codes:
        for name in wanted:
            if name not in given:
                given[name] = _typed(name)
                asked.append(name)
    arguments.ask_code = asked
    return given


def _typed(name: str) -> str:
    shown = terminal.plain(name)
    if terminal.interactive():
        return secret.typed(f"Code of {shown} (not shown): ", "validation code")
    raise InvalidArgumentError(
        f"No code is given for {shown}. Give it with --code-env, --codes-fd or --listed-codes. "
        "Nothing was sent."
    )


def _of_a_file(arguments: Namespace) -> dict[str, str]:
    number = arguments.codes_fd
    if number is None:
        return {}
    if number == arguments.token_fd:
        raise InvalidArgumentError(
            "--codes-fd and --token-fd name the same file. Nothing was sent."
        )
    text = secret.from_descriptor(number, "--codes-fd")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict) and all(isinstance(code, str) for code in told.values()):
        return told
    # None of it is repeated.
    raise InvalidArgumentError(
        "The file that --codes-fd names is no JSON object of names and codes. Nothing was sent."
    )


def listed(arguments: Namespace, client: Client, wanted: list[str] | None = None) -> Codes:
    """The codes that the service lists, where that was asked for, by their organizations."""
    if not arguments.listed_codes or wanted == []:
        return {}
    codes = client.get_validation_codes()
    if wanted is None:
        # Which of them a journal needs, it alone knows.
        found = (codes._only_of(code.organization) for code in codes if code.organization)
        return {code.organization: code for code in found if code and code.organization}
    # Why there is not exactly one, the client says.
    return {name: codes._only_of(name) or client.find_validation_code(name) for name in wanted}
