"""The commands beside update and get, as processes against the emulator."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import (
    Done,
    Terminal,
    answer,
    at,
    call,
    environment,
    peer,
    record,
    rows,
    run,
    start,
)
from partner_center import Client, cli
from partner_center.testing import Emulator

CONTOSO = "11111111-aaaa-4aaa-8aaa-111111111111"
FABRIKAM = "22222222-bbbb-4bbb-8bbb-222222222222"
COUNTY = "33333333-cccc-4ccc-8ccc-333333333333"
GOVERNMENT = "GovernmentCommunityCloud"
CODES = ("123456", "654321")
EDUCATION = ["create", CONTOSO, "Education", "--education-segment", "HigherEducation", "--yes"]


@pytest.fixture
def many() -> Iterator[Emulator]:
    """An emulator with more customers than a page holds."""
    with Emulator(customers=1200) as running:
        yield running


def test_every_module_of_a_command_is_listed() -> None:
    """A command is one file and one line."""
    folder = Path(cli.__file__).parent
    having = {path.stem for path in folder.glob("*.py") if "\nCOMMAND = " in path.read_text()}
    assert having == set(cli.COMMANDS)
    assert len({command.name for command in cli.commands()}) == len(having)


def test_codes_are_shown_only_when_asked(emulator: Emulator) -> None:
    """As a table and as JSON."""
    hidden = call(emulator, "codes")
    assert (hidden.returncode, hidden.stderr) == (0, "")
    assert hidden.stdout.splitlines()[1].split() == ["Woodgrove", "County", "3", "3", "********"]
    listed = call(emulator, "codes", "--json")
    assert [(row["organization"], row["value"], row["error"]) for row in rows(listed)] == [
        ("Woodgrove County", None, None),
        ("Litware County", None, None),
    ]
    assert not [code for code in CODES if code in hidden.stdout + listed.stdout]
    shown = call(emulator, "codes", "--show")
    assert [line.split()[-1] for line in shown.stdout.splitlines()] == ["code", *CODES]
    asked = rows(call(emulator, "codes", "--show", "--json"))
    assert [row["value"] for row in asked] == list(CODES)


def test_customers_go_through_all_pages(many: Emulator) -> None:
    """In columns and a line each; a page after the other."""
    done = call(many, "customers")
    assert (done.returncode, done.stderr) == (0, "")
    head, *lines = done.stdout.splitlines()
    assert head.split() == ["id", "company", "name", "domain", "relationship"]
    assert len(lines) == 1205
    assert {line.index("onmicrosoft.com") > 0 for line in lines} == {True}
    assert len(many.requests()) == 3
    listed = rows(call(many, "customers", "--json"))
    assert [row["id"] for row in listed] == [line.split()[0] for line in lines]
    assert {row["error"] for row in listed} == {None}


def test_customers_by_name(emulator: Emulator) -> None:
    """What the name begins with; where none does, the head alone."""
    found = rows(call(emulator, "customers", "con", "--json"))
    assert [row["company_name"] for row in found] == ["Contoso"]
    nobody = call(emulator, "customers", "Nobody")
    assert (nobody.returncode, nobody.stdout.count("\n")) == (0, 1)


def test_a_listing_that_fails_says_so_in_its_last_line(emulator: Emulator) -> None:
    """Exit 3; as JSON with the members of every failure."""
    emulator.expire_token()
    for command in ("customers", "codes"):
        words = [command, *at(emulator.url)]
        told = run(*words, PARTNER_CENTER_TOKEN="old")
        assert (told.returncode, told.stdout) == (3, "")
        assert told.stderr.startswith("not read: Partner Center refused the token")
        seen = record(run(*words, "--json", PARTNER_CENTER_TOKEN="old"))
        assert (seen["outcome"], seen["kind"]) == (None, "Authentication")


def test_names_cannot_steer_the_terminal_or_break_the_columns() -> None:
    """Whatever a customer is called."""
    item = {
        "id": CONTOSO,
        "companyProfile": {"tenantId": CONTOSO, "companyName": "\x1b[2Jevil\nrow"},
    }
    body = json.dumps({"totalCount": 1, "items": [item]}).encode()
    with peer(answer(200, body)) as hostile:
        done = run("customers", *at(hostile.url), PARTNER_CENTER_TOKEN="t")
    assert done.returncode == 0, done.stderr
    assert "evil row" in done.stdout
    assert done.stdout.count("\n") == 2
    assert done.stdout.replace("\n", "").isprintable()


def test_create_applies_and_then_finds_it_set(emulator: Emulator) -> None:
    """It reads first, and sends one POST in all."""
    done = call(emulator, *EDUCATION, "--website", "contoso.edu")
    assert (done.returncode, done.stderr) == (0, "")
    expected = f"applied: customer {CONTOSO} has Education, InReview (evidence: answer, request id"
    assert done.stdout.startswith(expected)
    again = call(emulator, *EDUCATION, "--json")
    seen = record(again)
    assert (again.returncode, seen["outcome"], seen["evidence"]) == (0, "already_set", "read")
    assert (seen["qualification"], seen["vetting_status"]) == ("Education", "InReview")
    assert [method for method, _ in emulator.requests()] == ["GET", "POST", "GET"]


def test_create_refuses_before_anything_is_sent(emulator: Emulator) -> None:
    """No segment, nobody to confirm, no code; and --dry-run sends nothing."""
    for words, said in (
        (["create", CONTOSO, "Education", "--yes"], "Education needs an education_segment"),
        (EDUCATION[:-1], "This change cannot be undone, and nobody"),
        (["create", COUNTY, GOVERNMENT, "--yes"], "--validation-code-env"),
    ):
        done = call(emulator, *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr
    shown = call(emulator, *EDUCATION, "--dry-run")
    client = Client("none", base_url=emulator.url, allow_http_loopback=True)
    assert shown.stdout == (
        client.preview_create_qualification(
            CONTOSO, "Education", education_segment="HigherEducation"
        )
        + "\n"
    )
    assert emulator.requests() == []


def test_create_asks_at_a_terminal(emulator: Emulator) -> None:
    """With what the customer is now."""
    terminal = Terminal(*EDUCATION[:-1], *at(emulator.url), PARTNER_CENTER_TOKEN=emulator.token)
    shown = terminal.read("Type Education to go on: ")
    assert f"customer  {CONTOSO}\nnow       no qualification\nasked     Education\n" in shown
    terminal.type("Education\n")
    assert terminal.end() == 0
    assert "\napplied: customer" in terminal.text


def watching(emulator: Emulator, *words: str) -> subprocess.Popen[str]:
    """A watch on Contoso's education; its waits are divided."""
    variables = {"PARTNER_CENTER_TOKEN": emulator.token, "PARTNER_CENTER_TIME_SCALE": "2000"}
    return start("watch", CONTOSO, "Education", *words, *at(emulator.url), **variables)


