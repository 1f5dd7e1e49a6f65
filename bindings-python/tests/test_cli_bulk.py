"""Many customers on the command line: plan, run and resume, as processes against the emulator."""

from __future__ import annotations

import csv
import re
import shlex
import subprocess
import time
from pathlib import Path

import pytest
from bulk_commands import (
    CODE,
    COUNTY,
    FAST,
    GOVERNMENT,
    UPDATE,
    planned,
    report_of,
    resumed,
    schools,
    writes,
    written,
)
from command_line import (
    PROGRAM,
    at,
    call,
    environment,
    rows,
)
from conftest import LONG
from partner_center.testing import Emulator


def test_a_plan_says_what_would_happen_and_sends_nothing(
    emulator: Emulator, tmp_path: Path
) -> None:
    """In numbers, with each row that comes to nothing, and as JSON; the file is a plan."""
    changes = [
        (emulator.customer("Contoso"), "Education", ""),
        (emulator.customer("Woodgrove"), GOVERNMENT, COUNTY),
        (emulator.customer("Fabrikam"), GOVERNMENT, COUNTY),
        (emulator.customer("Northwind"), "Education", ""),
        (emulator.customer("Litware"), "Education", ""),
        (emulator.customer("Contoso").upper(), "Education", ""),
        ("contoso.com", "Education", ""),
    ]
    file, out = written(tmp_path, changes), tmp_path / "plan.json"
    done = call(emulator, "plan", file, *UPDATE, "--out", str(out))
    assert (done.returncode, done.stderr) == (0, "")
    told = done.stdout.splitlines()
    assert told[0] == f"6 changes by update_qualification at {emulator.url}"
    numbers = [re.split(r"\s{2,}", line.strip())[:2] for line in told if line.startswith("  ")]
    assert numbers[:6] == [
        ["set", "3"],
        ["already set", "1"],
        ["conflict", "1"],
        ["refused", "1"],
        ["left out", "1"],
        [COUNTY, "2"],
    ]
    litware = emulator.customer("Litware")
    assert f"row 4  {litware}  conflict: the customer is {GOVERNMENT}" in told
    assert any(line.startswith("row 6  -  refused: customer must be") for line in told)
    assert shlex.split(told[-1])[:4] == ["partner-center", "run", str(out), "--journal"]
    *noted, last = rows(call(emulator, "plan", file, *UPDATE, "--json"))
    assert [(one["row"], one["decision"]) for one in noted] == [(4, "conflict"), (6, "refused")]
    assert "GUID" in noted[1]["error"]
    assert (last["planned"], last["sends"], last["doubles"]) == (6, 3, 1)
    assert (last["codes"], last["file"], last["error"]) == ({COUNTY: 2}, None, None)
    assert writes(emulator) == 0
    again = call(emulator, "plan", file, *UPDATE, "--out", str(out))
    assert (again.returncode, again.stdout) == (2, "")
    assert "--out cannot be made: File exists" in again.stderr


def test_a_long_list_is_bounded(many: Emulator, tmp_path: Path) -> None:
    """People see the first rows; a program, and the file, all of them."""
    wrong = [(f"{row}.example", "Education", "") for row in range(500)]
    file = written(tmp_path, wrong)
    told = call(many, "plan", file, *UPDATE, *FAST).stdout.splitlines()
    assert told[-1] == "and 480 more rows; --json shows them all"
    assert len(told) < 30
    assert len(rows(call(many, "plan", file, *UPDATE, "--json"))) == 501


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("customer,qualification,validation_code", "validation_code would be the code itself"),
        ("customer,what", "column 2, what, is no part of a change"),
        (None, "FILE cannot be read: No such file"),
    ],
)
def test_a_file_of_something_else(
    emulator: Emulator, tmp_path: Path, header: str | None, said: str
) -> None:
    """Wrong usage; nothing is sent, no plan is left, and no value is shown."""
    path, out = tmp_path / "changes.csv", tmp_path / "plan.json"
    if header is not None:
        path.write_text(f"{header}\n{emulator.customer('Contoso')},Education,{CODE}\n")
    done = call(emulator, "plan", str(path), *UPDATE, "--out", str(out))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert CODE not in done.stderr
    assert (emulator.requests(), out.exists()) == ([], False)


