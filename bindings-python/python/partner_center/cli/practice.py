"""The emulator as a command."""

from __future__ import annotations

import os
import time

from ..testing import Emulator
from . import report, terminal, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace


def emulator(arguments: Namespace) -> int:
    """Runs the emulator until Ctrl-C."""
    try:
        with Emulator(port=arguments.port) as running:
            _introduce(running)
            while True:
                time.sleep(3600)
    except OSError as error:
        terminal.err(f"not started: {terminal.plain(str(error))}")
        return report.NOT_APPLIED
    except KeyboardInterrupt:
        return report.DONE


def _introduce(emulator: Emulator) -> None:
    out = terminal.out
    out("A stand-in for Partner Center runs on this machine: change what you like.\n")
    out(f"URL    {emulator.url}")
    out(f"Token  {emulator.token}\n")
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
