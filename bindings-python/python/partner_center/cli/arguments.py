"""Reads the arguments, and keeps out what may not be one: a secret."""

from __future__ import annotations

import argparse
import re
import sys

from .. import InvalidArgumentError, __version__
from . import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, NoReturn

    from .command import Command

_JSON_WEB_TOKEN = re.compile(r"eyJ[\w-]{8,}")
_OPTION = re.compile(r"--[a-z][a-z-]*(?==|$)")
_TOKEN_OPTIONS = ("--token", "--access-token", "--bearer", "--bearer-token")
_CODE_OPTIONS = ("--validation-code", "--code", "--codes")


class _Refused(argparse.Action):
    """An option that somebody might try, and that would put a secret on the command line."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Says where the secret belongs."""
        code = self.option_strings[0] in _CODE_OPTIONS
        parser.error(texts.CODE_AS_ARGUMENT if code else texts.TOKEN_AS_ARGUMENT)


class _Help(argparse.RawDescriptionHelpFormatter):
    """Keeps each command on the line of its help."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        # argparse forgets that commands stand further in than options.
        self._action_max_length = 14


class _Parser(argparse.ArgumentParser):
    """Never repeats a value in an error, since it may be a secret in the wrong place."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 (whatever argparse passes on)
        options.setdefault("formatter_class", _Help)
        super().__init__(allow_abbrev=False, **options)
        for names in (_TOKEN_OPTIONS, _CODE_OPTIONS):
            self.add_argument(*names, action=_Refused, nargs="?", help=argparse.SUPPRESS)

    def error(self, message: str) -> NoReturn:
        """Raises, with every value taken out of argparse's own texts."""
        message = re.sub(r"invalid choice: .*", "there is no such command", message, flags=re.S)
        message = re.sub(r"ignored explicit argument .*", "takes no value", message, flags=re.S)
        message = re.sub(r"ambiguous option: .*", "unknown option", message, flags=re.S)
        raise InvalidArgumentError(f"{self.prog}: {message.rstrip('.')}. See {self.prog} --help.")


def parse(words: list[str], commands: Iterable[Command]) -> argparse.Namespace:
    """The arguments, with the function of the command in `run`."""
    whole = parser(commands)
    if not words:
        whole.print_help(sys.stderr)
        raise SystemExit(2)
    if any(_JSON_WEB_TOKEN.search(word) for word in words):
        whole.error(texts.TOKEN_AS_ARGUMENT)
    if any("\ud800" <= character <= "\udfff" for word in words for character in word):
        whole.error("an argument is not valid text")
    arguments, unknown = whole.parse_known_args(words)
    if unknown:
        whole.prog += f" {arguments.command}"
        named = [found.group() for word in unknown if (found := _OPTION.match(word))]
        whole.error(f"unknown option {named[0]}" if named else texts.TOO_MANY)
    return arguments


def parser(commands: Iterable[Command]) -> argparse.ArgumentParser:
    """What reads the arguments of these commands."""
    whole = _Parser(prog="partner-center", description=texts.ABOUT, epilog=texts.EPILOG)
    whole.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    subparsers = whole.add_subparsers(metavar="COMMAND", required=True, title="commands")
    for command in commands:
        part = subparsers.add_parser(
            command.name,
            help=command.line,
            description=command.about,
            epilog=command.epilog,
            usage=command.usage,
        )
        part.set_defaults(run=command.run, command=command.name, writes=command.writes, asked=False)
        command.options(part)
    return whole
