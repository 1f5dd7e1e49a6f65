"""What the bulk commands are given and left by: codes, the number that is typed, Ctrl-C."""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import signal
import subprocess
import time
from pathlib import Path

import pytest
from bulk_commands import (
    CODE,
    COUNTY,
    FAST,
    GOVERNMENT,
    MANY,
    SLOW,
    planned,
    report_of,
    resumed,
    schools,
    settled,
    writes,
)
from command_line import (
    PROGRAM,
    Done,
    Terminal,
    at,
    call,
    environment,
    start,
)
from conftest import LONG
from partner_center.testing import Emulator


def with_codes(emulator: Emulator, text: str, *words: str) -> Done:
    """The program's end with codes in an open file."""
    reader, writer = os.pipe()
    os.write(writer, text.encode())
    os.close(writer)
    try:
        return subprocess.run(
            [*PROGRAM, *words, "--codes-fd", str(reader), *at(emulator.url)],
            stdin=subprocess.DEVNULL,
            pass_fds=[reader],
            capture_output=True,
            text=True,
            env=environment(PARTNER_CENTER_TOKEN=emulator.token, PARTNER_CENTER_TIME_SCALE="10000"),
            check=False,
        )
    finally:
        os.close(reader)


@pytest.mark.parametrize("way", ["file", "listed", "asked"])
def test_codes_by_name(emulator: Emulator, tmp_path: Path, way: str) -> None:
    """From an open file, as the service lists them, or typed; for a run and its resumption."""
    plan = planned(emulator, tmp_path, [(emulator.customer("Woodgrove"), GOVERNMENT, COUNTY)])
    journal, codes = str(tmp_path / "journal"), json.dumps({COUNTY: CODE})
    emulator.switch(reads_fail="unavailable")
    done = with_codes(emulator, codes, "run", plan, "--journal", journal, "--yes", "1")
    assert (done.returncode, done.stderr) == (5, "")
    emulator.switch()
    missing = call(emulator, "resume", journal, "--yes")
    assert (missing.returncode, COUNTY in missing.stderr) == (2, True)
    resume = ["resume", journal, "--yes"]
    if way == "asked":
        terminal = Terminal(
            *[*resume, *shlex.split(done.stdout.splitlines()[-1])[3:]],
            PARTNER_CENTER_TOKEN=emulator.token,
        )
        terminal.read(f"Code of {COUNTY} (not shown): ")
        terminal.type(f"{CODE}\n")
        code, told = terminal.end(), terminal.text
    else:
        given = with_codes(emulator, codes, *resume) if way == "file" else None
        ended = given or call(emulator, *resume, "--listed-codes")
        code, told = ended.returncode, ended.stdout + ended.stderr
    assert (code, emulator.applied()) == (0, 1)
    assert CODE not in done.stdout + told


def test_codes_are_listed_once(emulator: Emulator, tmp_path: Path) -> None:
    """However many organizations have some; for a run and for its resumption."""
    names = [code["organization_name"] for code in emulator.validation_codes()]
    counties = [(emulator.customer("Woodgrove"), GOVERNMENT, COUNTY.lower())]
    plan, journal = planned(emulator, tmp_path, counties), str(tmp_path / "journal")
    done = call(emulator, "run", plan, "--journal", journal, "--yes", "1", "--listed-codes")
    assert (done.returncode, emulator.applied(), len(names)) == (0, 1, 2)
    assert call(emulator, "resume", journal, "--yes", "--listed-codes").returncode == 0
    listings = [path for _, path in emulator.requests() if path.endswith("/validations")]
    assert len(listings) == 2


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        (None, [], f"No code is given for {COUNTY}"),
        (None, ["--code-env", f"{COUNTY}=NOT_SET"], "that --code-env names is not set"),
        (None, ["--code-env", f"{COUNTY}={CODE}"], "must be a code's name"),
        (None, ["--code", CODE], "with --code-env"),
        (None, ["--codes", CODE], "with --code-env"),
        (CODE, [], "no JSON object of names and codes"),
        (f'{{"{COUNTY}": {CODE}}}', [], "no JSON object of names and codes"),
        (f'{{"Another": "{CODE}"}}', [], f"No code is given for {COUNTY}"),
    ],
)
def test_codes_that_cannot_be_taken(
    emulator: Emulator, tmp_path: Path, text: str | None, words: list[str], said: str
) -> None:
    """Wrong usage; nothing is sent, and nothing of it repeated."""
    plan = planned(emulator, tmp_path, [(emulator.customer("Woodgrove"), GOVERNMENT, COUNTY)])
    run = ["run", plan, "--journal", str(tmp_path / "journal"), "--yes", "1", *words]
    done = call(emulator, *run) if text is None else with_codes(emulator, text, *run)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert CODE not in done.stderr
    assert writes(emulator) == 0