def test_watch_has_a_line_for_each_poll(emulator: Emulator) -> None:
    """And one for the end; approved is 0."""
    assert call(emulator, *EDUCATION).returncode == 0
    process = watching(emulator, "--poll-interval", "10m")
    assert process.stdout is not None
    assert process.stdout.readline().endswith(" UTC  Education, InReview\n")
    emulator.decide(CONTOSO, "Approved")
    out, err = process.communicate(timeout=60)
    *polls, last = out.splitlines()
    assert (process.returncode, err) == (0, "")
    assert {line.partition("UTC  ")[2] for line in polls[:-1]} <= {"Education, InReview"}
    assert polls[-1].endswith(" UTC  Education, Approved")
    assert last.startswith(f"approved: the customer is qualified; customer {CONTOSO}: Education")


@pytest.mark.parametrize(
    ("decision", "end"), [("Not an Academic Domain", "denied"), (None, "in_review")]
)
def test_watch_without_an_approval_is_3(emulator: Emulator, decision: str | None, end: str) -> None:
    """Denied, or not decided before the deadline."""
    assert call(emulator, *EDUCATION).returncode == 0
    if decision:
        emulator.decide(CONTOSO, "Denied", decision)
    process = watching(emulator, "--json", "--deadline", "15m")
    out, err = process.communicate(timeout=60)
    *polls, last = rows(Done([], process.returncode, out, err))
    assert process.returncode == 3
    assert (last["end"], last["vetting_reason"], last["error"]) == (end, decision, None)
    assert last["polls"] == len(polls)
    assert {poll["vetting_status"] for poll in polls} == {last["vetting_status"]}


