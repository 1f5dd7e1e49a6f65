"""Completion, in the shells themselves."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest
from command_line import environment, run
from partner_center import cli

NAMES = [command.name for command in cli.commands()]
CASES = [
    ("", NAMES),
    ("com", ["completion"]),
    ("re", ["reconcile", "resume"]),
    ("c", ["create", "customers", "codes", "completion"]),
    ("watch 4d3cf487 Ed", ["Education"]),
    ("update --timeout 5 4d3cf487 Gov", ["GovernmentCommunityCloud"]),
    ("create 4d3cf487 State", ["StateOwnedEntity"]),
    ("codes --sh", ["--show"]),
    ("get --al", ["--allow-http-loopback"]),
    ("get --cloud ", ["global", "us_government", "china"]),
    ("create --education-segment ", ["K12", "HigherEducation"]),
    ("get --token-env MY_TO", ["MY_TOKEN"]),
    ("update --y", ["--yes"]),
    ("completion ", ["bash", "zsh", "fish"]),
    ("plan --operation up", ["update_qualification"]),
    ("run un", ["unknown outcome.json"]),
    ("run --yes 5 un", ["unknown outcome.json"]),
    ("update --yes 4d3cf487 Ed", ["Education"]),
    ("resume un", ["unknown outcome.json"]),
    ("reconcile un", ["unknown outcome.json"]),
    ("get --ca-file un", ["unknown outcome.json"]),
]


@pytest.fixture
def script(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The script for a shell, in a folder with one file."""
    done = run("completion", request.param)
    assert (done.returncode, done.stderr) == (0, "")
    (tmp_path / "unknown outcome.json").write_text("{}")
    path = tmp_path / "script"
    path.write_text(done.stdout)
    return path


def shell(script: Path, *command: str) -> str:
    """What a shell prints, in the folder of the script."""
    return subprocess.run(
        command,
        cwd=script.parent,
        env=environment(MY_TOKEN="canary"),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout


@pytest.mark.parametrize("script", ["bash"], indirect=True)
@pytest.mark.parametrize(("line", "offered"), CASES)
def test_bash(script: Path, line: str, offered: list[str]) -> None:
    """As bash calls the function that it registers."""
    words = shlex.split(f"partner-center {line}") + ([""] if line[-1:] in ("", " ") else [])
    array = " ".join(map(shlex.quote, words))
    ask = (
        f"set -eu; source ./script; COMP_WORDS=({array}); COMP_CWORD={len(words) - 1}; "
        'complete -p partner-center >/dev/null; _partner_center; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    out = shell(script, "bash", "--norc", "-c", ask)
    assert sorted(out.splitlines()) == sorted(offered)


@pytest.mark.parametrize("script", ["fish"], indirect=True)
@pytest.mark.parametrize(("line", "offered"), CASES)
def test_fish(script: Path, line: str, offered: list[str]) -> None:
    """As fish itself answers; descriptions stand behind a tab."""
    ask = f"source ./script; complete --do-complete {shlex.quote(f'partner-center {line}')}"
    out = shell(script, "fish", "--no-config", "-c", ask)
    found = [word.split("\t")[0].replace("\\ ", " ") for word in out.splitlines()]
    assert sorted(found) == sorted(offered)


ZSH = """
zmodload zsh/zpty
zpty shell zsh -f -i
say() { zpty -w shell "$1"; }
say 'PROMPT= RPROMPT=; setopt no_beep; autoload -Uz compinit; compinit -u -D; source ./script'
say 'partner-center() { print -r -- "GIV""EN<${(j:|:)@}>"; }; print RE''ADY'
until zpty -r -m shell out '*READY*'; do :; done
zpty -w -n shell $'partner-center '"$1"$'\\t\\n'
zpty -r -m shell out '*GIVEN<*>*'
print -r -- "$out"
"""


@pytest.mark.parametrize("script", ["zsh"], indirect=True)
@pytest.mark.parametrize(
    ("line", "offered"), [case for case in CASES if len(case[1]) == 1], ids=str
)
def test_zsh(script: Path, line: str, offered: list[str]) -> None:
    """With the tab key at its prompt: what there is one of is written out."""
    out = shell(script, "zsh", "-f", "-c", ZSH, "zsh", line)
    written = shlex.split(line)[:-1] + offered
    assert f"GIVEN<{'|'.join(written)}>" in out


def test_only_these_shells() -> None:
    """Another one is wrong usage."""
    done = run("completion", "tcsh")
    assert (done.returncode, done.stdout) == (2, "")
    assert "bash, zsh, fish" in done.stderr