@pytest.mark.parametrize(("keys", "code"), [("3\n", 0), ("2\n", 3), ("yes\n", 3), ("\x04", 3)])
def test_a_person_types_the_number(
    emulator: Emulator, tmp_path: Path, keys: str, code: int
) -> None:
    """The code is asked for by its name and not shown; any other number sends nothing."""
    changes = [*schools(emulator, 2), (emulator.customer("Woodgrove"), GOVERNMENT, COUNTY)]
    plan, journal = planned(emulator, tmp_path, changes), tmp_path / "journal"
    terminal = Terminal(
        *["run", plan, "--journal", str(journal), *FAST, *at(emulator.url)],
        PARTNER_CENTER_TOKEN=emulator.token,
    )
    terminal.read(f"Code of {COUNTY} (not shown): ")
    terminal.type(f"{CODE}\n")
    shown = terminal.read("Type 3, the number of changes, to go on: ")
    assert re.search(r"\n  set +3 ", shown)
    assert re.search(rf"\n  {COUNTY} +1\n", shown)
    terminal.type(keys)
    assert terminal.end() == code
    assert ("changes: 100%|" in terminal.text) is (code == 0)
    last = "applied: each customer" if code == 0 else "not applied: The answer was not 3"
    assert last in terminal.text
    assert (writes(emulator), journal.exists()) == ((3, True) if code == 0 else (0, False))
    assert CODE not in terminal.text


def test_a_line_of_a_failure_stands_above_the_bar(many: Emulator, tmp_path: Path) -> None:
    """Each on a line of its own."""
    counties = [(one, GOVERNMENT, COUNTY) for one, _, _ in schools(many, 6)]
    plan = planned(many, tmp_path, counties)
    terminal = Terminal(
        *["run", plan, "--journal", str(tmp_path / "journal"), "--yes", "6", "--at-once", "1"],
        *["--code-env", f"{COUNTY}=COUNTY_CODE", *FAST, *at(many.url)],
        PARTNER_CENTER_TOKEN=many.token,
        COUNTY_CODE=CODE,
    )
    assert terminal.end() == 5
    lines = re.split(r"[\r\n]+", terminal.text)
    assert [line.split()[:2] for line in lines if "refused:" in line] == [
        ["row", str(row)] for row in (3, 4, 5)
    ]
    assert any(line.startswith("changes: 100%|") for line in lines)
    assert CODE not in terminal.text


def test_ctrl_c_leaves_a_run_that_is_resumed(many: Emulator, tmp_path: Path) -> None:
    """At a terminal: what is known, and the command that goes on with it to the whole sum."""
    plan, journal = planned(many, tmp_path, schools(many)), tmp_path / "journal"
    terminal = Terminal(
        *["run", plan, "--journal", str(journal), *SLOW, *at(many.url)],
        *["--results", str(tmp_path / "results.csv")],
        PARTNER_CENTER_TOKEN=many.token,
    )
    terminal.read("to go on: ")
    terminal.type("60\n")
    until = time.monotonic() + LONG
    while many.applied() < 15 and time.monotonic() < until:
        time.sleep(0.01)
    terminal.type("\x03")
    assert terminal.end() == 4
    assert 15 <= many.applied() < MANY
    assert "Traceback" not in terminal.text
    said = " ".join(terminal.text.split())
    assert re.search(r"unknown: .*Of 60 changes \d+ have ended, \d are open", said)
    assert not (tmp_path / "results.csv").exists()
    command = shlex.split(terminal.text.rpartition("\n  ")[2])
    assert command[:3] == ["partner-center", "resume", str(journal)]
    done = resumed(many, *command[2:])
    assert (done.returncode, report_of(done)["applied"]) == (0, MANY)
    with (tmp_path / "results.csv").open(encoding="utf-8", newline="") as file:
        assert [row["end"] for row in csv.DictReader(file)] == ["applied"] * MANY
    assert many.applied() == MANY


def test_a_person_is_asked_before_a_run_is_resumed(many: Emulator, tmp_path: Path) -> None:
    """And nobody at a terminal is an error."""
    plan, journal = planned(many, tmp_path, schools(many)), str(tmp_path / "journal")
    process = start(
        *["run", plan, "--journal", journal, "--yes", str(MANY), *SLOW, *at(many.url)],
        PARTNER_CENTER_TOKEN=many.token,
    )
    until = time.monotonic() + LONG
    while many.applied() < 5 and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    before = settled(many)
    assert 5 <= before < MANY
    done = call(many, "resume", journal)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Add --yes to confirm" in done.stderr
    for keys, code in (("yes\n", 3), ("resume\n", 0)):
        assert writes(many) == before
        terminal = Terminal(
            "resume", journal, *FAST, *at(many.url), PARTNER_CENTER_TOKEN=many.token
        )
        terminal.read("Type resume to go on: ")
        terminal.type(keys)
        assert terminal.end() == code
    assert many.applied() == MANY
