"""The notebook runs from its first cell to its last and shows what it says; it stops, too."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import LONG, ROOT
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

NOTEBOOK = ROOT / "bindings-python" / "examples" / "qualifications.ipynb"
WIDGETS = "application/vnd.jupyter.widget-state+json"
WITHOUT_TQDM = "import sys\nsys.modules['tqdm'] = None"


def stored() -> Any:
    """The notebook as it is in the file."""
    return nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """A kernel that keeps nothing of its own outside the folder."""
    own = {name: str(folder) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "TMPDIR")}
    return {**os.environ, **own, **variables}


class Executed:
    """The notebook after it ran."""

    def __init__(self, folder: Path, first: str) -> None:
        self.first = first
        self.book = stored()
        self.book.cells[0] = nbformat.v4.new_code_cell(first)  # type: ignore[no-untyped-call]
        client = NotebookClient(self.book, timeout=120, kernel_name="python3")
        # A minute is three seconds: time enough to decide between two looks.
        client.execute(env=environment(folder, PARTNER_CENTER_TIME_SCALE="20"))

    def outputs(self, cell: str) -> list[Any]:
        """Of the cell with this id."""
        (outputs,) = (one.outputs for one in self.book.cells if one.id == cell)
        return list(outputs)

    def shown(self, cell: str) -> str:
        """The words that somebody reads below the cell, tables without their tags."""
        texts = []
        for output in self.outputs(cell):
            data = output.get("data", {})
            text = output.get("text") or data.get("text/html") or data.get("text/plain")
            texts.append(re.sub(r"<[^>]+>", " ", text))
        return " ".join(" ".join(texts).split())

    def bars(self) -> list[tuple[str, float, float]]:
        """Of each bar: the word at its end, how far it is, and how far it goes."""
        if "widgets" not in self.book.metadata:
            return []
        models = [one["state"] for one in self.book.metadata["widgets"][WIDGETS]["state"].values()]
        bars = [one for one in models if one["_model_name"] == "FloatProgressModel"]
        words = [one["value"] for one in models if one["_model_name"] == "HTMLModel"]
        after = [text for text in words if "it/s" in text or "s/it" in text]
        return [
            (text.split(",")[-1].strip(), bar["value"], bar["max"])
            for text, bar in zip(after, bars, strict=True)
        ]


@pytest.fixture(scope="module", params=["", WITHOUT_TQDM], ids=["with tqdm", "without tqdm"])
def executed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Executed:
    """Once with tqdm's bars and once without tqdm."""
    return Executed(tmp_path_factory.mktemp("kernel"), request.param)


def test_it_is_stored_without_outputs() -> None:
    """Those would be one run's ids and times, which no other run has."""
    book = stored()
    nbformat.validate(book)
    for cell in book.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None), cell.id


def test_each_cell_shows_what_the_text_says(executed: Executed) -> None:
    """From finding a customer to settling what was unknown."""
    for cell, *words in (
        ("customer", "company name Contoso", "domain contoso.onmicrosoft.com"),
        ("codes", "Woodgrove County 3 3"),
        ("preview", "PUT ", "/qualification", "Authorization: "),
        ("update", "outcome applied"),
        ("refused", "outcome not_applied", "Customer tagging denied."),
        ("vetting", "outcome applied", "Education, InReview", "end approved", "polls 2"),
        ("plan", "sends 20", "changes: 24 (1 conflict, 3 already_set, 20 set)"),
        ("run", "planned 24 applied 20 already set 3", "results: 24 (1 conflict, "),
        ("ends", "'applied': 20", "'conflict': 1"),
        ("unknown", "outcome unknown", "GovernmentCommunityCloud"),
        ("reconciled", "outcome applied", "evidence read"),
        ("codes-left", "Woodgrove County 2 3"),
    ):
        for word in words:
            assert word in executed.shown(cell), cell


def test_what_needs_an_eye_stands_first(executed: Executed) -> None:
    """In the plan as in the report."""
    for cell, kind in (("plan", "conflict"), ("run", "conflict")):
        table = executed.shown(cell).partition(" detail ")[2]
        assert re.match(rf"\d+ [0-9a-f-]{{36}} Education {kind} ", table), table[:120]


def test_bars_come_to_their_end(executed: Executed) -> None:
    """Of the vetting, the plan and the run, with how the last one stands; without tqdm none."""
    bars = executed.bars()
    if executed.first == WITHOUT_TQDM:
        assert bars == []
        return
    # Which of the plan's reads is the last is nobody's to say.
    assert [bar[1:] for bar in bars] == [(1, 1), (24, 24), (20, 20)]
    assert (bars[0][0], bars[2][0]) == ("Approved]", "applied]")
    assert bars[1][0] in {"set]", "already_set]", "conflict]"}


def test_no_cell_shows_a_secret(executed: Executed) -> None:
    """Neither the codes of the emulator nor its token."""
    text = str(executed.book)
    assert "Woodgrove County" in text
    assert not re.search(r"\b(123456|654321)\b|Bearer (?!\[token\])", text)


RUN = """
from pathlib import Path
from partner_center import Client
from partner_center.testing import Emulator

emulator = Emulator(customers=200)
client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
changes = [(one["id"], "Education") for one in emulator.customers()[5:]]
plan = client.plan(changes, operation="update_qualification", per_second=None)
journal = Path("journal")
client.run(plan, journal, per_second=20, on_result=lambda one: print("ended", flush=True))
"""
RESUME = """
import time
from partner_center import JournalError
from partner_center.progress import progress_bar

report = None
with progress_bar(label="resumed") as bar:
    while report is None:
        try:
            report = client.resume(journal, per_second=None, on_result=bar)
        except JournalError as error:
            assert "another run" in str(error)
            time.sleep(0.01)
print(report.planned, report.applied, emulator.applied())
"""


class Kernel:
    """A kernel and its stop button."""

    def __init__(self, folder: Path) -> None:
        self.manager, self._client = start_new_kernel(
            kernel_name="python3", cwd=str(folder), env=environment(folder)
        )

    def run(self, cell: str, stop_after: int | None = None) -> tuple[str, Any]:
        """What the cell prints, and its error; the button is pressed after so many lines."""
        printed: list[str] = []
        errors: list[Any] = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "error":
                errors.append(content)
            # What a left change came to is warned of in between.
            if message["msg_type"] != "stream" or content["name"] != "stdout":
                return
            before, after = len("".join(printed).splitlines()), 0
            printed.append(content["text"])
            after = len("".join(printed).splitlines())
            if stop_after is not None and before < stop_after <= after:
                self.manager.interrupt_kernel()

        self._client.execute_interactive(cell, timeout=LONG, output_hook=hear)
        return "".join(printed), errors[0] if errors else None

    def end(self) -> None:
        """With whatever runs in it."""
        self._client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Kernel]:
    """A fresh one, in real time."""
    running = Kernel(tmp_path)
    yield running
    running.end()


def test_the_stop_button_leaves_a_run_that_the_next_cell_resumes(kernel: Kernel) -> None:
    """The interrupt says how far the run came; then it comes to the whole sum."""
    printed, error = kernel.run(RUN, stop_after=15)
    assert error is not None
    assert error["ename"] == "KeyboardInterrupt"
    told = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error["traceback"]))
    assert "Of 200 changes" in told
    assert "Resume its journal" in told
    assert 15 <= printed.count("ended") < 200
    printed, error = kernel.run(RESUME)
    assert (printed, error) == ("200 200 200\n", None)
