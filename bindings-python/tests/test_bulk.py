"""Many customers: what a plan and a run come to."""

from __future__ import annotations

import os
import pickle
import threading
import traceback
from pathlib import Path

import pytest
from bulk import GCC, UPDATE, again, client_of, planned, schools, sums_hold
from conftest import GUID
from partner_center import (
    Change,
    ChangeEnd,
    ChangeResult,
    Decision,
    InvalidArgumentError,
    JournalError,
    Plan,
    PlannedChange,
    Qualification,
    StopReason,
)
from partner_center.testing import Emulator


def test_a_plan_decides_and_a_run_does_it(emulator: Emulator, tmp_path: Path) -> None:
    """Each change is heard once, on the thread that waits; pickles are whole again."""
    client = client_of(emulator)
    heard: list[tuple[int, object]] = []

    def hear(told: PlannedChange | ChangeResult) -> None:
        heard.append((threading.get_ident(), told))

    contoso = client.find_customer(company_name="Contoso")
    woodgrove = emulator.customer("Woodgrove")
    changes = [
        Change(contoso, "education"),
        Change(woodgrove, GCC, code_name="Woodgrove"),
        Change(emulator.customer("Northwind"), Qualification.EDUCATION),
        Change(emulator.customer("Litware"), Qualification.EDUCATION),
        Change(f"{{{contoso.id.upper()}}}", Qualification.EDUCATION),
        Change("contoso.com", Qualification.EDUCATION),
    ]
    plan = client.plan(iter(changes), operation=UPDATE, on_planned=hear)
    assert [one.decision for one in plan] == [
        Decision.SET,
        Decision.SET,
        Decision.ALREADY_SET,
        Decision.CONFLICT,
        Decision.REFUSED,
    ]
    assert (plan.sends, plan.doubles, plan.count("refused")) == (2, 1, 1)
    assert [(code.name, code.sends) for code in plan.codes] == [("Woodgrove", 1)]
    assert plan[-1].detail is not None
    assert "GUID" in plan[-1].detail
    assert plan[2].current == "Education"
    assert {thread for thread, _ in heard} == {threading.get_ident()}
    told = [one for _, one in heard]
    assert sorted(told, key=lambda one: getattr(one, "row", 0)) == list(plan[:4])

    heard.clear()
    codes = {"Woodgrove": client.find_validation_code("Woodgrove County")}
    report = client.run(plan, tmp_path / "journal", codes=codes, on_result=hear)
    sums_hold(report)
    assert [report[at].end for at in range(5)] == [
        ChangeEnd.APPLIED,
        ChangeEnd.APPLIED,
        ChangeEnd.ALREADY_SET,
        ChangeEnd.CONFLICT,
        ChangeEnd.REFUSED,
    ]
    assert (report.stopped, report.fingerprint) == (None, plan.fingerprint)
    assert report.journal == str(tmp_path / "journal")
    assert [one for _, one in heard] == list(report[:2])
    assert {thread for thread, _ in heard} == {threading.get_ident()}
    assert emulator.applied() == 2
    for value in (plan, plan[0], plan.codes[0], report, report[0], changes[1]):
        whole = pickle.loads(pickle.dumps(value))  # noqa: S301 - ours
        assert (whole, hash(whole), repr(whole)) == (value, hash(value), repr(value))


def test_a_plan_is_a_file_and_knows_itself(emulator: Emulator, tmp_path: Path) -> None:
    """Altered it is none, in JSON as in a pickle; and it is for one base_url."""
    client = client_of(emulator)
    plan = planned(client, schools(emulator))
    text = plan.to_json()
    assert Plan.from_json(text) == plan
    other = Emulator().customer("Litware")
    altered = text.replace(plan[0].customer, other)
    with pytest.raises(InvalidArgumentError, match="altered"):
        Plan.from_json(altered)
    pickled = pickle.dumps(plan).replace(plan[0].customer.encode(), other.encode())
    with pytest.raises(InvalidArgumentError, match="altered"):
        pickle.loads(pickled)  # noqa: S301 - ours
    with Emulator() as elsewhere, pytest.raises(InvalidArgumentError, match="base_url"):
        client_of(elsewhere).run(plan, tmp_path / "journal")
    assert not (tmp_path / "journal").exists()


