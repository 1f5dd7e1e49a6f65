"""Where the token and the validation code come from: an open file, or a person who types them."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator

import pytest
from command_line import PROGRAM, Done, Terminal, at, environment
from partner_center.testing import Emulator

CONTOSO = "11111111-aaaa-4aaa-8aaa-111111111111"
COUNTY = "33333333-cccc-4ccc-8ccc-333333333333"
GOVERNMENT = "GovernmentCommunityCloud"
TOKEN = "canary-token-4711"
CODE = "123456"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """One that takes the token."""
    with Emulator(token=TOKEN) as running:
        yield running


def with_files(*words: str, contents: list[bytes], **variables: str) -> Done:
    """The program's end; `{0}` among the words is the number of the first file, and so on."""
    readers = []
    for content in contents:
        reader, writer = os.pipe()
        os.write(writer, content)
        os.close(writer)
        readers.append(reader)
    try:
        return subprocess.run(
            [*PROGRAM, *(word.format(*readers) for word in words)],
            stdin=subprocess.DEVNULL,
            pass_fds=readers,
            capture_output=True,
            text=True,
            env=environment(**variables),
            check=False,
        )
    finally:
        for reader in readers:
            os.close(reader)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_both_come_from_open_files(emulator: Emulator, mark: bytes) -> None:
    """With or without a line's end or Windows' mark, and instead of the environment's."""
    done = with_files(
        *["update", COUNTY, GOVERNMENT, "--yes", "--token-fd", "{0}", "--code-fd", "{1}"],
        *at(emulator.url),
        contents=[mark + f"{TOKEN}\n".encode(), mark + CODE.encode()],
        PARTNER_CENTER_TOKEN="another",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert emulator.applied() == 1
    assert [secret for secret in (TOKEN, CODE) if secret in done.stdout] == []


def test_space_around_a_variables_secret_is_none_of_it(emulator: Emulator) -> None:
    """As in a file."""
    words = ["update", COUNTY, GOVERNMENT, "--yes", "--validation-code-env", "COUNTY_CODE"]
    secrets = {"PARTNER_CENTER_TOKEN": f"{TOKEN}\n", "COUNTY_CODE": f" {CODE}\r\n"}
    done = with_files(*words, *at(emulator.url), contents=[], **secrets)
    assert (done.returncode, done.stderr, emulator.applied()) == (0, "", 1)


@pytest.mark.parametrize(
    ("words", "contents", "said"),
    [
        (["--token-fd", "{0}"], [b" \n"], "--token-fd names is empty"),
        (["--token-fd", "{0}"], [b"\xff"], "--token-fd names does not hold valid text"),
        (["--token-fd", "999"], [], "--token-fd names cannot be read: Bad file descriptor"),
        (["--token-fd", TOKEN], [], "must be the number of an open file"),
        (["--code-fd", "{0}", "--token-fd", "{0}"], [TOKEN.encode()], "name the same file"),
        (["--code-fd", "3", "--validation-code-env", "X"], [], "not allowed with"),
        (["--token-fd", "3", "--token-env", "X"], [], "not allowed with"),
    ],
)
def test_what_holds_no_secret_is_wrong_usage(
    emulator: Emulator, words: list[str], contents: list[bytes], said: str
) -> None:
    """Nothing is sent, and nothing of it repeated."""
    update = ["update", CONTOSO, "Education", "--yes", *words, *at(emulator.url)]
    done = with_files(*update, contents=contents, PARTNER_CENTER_TOKEN="")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert TOKEN not in done.stderr
    assert emulator.requests() == []


def test_a_person_is_asked_and_what_is_typed_is_not_shown(emulator: Emulator) -> None:
    """The code, then the token, then the question."""
    terminal = Terminal("update", COUNTY, GOVERNMENT, *at(emulator.url))
    terminal.read("Validation code (not shown): ")
    terminal.type(f"{CODE}\n")
    terminal.read("Token (not shown): ")
    terminal.type(f"{TOKEN}\n")
    terminal.read(f"Type {GOVERNMENT} to go on: ")
    terminal.type(f"{GOVERNMENT}\n")
    assert terminal.end() == 0
    assert "\napplied: customer" in terminal.text
    assert [secret for secret in (TOKEN, CODE) if secret in terminal.text] == []


@pytest.mark.parametrize("keys", ["\n", "\x04", None])
def test_nothing_typed_sends_nothing(emulator: Emulator, keys: str | None) -> None:
    """An empty line, Ctrl-D, Ctrl-C."""
    terminal = Terminal("get", CONTOSO, *at(emulator.url))
    terminal.read("Token (not shown): ")
    if keys is None:
        terminal.process.send_signal(signal.SIGINT)
    else:
        terminal.type(keys)
    assert terminal.end() == (3 if keys is None else 2)
    assert "Traceback" not in terminal.text
    assert emulator.requests() == []


def test_nobody_is_asked_for_a_variable_that_was_named(emulator: Emulator) -> None:
    """That it is not set is a mistake to tell of."""
    terminal = Terminal("get", CONTOSO, "--token-env", "MY_TOKEN", *at(emulator.url))
    assert terminal.end() == 2
    assert "that --token-env names is not set" in " ".join(terminal.text.split())