def test_watch_needs_something_to_watch(emulator: Emulator) -> None:
    """And can be left."""
    nothing = watching(emulator)
    out, err = nothing.communicate(timeout=60)
    assert (nothing.returncode, out) == (3, "")
    assert err.startswith("not read: The customer's record holds no such qualification")
    assert call(emulator, *EDUCATION).returncode == 0
    process = watching(emulator, "--poll-interval", "1d")
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (3, "")
    assert err.startswith("not read: ")


def left_unknown(emulator: Emulator, *words: str) -> Done:
    """A change that was applied, and of which no answer and no read tells."""
    emulator.switch(lost="after_applying", reads_fail="closed")
    done = call(emulator, *words, PARTNER_CENTER_TIME_SCALE="10000")
    emulator.switch()
    assert (done.returncode, emulator.applied()) == (4, 1)
    return done


@pytest.mark.parametrize("through", ["file", "stdin", "member"])
def test_reconcile_settles_what_update_left(
    emulator: Emulator, tmp_path: Path, through: str
) -> None:
    """From the line that update --json printed, or its member; from a file or a pipe."""
    done = left_unknown(emulator, "update", CONTOSO, "Education", "--yes", "--json")
    pending = record(done)["pending"]
    assert pending["operation"] == "update_qualification"
    kept = json.dumps(pending) if through == "member" else done.stdout
    if through == "stdin":
        settled = reconciled(emulator, kept)
    else:
        (tmp_path / "unknown.json").write_text(kept)
        settled = call(emulator, "reconcile", str(tmp_path / "unknown.json"))
    assert (settled.returncode, settled.stderr) == (0, "")
    expected = f"applied: customer {CONTOSO} was asked to be Education, and is Education at "
    assert settled.stdout.startswith(expected)
    assert "evidence: read" in settled.stdout


def test_an_unknown_change_names_the_commands_that_tell(emulator: Emulator) -> None:
    """The one that settles it can be pasted into a shell."""
    told = left_unknown(emulator, "update", CONTOSO, "Education", "--yes")
    assert told.stdout == ""
    *_, pasted, _, read = (line.strip() for line in told.stderr.splitlines())
    assert shlex.split(read)[:3] == ["partner-center", "get", CONTOSO]
    program = f'partner-center() {{ {sys.executable} -m partner_center "$@"; }}'
    settled = subprocess.run(
        ["bash", "-c", f"{program}\n{pasted}"],
        capture_output=True,
        text=True,
        env=environment(PARTNER_CENTER_TOKEN=emulator.token),
        check=False,
    )
    assert (settled.returncode, settled.stdout[:9]) == (0, "applied: ")


def test_an_unknown_creation_is_read_by_its_own_contract(emulator: Emulator) -> None:
    """It was lost before it was applied, and asking for Education is never repeated."""
    emulator.switch(lost="before_applying")
    told = call(emulator, *EDUCATION, PARTNER_CENTER_TIME_SCALE="10000")
    assert (told.returncode, told.stdout) == (4, "")
    assert told.stderr.startswith("unknown: ")
    *_, pasted, _, read = (line.strip() for line in told.stderr.splitlines())
    assert shlex.split(read)[:4] == ["partner-center", "watch", CONTOSO, "Education"]
    kept = json.loads(shlex.split(pasted)[1])
    assert kept["operation"] == "create_qualification"
    assert reconciled(emulator, json.dumps(kept)).returncode == 4


