"""The emulator as a command."""

from __future__ import annotations

import json
import os
import sys
import time

from ..testing import Emulator
from . import options, report, terminal, texts
from .command import TOKEN, Command, epilog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("--port", metavar="N", type=options.port, default=0, help=texts.PORT)
    parser.add_argument("--seed", metavar="FILE", help=texts.SEED)
    parser.add_argument("--json", action="store_true", help=texts.TOLD)
    parser.add_argument("--behaviours", action="store_true", help=texts.BEHAVIOURS)


def _emulator(arguments: Namespace) -> int:
    """Runs the emulator until Ctrl-C, or with --json until the standard input ends."""
    if arguments.behaviours:
        terminal.out(Emulator.behaviours().rstrip())
        return report.DONE
    try:
        with Emulator(port=arguments.port, seed=arguments.seed) as running:
            if arguments.json:
                _tell(running)
            else:
                _introduce(running)
                while True:
                    # A Ctrl-C just before a sleep is seen after it.
                    time.sleep(1)
    except (OSError, ValueError) as error:
        terminal.err(f"not started: {terminal.plain(str(error))}")
        return report.NOT_APPLIED
    except KeyboardInterrupt:
        pass
    return report.DONE


def _tell(emulator: Emulator) -> None:
    """What a client needs; then waits for the end of whoever asked for it."""
    names = ("url", "token", "tenant", "client_id", "client_secret", "refresh_token")
    terminal.out(json.dumps({name: getattr(emulator, name) for name in names}))
    while sys.stdin is not None and sys.stdin.buffer.read(4096):
        pass


def _introduce(emulator: Emulator) -> None:
    out = terminal.out
    out("A stand-in for Partner Center runs on this machine: change what you like.\n")
    out(f"URL    {emulator.url}")
    out(f"Token  {emulator.token}")
    out(f"Page   {emulator.url}/ shows what happens\n")
    out("Customers")
    for customer in emulator.customers():
        out(f"  {customer['id']} {customer['company_name']:<16} {customer['qualification']}")
    out("\nValidation codes, needed for GovernmentCommunityCloud")
    for code in emulator.validation_codes():
        uses = f"{code['remaining_creates']} of {code['max_creates']} uses left"
        out(f"  {code['validation_id']}  {code['organization_name']:<17} {uses}")
    for line in _invitation(emulator):
        out(line)
    out("\nCtrl-C stops it, and all changes are forgotten.")


def _invitation(emulator: Emulator) -> Iterator[str]:
    customers = emulator.customers()
    if not customers:
        return
    windows = os.name == "nt"
    assign = f'$env:{TOKEN} = "{emulator.token}"'
    export = f"export {TOKEN}={emulator.token}"
    yield "\nTry it in another terminal:\n"
    yield assign if windows else export
    customer = customers[0]["id"]
    yield f"partner-center get {customer} --base-url {emulator.url} --allow-http-loopback"


COMMAND = Command(
    name="emulator",
    line="practise: a stand-in for the service on this machine",
    usage="%(prog)s [options]",
    about="""\
Runs a stand-in for the service on this machine until Ctrl-C, and says how to
use it. Its customers and codes are made up, and forgotten when it stops. Its
page in a browser shows what happens.""",
    epilog=epilog(
        """\
exit codes:
  0  stopped by Ctrl-C or, with --json, by the end of the standard input
  2  wrong usage
  3  it could not start
""",
        example="partner-center emulator --port 8080 --seed customers.json",
    ),
    options=_options,
    run=_emulator,
)
