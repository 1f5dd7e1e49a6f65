"""The command line: ``partner-center``, or ``python -m partner_center``."""

from __future__ import annotations

import sys

from .. import InvalidArgumentError
from . import arguments, calls, demo, practice, report, terminal

_COMMANDS = {
    "update": calls.update,
    "get": calls.get,
    "emulator": practice.emulator,
    "demo": demo.demo,
}


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    terminal.prepare()
    words = sys.argv[1:] if argv is None else argv
    parsed = None
    try:
        parsed = arguments.parse(words, _COMMANDS)
        code: int = parsed.run(parsed)
    except InvalidArgumentError as error:
        code = report.misused(words, error)
    except SystemExit as end:  # argparse has printed its help or the version
        terminal.flush()
        code = end.code if isinstance(end.code, int) else report.DONE
    except KeyboardInterrupt:
        # Between the end of a call and its report nothing is known here of how it ended.
        asked = parsed is not None and parsed.asked
        terminal.err("unknown: interrupted" if asked else "interrupted")
        code = report.UNKNOWN if asked else report.NOT_APPLIED
    return code
