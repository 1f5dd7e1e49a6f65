"""A short tour for somebody who has never seen Partner Center."""

from __future__ import annotations

from typing import NamedTuple

from .. import Client, Outcome, PartnerCenterError, Qualification, UpdatedQualification
from ..testing import Emulator
from . import report, terminal
from .command import Command, epilog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_OPENING = """\
A qualification says what kind of organisation a customer is, a school or a
government body, and so what it may buy. A Microsoft partner sets it for the
customer, and it can never be taken back. That is why this tour runs on an
emulator: a stand-in for Partner Center on this machine. A new customer has no
qualification: None."""

_GOVERNMENT_RULE = """\
A government customer also needs a validation code. Microsoft gives it to the
partner, it works a few times only, and it is kept out of every text here."""

_REFUSED = "When the service refuses, the error says so, and what to do:"
_GREEN, _RED, _BOLD = "32", "31", "1"


class _Change(NamedTuple):
    """One change that is asked for."""

    company: str
    customer: str
    qualification: Qualification
    code: str | None = None


def _demo(_: Namespace) -> int:
    """Tells the story; the exit code says whether it came true."""
    try:
        with Emulator() as emulator:
            told = _Tour(emulator).tell()
    except (PartnerCenterError, OSError) as error:
        terminal.err(f"The tour broke off: {terminal.plain(str(error))}")
        told = False
    return report.DONE if told else report.NOT_APPLIED


class _Tour:
    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.colours = terminal.colours()
        self.client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
        codes = emulator.validation_codes()
        self.usable = next(code for code in codes if code["remaining_creates"])["validation_id"]
        self.spent = next(code for code in codes if not code["remaining_creates"])["validation_id"]

    def tell(self) -> bool:
        """The whole story; whether it all came true."""
        before = self._states()
        terminal.out(_OPENING)
        true = [
            self._scene("1. Contoso is a school.", self._change("Contoso")),
            self._scene(
                f"2. Woodgrove County is a government body.\n\n{_GOVERNMENT_RULE}",
                self._change("Woodgrove County", self.usable),
            ),
            self._refusal(self._change("Fabrikam", self.spent)),
            self._ending(before),
        ]
        return all(true)

    def _change(self, company: str, code: str | None = None) -> _Change:
        qualification = (
            Qualification.GOVERNMENT_COMMUNITY_CLOUD if code else Qualification.EDUCATION
        )
        return _Change(company, self.emulator.customer(company), qualification, code)

    def _scene(self, title: str, change: _Change) -> bool:
        """A change that succeeds."""
        before = self._ask(title, change)
        try:
            result = self._update(change)
        except PartnerCenterError as error:
            self._explain(change, error)
            return False
        self._row("answer", f"HTTP {result.attempts[-1].status}, {result.qualification}")
        evidence = f"(evidence: {result.evidence}, it names the asked value)"
        self._row("outcome", f"{self._outcome(result.outcome)} {evidence}")
        self._row("request", result.request_id)
        after = self._read(change)
        self._row("after", after)
        return before == Qualification.NONE and after == change.qualification

    def _refusal(self, change: _Change) -> bool:
        """A change that the service refuses."""
        before = self._ask("3. Fabrikam wants the same, but its code is used up.", change)
        try:
            self._update(change)
        except PartnerCenterError as error:
            after = self._explain(change, error)
            return error.outcome is Outcome.NOT_APPLIED and before == after == Qualification.NONE
        terminal.out("   It was not refused.")
        return False

    def _ask(self, title: str, change: _Change) -> str:
        first, _, others = title.partition("\n")
        terminal.out("\n" + self._painted(first, _BOLD))
        terminal.out(f"{others}\n" if others else "")
        before = self._read(change)
        request = self.client.preview_update_qualification(
            change.customer, change.qualification, validation_code=change.code
        ).splitlines()
        self._row("before", before)
        self._row("asked", f"{change.company} is to be {change.qualification}")
        start, slash, end = request[0].rpartition(" HTTP/")[0].rpartition("/")
        self._row("sent", start)
        self._row("", f"{slash}{end}")
        self._row("", f"body: {request[-1]}, the service's number for {change.qualification}")
        return before

    def _update(self, change: _Change) -> UpdatedQualification:
        return self.client.update_qualification(
            change.customer, change.qualification, validation_code=change.code
        )

    def _explain(self, change: _Change, error: PartnerCenterError) -> str:
        status = f"HTTP {error.status}" if error.status else "none"
        self._row("answer", terminal.plain(f'{status}, "{error.description}"'))
        self._row("outcome", self._outcome(error.outcome))
        self._row("request", terminal.plain(error.request_id or "none"))
        after = self._read(change)
        self._row("after", after)
        terminal.out(f"\n   {_REFUSED}\n")
        text = terminal.plain(str(error))
        terminal.out(terminal.fill(text, first="     ", then="     "))
        return after

    def _ending(self, before: dict[str, str]) -> bool:
        terminal.out(f"\n{self._painted('The customers before and after', _BOLD)}\n")
        after = self._states()
        for company, state in after.items():
            change = f"{before[company]} -> {state}" if before[company] != state else state
            terminal.out(f"   {company:<18} {change}")
        applied = self.emulator.applied()
        terminal.out(f"\nThe emulator changed {applied} customers, as the outcomes above say.")
        terminal.out("Try it yourself: partner-center emulator")
        told = {
            "Contoso": str(Qualification.EDUCATION),
            "Woodgrove County": str(Qualification.GOVERNMENT_COMMUNITY_CLOUD),
        }
        return after == {**before, **told} and applied == len(told)

    def _states(self) -> dict[str, str]:
        return {
            row["company_name"]: self._qualification(row["id"]) for row in self.emulator.customers()
        }

    def _read(self, change: _Change) -> str:
        return self._qualification(change.customer)

    def _qualification(self, customer: str) -> str:
        return terminal.plain(self.client.get_qualification(customer).qualification)

    def _row(self, label: str, text: str) -> None:
        terminal.out(f"   {label:<8} {text}")

    def _outcome(self, outcome: Outcome) -> str:
        colour = _GREEN if outcome is Outcome.APPLIED else _RED
        return self._painted(str(outcome).replace("_", " "), colour)

    def _painted(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self.colours else text


def _options(_: ArgumentParser) -> None:
    """None."""


COMMAND = Command(
    name="demo",
    line="a short tour on this machine; nothing real is touched",
    usage="%(prog)s",
    about="""\
Changes two customers of the emulator, has a third change refused, and tells
what was sent and what came back. It needs no token and no network.""",
    epilog=epilog(
        """\
environment:
  NO_COLOR  set it to anything for a tour without colours
""",
        """\
exit codes:
  0  everything ended as the tour says
  3  something did not
""",
        example="partner-center demo",
    ),
    options=_options,
    run=_demo,
)