def test_a_plan_that_fails_leaves_no_file(emulator: Emulator, tmp_path: Path) -> None:
    """Here the token is refused."""
    file, out = written(tmp_path, schools(emulator)), tmp_path / "plan.json"
    token = emulator.token
    emulator.expire_token()
    words = [*PROGRAM, "plan", file, *UPDATE, "--out", str(out), *at(emulator.url)]
    done = subprocess.run(
        words,
        env=environment(PARTNER_CENTER_TOKEN=token),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, out.exists()) == (3, "", False)
    assert done.stderr.startswith("not read: ")


@pytest.mark.parametrize(
    ("confirmed", "said"),
    [
        ([], "Add --yes 60 to confirm"),
        (["--yes", "59"], "--yes confirms 59 changes, and the plan asks for 60"),
        (["--yes", "0"], "--yes confirms 0 changes"),
        (["--yes"], "expected one argument"),
        (["--yes", "all"], "must be a whole number"),
    ],
)
def test_a_script_says_how_many(
    many: Emulator, tmp_path: Path, confirmed: list[str], said: str
) -> None:
    """Any other number, or none, is wrong usage: nothing is sent, and no journal made."""
    plan, journal = planned(many, tmp_path, schools(many)), tmp_path / "journal"
    done = call(many, "run", plan, "--journal", str(journal), *confirmed)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert (writes(many), journal.exists()) == (0, False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["plan", "--results", "taken"], "--results cannot be made: File exists"),
        (["plan", "--results", "./journal"], "--results and the journal name the same file"),
        (["taken"], "Nothing was sent."),
        (["altered"], "altered"),
        (["none"], "PLAN cannot be read: No such file"),
    ],
)
def test_files_that_cannot_be_taken(
    emulator: Emulator, tmp_path: Path, given: list[str], said: str
) -> None:
    """Wrong usage, before anything is sent or made."""
    plan = Path(planned(emulator, tmp_path, schools(emulator, 1)))
    other = emulator.customer("Litware")
    altered = plan.read_text().replace(emulator.customer("Contoso"), other)
    for name, text in (("plan", plan.read_text()), ("taken", "{}"), ("altered", altered)):
        (tmp_path / name).write_text(text)
    words = [word if word.startswith("--") else str(tmp_path / word) for word in given]
    done = call(emulator, "run", *words, "--yes", "1", "--journal", str(tmp_path / "journal"))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert (writes(emulator), (tmp_path / "journal").exists()) == (0, False)
    assert (tmp_path / "taken").read_text() == "{}"


def test_a_run_makes_the_changes(many: Emulator, tmp_path: Path) -> None:
    """0 where all are in the asked state; the report, and the results as a file."""
    northwind = (many.customer("Northwind"), "Education", "")
    plan = planned(many, tmp_path, [*schools(many, 30), northwind])
    journal, results = str(tmp_path / "journal"), tmp_path / "results.csv"
    words = ["run", plan, "--journal", journal, "--yes", "30", *FAST]
    done = call(many, *words, "--results", str(results))
    assert (done.returncode, done.stderr) == (0, "")
    first, *others = done.stdout.splitlines()
    assert first == "applied: each customer is in the asked state"
    assert [line.split() for line in others[:3]] == [
        ["planned", "31"],
        ["applied", "30"],
        ["already", "set", "1"],
    ]
    assert others[-1] == f"journal: {journal}"
    with results.open(encoding="utf-8", newline="") as file:
        ends = [row["end"] for row in csv.DictReader(file)]
    assert sorted(ends) == ["already_set", *["applied"] * 30]
    assert many.applied() == 30
    again = call(many, *words)
    assert again.returncode == 3
    assert "Resume it, or give another path" in again.stderr
    told = report_of(call(many, "resume", journal, "--yes", "--json"))
    assert (told["applied"], told["error"], many.applied()) == (30, None, 30)


def test_what_is_refused_is_a_line_and_3(many: Emulator, tmp_path: Path) -> None:
    """Here a code is spent after three; the others are applied."""
    counties = [(one, GOVERNMENT, COUNTY) for one, _, _ in schools(many, 5)]
    plan = planned(many, tmp_path, counties)
    words = ["run", plan, "--yes", "5", "--code-env", f"{COUNTY}=COUNTY_CODE", *FAST]
    journal = str(tmp_path / "journal")
    done = call(many, *words, "--at-once", "1", "--journal", journal, COUNTY_CODE=CODE)
    assert (done.returncode, done.stderr) == (3, "")
    lines = done.stdout.splitlines()
    assert [line.split()[3] for line in lines if line.startswith("row ")] == ["refused:"] * 2
    assert "not applied: some of the changes" in lines
    assert many.applied() == 3
    told = rows(call(many, "resume", journal, "--yes", "--json"))
    assert [one["end"] for one in told if "row" in one] == ["refused"] * 2
    assert (told[-1]["applied"], told[-1]["refused"]) == (3, 2)
    assert CODE not in done.stdout + Path(plan).read_text() + Path(journal).read_text()


