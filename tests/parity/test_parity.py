"""Every language ran every case, and saw the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ["rust", "python"]
CASES = sorted((ROOT / "tests" / "fixtures" / "cases").rglob("*.json"))


def lines(language: str) -> dict[str, str]:
    """What a language's suite wrote down, by case."""
    text = (ROOT / "target" / "parity" / f"{language}.jsonl").read_text(encoding="utf-8")
    return {json.loads(line)["id"]: line for line in text.splitlines()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_case_was_run(language: str) -> None:
    """No case is missing and none is made up."""
    ids = {json.loads(path.read_text(encoding="utf-8"))["id"] for path in CASES}
    assert lines(language).keys() == ids


def test_every_language_saw_the_same() -> None:
    """Byte for byte; where they differ, the lines are shown one above the other."""
    seen = {language: lines(language) for language in LANGUAGES}
    ids = set().union(*seen.values())
    differing = [
        "\n".join(f"{language:>8} {of.get(case, '(missing)')}" for language, of in seen.items())
        for case in sorted(ids)
        if len({of.get(case) for of in seen.values()}) > 1
    ]
    assert not differing, "\n\n".join(differing)
