"""The command line: ``partner-center``, or ``python -m partner_center``."""

from __future__ import annotations

import sys
from importlib import import_module

from .. import InvalidArgumentError
from . import arguments, report, terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .command import Command

COMMANDS = (
    "update",
    "get",
    "create",
    "watch",
    "reconcile",
    "plan",
    "run",
    "resume",
    "customers",
    "codes",
    "doctor",
    "completion",
    "practice",
    "demo",
)
"""The modules of the commands, in the order of the help. Each has a COMMAND."""


def commands() -> list[Command]:
    """Every command."""
    return [import_module(f".{name}", __name__).COMMAND for name in COMMANDS]


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    terminal.prepare()
    words = sys.argv[1:] if argv is None else argv
    known = commands()
    parsed = None
    try:
        parsed = arguments.parse(words, known)
        code: int = parsed.run(parsed)
    except InvalidArgumentError as error:
        writing = [command.name for command in known if command.writes]
        code = report.misused(words, writing, error)
    except SystemExit as end:  # argparse has printed its help or the version
        terminal.flush()
        code = end.code if isinstance(end.code, int) else report.DONE
    except KeyboardInterrupt:
        # Between the end of a call and its report nothing is known here of how it ended.
        asked = parsed is not None and parsed.asked
        terminal.err("unknown: interrupted" if asked else "interrupted")
        code = report.UNKNOWN if asked else report.NOT_APPLIED
    return code
