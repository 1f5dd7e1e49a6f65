"""Many customers: plans, runs, and journals that a run which was left is resumed by."""

from __future__ import annotations

import _thread
import asyncio
import gc
import http.server
import itertools
import os
import pickle
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import GUID, LONG, cause_of
from partner_center import (
    CancelledError,
    Change,
    ChangeEnd,
    ChangeOperation,
    ChangeResult,
    Client,
    Decision,
    Event,
    InvalidArgumentError,
    JournalError,
    Outcome,
    Plan,
    PlannedChange,
    Qualification,
    Report,
    StopReason,
    aio,
)
from partner_center.testing import Emulator

UPDATE = ChangeOperation.UPDATE_QUALIFICATION
GCC = Qualification.GOVERNMENT_COMMUNITY_CLOUD
MANY = 200
ENDS = ("applied", "already_set", "refused", "conflict", "unknown", "not_started")


@pytest.fixture(name="many")
def _many() -> Any:
    """An emulator with many customers."""
    with Emulator(customers=MANY) as running:
        yield running


def client_of(emulator: Emulator, credential: Any = None, **options: Any) -> Client:
    """A client of the emulator."""
    given = emulator.token if credential is None else credential
    return Client(given, base_url=emulator.url, allow_http_loopback=True, **options)


def schools(emulator: Emulator, many: int = MANY) -> list[Change]:
    """Education for so many of the customers without a qualification."""
    none = [one for one in emulator.customers() if one["qualification"] == Qualification.NONE]
    return [Change(one["id"], Qualification.EDUCATION) for one in none[:many]]


def planned(client: Client, changes: list[Change]) -> Plan:
    """Without a pace."""
    return client.plan(changes, operation=UPDATE, per_second=None)


def sums_hold(report: Report) -> None:
    """Each change has one end."""
    assert report.planned == len(report.results) == sum(getattr(report, end) for end in ENDS)
    for end in ENDS:
        of_it = [result for result in report if result.end == end]
        assert len(of_it) == getattr(report, end)


def again(resume: Callable[[], Report]) -> Report:
    """A resumed run, once what the left one had open has let go of the journal."""
    until = time.monotonic() + LONG
    while True:
        try:
            return resume()
        except JournalError as error:
            if "another run" not in str(error) or time.monotonic() > until:
                raise
        time.sleep(0.01)


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
    with pytest.raises(ValueError, match="ChangeOperation"):
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


def test_ctrl_c_leaves_a_run_that_is_resumed(tmp_path: Path) -> None:
    """The interrupt says how far it came; the resumed run comes to the whole sum."""
    with Emulator(customers=1000) as many:
        client = client_of(many)
        plan = planned(client, schools(many, 1000))
        journal = tmp_path / "journal"

        def interrupt() -> None:
            while many.applied() < 30:
                time.sleep(0.001)
            _thread.interrupt_main()

        thread = threading.Thread(target=interrupt)
        thread.start()
        with pytest.raises(KeyboardInterrupt) as caught:
            # No code of Python's runs meanwhile, and one change after the other ends.
            client.run(plan, journal, per_second=None)
        thread.join()
        error = caught.value.__cause__
        assert isinstance(error, CancelledError)
        assert error.outcome is Outcome.UNKNOWN
        assert f"Of {len(plan)} changes" in str(error)
        assert "Resume its journal" in str(error)
        if sys.version_info >= (3, 11):
            assert caught.value.__notes__ == [f"partner_center: {error}"]
        assert many.applied() < len(plan)
        report = again(lambda: client.resume(journal, per_second=None))
        sums_hold(report)
        assert report.applied == len(plan) == many.applied()