@pytest.mark.parametrize("json", [False, True])
def test_what_the_plan_has_decided_is_a_line_too(
    emulator: Emulator, tmp_path: Path, json: bool
) -> None:
    """Why it comes to nothing; for a run that ends it, and for one that is resumed."""
    litware = emulator.customer("Litware")
    changes = [
        (litware, "Education", ""),
        (emulator.customer("Contoso"), "Education", ""),
        ("contoso.com", "Education", ""),
        (emulator.customer("Northwind"), "Education", ""),
    ]
    plan, journal = planned(emulator, tmp_path, changes), str(tmp_path / "journal")
    words = ["--json"] if json else []
    excluded = "the customer's state excludes the change"
    for done in (
        call(emulator, "run", plan, "--journal", journal, "--yes", "1", *words),
        call(emulator, "resume", journal, "--yes", *words),
    ):
        assert (done.returncode, done.stderr) == (3, "")
        if json:
            told = [one for one in rows(done) if "row" in one]
            assert [(one["row"], one["end"]) for one in told] == [(0, "conflict"), (2, "refused")]
            assert (told[0]["customer"], told[0]["error"]) == (litware, excluded)
            assert "GUID" in told[1]["error"]
        else:
            conflict, refused, *_ = done.stdout.splitlines()
            assert conflict == f"row 0  {litware}  conflict: {excluded}"
            assert refused.startswith("row 2  -  refused: customer must be ")


def test_what_is_unknown_is_4_and_read_again(many: Emulator, tmp_path: Path) -> None:
    """Some answers are lost, and the changes are applied after the last read."""
    changes = [(one, "Education", "", "K12") for one, *_ in schools(many, 20)]
    plan, journal = str(tmp_path / "plan.json"), str(tmp_path / "journal")
    words = ["plan", written(tmp_path, changes), "--operation", "create_qualification"]
    assert call(many, *words, *FAST, "--out", plan).returncode == 0
    many.switch(lost="after_applying", lost_when={"permille": 200}, late_ms=1000, seed=3)
    words = ["run", plan, "--journal", journal, "--yes", "20", *FAST, "--at-once", "1", "--json"]
    done = call(many, *words, PARTNER_CENTER_TIME_SCALE="10000")
    *lost, told = rows(done)
    assert done.returncode == 4
    assert [one["end"] for one in lost] == ["unknown"] * told["unknown"]
    assert all(one["pending"]["customer"] == one["customer"] for one in lost)
    assert told["applied"] + told["unknown"] == 20
    before, until = writes(many), time.monotonic() + LONG
    while many.applied() < 20 and time.monotonic() < until:
        time.sleep(0.05)
    again = resumed(many, journal)
    assert (again.returncode, report_of(again)["applied"]) == (0, 20)
    assert writes(many) == before


def test_a_run_that_stops_is_5(many: Emulator, tmp_path: Path) -> None:
    """Whatever else there is: here a code that nobody knows, after which nothing is sent."""
    counties = [(one, GOVERNMENT, "Nobody") for one, _, _ in schools(many)]
    plan, journal = planned(many, tmp_path, counties), str(tmp_path / "journal")
    words = ["run", plan, "--journal", journal, "--yes", "60", *FAST]
    done = call(many, *words, "--code-env", "Nobody=NOBODY", NOBODY="000000")
    assert (done.returncode, done.stderr) == (5, "")
    assert "\nstopped: Of the first changes none ended well" in done.stdout
    command = shlex.split(done.stdout.splitlines()[-1])
    expected = ["resume", journal, "--code-env", "Nobody=NOBODY"]
    assert command[:5] == ["partner-center", *expected]
    assert resumed(many, *command[2:]).returncode == 2  # the variable is not set here
    assert writes(many) == 1


@pytest.mark.parametrize("content", ["", "{}\n", "no journal\n"])
def test_a_journal_of_something_else(emulator: Emulator, tmp_path: Path, content: str) -> None:
    """Nothing is sent."""
    path = tmp_path / "journal"
    path.write_text(content)
    done = call(emulator, "resume", str(path), "--yes")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("not applied: The journal ")
    assert emulator.requests() == []
