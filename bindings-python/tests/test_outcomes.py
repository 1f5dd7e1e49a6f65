"""What a change whose answer was lost comes to, and how it is settled: against the emulator."""

from __future__ import annotations

import asyncio
import pickle
import subprocess
import sys
import time
from typing import Any

import partner_center
import pytest
from conftest import LONG
from partner_center import (
    Client,
    ConflictError,
    Evidence,
    InvalidArgumentError,
    OnAmbiguous,
    Outcome,
    OutcomeUnknownError,
    PendingOperation,
    Qualification,
    aio,
)
from partner_center.testing import Emulator

LOST = {"lost": "after_applying", "lost_when": {"next": 1}}
NEVER_ARRIVED = {"lost": "before_applying"}


def client(emulator: Emulator, **options: Any) -> Client:
    return Client(emulator.token, base_url=emulator.url, allow_http_loopback=True, **options)


def lost(emulator: Emulator, **switches: Any) -> OutcomeUnknownError:
    """A change whose answer was lost, and nothing done about it."""
    emulator.switch(**switches)
    with pytest.raises(OutcomeUnknownError) as caught:
        client(emulator, on_ambiguous=OnAmbiguous.RAISE).update_qualification(
            emulator.customer("Contoso"), Qualification.EDUCATION
        )
    emulator.switch()
    return caught.value


