"""What is learned of a call after its caller has left."""

from __future__ import annotations

import _thread
import asyncio
import gc
import logging
import sys
import threading
from typing import Any

import pytest
from conftest import GUID, LONG, Holding
from partner_center import Client, Event, InvalidArgumentError, Outcome, aio


def leave(holding: Holding, client: Client) -> None:
    """A change, interrupted when its request has arrived."""

    def interrupt() -> None:
        assert holding.arrived.wait(LONG)
        _thread.interrupt_main()

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        client.update_qualification(GUID, "Education")
    thread.join()


class Heard:
    """Keeps late events, and tells when the last one has come."""

    def __init__(self) -> None:
        self.late: list[tuple[str, Outcome | None, int]] = []
        self.ended = threading.Event()

    def __call__(self, event: Event) -> None:
        if event.late:
            self.late.append((event.name.value, event.outcome, threading.get_ident()))
        if event.late and event.name == "end":
            self.ended.set()


def test_it_is_heard_without_the_client(holding: Holding) -> None:
    """The function that made it has often ended, too."""
    heard = Heard()
    client = Client("t", base_url=holding.url, allow_http_loopback=True, on_event=heard)
    leave(holding, client)
    del client
    gc.collect()
    holding.answer(200, '"education"')
    assert heard.ended.wait(LONG)
    assert [late[:2] for late in heard.late] == [("attempt", None), ("end", Outcome.APPLIED)]


def test_a_filter_that_raises_does_not_stop_it(
    holding: Holding, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is shown where Python shows what nobody can catch."""
    shown: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", shown.append)

    def refuse(_: logging.LogRecord) -> bool:
        raise LookupError

    heard = Heard()
    client = Client("t", base_url=holding.url, allow_http_loopback=True, on_event=heard)
    leave(holding, client)
    logger = logging.getLogger("partner_center")
    logger.addFilter(refuse)
    try:
        holding.answer(200, '"education"')
        assert heard.ended.wait(LONG)
    finally:
        logger.removeFilter(refuse)
    assert {seen.exc_type for seen in shown} == {LookupError}


def test_it_is_heard_on_the_loop_of_its_call(holding: Holding) -> None:
    """Not on that of the last call; and without the client."""
    heard = Heard()

    async def calls() -> None:
        client = aio.Client("t", base_url=holding.url, allow_http_loopback=True, on_event=heard)
        task = asyncio.create_task(client.update_qualification(GUID, "Education"))
        assert await asyncio.to_thread(holding.arrived.wait, LONG)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        with pytest.raises(InvalidArgumentError):
            await asyncio.to_thread(asyncio.run, client.get_customer("nobody"))
        del client, task
        gc.collect()
        holding.answer(200, '"education"')
        assert await asyncio.to_thread(heard.ended.wait, LONG)

    asyncio.run(calls())
    here = threading.get_ident()
    assert heard.late == [("attempt", None, here), ("end", Outcome.APPLIED, here)]


def test_it_is_heard_from_the_start(holding: Holding) -> None:
    """Also where the loop was busy until the caller left."""
    heard: list[str] = []
    ended = threading.Event()

    def hear(event: Event) -> None:
        heard.append(event.name.value)
        if event.name == "end":
            ended.set()

    async def calls() -> None:
        client = aio.Client("t", base_url=holding.url, allow_http_loopback=True, on_event=hear)
        task = asyncio.create_task(client.update_qualification(GUID, "Education"))
        asyncio.get_running_loop().call_soon(holding.arrived.wait, LONG)
        asyncio.get_running_loop().call_soon(task.cancel)
        with pytest.raises(asyncio.CancelledError):
            await task
        holding.answer(200, '"education"')
        assert await asyncio.to_thread(ended.wait, LONG)

    asyncio.run(calls())
    assert heard == ["start", "attempt", "end"]
