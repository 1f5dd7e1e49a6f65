"""Waiting for a decision that may take days: it can be followed, and left."""

from __future__ import annotations

import _thread
import threading
from datetime import timedelta

import pytest
from conftest import LONG
from partner_center import (
    CancelledError,
    Client,
    CustomerQualification,
    InvalidArgumentError,
    Outcome,
    VettingEnd,
)
from partner_center.testing import Emulator


@pytest.fixture
def asked(emulator: Emulator) -> Client:
    """A client that has asked for Contoso's education."""
    client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
    client.create_qualification(
        emulator.customer("Contoso"), "Education", education_segment="HigherEducation"
    )
    return client


def test_ctrl_c_ends_the_wait(emulator: Emulator, asked: Client) -> None:
    """In the pause of ten minutes; nothing more is sent."""
    polled = threading.Event()

    def interrupt() -> None:
        assert polled.wait(LONG)
        _thread.interrupt_main()

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt) as caught:
        asked.wait_for_vetting(
            emulator.customer("Contoso"), "Education", on_progress=lambda _: polled.set()
        )
    thread.join()
    assert isinstance(caught.value.__cause__, CancelledError)
    assert caught.value.__cause__.outcome is Outcome.NOT_APPLIED
    assert [method for method, _ in emulator.requests()] == ["GET", "POST", "GET"]


@pytest.mark.usefixtures("_waits_are_divided")
def test_the_deadline_is_no_error(emulator: Emulator, asked: Client) -> None:
    """What was last seen is the result."""
    seen: list[CustomerQualification] = []
    vetting = asked.wait_for_vetting(
        emulator.customer("Contoso"),
        "Education",
        deadline=timedelta(minutes=20),
        poll_interval=3600,
        on_progress=seen.append,
    )
    assert vetting.end is VettingEnd.IN_REVIEW
    assert seen[-1] == vetting.qualification
    assert len(seen) == vetting.polls


def test_what_on_progress_raises_ends_the_wait(emulator: Emulator, asked: Client) -> None:
    """And is what the caller gets, as it is."""

    def on_progress(item: CustomerQualification) -> None:
        raise LookupError(item.qualification) from OSError("the caller's own")

    with pytest.raises(LookupError) as caught:
        asked.wait_for_vetting(emulator.customer("Contoso"), "Education", on_progress=on_progress)
    assert isinstance(caught.value.__cause__, OSError)
    assert getattr(caught.value, "__notes__", []) == []
    assert len(emulator.requests()) == 3


@pytest.mark.usefixtures("_waits_are_divided")
def test_on_progress_runs_on_the_calling_thread(emulator: Emulator, asked: Client) -> None:
    """And may call the client."""
    seen = []

    def on_progress(item: CustomerQualification) -> None:
        seen.append((threading.get_ident(), asked.get_customer(contoso).company_name))
        if len(seen) == 1:
            emulator.decide(contoso, "Approved")

    contoso = emulator.customer("Contoso")
    asked.wait_for_vetting(contoso, "Education", on_progress=on_progress)
    assert len(seen) > 1
    assert set(seen) == {(threading.get_ident(), "Contoso")}


def test_on_progress_must_be_a_function_that_nobody_awaits(
    emulator: Emulator, asked: Client
) -> None:
    """Said before anything is sent, or where it is noticed."""
    contoso = emulator.customer("Contoso")
    with pytest.raises(TypeError, match="on_progress must be callable"):
        asked.wait_for_vetting(contoso, "Education", on_progress=7)  # type: ignore[arg-type]

    async def on_progress(_: CustomerQualification) -> None:
        pass

    with pytest.raises(TypeError, match=r"on_progress returned an awaitable.*partner_center\.aio"):
        asked.wait_for_vetting(contoso, "Education", on_progress=on_progress)
    with pytest.raises(InvalidArgumentError, match="poll_interval"):
        asked.wait_for_vetting(contoso, "Education", poll_interval=59)
    with pytest.raises(InvalidArgumentError, match="deadline"):
        asked.wait_for_vetting(contoso, "Education", deadline=-1)
