"""The options that commands share, and what their values may be."""

from __future__ import annotations

import argparse
import math
import re

from .. import ChangeOperation, Cloud, EducationSegment, Qualification
from . import texts
from .command import TOKEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Sequence

_GUID = re.compile(r"([0-9a-f]{8})(-?)([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{12})")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)([smhd]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LAST_PORT = 65535


def connection(parser: ArgumentParser) -> None:
    """How the service is reached, and where the token is."""
    group = parser.add_argument_group("connection")
    tokens = group.add_mutually_exclusive_group()
    tokens.add_argument(
        "--token-env", metavar="NAME", type=variable, default=TOKEN, help=texts.TOKEN_ENV
    )
    tokens.add_argument("--token-fd", metavar="N", type=descriptor, help=texts.TOKEN_FD)
    group.add_argument("--cloud", metavar="CLOUD", type=cloud, help=texts.CLOUD)
    group.add_argument("--base-url", metavar="URL", help=texts.BASE_URL)
    group.add_argument("--allow-http-loopback", action="store_true", help=texts.HTTP)
    group.add_argument("--proxy", metavar="URL", help=texts.PROXY)
    group.add_argument("--ca-file", metavar="FILE", help=texts.CA_FILE)
    group.add_argument("--only-ca-file", metavar="FILE", help=texts.ONLY_CA_FILE)
    group.add_argument("--timeout", metavar="SECONDS", type=seconds, help=texts.TIMEOUT)
    group.add_argument("--application", metavar="TEXT", help=texts.APPLICATION)


def customer(parser: ArgumentParser) -> None:
    """Whose qualification it is about."""
    parser.add_argument("customer", metavar="CUSTOMER", type=guid, help=texts.CUSTOMER)


def json(parser: ArgumentParser) -> None:
    """Output for programs."""
    parser.add_argument("--json", action="store_true", help=texts.JSON)


def change(parser: ArgumentParser) -> None:
    """What every change has."""
    codes = parser.add_mutually_exclusive_group()
    codes.add_argument(
        "--validation-code-env", metavar="NAME", type=variable, help=texts.VALIDATION_CODE_ENV
    )
    codes.add_argument("--code-fd", metavar="N", type=descriptor, help=texts.CODE_FD)
    parser.add_argument("--dry-run", action="store_true", help=texts.DRY_RUN)
    parser.add_argument("--yes", action="store_true", help=texts.YES)
    json(parser)
    parser.add_argument("--request-id", metavar="ID", type=guid, help=texts.REQUEST_ID)
    connection(parser)


def pace(parser: ArgumentParser) -> None:
    """How fast many customers are read or changed."""
    parser.add_argument("--at-once", metavar="N", type=number, help=texts.AT_ONCE)
    parser.add_argument("--per-second", metavar="R", type=rate, help=texts.PER_SECOND)


def run(parser: ArgumentParser) -> None:
    """What every run of many changes has."""
    parser.add_argument(
        "--code-env",
        metavar="NAME=VARIABLE",
        type=named_variable,
        action="append",
        default=[],
        help=texts.CODE_ENV,
    )
    parser.add_argument("--codes-fd", metavar="N", type=descriptor, help=texts.CODES_FD)
    parser.add_argument("--listed-codes", action="store_true", help=texts.LISTED_CODES)
    parser.add_argument("--results", metavar="FILE", help=texts.RESULTS)
    pace(parser)
    json(parser)
    connection(parser)


def guid(text: str) -> str:
    """An id, in the service's form."""
    bare = text.lower().removeprefix("urn:uuid:")
    if bare.startswith("{") and bare.endswith("}"):
        bare = bare[1:-1]
    if found := _GUID.fullmatch(bare):
        first, _, *others = found.groups()
        return "-".join([first, *others])
    raise argparse.ArgumentTypeError(texts.NO_GUID)


def variable(text: str) -> str:
    """The name of an environment variable."""
    if _VARIABLE.fullmatch(text):
        return text
    raise argparse.ArgumentTypeError(texts.NO_VARIABLE)


def named_variable(text: str) -> tuple[str, str]:
    """The name of a code, and that of the environment variable that holds it."""
    name, _, last = text.rpartition("=")
    if name.strip() and _VARIABLE.fullmatch(last):
        return name.strip(), last
    raise argparse.ArgumentTypeError(texts.NO_NAMED_VARIABLE)


def operation(text: str) -> ChangeOperation:
    """By which contract many customers are changed."""
    if text in list(ChangeOperation):
        return ChangeOperation(text)
    raise argparse.ArgumentTypeError(f"must be one of {', '.join(ChangeOperation)}")


def number(text: str) -> int:
    """A whole number."""
    if text.isascii() and text.isdigit() and len(text) <= 9:  # noqa: PLR2004 - as much as fits
        return int(text)
    raise argparse.ArgumentTypeError("must be a whole number")


def descriptor(text: str) -> int:
    """The number of an open file."""
    if text.isascii() and text.isdigit() and len(text) <= 4:  # noqa: PLR2004 - never more
        return int(text)
    raise argparse.ArgumentTypeError(texts.NO_DESCRIPTOR)


def cloud(text: str) -> Cloud:
    """A cloud."""
    if text in list(Cloud):
        return Cloud(text)
    raise argparse.ArgumentTypeError(f"must be one of {', '.join(Cloud)}")


def updated(text: str) -> Qualification:
    """What the synchronous contract can set."""
    return _settable(text, texts.NO_QUALIFICATION)


def created(text: str) -> Qualification:
    """What the current contract can set."""
    return _settable(text, texts.NO_CREATED)


def _settable(text: str, rule: str) -> Qualification:
    # Whether it can be set is the core's to say.
    for known in Qualification:
        if known.lower() == text.replace("_", "").lower():
            return known
    raise argparse.ArgumentTypeError(rule)


def segment(text: str) -> EducationSegment:
    """A part of education."""
    for known in EducationSegment:
        if known.lower() == text.replace("_", "").lower():
            return known
    raise argparse.ArgumentTypeError(f"must be {' or '.join(EducationSegment)}")


def seconds(text: str) -> float:
    """A number of seconds above 0."""
    return _above_0(text, "must be a number of seconds above 0")


def rate(text: str) -> float:
    """How many in a second."""
    return _above_0(text, "must be a number above 0")


def _above_0(text: str, rule: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if value > 0 and math.isfinite(value):
        return value
    raise argparse.ArgumentTypeError(rule)


def duration(text: str) -> float:
    """A length of time such as 90, 30m, 12h or 3d; in seconds."""
    if (found := _DURATION.fullmatch(text)) and float(found[1]) > 0:
        return float(found[1]) * _SECONDS[found[2]]
    raise argparse.ArgumentTypeError("must be a time such as 90 (seconds), 30m, 12h or 3d")


def port(text: str) -> int:
    """A port to listen on."""
    if text.isascii() and text.isdigit() and int(text[:6]) <= _LAST_PORT:
        return int(text[:6])
    raise argparse.ArgumentTypeError(f"must be a number from 0 to {_LAST_PORT}")


def shell(text: str) -> str:
    """A shell whose completion is known."""
    if text in SHELLS:
        return text
    raise argparse.ArgumentTypeError(f"must be one of {', '.join(SHELLS)}")


SHELLS = ("bash", "zsh", "fish")
_GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD
WORDS: dict[Callable[[str], object], Sequence[str]] = {
    cloud: tuple(Cloud),
    operation: tuple(ChangeOperation),
    segment: tuple(EducationSegment),
    shell: SHELLS,
    updated: (Qualification.EDUCATION, _GOVERNMENT),
    created: (Qualification.EDUCATION, _GOVERNMENT, Qualification.STATE_OWNED_ENTITY),
}
"""What a shell offers for a value."""
