"""The emulator as a command."""

from __future__ import annotations

import json
import os
import sys
import time

from ..testing import Emulator
from . import report, terminal, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace


def emulator(arguments: Namespace) -> int:
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
                    time.sleep(3600)
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
    out("\nTry it in another terminal:\n")
    for line in _invitation(emulator):
        out(line)
    out("\nCtrl-C stops it, and all changes are forgotten.")


def _invitation(emulator: Emulator) -> tuple[str, str]:
    windows = os.name == "nt"
    assign = f'$env:{texts.TOKEN} = "{emulator.token}"'
    export = f"export {texts.TOKEN}={emulator.token}"
    customer = emulator.customers()[0]["id"]
    get = f"partner-center get {customer} --base-url {emulator.url} --allow-http-loopback"
    return (assign if windows else export, get)