def test_what_stays_unknown_is_4_and_can_be_piped_on(emulator: Emulator) -> None:
    """In words with the command that settles it; as JSON with what is pending."""
    kept = pending(emulator)
    done = reconciled(emulator, kept, "--json")
    seen = record(done)
    assert (done.returncode, seen["outcome"], seen["evidence"]) == (4, "unknown", None)
    assert seen["observed"]["value"] == "None"
    assert seen["pending"] == json.loads(kept)
    told = reconciled(emulator, json.dumps(seen))
    assert told.returncode == 4
    assert told.stdout.startswith("still unknown: customer")
    audited = reconciled(emulator, kept, "--audit")
    assert ["auditrecords" in path for _, path in emulator.requests()][-1]
    assert audited.returncode == 4
    emulator.expire_token()
    unread = reconciled(emulator, kept, token="old")
    assert unread.returncode == 4
    assert unread.stdout.startswith("still unknown, for the customer was not read: ")


def pending(emulator: Emulator) -> str:
    """What is written down before a change that then never came."""
    client = Client("t", base_url=emulator.url, allow_http_loopback=True)
    id_ = "0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9"
    return client.pending_update_qualification(CONTOSO, "Education", request_id=id_).to_json()


def reconciled(emulator: Emulator, kept: str, *words: str, token: str | None = None) -> Done:
    """The end of reconcile with that on its standard input."""
    return subprocess.run(
        [sys.executable, "-m", "partner_center", "reconcile", "-", *words, *at(emulator.url)],
        input=kept,
        capture_output=True,
        text=True,
        env=environment(PARTNER_CENTER_TOKEN=token or emulator.token),
        check=False,
    )


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("", "holds no JSON"),
        ("{", "holds no JSON"),
        ("{}", "pending is no operation"),
        ('{"pending": null}', "left nothing to settle"),
    ],
)
def test_what_is_no_operation_is_wrong_usage(emulator: Emulator, kept: str, said: str) -> None:
    """Exit 2, and nothing is read."""
    done = reconciled(emulator, kept)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert emulator.requests() == []
    missing = call(emulator, "reconcile", "/nowhere")
    assert (missing.returncode, "No such file" in missing.stderr) == (2, True)


def test_a_token_goes_nowhere_else_for_a_file(emulator: Emulator) -> None:
    """The file says where the change was sent; the options say where the token goes."""
    with peer(b"") as elsewhere:
        kept = json.loads(pending(emulator)) | {"base_url": elsewhere.url}
        done = reconciled(emulator, json.dumps(kept))
        assert not elsewhere.received.is_set()
    assert (done.returncode, emulator.requests()) == (2, [])
    assert elsewhere.url in done.stderr or "base_url" in done.stderr


def test_progress_of_a_listing_goes_to_the_terminal_alone(many: Emulator, tmp_path: Path) -> None:
    """Where the rows go to a file; not into it."""
    out = tmp_path / "customers"
    command = shlex.join([sys.executable, "-m", "partner_center", "customers", *at(many.url)])
    terminal = Terminal.of(
        *["bash", "-c", f"{command} >{shlex.quote(str(out))}"], PARTNER_CENTER_TOKEN=many.token
    )
    assert terminal.end() == 0
    assert "customers: 1205" in terminal.text
    assert len(out.read_text().splitlines()) == 1206


def test_a_command_does_not_load_what_another_needs() -> None:
    """doctor's network alone takes longer to load than all the rest."""
    script = "import sys; from partner_center import cli; cli.commands(); print({*sys.modules})"
    loaded = subprocess.check_output([sys.executable, "-c", script], text=True)
    assert not [name for name in ("'ssl'", "'urllib.request'", "'tqdm'") if name in loaded]
