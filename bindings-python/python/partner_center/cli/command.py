"""What a command is."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable


class Command(NamedTuple):
    """A command: its words in the help, its arguments, and what it does."""

    name: str
    line: str
    usage: str
    about: str
    epilog: str
    options: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]
    writes: bool = False
    """Whether it may change a customer."""


TOKEN = "PARTNER_CENTER_TOKEN"

ENVIRONMENT = f"""\
environment:
  {TOKEN}  an App+User access token for Partner Center
"""
OF_CODE = "  a name of your choice for --validation-code-env\n"

EXIT_CODES = """\
exit codes:
  0  applied, read, or shown by --dry-run
  2  wrong usage; nothing was sent
  3  refused or failed; the customer was not changed
  4  unknown; the customer may have been changed, so read it before trying again
"""
OF_CODES = "  names of your choice for --code-env\n"
OF_RUNS = """\
exit codes:
  0  each customer is in the asked state
  2  wrong usage; nothing was sent
  3  some changes were refused, excluded by the customer's state, or not started
  4  some are unknown; resume reads them again
  5  stopped early, whatever else; resume goes on once the cause is cured
The highest one that fits.
"""
OF_READS = """\
exit codes:
  0  read
  2  wrong usage; nothing was sent
  3  refused or failed; what was read before is shown
"""


def epilog(*parts: str, example: str) -> str:
    """What stands below the options."""
    return "\n".join([*parts, f"example:\n  {example}\n"])