def test_what_a_callback_raises_ends_the_call(many: Emulator, tmp_path: Path) -> None:
    """As it is, with a note where something may have changed; resume goes on."""
    client = client_of(many)

    def refuse(told: PlannedChange | ChangeResult) -> None:
        raise LookupError(told.row) from OSError("the caller's own")

    with pytest.raises(LookupError) as caught:
        client.plan(schools(many), operation=UPDATE, per_second=None, on_planned=refuse)
    assert getattr(caught.value, "__notes__", []) == []
    assert len(many.requests()) < len(schools(many))
    plan = planned(client, schools(many))
    with pytest.raises(LookupError) as caught:
        client.run(plan, tmp_path / "journal", per_second=None, on_result=refuse)
    assert isinstance(caught.value.__cause__, OSError)
    if sys.version_info >= (3, 11):
        (note,) = caught.value.__notes__
        assert "Resume its journal" in note
    report = again(lambda: client.resume(tmp_path / "journal", per_second=None))
    assert report.applied == len(plan) == many.applied()

    async def later(_: ChangeResult) -> None:
        pass

    with pytest.raises(TypeError, match=r"on_result returned an awaitable.*partner_center\.aio"):
        client.run(planned(client, schools(many)[:1]), tmp_path / "other", on_result=later)


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


class Slow(http.server.ThreadingHTTPServer):
    """A service that holds back its answers to all changes after the first eleven."""

    daemon_threads = True

    def __init__(self) -> None:
        self.held = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.changes = itertools.count(1)
        super().__init__(("127.0.0.1", 0), _Answer)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Slow

    def do_GET(self) -> None:
        self._answer(b'"none"')

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if next(self.server.changes) > 11:
            self.server.held.release()
            self.server.go_on.wait(LONG)
        self._answer(b'"education"')

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def test_each_call_that_a_left_run_had_open_is_heard(tmp_path: Path) -> None:
    """Also without the client: what became of it is told by its late end."""
    late: dict[str, Outcome | None] = {}
    ended = threading.Semaphore(0)

    def on_event(event: Event) -> None:
        if event.late and event.name == "end" and event.operation == "update_qualification":
            late[event.call] = event.outcome
            ended.release()

    def interrupt() -> None:
        for _ in range(4):
            assert server.held.acquire(timeout=LONG)
        _thread.interrupt_main()

    server = Slow()
    url = f"http://127.0.0.1:{server.server_port}"
    client = Client("t", base_url=url, allow_http_loopback=True, on_event=on_event)
    plan = planned(client, [Change(uuid.uuid4(), "Education") for _ in range(40)])
    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        client.run(plan, tmp_path / "journal", per_second=None)
    del client
    gc.collect()
    server.go_on.set()
    for _ in range(4):
        assert ended.acquire(timeout=LONG)
    server.shutdown()
    server.server_close()
    assert list(late.values()) == [Outcome.APPLIED] * 4


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


def test_awaited(many: Emulator, tmp_path: Path) -> None:
    """Callbacks are awaited on the loop; a cancelled task leaves the run, and resume goes on."""
    heard: list[int] = []

    async def hear(told: PlannedChange | ChangeResult) -> None:
        await asyncio.sleep(0)
        heard.append(told.row)

    async def calls() -> None:
        client = aio.Client(many.token, base_url=many.url, allow_http_loopback=True)
        plan = await client.plan(schools(many), operation=UPDATE, per_second=None, on_planned=hear)
        assert sorted(heard) == list(range(len(plan)))
        heard.clear()
        journal = tmp_path / "journal"
        run = asyncio.create_task(client.run(plan, journal, per_second=100, on_result=hear))
        while len(heard) < 20:
            await asyncio.sleep(0.01)
        run.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await run
        cause = cause_of(caught.value)
        assert isinstance(cause, CancelledError)
        assert cause.outcome is Outcome.UNKNOWN
        report = None
        while report is None:
            try:
                report = await client.resume(journal, per_second=None, on_result=hear)
            except JournalError as error:
                if "another run" not in str(error):
                    raise
            await asyncio.sleep(0.01)
        sums_hold(report)
        assert report.applied == len(plan) == many.applied()

    asyncio.run(asyncio.wait_for(calls(), LONG))
