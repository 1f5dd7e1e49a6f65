"""What a call tells of itself: events to the caller's function, lines to ``logging``."""

from __future__ import annotations

import _thread
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import FIXTURES, GUID, LONG, FixtureServer, Holding
from partner_center import (
    CancelledError,
    Client,
    ErrorKind,
    Event,
    EventName,
    Outcome,
    OutcomeUnknownError,
    PartnerCenterError,
    RejectedError,
)
from partner_center.testing import Emulator


def test_events_tell_the_call_from_start_to_end(emulator: Emulator) -> None:
    """On the calling thread, with one id, and with what the attempts of the result say."""
    events: list[tuple[Event, int]] = []
    client = Client(
        emulator.token,
        base_url=emulator.url,
        allow_http_loopback=True,
        on_event=lambda event: events.append((event, threading.get_ident())),
    )
    updated = client.update_qualification(emulator.customer("Contoso"), "Education")
    heard = [event for event, _ in events]
    assert {thread for _, thread in events} == {threading.get_ident()}
    assert [event.name for event in heard] == [EventName.START, EventName.ATTEMPT, EventName.END]
    assert {event.operation for event in heard} == {"update_qualification"}
    assert {event.call for event in heard} == {updated.request_id}
    assert heard[1].attempt == updated.attempts[0]
    assert [event.outcome for event in heard] == [None, None, Outcome.APPLIED]
    assert [event.error for event in heard] == [None, None, None]
    assert all(event.elapsed >= 0 and not event.late for event in heard)
    assert heard[0].at <= heard[1].at <= heard[2].at


def test_a_refused_argument_is_no_event() -> None:
    """The call never began; and one that failed says why."""
    events: list[Event] = []
    client = Client("t", on_event=events.append)
    with pytest.raises(PartnerCenterError):
        client.get_customer("nobody")
    assert events == []


