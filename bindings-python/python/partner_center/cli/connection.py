"""From the arguments and the environment to a client."""

from __future__ import annotations

import logging
import os
import shlex

from .. import Client, InvalidArgumentError
from . import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace


def client(arguments: Namespace) -> Client:
    """A client with the token of the environment."""
    advice = (
        "Put an App+User access token for Partner Center into it, "
        "or give another variable's name with --token-env."
    )
    # The report says all that a warning would.
    logging.getLogger("partner_center").addHandler(logging.NullHandler())
    return _client(arguments, _secret(arguments.token_env, "--token-env", advice))


def client_without_token(arguments: Namespace) -> Client:
    """A client that can only show what it would send."""
    return _client(arguments, "none")


def _client(arguments: Namespace, token: str) -> Client:
    return Client(
        token,
        cloud=arguments.cloud,
        base_url=arguments.base_url,
        allow_http_loopback=arguments.allow_http_loopback,
        application=arguments.application,
        deadline=arguments.timeout,
        proxy=arguments.proxy,
        ca_certificates=_file(arguments.ca_file, "--ca-file"),
        only_ca_certificates=_file(arguments.only_ca_file, "--only-ca-file"),
    )


def validation_code(arguments: Namespace) -> str | None:
    """The validation code of the environment, where a variable is named for it."""
    name = arguments.validation_code_env
    if name is None:
        return None
    return _secret(name, "--validation-code-env", "Put the validation code into it.")


def _secret(name: str, option: str, advice: str) -> str:
    value = os.environ.get(name, "")
    if not value.strip():
        raise InvalidArgumentError(
            f"{_variable(name, option)} is not set, or is empty. {advice} Nothing was sent."
        )
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidArgumentError(
            f"{_variable(name, option)} does not hold valid text. {advice} Nothing was sent."
        ) from None
    return value


def _variable(name: str, option: str) -> str:
    # Another name may be a secret in the wrong place.
    if name == texts.TOKEN:
        return f"The environment variable {name}"
    return f"The environment variable that {option} names"


def _file(path: str | None, option: str) -> bytes | None:
    if path is None:
        return None
    try:
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise InvalidArgumentError(
            f"{option} cannot be read: {reason}. Nothing was sent."
        ) from None


def command_to_read(arguments: Namespace) -> str:
    """The command that reads the customer the way it was to be changed."""
    words = ["partner-center", "get", arguments.customer]
    if arguments.token_env != texts.TOKEN:
        words += ["--token-env", arguments.token_env]
    for name in ("cloud", "base_url", "proxy", "ca_file", "only_ca_file", "timeout", "application"):
        value = getattr(arguments, name)
        if value is not None:
            # A proxy's address may hold a password.
            shown = "URL" if name == "proxy" and "@" in value else str(value).removesuffix(".0")
            words += [f"--{name.replace('_', '-')}", shown]
    if arguments.allow_http_loopback:
        words.append("--allow-http-loopback")
    return shlex.join(words)
