"""A bar with tqdm, a count without it, and nothing where nobody looks."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from command_line import Terminal
from partner_center import Client, CustomerQualification
from partner_center.progress import ProgressBar, progress_bar
from partner_center.testing import Emulator

SCRIPT = """
import sys
{before}
from partner_center.progress import progress_bar
with progress_bar(total={total}, label="changes") as bar:
    for _ in range(3):
        bar()
"""
WITHOUT = "sys.modules['tqdm'] = None"


def told(before: str, total: int | None) -> str:
    """What a terminal shows at the end."""
    script = SCRIPT.format(before=before, total=total)
    terminal = Terminal.of(sys.executable, "-c", script)
    assert terminal.end() == 0, terminal.text
    return terminal.text.replace("\x1b[K", "").rstrip("\n").rpartition("\r")[2]


def test_with_tqdm_it_is_its_bar() -> None:
    """With and without a total."""
    assert told("", 4).startswith("changes:  75%|")
    assert told("", None).startswith("changes: 3it [")


def test_without_tqdm_it_is_a_count() -> None:
    """The package needs nothing."""
    assert told(WITHOUT, 4) == "changes 3 of 4"
    assert told(WITHOUT, None) == "changes 3"


@pytest.mark.parametrize("before", ["", WITHOUT])
def test_lines_stand_above_it(before: str) -> None:
    """Alone, and the bar is there again below them."""
    script = SCRIPT.format(before=before, total=4) + "    bar.above(lambda: print('a line'))\n"
    terminal = Terminal.of(sys.executable, "-c", script)
    assert terminal.end() == 0, terminal.text
    shown = terminal.text.replace("\x1b[K", "")
    above, _, below = shown.partition("a line\n")
    assert above.rpartition("\r")[2].strip() == ""
    assert re.match(r"\r?changes:? +(75%|3 of 4)", below)


def test_without_tqdm_a_file_gets_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log is no place for it."""
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with progress_bar(label="changes") as bar:
        bar()
    assert capsys.readouterr() == ("", "")


class Heard:
    """In tqdm's place."""

    def __init__(self) -> None:
        self.said: list[object] = []

    def set_postfix_str(self, text: str, *, refresh: bool) -> None:
        assert not refresh
        self.said.append(text)

    def update(self, steps: int) -> None:
        self.said.append(steps)


def test_many_changes_move_it(emulator: Emulator, tmp_path: Path) -> None:
    """It is an on_planned and an on_result as it is; each step shows how that change stands."""
    client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
    changes = [(one["id"], "Education") for one in emulator.customers()]
    heard = Heard()
    plan = client.plan(changes, operation="update_qualification", on_planned=ProgressBar(heard))
    stands = sorted(str(said) for said in heard.said)
    assert stands == ["1"] * 5 + ["already_set", "conflict", "set", "set", "set"]
    heard.said.clear()
    report = client.run(plan, tmp_path / "journal", on_result=ProgressBar(heard))
    assert heard.said == ["applied", 1] * 3
    assert report.applied == plan.sends == 3


BULK = """
import sys
sys.modules["tqdm"] = None
from pathlib import Path
from partner_center import Client
from partner_center.progress import progress_bar
from partner_center.testing import Emulator

emulator = Emulator(customers=20)
client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
changes = [(one["id"], "Education") for one in emulator.customers()[5:]]
journal = Path(sys.argv[1], "journal")

with progress_bar(len(changes), label="planned") as bar:
    plan = client.plan(
        changes, operation="update_qualification", per_second=None, on_planned=bar
    )
with progress_bar(plan.sends, label="changes") as bar:
    report = client.run(plan, journal, per_second=None, on_result=bar)
assert report.applied == 20
"""


def test_without_tqdm_many_changes_are_counted(tmp_path: Path) -> None:
    """A line for the plan, and one for the run."""
    terminal = Terminal.of(sys.executable, "-c", BULK, str(tmp_path))
    assert terminal.end() == 0, terminal.text
    lines = [line.rpartition("\r\x1b[K")[2] for line in terminal.text.rstrip("\n").split("\n")]
    assert lines == ["planned 20 of 20, set", "changes 20 of 20, applied"]


@pytest.mark.usefixtures("_waits_are_divided")
def test_a_wait_for_a_vetting_moves_it(emulator: Emulator) -> None:
    """It is an on_progress as it is, and shows how the vetting stands."""
    client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
    contoso = emulator.customer("Contoso")
    client.create_qualification(contoso, "Education", education_segment="K12")
    heard = Heard()
    bar = ProgressBar(heard)

    def on_progress(item: CustomerQualification) -> None:
        bar(item)
        if heard.said == ["InReview", 1]:
            emulator.decide(contoso, "Approved")

    client.wait_for_vetting(contoso, "Education", on_progress=on_progress)
    # It may have looked again meanwhile.
    assert heard.said[:2] == ["InReview", 1]
    assert heard.said[-2:] == ["Approved", 1]
