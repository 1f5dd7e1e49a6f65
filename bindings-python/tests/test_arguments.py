"""Arguments that make no sense are told by their names, and nothing is sent."""

from __future__ import annotations

import contextlib
import copy
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bulk import client_of
from conftest import GUID, LONG, Holding
from partner_center import Change, Client, InvalidArgumentError, aio
from partner_center.testing import Emulator


@pytest.fixture(name="calls")
def _calls(emulator: Emulator, tmp_path: Path) -> dict[str, Callable[..., Any]]:
    """What takes numbers, by the argument's name."""
    client = client_of(emulator)
    plan = client.plan([], operation="update_qualification")
    return {
        "at_once": lambda given: client.run(plan, tmp_path / "journal", at_once=given),
        "page_size": lambda given: next(client.list_customers(page_size=given)),
        "count": plan.shards,
        "deadline": lambda given: client.get_customer(GUID, deadline=given),
    }


@pytest.mark.parametrize("given", [-1, 10**30, -(10**30)])
@pytest.mark.parametrize("name", ["at_once", "page_size"])
def test_a_number_that_does_not_fit_is_told(
    emulator: Emulator, calls: dict[str, Callable[..., Any]], name: str, given: int
) -> None:
    """By the same rule as one that does."""
    with pytest.raises(InvalidArgumentError, match=f"{name} must be (from )?1 to"):
        calls[name](given)
    assert emulator.requests() == []


def test_a_port_that_is_none_is_told() -> None:
    """Below 0, too: 0 is any free one."""
    for port in (-1, 65_536, 10**30):
        with pytest.raises(ValueError, match="port is out of range"):
            Emulator(port=port)
    with pytest.raises(ValueError, match="customers is out of range"):
        Emulator(customers=-1)


def test_what_is_no_number_is_a_type_error(calls: dict[str, Callable[..., Any]]) -> None:
    """As Python's own, with the argument's name."""
    for name, call in calls.items():
        with pytest.raises(TypeError, match=name):
            call("5")
    with pytest.raises(TypeError, match="deadline must be a number of seconds or a timedelta, not"):
        calls["deadline"]("5")
    with pytest.raises(InvalidArgumentError, match="deadline must be a positive number"):
        calls["deadline"](10**400)


def test_an_operation_that_is_none_is_told_which_there_are(emulator: Emulator) -> None:
    """And so for the client's own choices."""
    rule = "operation must be update_qualification or create_qualification"
    with pytest.raises(InvalidArgumentError, match=rule):
        client_of(emulator).plan([(GUID, "Education")], operation="update")
    with pytest.raises(InvalidArgumentError, match="cloud must be global or us_government or"):
        Client("t", cloud="mars")  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match="on_ambiguous must be "):
        Client("t", on_ambiguous="hope")


@pytest.mark.parametrize("name", ["customer", "code_name", "website"])
def test_text_that_is_not_valid_is_told_with_its_row(emulator: Emulator, name: str) -> None:
    """Half a character cannot be sent or written down."""
    row = {"customer": GUID, "qualification": "Education", name: "\ud800"}
    with pytest.raises(InvalidArgumentError, match=f"^row 1: {name} is not valid text"):
        client_of(emulator).plan([(GUID, "Education"), row], operation="update_qualification")
    with pytest.raises(InvalidArgumentError, match=f"^{name} is not valid text"):
        Change(**row)
    assert emulator.requests() == []


def test_two_threads_on_one_listing_are_told(holding: Holding) -> None:
    """As for its pages: the second would get the same page."""
    client = Client("t", base_url=holding.url, allow_http_loopback=True)
    listed = client.list_customers()

    def first() -> None:
        with contextlib.suppress(Exception):
            next(listed)

    thread = threading.Thread(target=first, daemon=True)
    thread.start()
    assert holding.arrived.wait(LONG)
    with pytest.raises(RuntimeError, match="give each thread or task a listing of its own"):
        next(listed)
    holding.answer(403, "{}")
    thread.join(LONG)


def test_a_copy_of_a_client_is_itself(emulator: Emulator) -> None:
    """It is immutable; also one that cannot be pickled."""
    for client in (client_of(emulator), aio.Client("t"), Client("t", on_event=print)):
        assert copy.copy(client) is client
        assert copy.deepcopy({"client": client})["client"] is client
