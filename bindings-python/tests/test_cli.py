"""The command line as its users run it: a process, its output and its exit code."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest
from command_line import Terminal, answer, at, call, peer, record, run, start, start_into
from partner_center import CancelledError, Client, Outcome, __version__, cli
from partner_center.cli import connection, report
from partner_center.testing import Emulator

CONTOSO = "11111111-aaaa-4aaa-8aaa-111111111111"
FABRIKAM = "22222222-bbbb-4bbb-8bbb-222222222222"
GOVERNMENT = "GovernmentCommunityCloud"
REQUEST_ID = "0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9"
TOKEN_CANARY = "eyJhbGciOiJub25lIn0.eyJjYW5hcnkiOjF9.c2ln"
CODE_CANARY = "canary-code-778899"
UNWANTED = (TOKEN_CANARY, CODE_CANARY, "ABC123", "Traceback")
GUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def test_get_reads(emulator: Emulator) -> None:
    """A read says what it saw, and takes the id in upper case."""
    done = call(emulator, "get", CONTOSO.upper())
    expected = f"read: customer {CONTOSO} has no qualification \\(None\\)"
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(rf"{expected} \(request id {GUID}\)\n", done.stdout)


def test_update_applies_and_says_so_first(emulator: Emulator) -> None:
    """The first word is the outcome; --yes sends one PUT and nothing else."""
    words = ["update", CONTOSO, "education", "--yes", "--request-id", REQUEST_ID]
    done = call(emulator, *words)
    expected = f"applied: customer {CONTOSO} is Education (evidence: answer, request id"
    assert (done.returncode, done.stderr, done.stdout) == (0, "", f"{expected} {REQUEST_ID})\n")
    assert emulator.applied() == 1
    assert [method for method, _ in emulator.requests()] == ["PUT"]


@pytest.mark.parametrize(("outcome", "code"), list(zip(Outcome, (0, 0, 3, 4), strict=True)))
def test_the_outcome_of_an_interrupt_is_the_exit_code(outcome: Outcome, code: int) -> None:
    """An interrupt may come after the answer that proved the change."""
    assert report.exit_code(CancelledError("interrupted", outcome=outcome)) == code


def test_json_of_an_update(emulator: Emulator) -> None:
    """One object with every member, and without the code."""
    code = ["--validation-code-env", "CODE"]
    done = call(emulator, "update", CONTOSO, GOVERNMENT, "--yes", "--json", *code, CODE="123456")
    seen = record(done)
    attempt = seen["attempts"][0]
    assert done.returncode == 0
    assert (seen["outcome"], seen["evidence"]) == ("applied", "answer")
    assert (seen["customer"], seen["qualification"]) == (CONTOSO, GOVERNMENT)
    assert seen["error"] is None
    assert list(attempt) == ["at", "class", "status", "request_id", "correlation_id"]
    assert (attempt["class"], attempt["status"]) == ("applied", 200)
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", attempt["at"])
    assert "123456" not in done.stdout


def test_refused_is_not_applied(emulator: Emulator) -> None:
    """A refusal ends with 3, in words and as JSON."""
    words = ["update", FABRIKAM, GOVERNMENT, "--yes", "--validation-code-env", "CODE"]
    told = call(emulator, *words, CODE="654321")
    assert (told.returncode, told.stdout) == (3, "")
    assert told.stderr.startswith("not applied: Partner Center refused the request: HTTP 400")
    done = call(emulator, *words, "--json", CODE="654321")
    seen = record(done)
    assert (done.returncode, seen["status"]) == (3, 400)
    assert (seen["outcome"], seen["kind"]) == ("not_applied", "Rejected")
    assert (seen["customer"], seen["qualification"]) == (FABRIKAM, GOVERNMENT)
    assert (seen["code"], seen["error"][:14]) == ("600903", "Partner Center")
    assert "654321" not in told.stderr + done.stdout


def test_a_failed_read_has_no_outcome(emulator: Emulator) -> None:
    """A read that fails ends with 3; its outcome is null."""
    emulator.expire_token()
    words = ["get", CONTOSO, *at(emulator.url)]
    told = run(*words, PARTNER_CENTER_TOKEN=TOKEN_CANARY)
    assert (told.returncode, told.stdout) == (3, "")
    assert told.stderr.startswith("not read: Partner Center refused the token")
    done = run(*words, "--json", "--token-env", "OTHER_TOKEN", OTHER_TOKEN=TOKEN_CANARY)
    seen = record(done)
    assert (done.returncode, seen["outcome"], seen["reason"]) == (3, None, "same_token")
    assert TOKEN_CANARY not in told.stderr + done.stdout


def test_dry_run_prints_the_request_and_sends_nothing(emulator: Emulator) -> None:
    """The preview to the letter, without token and code."""
    client = Client("none", base_url=emulator.url, allow_http_loopback=True)
    expected = client.preview_update_qualification(
        CONTOSO, GOVERNMENT, validation_code=CODE_CANARY, request_id=REQUEST_ID
    )
    words = ["update", CONTOSO, GOVERNMENT, "--dry-run", "--validation-code-env", "CODE"]
    words += ["--request-id", REQUEST_ID, *at(emulator.url)]
    done = run(*words, CODE=CODE_CANARY)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", expected + "\n")
    as_json = record(run(*words, "--json", CODE=CODE_CANARY, PARTNER_CENTER_TOKEN=TOKEN_CANARY))
    assert (as_json["request"], as_json["outcome"]) == (expected, "not_applied")
    assert emulator.requests() == []
    assert CODE_CANARY not in done.stdout
    assert TOKEN_CANARY not in as_json["request"]


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"PARTNER_CENTER_TOKEN": " ", "MY_CODE": "123456"}, "PARTNER_CENTER_TOKEN"),
        ({"PARTNER_CENTER_TOKEN": TOKEN_CANARY}, "that --validation-code-env names"),
        ({"PARTNER_CENTER_TOKEN": "", "MY_CODE": ""}, "that --validation-code-env names"),
    ],
)
def test_a_variable_that_is_not_set(
    emulator: Emulator, variables: dict[str, str], named: str
) -> None:
    """The text says which variable; a name that is given may be a secret in the wrong place."""
    words = ["update", CONTOSO, GOVERNMENT, "--yes", "--validation-code-env", "MY_CODE"]
    done = run(*words, *at(emulator.url), **variables)
    assert (done.returncode, done.stdout) == (2, "")
    expected = f"not applied: The environment variable {named} is not set, or is empty. Put "
    assert done.stderr.startswith(expected)
    assert emulator.requests() == []


UPDATE = ["update", CONTOSO, "Education", "--yes"]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ([*UPDATE, "--token", TOKEN_CANARY], "PARTNER_CENTER_TOKEN"),
        ([*UPDATE, f"--token={CODE_CANARY}"], "PARTNER_CENTER_TOKEN"),
        (["--token", CODE_CANARY, *UPDATE], "PARTNER_CENTER_TOKEN"),
        ([*UPDATE, TOKEN_CANARY], "PARTNER_CENTER_TOKEN"),
        (["get", TOKEN_CANARY], "PARTNER_CENTER_TOKEN"),
        ([*UPDATE, "--token-env", TOKEN_CANARY], "PARTNER_CENTER_TOKEN"),
        ([*UPDATE, "--validation-code", CODE_CANARY], "--validation-code-env"),
        ([*UPDATE, f"--validation-code={CODE_CANARY}"], "--validation-code-env"),
        (["update", "--validation-code", CODE_CANARY, CONTOSO, GOVERNMENT], "variable"),
        ([*UPDATE, CODE_CANARY], "--validation-code-env"),
        ([*UPDATE, "--validation-code-env", CODE_CANARY], "name of an environment variable"),
        ([*UPDATE, "--validation-code-env", "ABC123"], "--validation-code-env names"),
        ([*UPDATE, f"--secret={CODE_CANARY}"], "unknown option --secret"),
        ([*UPDATE, f"--val={CODE_CANARY}"], "unknown option --val"),
        (["update", CONTOSO, CODE_CANARY, "--yes"], "must be Education or Gov"),
        (["update", CODE_CANARY, GOVERNMENT, "--yes"], "must be a GUID"),
        ([*UPDATE, "--request-id", CODE_CANARY], "must be a GUID"),
        ([*UPDATE, "--cloud", CODE_CANARY], "must be one of global"),
        ([*UPDATE, "--timeout", CODE_CANARY], "number of seconds"),
        ([*UPDATE, f"--json={CODE_CANARY}"], "takes no value"),
        ([*UPDATE, "--ca-file", CODE_CANARY], "--ca-file cannot be read"),
        ([CODE_CANARY], "no such command"),
        (["emulator", "--port", CODE_CANARY], "must be a number"),
    ],
)
def test_a_secret_as_an_argument_is_not_repeated(
    emulator: Emulator, words: list[str], place: str
) -> None:
    """The text says where a secret belongs, and does not show it."""
    talks = not {"update", "get"}.isdisjoint(words)
    done = run(*words, *(at(emulator.url) if talks else []), PARTNER_CENTER_TOKEN=TOKEN_CANARY)
    assert (done.returncode, done.stdout) == (2, "")
    assert place in done.stderr
    assert emulator.requests() == []
    assert not [word for word in UNWANTED if word in done.stderr]


def test_wrong_usage_as_json() -> None:
    """Arguments that cannot be taken are told as JSON too."""
    done = run("update", CONTOSO, "--json")
    seen = record(done)
    assert (done.returncode, seen["outcome"], seen["kind"]) == (2, "not_applied", "InvalidArgument")
    assert "QUALIFICATION" in seen["error"]


@pytest.mark.parametrize(
    ("words", "rule", "option"),
    [
        (["update", CONTOSO, GOVERNMENT, "--yes"], "GovernmentCommunityCloud needs a", "-code-env"),
        (["update", CONTOSO, "Education"], "This change cannot be undone, and nobody", "--yes"),
    ],
)
def test_wrong_usage_names_the_option_that_helps(
    emulator: Emulator, words: list[str], rule: str, option: str
) -> None:
    """No code for a government customer; nobody to ask and no --yes."""
    done = call(emulator, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"not applied: {rule}")
    assert option in done.stderr
    assert emulator.requests() == []


@pytest.mark.parametrize(
    ("keys", "code", "methods"),
    [
        ("Education\n", 0, ["GET", "PUT"]),
        ("education\n", 3, ["GET"]),
        ("yes\n", 3, ["GET"]),
        ("\n", 3, ["GET"]),
        ("\x04", 3, ["GET"]),  # Ctrl-D
        (None, 3, ["GET"]),  # Ctrl-C
    ],
)
def test_the_question(emulator: Emulator, keys: str | None, code: int, methods: list[str]) -> None:
    """Only the qualification's name goes on."""
    words = ["update", CONTOSO, "Education", *at(emulator.url)]
    terminal = Terminal(*words, PARTNER_CENTER_TOKEN=emulator.token)
    shown = terminal.read("Type Education to go on: ")
    assert f"customer  {CONTOSO}\nnow       None\nasked     Education\n" in shown
    assert "cannot be undone" in shown
    if keys is None:
        terminal.process.send_signal(signal.SIGINT)
    else:
        terminal.type(keys)
    assert terminal.end() == code
    last = "\napplied: customer" if code == 0 else "\nnot applied: "
    assert last in terminal.text
    assert [method for method, _ in emulator.requests()] == methods
    assert emulator.applied() == (code == 0)


