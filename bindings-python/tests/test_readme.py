"""The code blocks of the README and of the package's pages run, and print what is said there."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import msal  # type: ignore[import-untyped]
import partner_center
import pytest
from conftest import ROOT
from partner_center import TokenRequest
from partner_center.testing import Emulator

PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "bindings-python" / "docs").glob("*.md")),
    *sorted((ROOT / "core" / "docs").glob("*.md")),
]
BLOCKS: list[tuple[str, str, str]] = [
    (page.name, language, code)
    for page in PAGES
    for language, code in re.findall(
        r"```(\w+)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL
    )
]
PRINTING = [
    (page, code, BLOCKS[index + 1][2])
    for index, (page, language, code) in enumerate(BLOCKS[:-1])
    if (language, BLOCKS[index + 1][1]) == ("python", "text")
]
# An unknown outcome is warned of, whoever has set up what; a bar is tqdm's.
USUAL = re.compile(r"outcome unknown|after its caller had left|it/s|s/it|^$")
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def only(text: str, language: str = "python") -> str:
    """The only block with a text."""
    (code,) = (code for _, of, code in BLOCKS if of == language and text in code)
    return code


def printed(code: str) -> str:
    """What a block prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "README.md", "exec"), {"__name__": "readme"})  # noqa: S102 - ours
    return out.getvalue()


def test_every_block_is_run_by_a_test() -> None:
    """A new block needs what it prints below it, or a test here."""
    python = [code for _, language, code in BLOCKS if language == "python"]
    silent = [code for code in python if code not in [code for _, code, _ in PRINTING]]
    tested = ['os.environ["PARTNER_CENTER_TOKEN"]', "import msal", "import InteractiveBrowser"]
    tested += ["partner_center_emulator"]  # and the shell's calls: in test_emulator.py
    assert sorted(silent) == sorted(only(text) for text in tested)
    shell = [code for _, language, code in BLOCKS if language == "sh"]
    plain = ["make demo\n", "pip install .\n", "partner-center emulator\n"]
    lines = [only(text, "sh") for text in (*COMMAND_LINES, "completion bash", "curl")]
    assert sorted(shell) == sorted([*plain, *lines])


@pytest.mark.parametrize(
    ("page", "code", "said"),
    PRINTING,
    ids=[f"{page} {number}" for number, (page, *_) in enumerate(PRINTING)],
)
def test_a_block_prints_what_is_said(page: str, code: str, said: str, tmp_path: Path) -> None:
    """Against the emulator; ids are others each time."""
    assert page
    # Dask warns of a slow disk, and would else have a folder for all.
    quiet = ["-W", "ignore:Creating scratch directories is taking:UserWarning"]
    command = [sys.executable, "-W", "error", *quiet, "-c", code]
    env = {**os.environ, "DASK_TEMPORARY_DIRECTORY": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    lines = [line for line in done.stderr.splitlines() if not USUAL.search(line)]
    # Dask tells of a worker that is slow to end.
    warned = [line for line in lines if "distributed.nanny" not in line]
    assert warned == []
    assert GUID.sub("id", done.stdout) == GUID.sub("id", said)


def test_the_lines_for_the_service(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the emulator's address in the service's place."""
    here = functools.partial(partner_center.Client, base_url=emulator.url, allow_http_loopback=True)
    monkeypatch.setattr(partner_center, "Client", here)
    monkeypatch.setenv("PARTNER_CENTER_TOKEN", emulator.token)
    monkeypatch.setenv("CUSTOMER", emulator.customer("Contoso"))
    outcome, request_id = printed(only('os.environ["PARTNER_CENTER_TOKEN"]')).split()
    assert outcome == "applied"
    assert GUID.fullmatch(request_id)
    assert emulator.applied() == 1


def test_the_lines_for_msal_and_azure_identity(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to the first call; MSAL's application would look for its authority at once."""

    answers: list[dict[str, str] | None] = [
        {"access_token": emulator.token},
        {"error": "invalid_grant", "error_description": "AADSTS50076: more than a password"},
        None,
    ]
    accounts = ["somebody"]

    class Application:
        def __init__(self, *_: str, **options: object) -> None:
            assert options.keys() <= {"authority", "instance_discovery"}

        def get_accounts(self) -> list[str]:
            return accounts

        def acquire_token_silent_with_error(
            self, scopes: list[str], **options: object
        ) -> dict[str, str] | None:
            assert scopes == [f"{emulator.url}/.default"]
            assert options == {
                "account": "somebody",
                "force_refresh": False,
                "claims_challenge": None,
            }
            return answers.pop(0)

    here = functools.partial(partner_center.Client, base_url=emulator.url, allow_http_loopback=True)
    monkeypatch.setattr(partner_center, "Client", here)
    monkeypatch.setattr(msal, "PublicClientApplication", Application)
    names: dict[str, object] = {}
    exec(only("import msal"), names)  # noqa: S102 - ours
    client = names["client"]
    assert isinstance(client, type(partner_center.Client("t")))
    contoso = emulator.customer("Contoso")
    assert client.get_customer(contoso)
    token = names["token"]
    request = TokenRequest(scopes=[f"{emulator.url}/.default"])
    assert callable(token)
    for said in ("AADSTS50076", "sign in again", "nobody has signed in"):
        with pytest.raises(PermissionError, match=said):
            token(request)
        if not answers:
            accounts.clear()
    assert printed(only("import InteractiveBrowser")) == ""


COMMAND_LINES: dict[str, tuple[int, list[str], str]] = {
    "--dry-run": (0, ["HEAD", "GET", "GET", "GET", "PUT"], '"outcome": "applied"'),
    # Nobody decides while it is watched.
    "customers Contoso": (3, ["HEAD", "GET", "GET", "GET", "GET", "GET", "POST"], "in review: "),
    "outcome.json": (0, ["PUT"], ""),
    "--token-fd": (0, ["PUT"], "applied: customer "),
    "plan changes.csv": (0, ["GET", "GET", "GET", "GET", "PUT", "GET", "PUT"], "applied: each "),
}
"""What a block holds; how it ends, the requests up to its change, and what it says."""


@pytest.mark.parametrize("text", COMMAND_LINES)
def test_the_lines_for_the_command_line(emulator: Emulator, tmp_path: Path, text: str) -> None:
    """With the emulator's address added by a program of the same name."""
    code, methods, said = COMMAND_LINES[text]
    program = tmp_path / "partner-center"
    program.write_text(
        f"#!/bin/sh\nexec {sys.executable} -m partner_center "
        f'"$@" --base-url {emulator.url} --allow-http-loopback\n'
    )
    program.chmod(0o755)
    (tmp_path / "token.txt").write_text(emulator.token)
    (tmp_path / "code.txt").write_text("123456")
    environment = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "PARTNER_CENTER_TOKEN": emulator.token,
        "PARTNER_CENTER_TIME_SCALE": "10000",
        "CUSTOMER": emulator.customer("Contoso"),
        "COUNTY": emulator.customer("Woodgrove"),
    }
    done = subprocess.run(
        ["bash", "-ec", only(text, "sh")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    made = [method for method, _ in emulator.requests()]
    assert made[: len(methods)] == methods
    assert set(made[len(methods) :]) <= {"GET"}
    assert emulator.applied() == sum(method in ("PUT", "POST") for method in methods)
    assert said in done.stdout
    assert emulator.token not in done.stdout + done.stderr
