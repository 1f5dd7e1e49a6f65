"""Every language ran every case, and saw the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ["rust", "python", "kotlin", "swift"]
# Of the page on operations: what stands in backquotes and is no case.
WORDS = {"items", "size", "filter", "in_review", "no_such_organization", "code_used_up"}
WORDS |= {"plan", "resume"}
WORDS |= {"no_such_customer", "no_such_domain", "ambiguous", "not_requested", "foreign_link"}
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


def test_the_table_of_operations_cites_cases_that_exist() -> None:
    """Each line of the page is backed by cases of its operation, and every operation has a line."""
    page = (ROOT / "core" / "docs" / "operations.md").read_text(encoding="utf-8")
    folders = {path.parent.name for path in CASES}
    cited = set()
    for line in page.splitlines():
        cells = line.strip("| ").split(" | ")
        operation = cells[0].strip("`")
        if operation not in folders:
            continue
        cited.add(operation)
        names = {path.stem for path in CASES if path.parent.name == operation}
        shown = set(re.findall(r"`([a-z0-9_]+)`", " ".join(cells[1:])))
        assert shown <= names | WORDS, f"{operation}: {shown - names - WORDS}"
        for cell in cells[1:]:
            # What has no request of its own, or sends just the documented one, needs no case.
            if cell not in ("that", "the same") and not cell.startswith("none"):
                assert names & set(re.findall(r"`([a-z0-9_]+)`", cell)), f"{operation}: {cell}"
    assert cited == folders