def test_a_lost_answer_is_settled_in_another_process(emulator: Emulator) -> None:
    error = lost(emulator, **LOST)
    assert error.outcome is Outcome.UNKNOWN
    assert not error.retryable
    assert error.pending is not None
    kept = error.pending.to_json()
    assert emulator.token not in kept
    program = (
        "import sys; from partner_center import Client, PendingOperation\n"
        "client = Client(sys.argv[1], base_url=sys.argv[2], allow_http_loopback=True)\n"
        "settled = client.reconcile(PendingOperation.from_json(sys.argv[3]))\n"
        "print(settled.outcome, settled.evidence, settled.observed.value)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, emulator.token, emulator.url, kept],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "applied read Education\n"
    assert [method for method, _ in emulator.requests()] == ["PUT", "GET"]


UPDATES = """
import sys, time, partner_center
client = partner_center.Client(
    sys.argv[1], base_url=sys.argv[2], allow_http_loopback=True, on_ambiguous="raise"
)
customer, request_id = sys.argv[3:]
pending = client.pending_update_qualification(customer, "Education", request_id=request_id)
print(pending.to_json(), flush=True)
try:
    client.update_qualification(customer, "Education", request_id=request_id)
finally:
    time.sleep(60)
"""


def test_a_process_that_was_killed_after_its_send_is_settled_by_reads(emulator: Emulator) -> None:
    """It had written down what settles its change, and its answer never came."""
    emulator.switch(lost="after_applying")
    contoso, request_id = emulator.customer("Contoso"), "037db222-6d8e-4d7f-ba78-df3dca33fb68"
    arguments = [emulator.token, emulator.url, contoso, request_id]
    with subprocess.Popen(
        [sys.executable, "-c", UPDATES, *arguments], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        kept = child.stdout.readline()
        until = time.monotonic() + LONG
        while not emulator.requests() and time.monotonic() < until:
            time.sleep(0.005)
        child.kill()
    assert [method for method, _ in emulator.requests()] == ["PUT"]
    settled = client(emulator).reconcile(PendingOperation.from_json(kept))
    assert (settled.outcome, settled.evidence) == (Outcome.APPLIED, Evidence.READ)
    assert [method for method, _ in emulator.requests()] == ["PUT", "GET"]
    assert emulator.applied() == 1


def test_a_creation_is_settled_by_what_was_written_down_before_it(emulator: Emulator) -> None:
    contoso, request_id = emulator.customer("Contoso"), "037db222-6d8e-4d7f-ba78-df3dca33fb68"
    arguments = (contoso, "StateOwnedEntity")
    kept = client(emulator).pending_create_qualification(*arguments, request_id=request_id)
    awaited = aio.Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
    again = awaited.pending_create_qualification(*arguments, request_id=request_id)
    assert again.operation == kept.operation == "create_qualification"
    emulator.switch(**LOST)
    raising = client(emulator, on_ambiguous=OnAmbiguous.RAISE)
    with pytest.raises(OutcomeUnknownError):
        raising.create_qualification(*arguments, request_id=request_id)
    settled = client(emulator).reconcile(PendingOperation.from_json(kept.to_json()))
    assert (settled.outcome, settled.evidence) == (Outcome.APPLIED, Evidence.READ)
    assert [method for method, _ in emulator.requests()] == ["GET", "POST", "GET"]


def test_what_cannot_be_told_stays_unknown(emulator: Emulator) -> None:
    error = lost(emulator, **NEVER_ARRIVED)
    assert error.pending is not None
    settled = client(emulator).reconcile(error.pending)
    assert (settled.outcome, settled.evidence) == (Outcome.UNKNOWN, None)
    assert settled.observed.value == "None"
    audited = client(emulator).reconcile(error.pending, audit=True)
    assert audited.outcome is Outcome.UNKNOWN
    assert emulator.requests()[-1] == ("GET", "/v1/auditrecords")


def test_another_address_settles_nothing(emulator: Emulator) -> None:
    error = lost(emulator, **LOST)
    assert error.pending is not None
    with Emulator() as other, pytest.raises(InvalidArgumentError, match="base_url"):
        client(other).reconcile(error.pending)
    with pytest.raises(InvalidArgumentError):
        PendingOperation.from_json("{}")


def test_a_pending_operation_is_a_value(emulator: Emulator) -> None:
    pending = lost(emulator, **LOST).pending
    assert pending is not None
    again = PendingOperation.from_json(pending.to_json())
    assert again == pending
    assert hash(again) == hash(pending)
    assert pickle.loads(pickle.dumps(pending)) == pending  # noqa: S301 - ours
    assert pending.operation == "update_qualification"
    assert pending.qualification is Qualification.EDUCATION
    assert len(pending.correlation_ids) == 1
    assert "Contoso" not in repr(pending)


def test_what_is_set_is_not_sent(emulator: Emulator) -> None:
    school = emulator.customer("Northwind School")
    updated = client(emulator).update_qualification(school, "Education", skip_if_set=True)
    assert (updated.outcome, updated.evidence) == (Outcome.ALREADY_SET, Evidence.READ)
    county = emulator.customer("Litware County")
    with pytest.raises(ConflictError) as caught:
        client(emulator).update_qualification(county, "Education", skip_if_set=True)
    assert caught.value.outcome is Outcome.NOT_APPLIED
    assert caught.value.observed is not None
    assert caught.value.observed.value == "GovernmentCommunityCloud"
    assert {method for method, _ in emulator.requests()} == {"GET"}


@pytest.mark.usefixtures("_waits_are_divided")
def test_a_lost_answer_is_read_back(emulator: Emulator) -> None:
    emulator.switch(**LOST)
    updated = client(emulator).update_qualification(emulator.customer("Contoso"), "Education")
    assert (updated.outcome, updated.evidence) == (Outcome.APPLIED, Evidence.READ)
    assert [attempt.method for attempt in updated.attempts] == ["PUT", "GET"]


@pytest.mark.usefixtures("_waits_are_divided")
def test_what_never_arrived_is_sent_once_more(emulator: Emulator) -> None:
    emulator.switch(lost="before_applying", lost_when={"next": 1})
    updated = client(emulator).update_qualification(emulator.customer("Contoso"), "Education")
    assert (updated.outcome, updated.evidence) == (Outcome.APPLIED, Evidence.ANSWER)
    assert [attempt.method for attempt in updated.attempts] == ["PUT", *["GET"] * 4, "PUT"]
    assert len({attempt.request_id for attempt in updated.attempts if attempt.method == "PUT"}) == 1


def test_an_awaited_client_reconciles(emulator: Emulator) -> None:
    pending = lost(emulator, **LOST).pending
    assert pending is not None
    awaited = aio.Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
    assert asyncio.run(awaited.reconcile(pending)).outcome is Outcome.APPLIED


def test_a_wrong_switch_is_refused(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="unknown field"):
        emulator.switch(loss="x")
    with pytest.raises(InvalidArgumentError, match="on_ambiguous"):
        client(emulator, on_ambiguous="retry")
    assert partner_center.OnAmbiguous("raise") is OnAmbiguous.RAISE