def test_two_targets_for_one_customer_are_refused(emulator: Emulator) -> None:
    """Before anything is read; and so is what is no change, or no operation."""
    client = client_of(emulator)
    two = [Change(GUID, "Education"), Change(GUID, GCC, code_name="x")]
    with pytest.raises(InvalidArgumentError, match="rows 0 and 1"):
        planned(client, two)
    with pytest.raises(ValueError, match="operation must be"):
        client.plan(two, operation="delete_qualification")
    with pytest.raises(InvalidArgumentError, match="at_once"):
        client.plan([], operation=UPDATE, at_once=0)
    with pytest.raises(TypeError, match="on_planned must be callable"):
        client.plan([], operation=UPDATE, on_planned=7)  # type: ignore[arg-type]
    assert emulator.requests() == []


def test_a_run_stops_before_a_mistake_is_a_thousand(many: Emulator, tmp_path: Path) -> None:
    """Here a code that nobody knows; the report says why, in words too."""
    client = client_of(many)
    changes = [Change(one.customer, GCC, code_name="Nobody") for one in schools(many)]
    plan = planned(client, changes)
    journal = tmp_path / "journal"
    with pytest.raises(InvalidArgumentError, match="Nobody"):
        client.run(plan, journal)
    report = client.run(plan, journal, codes={"Nobody": "000000"}, per_second=None)
    sums_hold(report)
    assert report.stopped is StopReason.FIRST_CHANGES
    assert (report.refused, report.not_started) == (1, len(plan) - 1)
    assert report.detail
    with pytest.raises(JournalError, match="Resume it, or give another path"):
        client.run(plan, journal, codes={"Nobody": "000000"})


def test_the_credential_is_asked_on_the_thread_that_waits(many: Emulator, tmp_path: Path) -> None:
    """Once for all reads, and once more when the service refuses its token."""
    asked: list[int] = []

    def credential() -> str:
        asked.append(threading.get_ident())
        return many.token

    client = client_of(many, credential)
    plan = planned(client, schools(many))
    many.expire_token()
    report = client.run(plan, tmp_path / "journal", per_second=None)
    assert report.applied == len(plan)
    assert asked == [threading.get_ident()] * 2


def test_nothing_of_a_run_shows_a_code_or_the_token(emulator: Emulator, tmp_path: Path) -> None:
    """Not a repr, a pickle, a traceback or the journal; which its owner alone may read."""
    code = emulator.validation_codes()[0]["validation_id"]
    client = client_of(emulator)
    change = Change(emulator.customer("Woodgrove"), GCC, code_name="Woodgrove")
    plan = planned(client, [change])
    journal = tmp_path / "journal"
    texts: list[str] = []

    def refuse(_: ChangeResult) -> None:
        raise LookupError

    for codes in ({"Woodgrove": code, "x": 7}, {"Woodgrove": f"{code}\n{code}"}, [code]):
        with pytest.raises((TypeError, InvalidArgumentError)) as wrong:
            client.run(plan, journal, codes=codes)  # type: ignore[arg-type]
        texts += traceback.TracebackException.from_exception(wrong.value).format()
    with pytest.raises(LookupError) as caught:
        client.run(plan, journal, codes={"Woodgrove": code}, on_result=refuse)
    texts += traceback.TracebackException.from_exception(caught.value).format()
    report = again(lambda: client.resume(journal, codes={"Woodgrove": code}))
    assert report.applied == 1
    for value in (change, plan, plan[0], report, report[0]):
        texts += [repr(value), str(value), pickle.dumps(value).decode("latin-1")]
    texts += [plan.to_json(), journal.read_text(encoding="utf-8")]
    for text in texts:
        assert code not in text
        assert emulator.token not in text
    if os.name == "posix":
        assert journal.stat().st_mode & 0o777 == 0o600