def test_a_lost_answer_is_unknown() -> None:
    """Exit 4, and the command that reads the customer the same way."""
    with peer(b"") as lost:
        options = [*at(lost.url), "--timeout", "20"]
        told = run(*UPDATE, *options, PARTNER_CENTER_TOKEN=TOKEN_CANARY)
    assert (told.returncode, told.stdout) == (4, "")
    assert told.stderr.startswith("unknown: ")
    command = shlex.split(told.stderr.splitlines()[-1])
    expected = ["--base-url", lost.url, "--timeout", "20", "--allow-http-loopback"]
    assert command == ["partner-center", "get", CONTOSO, *expected]
    with peer(b"") as lost:
        done = run(*UPDATE, "--json", *at(lost.url), PARTNER_CENTER_TOKEN=TOKEN_CANARY)
    seen = record(done)
    assert (done.returncode, seen["outcome"], seen["kind"]) == (4, "unknown", "OutcomeUnknown")
    assert seen["attempts"][0]["class"] == "unknown"
    assert TOKEN_CANARY not in told.stderr + done.stdout


def test_a_short_timeout_ends_a_stalled_change() -> None:
    """--timeout may be shorter than the usual time for a connection."""
    with peer(None) as stalled:
        done = run(*UPDATE, *at(stalled.url), "--timeout", "4", PARTNER_CENTER_TOKEN=TOKEN_CANARY)
    assert done.returncode == 4
    assert done.stderr.startswith("unknown: ")


