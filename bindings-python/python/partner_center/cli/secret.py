"""The token and the validation code: from the environment, an open file or a person."""

from __future__ import annotations

import os

from .. import InvalidArgumentError, Qualification
from . import terminal
from .command import TOKEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

_MOST = 65536
"""Bytes. A token has some thousand."""
_ADVICE = (
    "Put an App+User access token for Partner Center into it, "
    "or give another variable's name with --token-env."
)


def token(arguments: Namespace, *, ask: bool = True) -> str:
    """The token; a person at a terminal is asked where there is none."""
    if arguments.token_fd is not None:
        return from_descriptor(arguments.token_fd, "--token-fd")
    name = arguments.token_env
    is_usual = name == TOKEN
    if ask and is_usual and not os.environ.get(name, "").strip() and terminal.interactive():
        return typed("Token (not shown): ", "token")
    return from_variable(name, "--token-env", _ADVICE)


def validation_code(arguments: Namespace) -> str | None:
    """The validation code, where one was given or is needed and somebody can be asked."""
    if arguments.code_fd is not None:
        if arguments.code_fd == arguments.token_fd:
            raise InvalidArgumentError(
                "--code-fd and --token-fd name the same file. Nothing was sent."
            )
        return from_descriptor(arguments.code_fd, "--code-fd")
    name = arguments.validation_code_env
    if name is not None:
        return from_variable(name, "--validation-code-env", "Put the validation code into it.")
    government = arguments.qualification is Qualification.GOVERNMENT_COMMUNITY_CLOUD
    if government and terminal.interactive():
        return typed("Validation code (not shown): ", "validation code")
    return None


def typed(question: str, what: str) -> str:
    """What a person types."""
    value = terminal.ask_secretly(question)
    if not value:
        raise InvalidArgumentError(f"No {what} was typed. Nothing was sent.")
    return value


def from_descriptor(number: int, option: str) -> str:
    """What an open file holds."""
    try:
        with open(number, "rb", closefd=False) as file:
            # Windows' tools put a mark before UTF-8.
            value = file.read(_MOST).decode("utf-8-sig").strip()
    except OSError as error:
        reason = error.strerror or "it is not open"
        raise InvalidArgumentError(
            f"The file that {option} names cannot be read: {reason}. Nothing was sent."
        ) from None
    except UnicodeDecodeError:
        raise InvalidArgumentError(
            f"The file that {option} names does not hold valid text. Nothing was sent."
        ) from None
    if not value:
        raise InvalidArgumentError(f"The file that {option} names is empty. Nothing was sent.")
    return value


def from_variable(name: str, option: str, advice: str) -> str:
    """What a variable of the environment holds, without the space around it."""
    value = os.environ.get(name, "").strip()
    # Another name may be a secret in the wrong place.
    said = "" if name == TOKEN else f"that {option} names"
    variable = f"The environment variable {said or name}"
    if not value:
        raise InvalidArgumentError(
            f"{variable} is not set, or is empty. {advice} Nothing was sent."
        )
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidArgumentError(
            f"{variable} does not hold valid text. {advice} Nothing was sent."
        ) from None
    return value
