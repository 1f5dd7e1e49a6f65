"""A run that its caller leaves, and what is resumed of it."""

from __future__ import annotations

import _thread
import asyncio
import gc
import http.server
import itertools
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest
from bulk import UPDATE, again, client_of, planned, schools, sums_hold
from conftest import LONG, cause_of
from partner_center import (
    CancelledError,
    Change,
    ChangeResult,
    Client,
    Event,
    JournalError,
    Outcome,
    PlannedChange,
    aio,
)
from partner_center.testing import Emulator


def test_ctrl_c_leaves_a_run_that_is_resumed(many: Emulator, tmp_path: Path) -> None:
    """The interrupt says how far it came; the resumed run comes to the whole sum."""
    client = client_of(many)
    plan = planned(client, schools(many))
    journal = tmp_path / "journal"
    over = threading.Event()

    def interrupt() -> None:
        until = time.monotonic() + LONG
        while many.applied() < 20 and time.monotonic() < until:
            if over.wait(0.01):
                return
        _thread.interrupt_main()

    thread = threading.Thread(target=interrupt, daemon=True)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt) as caught:
            # No code of Python's runs meanwhile, and one change after the other ends.
            client.run(plan, journal, per_second=10)
    finally:
        over.set()
        thread.join(LONG)
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
        client.plan(schools(many), operation=UPDATE, per_second=10, on_planned=refuse)
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


def test_a_callback_that_would_have_to_be_awaited_is_refused(
    emulator: Emulator, tmp_path: Path
) -> None:
    """Where it is noticed, with what to do."""

    async def later(_: ChangeResult) -> None:
        pass

    client = client_of(emulator)
    with pytest.raises(TypeError, match=r"on_result returned an awaitable.*partner_center\.aio"):
        client.run(planned(client, schools(emulator)), tmp_path / "journal", on_result=later)


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
    in_time, ended = threading.Semaphore(0), threading.Semaphore(0)

    def on_event(event: Event) -> None:
        if event.name != "end" or event.operation != "update_qualification":
            return
        if event.late:
            late[event.call] = event.outcome
        (ended if event.late else in_time).release()

    def interrupt() -> None:
        for of, count in ((server.held, 4), (in_time, 11)):
            for _ in range(count):
                assert of.acquire(timeout=LONG)
        _thread.interrupt_main()

    server = Slow()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
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
    finally:
        server.go_on.set()
        server.shutdown()
        server.server_close()
    assert list(late.values()) == [Outcome.APPLIED] * 4


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
        run = asyncio.create_task(client.run(plan, journal, per_second=10, on_result=hear))
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
