"""The arguments, and what may not be one: a secret."""

from __future__ import annotations

import argparse
import math
import re
import sys

from .. import Cloud, InvalidArgumentError, Qualification, __version__
from . import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

_JSON_WEB_TOKEN = re.compile(r"eyJ[\w-]{8,}")
_OPTION = re.compile(r"--[a-z][a-z-]*(?==|$)")
_GUID = re.compile(r"([0-9a-f]{8})(-?)([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{12})")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_LAST_PORT = 65535
_TOKEN_OPTIONS = ("--token", "--access-token", "--bearer", "--bearer-token")
_CODE_OPTIONS = ("--validation-code", "--code")


class _Refused(argparse.Action):
    """An option that somebody might try, and that would put a secret on the command line."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Says where the secret belongs."""
        code = self.option_strings[0] in _CODE_OPTIONS
        parser.error(texts.CODE_AS_ARGUMENT if code else texts.TOKEN_AS_ARGUMENT)


class _Parser(argparse.ArgumentParser):
    """Never repeats a value in an error, since it may be a secret in the wrong place."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 (whatever argparse passes on)
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **options)
        for names in (_TOKEN_OPTIONS, _CODE_OPTIONS):
            self.add_argument(*names, action=_Refused, nargs="?", help=argparse.SUPPRESS)

    def error(self, message: str) -> NoReturn:
        """Raises, with every value taken out of argparse's own texts."""
        message = re.sub(r"invalid choice: .*", "there is no such command", message, flags=re.S)
        message = re.sub(r"ignored explicit argument .*", "takes no value", message, flags=re.S)
        message = re.sub(r"ambiguous option: .*", "unknown option", message, flags=re.S)
        raise InvalidArgumentError(f"{self.prog}: {message.rstrip('.')}. See {self.prog} --help.")


def parse(words: list[str], commands: dict[str, Callable[..., int]]) -> argparse.Namespace:
    """The arguments, with the function of the command in `run`."""
    parser = _parser(commands)
    if not words:
        parser.print_help(sys.stderr)
        raise SystemExit(2)
    if any(_JSON_WEB_TOKEN.search(word) for word in words):
        parser.error(texts.TOKEN_AS_ARGUMENT)
    if any("\ud800" <= character <= "\udfff" for word in words for character in word):
        parser.error("an argument is not valid text")
    arguments, unknown = parser.parse_known_args(words)
    if unknown:
        parser.prog += f" {arguments.command}"
        named = [found.group() for word in unknown if (found := _OPTION.match(word))]
        parser.error(f"unknown option {named[0]}" if named else texts.TOO_MANY)
    return arguments


def _parser(commands: dict[str, Callable[..., int]]) -> _Parser:
    parser = _Parser(prog="partner-center", description=texts.ABOUT, epilog=texts.EPILOG)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True, title="commands")
    for name, run in commands.items():
        text = texts.COMMANDS[name]
        command = subparsers.add_parser(
            name, help=text.line, description=text.about, epilog=text.epilog, usage=text.usage
        )
        command.set_defaults(run=run, command=name, asked=False)
        _OPTIONS[name](command)
    return parser


def _update(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("customer", metavar="CUSTOMER", type=_guid, help=texts.CUSTOMER)
    parser.add_argument(
        "qualification", metavar="QUALIFICATION", type=_qualification, help=texts.QUALIFICATION
    )
    parser.add_argument(
        "--validation-code-env", metavar="NAME", type=_variable, help=texts.VALIDATION_CODE_ENV
    )
    parser.add_argument("--dry-run", action="store_true", help=texts.DRY_RUN)
    parser.add_argument("--yes", action="store_true", help=texts.YES)
    parser.add_argument("--json", action="store_true", help=texts.JSON)
    parser.add_argument("--request-id", metavar="ID", type=_guid, help=texts.REQUEST_ID)
    _connection(parser)


def _get(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("customer", metavar="CUSTOMER", type=_guid, help=texts.CUSTOMER)
    parser.add_argument("--json", action="store_true", help=texts.JSON)
    _connection(parser)


def _emulator(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", metavar="N", type=_port, default=0, help=texts.PORT)
    parser.add_argument("--seed", metavar="FILE", help=texts.SEED)
    parser.add_argument("--json", action="store_true", help=texts.TOLD)
    parser.add_argument("--behaviours", action="store_true", help=texts.BEHAVIOURS)


def _demo(_: argparse.ArgumentParser) -> None:
    pass


_OPTIONS = {"update": _update, "get": _get, "emulator": _emulator, "demo": _demo}


def _connection(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("connection")
    group.add_argument(
        "--token-env", metavar="NAME", type=_variable, default=texts.TOKEN, help=texts.TOKEN_ENV
    )
    group.add_argument("--cloud", metavar="CLOUD", type=_cloud, help=texts.CLOUD)
    group.add_argument("--base-url", metavar="URL", help=texts.BASE_URL)
    group.add_argument("--allow-http-loopback", action="store_true", help=texts.HTTP)
    group.add_argument("--proxy", metavar="URL", help=texts.PROXY)
    group.add_argument("--ca-file", metavar="FILE", help=texts.CA_FILE)
    group.add_argument("--only-ca-file", metavar="FILE", help=texts.ONLY_CA_FILE)
    group.add_argument("--timeout", metavar="SECONDS", type=_seconds, help=texts.TIMEOUT)
    group.add_argument("--application", metavar="NAME", help=texts.APPLICATION)


def _guid(text: str) -> str:
    bare = text.lower().removeprefix("urn:uuid:")
    if bare.startswith("{") and bare.endswith("}"):
        bare = bare[1:-1]
    if found := _GUID.fullmatch(bare):
        first, _, *others = found.groups()
        return "-".join([first, *others])
    raise argparse.ArgumentTypeError(texts.NO_GUID)


def _qualification(text: str) -> Qualification:
    for known in Qualification:
        if known.lower() == text.replace("_", "").lower():
            return known
    raise argparse.ArgumentTypeError(texts.NO_QUALIFICATION)


def _variable(text: str) -> str:
    if _VARIABLE.fullmatch(text):
        return text
    raise argparse.ArgumentTypeError(texts.NO_VARIABLE)


def _cloud(text: str) -> Cloud:
    if text in list(Cloud):
        return Cloud(text)
    raise argparse.ArgumentTypeError(f"must be one of {', '.join(Cloud)}")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if seconds > 0 and math.isfinite(seconds):
        return seconds
    raise argparse.ArgumentTypeError("must be a number of seconds above 0")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text[:6]) <= _LAST_PORT:
        return int(text[:6])
    raise argparse.ArgumentTypeError(f"must be a number from 0 to {_LAST_PORT}")
