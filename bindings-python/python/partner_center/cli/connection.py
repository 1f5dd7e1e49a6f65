"""From the arguments to a client."""

from __future__ import annotations

import logging
import os
import shlex

from .. import Client, InvalidArgumentError
from . import secret
from .command import TOKEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any


def client(arguments: Namespace) -> Client:
    """A client with the token that was given."""
    return client_with(arguments, secret.token(arguments))


def client_without_token(arguments: Namespace) -> Client:
    """A client that can only show what it would send."""
    return client_with(arguments, "none")


def client_with(arguments: Namespace, token: str, **options: Any) -> Client:  # noqa: ANN401
    """A client with that token."""
    # The report says all that a warning would.
    logging.getLogger("partner_center").addHandler(logging.NullHandler())
    options.setdefault("deadline", arguments.timeout)
    return Client(
        token,
        cloud=arguments.cloud,
        base_url=arguments.base_url,
        allow_http_loopback=arguments.allow_http_loopback,
        application=arguments.application,
        proxy=arguments.proxy,
        ca_certificates=_file(arguments.ca_file, "--ca-file"),
        only_ca_certificates=_file(arguments.only_ca_file, "--only-ca-file"),
        **options,
    )


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
    """The command that reads the customer by the contract by which it was to be changed."""
    words = ["partner-center", "get", arguments.customer]
    if arguments.command == "create":
        words = ["partner-center", "watch", arguments.customer, str(arguments.qualification)]
    return shlex.join([*words, *_options(arguments)])


def command_to_settle(arguments: Namespace, pending: str) -> str:
    """The command that settles an operation, as a shell takes it."""
    reconcile = shlex.join(["partner-center", "reconcile", "-", *_options(arguments)])
    return f"echo {shlex.quote(pending)} | {reconcile}"


def command_to_run(arguments: Namespace) -> str:
    """The command that makes the changes of a plan that was kept."""
    words = ["partner-center", "run", arguments.out, "--journal", f"{arguments.out}.journal"]
    return shlex.join([*words, *_pace(arguments), *_options(arguments)])


def command_to_resume(arguments: Namespace) -> str:
    """The command that goes on with a run; it asks before it sends."""
    words = ["partner-center", "resume", arguments.journal]
    for name, variable in arguments.code_env:
        words += ["--code-env", f"{name}={variable}"]
    for name in arguments.ask_code:
        words += ["--ask-code", name]
    # What is there already, because the run came to its end, is not written over.
    if arguments.results is not None and not os.path.exists(arguments.results):
        words += ["--results", arguments.results]
    for flag in ("listed_codes", "resend_older", "audit", "json"):
        if getattr(arguments, flag):
            words.append(f"--{flag.replace('_', '-')}")
    return shlex.join([*words, *_pace(arguments), *_options(arguments)])


def _pace(arguments: Namespace) -> list[str]:
    words = []
    if arguments.at_once is not None:
        words += ["--at-once", str(arguments.at_once)]
    if arguments.per_second is not None:
        words += ["--per-second", str(arguments.per_second).removesuffix(".0")]
    return words


def _options(arguments: Namespace) -> list[str]:
    """Those that lead to the same service."""
    words = []
    if arguments.token_env != TOKEN:
        words += ["--token-env", arguments.token_env]
    for name in ("cloud", "base_url", "proxy", "ca_file", "only_ca_file", "timeout", "application"):
        value = getattr(arguments, name)
        if value is not None:
            # A proxy's address may hold a password.
            shown = "URL" if name == "proxy" and "@" in value else str(value).removesuffix(".0")
            words += [f"--{name.replace('_', '-')}", shown]
    if arguments.allow_http_loopback:
        words.append("--allow-http-loopback")
    return words
