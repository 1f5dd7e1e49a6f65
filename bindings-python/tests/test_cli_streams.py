"""The program with standard streams that are closed, or end early, or hold what is no text."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bulk import client_of
from bulk_commands import FAST, planned, schools
from command_line import PROGRAM, Done, at, environment, rows, start_into
from partner_center.testing import Emulator


def with_streams(emulator: Emulator, streams: str, *words: str, given: str | None = None) -> Done:
    """The program's end, with streams as a shell redirects them."""
    return subprocess.run(
        ["sh", "-c", f'"$@" {streams}', "sh", *PROGRAM, *words],
        input=given,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        env=environment(PARTNER_CENTER_TOKEN=emulator.token),
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_no_exit_code(
    emulator: Emulator, tmp_path: Path, streams: str
) -> None:
    """Nor what is done; whoever has closed one of them wants no traceback."""
    contoso, where = emulator.customer("Contoso"), at(emulator.url)
    plan = planned(emulator, tmp_path, schools(emulator))
    journal = ["--journal", str(tmp_path / "journal")]
    for code, words in (
        (0, ["update", contoso, "Education", "--yes"]),
        (3, ["update", emulator.customer("Litware"), "Education", "--yes"]),
        (2, ["update", contoso, "Education", "--nonsense"]),
        (2, ["update", contoso, "Education"]),
        (0, ["get", contoso]),
        (0, ["customers"]),
        (0, ["doctor"]),
        (0, ["run", plan, *journal, "--yes", "3", *FAST]),
        (0, ["resume", journal[1], "--yes", *FAST]),
        (0, ["--version"]),
        (2, []),
    ):
        alone = words in (["--version"], [])
        done = with_streams(emulator, streams, *words, *([] if alone else where))
        assert (words, done.returncode) == (words, code)
        assert "Traceback" not in done.stdout + done.stderr
    assert emulator.applied() == 3


def test_without_a_standard_error_a_bar_is_silent() -> None:
    """With tqdm, too."""
    script = (
        "import sys\n"
        "from partner_center.progress import Count, progress_bar\n"
        "assert sys.stderr is None\n"
        "with progress_bar(3, label='changes') as bar:\n"
        "    bar(None)\n"
        "print('done')\n"
    )
    done = subprocess.run(
        ["sh", "-c", '"$@" 2>&-', "sh", sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "done\n")


@pytest.mark.parametrize("script", ['cat | "$@" /dev/stdin', '"$@" <(cat)'])
def test_changes_may_come_through_a_pipe(emulator: Emulator, script: str) -> None:
    """Which can be read once only."""
    words = [*at(emulator.url), "--operation", "update_qualification", "--json"]
    done = subprocess.run(
        ["bash", "-c", script, "bash", *PROGRAM, "plan", *words],
        input=f"customer;qualification\n{emulator.customer('Contoso')};Education\n",
        capture_output=True,
        text=True,
        env=environment(PARTNER_CENTER_TOKEN=emulator.token),
        check=False,
    )
    assert (done.returncode, rows(done)[-1]["set"]) == (0, 1)


@pytest.mark.parametrize(
    "words",
    [["reconcile", "-"], ["run", "-", "--journal", "{}", "--yes", "1"]],
    ids=["reconcile", "run"],
)
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, " is -, and the standard input is closed"),
        ('{"customer": "\udcff"}', " cannot be read: it is not valid text"),
        ("[" * 100_000, ""),
        ('{"pending": "\\ud800"}', ""),
        ("", ""),
    ],
    ids=["closed", "not UTF-8", "deep", "surrogate", "empty"],
)
def test_what_cannot_be_taken_from_the_standard_input(
    emulator: Emulator, tmp_path: Path, words: list[str], given: str | None, said: str
) -> None:
    """Is wrong usage; nothing is sent or made."""
    journal = tmp_path / "journal"
    words = [word.replace("{}", str(journal)) for word in words]
    streams = "<&-" if given is None else ""
    done = with_streams(emulator, streams, *words, *at(emulator.url), given=given)
    assert (done.returncode, done.stdout, journal.exists()) == (2, "", False)
    assert f"{'FILE' if 'reconcile' in words else 'PLAN'}{said}" in done.stderr or not said
    assert "Nothing was sent." in done.stderr
    assert emulator.requests() == []


@pytest.mark.parametrize("json", [[], ["--json"]])
@pytest.mark.parametrize("command", ["customers", "codes", "doctor", "watch"])
def test_a_reader_that_leaves_ends_what_only_reads(
    emulator: Emulator, command: str, json: list[str]
) -> None:
    """As it would other tools: a wait for days has nobody left to tell."""
    contoso = emulator.customer("Contoso")
    client = client_of(emulator)
    client.create_qualification(contoso, "Education", education_segment="K12")
    words = ["watch", contoso, "Education", "--deadline", "3d"] if command == "watch" else [command]
    reader, writer = os.pipe()
    os.close(reader)
    process = start_into(
        writer,
        *[*words, *json, *at(emulator.url)],
        PARTNER_CENTER_TOKEN=emulator.token,
        PARTNER_CENTER_TIME_SCALE="1000" if command == "watch" else "1",
    )
    os.close(writer)
    try:
        assert (process.communicate(timeout=60)[1], process.returncode) == ("", 141)
    finally:
        process.kill()
