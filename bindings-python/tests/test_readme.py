"""The README's code blocks run, and print what it says."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import partner_center
import pytest
from conftest import ROOT
from partner_center.testing import Emulator

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)


def blocks(language: str) -> list[str]:
    """The blocks of a language, in order."""
    return [code for name, code in BLOCKS if name == language]


def printed(code: str) -> str:
    """What a block prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "README.md", "exec"), {"__name__": "readme"})  # noqa: S102 - ours
    return out.getvalue()


def test_every_block_is_run_by_a_test() -> None:
    """A new block needs a test here, or one of the suites that it names."""
    assert [name for name, _ in BLOCKS] == ["sh", "sh", "python", "text", "python", "sh"]
    assert blocks("sh")[:2] == ["make demo\n", "pip install .\n"]


def test_the_ten_lines_print_what_is_said() -> None:
    """Against the emulator."""
    code, _ = blocks("python")
    assert printed(code) == blocks("text")[0]


def test_the_lines_for_the_service(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the emulator's address in the service's place."""
    here = functools.partial(partner_center.Client, base_url=emulator.url, allow_http_loopback=True)
    monkeypatch.setattr(partner_center, "Client", here)
    monkeypatch.setenv("PARTNER_CENTER_TOKEN", emulator.token)
    monkeypatch.setenv("CUSTOMER", emulator.customer("Contoso"))
    _, code = blocks("python")
    outcome, request_id = printed(code).split()
    assert outcome == "applied"
    assert re.fullmatch(r"[0-9a-f-]{36}", request_id)
    assert emulator.applied() == 1


def test_the_lines_for_the_command_line(emulator: Emulator, tmp_path: Path) -> None:
    """With the emulator's address added by a program of the same name."""
    program = tmp_path / "partner-center"
    program.write_text(
        f"#!/bin/sh\nexec {sys.executable} -m partner_center "
        f'"$@" --base-url {emulator.url} --allow-http-loopback\n'
    )
    program.chmod(0o755)
    environment = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "PARTNER_CENTER_TOKEN": emulator.token,
        "CUSTOMER": emulator.customer("Contoso"),
    }
    done = subprocess.run(
        ["bash", "-ec", blocks("sh")[2]],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [method for method, _ in emulator.requests()] == ["GET", "PUT"]
    assert emulator.applied() == 1
    assert '"outcome": "applied"' in done.stdout
    assert emulator.token not in done.stdout + done.stderr