@pytest.mark.parametrize(
    ("words", "code", "begin"),
    [(UPDATE, 4, "unknown: "), (["get", CONTOSO], 3, "not read: ")],
)
def test_an_interrupt_tells_the_outcome(words: list[str], code: int, begin: str) -> None:
    """Ctrl-C during a call that is not answered."""
    with peer(None) as stalled:
        process = start(*words, *at(stalled.url), PARTNER_CENTER_TOKEN=TOKEN_CANARY)
        assert stalled.received.wait(30)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (code, "")
    assert err.startswith(begin)
    assert "(request id " in err
    assert "Traceback" not in err


def test_an_interrupt_that_lost_the_result_is_unknown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may come just when the call has ended; then it has no cause that tells."""

    def interrupt(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    stub = SimpleNamespace(update_qualification=interrupt)
    monkeypatch.setattr(connection, "client", lambda _: stub)
    monkeypatch.setattr(connection, "client_without_token", lambda _: stub)
    stub.preview_update_qualification = lambda *_, **__: ""
    assert cli.main(UPDATE) == 4
    assert capsys.readouterr().err.startswith("unknown: Interrupted")
    stub.preview_update_qualification = interrupt
    assert cli.main(UPDATE) == 3
    assert capsys.readouterr().err.startswith("not applied: Interrupted")


@pytest.mark.parametrize("status", [200, 403])
def test_the_service_cannot_steer_the_terminal(status: int) -> None:
    """Its texts lose their control characters and line ends."""
    text = "\x1b]0;title\x07\x1b[2J\x9b31m\u202eevil\napplied: customer"
    body = json.dumps({"code": 1, "description": text} if status == 403 else text).encode()
    with peer(answer(status, body)) as hostile:
        done = run("get", CONTOSO, *at(hostile.url), PARTNER_CENTER_TOKEN=TOKEN_CANARY)
    shown = done.stdout + done.stderr
    assert done.returncode == (0 if status == 200 else 3)
    assert "evil" in shown
    assert shown.endswith("\n")
    assert shown[:-1].isprintable()


def test_the_demo_tells_its_story() -> None:
    """Two changes, one refusal, the states before and after."""
    done = run("demo")
    assert (done.returncode, done.stderr) == (0, "")
    story = done.stdout
    assert max(len(line) for line in story.splitlines()) <= 80
    assert story.count("outcome  applied (evidence: answer") == 2
    assert story.count("outcome  not applied") == 1
    assert len(re.findall(rf"request  {GUID}\n", story)) == 3
    assert ("600903" in story, "Fabrikam           None\n" in story) == (True, True)
    assert "The customer was not changed." in " ".join(story.split())
    for ending in ("Contoso +None -> Education", f"Woodgrove County +None -> {GOVERNMENT}"):
        assert re.search(f"{ending}\n", story)
    for secret in ("123456", "654321", "emulator-", "\x1b"):
        assert secret not in story


@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_on_a_terminal_only_where_wanted(variables: dict[str, str], coloured: bool) -> None:
    """NO_COLOR is respected."""
    terminal = Terminal("demo", **variables)
    assert terminal.end() == 0
    assert ("\x1b[32mapplied\x1b[0m" in terminal.text) is coloured
    assert ("\x1b" in terminal.text) is coloured


def test_the_emulator_runs_and_is_used_as_it_says(emulator: Emulator) -> None:
    """Its own two lines lead to it; Ctrl-C ends it with 0."""
    process = start("emulator")
    assert process.stdout is not None
    lines = [""]
    while not lines[-1].startswith("Ctrl-C"):
        lines.append(process.stdout.readline())
        assert lines[-1], "it ended"
    export, get = (shlex.split(line) for line in lines[-4:-2])
    shown = "".join(lines)
    for fact in (CONTOSO, "Woodgrove County", "123456", "0 of 1 uses left", GOVERNMENT):
        assert fact in shown
    assert (export[0], get[0]) == ("export", "partner-center")
    name, _, token = export[1].partition("=")
    done = run(*get[1:], **{name: token})
    assert (done.returncode, done.stdout[:15]) == (0, "read: customer ")
    process.send_signal(signal.SIGINT)
    assert (process.communicate(timeout=30), process.returncode) == (("", ""), 0)
    busy = run("emulator", "--port", emulator.url.rpartition(":")[2])
    assert busy.returncode == 3
    assert busy.stderr.startswith("not started: ")


@pytest.mark.parametrize("words", [UPDATE, ["--help"]])
def test_a_reader_that_left_does_not_change_the_outcome(
    emulator: Emulator, words: list[str]
) -> None:
    """A closed pipe is no failure."""
    reader, writer = os.pipe()
    os.close(reader)
    process = start_into(writer, *words, *at(emulator.url), PARTNER_CENTER_TOKEN=emulator.token)
    os.close(writer)
    assert (process.communicate(timeout=60)[1], process.returncode) == ("", 0)
    assert emulator.applied() == (words != ["--help"])


def test_an_outcome_that_cannot_be_written_is_told_elsewhere(emulator: Emulator) -> None:
    """As with a full disk; here the output is a file that takes nothing."""
    closed = os.open(os.devnull, os.O_RDONLY)
    process = start_into(closed, *UPDATE, *at(emulator.url), PARTNER_CENTER_TOKEN=emulator.token)
    os.close(closed)
    assert process.communicate(timeout=60)[1].startswith("applied: customer ")
    assert process.returncode == 0


@pytest.mark.parametrize("command", [[], *([command.name] for command in cli.commands())])
def test_help_names_exit_codes_and_variables(command: list[str]) -> None:
    """Every help fits 80 columns and has an example."""
    done = run(*command, "--help", COLUMNS="80")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\nexit codes:\n  0  " in done.stdout
    assert "\n  partner-center " in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    if command in ([], ["update"], ["get"]):
        assert "\n  4  unknown" in done.stdout
        assert "PARTNER_CENTER_TOKEN" in done.stdout


def test_version_and_no_command() -> None:
    """The version; and help, as a mistake, where no command is given."""
    assert run("--version").stdout == f"partner-center {__version__}\n"
    nothing = run()
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert nothing.stderr.startswith("usage: partner-center ")


def test_the_package_does_not_load_its_command_line() -> None:
    """Importing the package stays light."""
    script = (
        "import partner_center, sys; print({'argparse', 'partner_center.cli'} & {*sys.modules})"
    )
    assert subprocess.check_output([sys.executable, "-c", script], text=True) == "set()\n"