def test_what_on_event_raises_stops_nothing(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes where Python shows what nobody can catch."""
    shown: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", shown.append)

    def on_event(event: Event) -> None:
        raise RuntimeError(event.name)

    client = Client(
        emulator.token, base_url=emulator.url, allow_http_loopback=True, on_event=on_event
    )
    assert client.get_customer(emulator.customer("Contoso")).company_name == "Contoso"
    assert [str(seen.exc_value) for seen in shown] == ["start", "attempt", "end"]
    assert {seen.object for seen in shown} == {on_event}


def test_an_interrupt_inside_on_event_passes_through(emulator: Emulator) -> None:
    """As the interrupt that it is, with the outcome."""

    def on_event(event: Event) -> None:
        if event.name is EventName.ATTEMPT:
            raise KeyboardInterrupt

    client = Client(
        emulator.token, base_url=emulator.url, allow_http_loopback=True, on_event=on_event
    )
    with pytest.raises(KeyboardInterrupt) as caught:
        client.get_customer(emulator.customer("Contoso"))
    assert isinstance(caught.value.__cause__, CancelledError)


def test_on_event_must_be_a_function_that_nobody_awaits(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said when the client is made, or without stopping the call."""
    with pytest.raises(TypeError, match="on_event must be callable"):
        Client("t", on_event=7)  # type: ignore[arg-type]
    shown: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", shown.append)

    async def on_event(_: Event) -> None:
        pass

    client = Client(
        emulator.token, base_url=emulator.url, allow_http_loopback=True, on_event=on_event
    )
    assert client.get_customer(emulator.customer("Contoso"))
    assert "partner_center.aio.Client" in str(shown[0].exc_value)


class Warned(logging.Handler):
    """Keeps warnings, and tells when one is of a call's end."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self.ended = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        if " end" in record.getMessage():
            self.ended.set()


@pytest.fixture
def warned() -> Iterator[Warned]:
    """The warnings of the package."""
    handler = Warned()
    logger = logging.getLogger("partner_center")
    logger.addHandler(handler)
    # Else the last one may reach the next test's handlers.
    logger.propagate = False
    yield handler
    logger.propagate = True
    logger.removeHandler(handler)


@pytest.mark.parametrize("listens", [True, False])
def test_an_outcome_that_is_learned_late_is_told(
    holding: Holding, warned: Warned, listens: bool
) -> None:
    """After Ctrl-C the answer still comes; it says what became of the change."""
    heard: list[Event] = []

    def interrupt() -> None:
        assert holding.arrived.wait(LONG)
        _thread.interrupt_main()

    thread = threading.Thread(target=interrupt)
    thread.start()
    client = Client(
        "some-token",
        base_url=holding.url,
        allow_http_loopback=True,
        on_event=heard.append if listens else None,
    )
    with pytest.raises(KeyboardInterrupt) as caught:
        client.update_qualification(GUID, "Education")
    thread.join()
    error = caught.value.__cause__
    assert isinstance(error, CancelledError)
    assert error.outcome is Outcome.UNKNOWN
    holding.answer(200, '"education"')
    assert warned.ended.wait(LONG)
    assert warned.lines == [
        f"update_qualification end, outcome applied, request id {error.request_id}, "
        "after its caller had left"
    ]
    if listens:
        # What is logged is heard next.
        until = time.monotonic() + LONG
        while len(late := [event for event in heard if event.late]) < 2:
            assert time.monotonic() < until
            time.sleep(0.01)
        assert [event.name for event in late] == ["attempt", "end"]
        assert late[-1].outcome is Outcome.APPLIED


def test_a_read_that_was_left_is_nothing_to_warn_of(holding: Holding, warned: Warned) -> None:
    """It changed nothing, whatever comes."""
    over = threading.Event()

    def interrupt() -> None:
        assert holding.arrived.wait(LONG)
        _thread.interrupt_main()

    def on_event(event: Event) -> None:
        if event.late and event.name is EventName.END:
            over.set()

    thread = threading.Thread(target=interrupt)
    thread.start()
    client = Client("t", base_url=holding.url, allow_http_loopback=True, on_event=on_event)
    with pytest.raises(KeyboardInterrupt):
        client.get_qualification(GUID)
    thread.join()
    holding.answer(200, '"education"')
    assert over.wait(LONG)
    assert warned.lines == []


def test_log_lines_have_levels_and_hold_nothing_but_what_they_may(
    emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """No customer, no token, no code, no address; and nothing in what is attached."""
    caplog.set_level(logging.DEBUG, "partner_center")
    client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
    woodgrove = emulator.customer("Woodgrove")
    updated = client.update_qualification(
        woodgrove, "GovernmentCommunityCloud", validation_code="123456"
    )
    with pytest.raises(RejectedError):
        client.update_qualification(
            emulator.customer("Fabrikam"), "GovernmentCommunityCloud", validation_code="654321"
        )
    ids = f"correlation id {updated.correlation_id}, request id {updated.request_id}"
    assert [record.getMessage() for record in caplog.records[:3]] == [
        f"update_qualification start, request id {updated.request_id}",
        f"update_qualification attempt: PUT applied, status 200, {ids}",
        f"update_qualification end, outcome applied, request id {updated.request_id}",
    ]
    assert {record.levelname for record in caplog.records} == {"DEBUG"}
    assert {record.name for record in caplog.records} == {"partner_center"}
    attached = [vars(record)["partner_center"] for record in caplog.records]
    assert [event.error for event in attached][-1] is ErrorKind.REJECTED
    everything = "".join(map(repr, map(vars, caplog.records))) + "".join(map(repr, attached))
    for secret in (woodgrove, emulator.token, "123456", "654321", emulator.url, "Woodgrove"):
        assert secret not in everything


@pytest.mark.usefixtures("_waits_are_divided")
def test_a_wait_is_news(fixture_server: FixtureServer, caplog: pytest.LogCaptureFixture) -> None:
    """INFO: the caller may wonder why it takes so long."""
    caplog.set_level(logging.INFO, "partner_center")
    case = "get_qualification/unavailable_with_wait_then_answered"
    assert (FIXTURES / "cases" / f"{case}.json").exists()
    port = fixture_server.start(case)
    client = Client(
        "first-token",
        base_url=f"https://127.0.0.1:{port}",
        only_ca_certificates=fixture_server.authority,
    )
    client.get_qualification(
        "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04",
        request_id="037db222-6d8e-4d7f-ba78-df3dca33fb68",
        correlation_id="7d2456fd-2d79-46d0-9f8e-5d7ecd5f8745",
    )
    assert fixture_server.finish(case)["failures"] == []
    (record,) = caplog.records
    assert record.levelname == "INFO"
    assert "s, as asked, request id" in record.getMessage()


def test_an_unknown_outcome_is_warned_of_without_any_set_up(holding: Holding) -> None:
    """Even where nobody has imported logging; and a read that is answered costs no import."""
    script = (
        "import sys, partner_center\n"
        "from partner_center.testing import Emulator\n"
        "with Emulator() as emulator:\n"
        "    options = {'base_url': emulator.url, 'allow_http_loopback': True}\n"
        "    partner_center.Client(emulator.token, **options).get_customer(\n"
        "        emulator.customer('Contoso'))\n"
        "assert 'logging' not in sys.modules\n"
        "client = partner_center.Client('t', base_url=sys.argv[1], allow_http_loopback=True)\n"
        "try:\n"
        f"    client.update_qualification({GUID!r}, 'Education')\n"
        "except partner_center.OutcomeUnknownError as error:\n"
        "    print(error.request_id)\n"
    )
    holding.answer(500, "{}")
    done = subprocess.run(
        [sys.executable, "-S", "-c", _path() + script, holding.url],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == (
        "update_qualification end: OutcomeUnknown, outcome unknown, request id " + done.stdout
    )


def test_nobody_hears_where_nobody_listens(
    holding: Holding, caplog: pytest.LogCaptureFixture
) -> None:
    """An unknown end is one line at the level that every program shows."""
    caplog.set_level(logging.WARNING, "partner_center")
    client = Client("t", base_url=holding.url, allow_http_loopback=True)
    holding.answer(500, "{}")
    with pytest.raises(OutcomeUnknownError):
        client.update_qualification(GUID, "Education")
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage().startswith("update_qualification end: OutcomeUnknown, ")


def _path() -> str:
    """With -S there is no site-packages; the package's own folder is all that is needed."""
    folder = sys.modules["partner_center"].__path__[0].rpartition("/")[0]
    return f"import sys; sys.path.insert(0, {folder!r}); "
