"""The client for asyncio: calls are awaited, and left, on a loop that they never block."""

from __future__ import annotations

import asyncio
import inspect
import pickle
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from conftest import GUID, LONG, Holding, cause_of
from partner_center import (
    AuthenticationError,
    CancelledError,
    Client,
    CustomerQualification,
    Event,
    InvalidArgumentError,
    Outcome,
    Qualification,
    VettingEnd,
    aio,
)
from partner_center.testing import Emulator


def client_of(emulator: Emulator, credential: Any, **options: Any) -> aio.Client:
    """A client of the emulator."""
    return aio.Client(credential, base_url=emulator.url, allow_http_loopback=True, **options)


def test_it_has_the_methods_of_the_synchronous_client() -> None:
    """The same parameters, and coroutine functions wherever something is sent."""

    def parameters(of: Callable[..., Any]) -> list[Any]:
        """Without self, which C functions take by position alone."""
        every = inspect.signature(of).parameters.values()
        return [(one.name, one.kind, one.default) for one in every if one.name != "self"]

    assert parameters(aio.Client) == parameters(Client)
    # What a subclass adds would be lost in a pickle.
    assert getattr(aio.Client, "__final__", True)
    for name, member in vars(Client).items():
        if not name.startswith("_"):
            twin = getattr(aio.Client, name)
            assert parameters(twin) == parameters(member)
            sends = not name.startswith(("preview", "pending")) and name != "list_customers"
            assert inspect.iscoroutinefunction(twin) is sends


def test_a_day_with_every_operation(emulator: Emulator) -> None:
    """From the list of customers to the decision."""

    async def day() -> None:
        client = client_of(emulator, emulator.token)
        names = [customer.company_name async for customer in client.list_customers(page_size=2)]
        assert names == [customer["company_name"] for customer in emulator.customers()]
        pages = [len(page) async for page in client.list_customers(page_size=2).pages()]
        assert pages == [2, 2, 1]
        contoso = await client.find_customer(company_name="Contoso")
        assert contoso.id == (await client.get_customer(contoso)).id
        assert "Education" in client.preview_create_qualification(
            contoso, "Education", education_segment="K12"
        )
        created = await client.create_qualification(contoso, "Education", education_segment="K12")
        assert created.outcome is Outcome.APPLIED
        emulator.decide(contoso, "Approved")
        vetting = await client.wait_for_vetting(contoso, Qualification.EDUCATION)
        assert vetting.end is VettingEnd.APPROVED
        assert len(await client.get_qualifications(contoso)) == 1
        assert (await client.get_qualification(contoso)).qualification == "Education"
        code = await client.find_validation_code("Woodgrove County")
        assert code in (await client.get_validation_codes()).codes
        woodgrove = emulator.customer("Woodgrove")
        government = Qualification.GOVERNMENT_COMMUNITY_CLOUD
        assert "[validation code]" in client.preview_update_qualification(
            woodgrove, government, validation_code=code
        )
        updated = await client.update_qualification(woodgrove, government, validation_code=code)
        assert updated.outcome is Outcome.APPLIED
        with pytest.raises(InvalidArgumentError):
            await client.get_customer("nobody")

    asyncio.run(day())


def test_the_loop_goes_on_while_a_call_waits(holding: Holding) -> None:
    """Another task runs, and lets the answer go."""

    async def both() -> None:
        client = aio.Client("t", base_url=holding.url, allow_http_loopback=True)
        call = asyncio.create_task(client.get_qualification(GUID))
        assert await asyncio.to_thread(holding.arrived.wait, LONG)
        for _ in range(1000):
            await asyncio.sleep(0)
        assert not call.done()
        holding.answer(200, '"education"')
        assert (await call).qualification is Qualification.EDUCATION

    asyncio.run(both())


@pytest.mark.parametrize(
    ("operation", "outcome"), [("update", Outcome.UNKNOWN), ("get", Outcome.NOT_APPLIED)]
)
def test_a_cancelled_task_leaves_its_call(
    operation: str, outcome: Outcome, holding: Holding
) -> None:
    """Long before the answer would be given up (100 s), and the error tells the outcome."""

    async def left() -> asyncio.CancelledError:
        client = aio.Client("t", base_url=holding.url, allow_http_loopback=True)
        arguments = (GUID, "Education") if operation == "update" else (GUID,)
        call = asyncio.create_task(getattr(client, f"{operation}_qualification")(*arguments))
        assert await asyncio.to_thread(holding.arrived.wait, LONG)
        call.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await call
        return caught.value

    error = asyncio.run(asyncio.wait_for(left(), LONG))
    cause = cause_of(error)
    assert isinstance(cause, CancelledError)
    assert cause.outcome is outcome
    assert cause.request_id
    if sys.version_info >= (3, 11):
        assert error.__notes__ == [f"partner_center: {cause}"]


def test_a_wait_for_vetting_is_cancelled_in_its_pause(emulator: Emulator) -> None:
    """Of ten minutes."""

    async def left() -> None:
        client = client_of(emulator, emulator.token)
        contoso = emulator.customer("Contoso")
        await client.create_qualification(contoso, "Education", education_segment="K12")
        polled = asyncio.Event()

        async def on_progress(_: CustomerQualification) -> None:
            polled.set()

        wait = client.wait_for_vetting(contoso, "Education", on_progress=on_progress)
        call = asyncio.create_task(wait)
        await polled.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(asyncio.wait_for(left(), LONG))


@pytest.mark.parametrize("coroutine", [False, True])
def test_what_on_progress_raises_ends_the_wait(emulator: Emulator, coroutine: bool) -> None:
    """And is what the caller gets, as it is."""

    def fail(_: CustomerQualification) -> None:
        raise LookupError from OSError("the caller's own")

    async def fail_later(item: CustomerQualification) -> None:
        await asyncio.sleep(0)
        fail(item)

    async def call() -> None:
        client = client_of(emulator, emulator.token)
        contoso = emulator.customer("Contoso")
        await client.create_qualification(contoso, "Education", education_segment="K12")
        await client.wait_for_vetting(
            contoso, "Education", on_progress=fail_later if coroutine else fail
        )

    with pytest.raises(LookupError) as caught:
        asyncio.run(asyncio.wait_for(call(), LONG))
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize("coroutine", [False, True])
def test_events_are_heard_on_the_loop(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, coroutine: bool
) -> None:
    """In the order in which they happened; what is raised there stops nothing."""
    heard: list[tuple[str, int]] = []
    shown: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", shown.append)

    def hear(event: Event) -> None:
        heard.append((event.name.value, threading.get_ident()))
        raise RuntimeError(event.name)

    async def hear_later(event: Event) -> None:
        await asyncio.sleep(0)
        hear(event)

    async def call() -> None:
        client = client_of(emulator, emulator.token, on_event=hear_later if coroutine else hear)
        await client.get_customer(emulator.customer("Contoso"))

    asyncio.run(call())
    here = threading.get_ident()
    assert heard == [("start", here), ("attempt", here), ("end", here)]
    assert [str(seen.exc_value) for seen in shown] == ["start", "attempt", "end"]


@pytest.mark.parametrize("coroutine", [False, True])
def test_what_is_learned_late_is_heard_on_the_loop(
    holding: Holding, monkeypatch: pytest.MonkeyPatch, coroutine: bool
) -> None:
    """As long as it runs; what is raised there is shown."""
    shown: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", shown.append)

    async def call() -> tuple[Outcome | None, int]:
        heard: asyncio.Future[tuple[Outcome | None, int]]
        heard = asyncio.get_running_loop().create_future()

        def hear(event: Event) -> None:
            if event.late and event.name == "end":
                heard.set_result((event.outcome, threading.get_ident()))
                raise RuntimeError

        async def hear_later(event: Event) -> None:
            hear(event)

        client = aio.Client(
            "t",
            base_url=holding.url,
            allow_http_loopback=True,
            on_event=hear_later if coroutine else hear,
        )
        task = asyncio.create_task(client.update_qualification(GUID, "Education"))
        assert await asyncio.to_thread(holding.arrived.wait, LONG)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        holding.answer(200, '"education"')
        return await asyncio.wait_for(heard, LONG)

    assert asyncio.run(call()) == (Outcome.APPLIED, threading.get_ident())
    assert [seen.exc_type for seen in shown] == [RuntimeError]


def test_a_hundred_calls_at_once(emulator: Emulator) -> None:
    """More than the client has threads."""

    async def calls() -> None:
        client = client_of(emulator, emulator.token)
        ids = [customer["id"] for customer in emulator.customers()] * 20
        found = await asyncio.gather(*(client.get_customer(customer) for customer in ids))
        assert [customer.id for customer in found] == ids

    asyncio.run(calls())


def test_a_client_serves_one_loop_after_another(emulator: Emulator) -> None:
    """And two at the same time."""
    client = client_of(emulator, lambda: emulator.token)
    contoso = emulator.customer("Contoso")

    async def calls() -> int:
        return len(await asyncio.gather(*(client.get_customer(contoso) for _ in range(20))))

    assert [asyncio.run(calls()) for _ in range(2)] == [20, 20]
    threads = [threading.Thread(target=lambda: asyncio.run(calls())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(emulator.requests()) == 80


def test_a_page_that_failed_may_be_asked_for_again(emulator: Emulator) -> None:
    """No customer is lost, and none comes twice."""
    tokens = {"now": emulator.token}

    async def calls() -> list[str]:
        client = client_of(emulator, lambda: tokens["now"])
        listed = client.list_customers(page_size=3)
        customers = [await anext(listed) for _ in range(3)]
        emulator.expire_token()
        with pytest.raises(AuthenticationError):
            await anext(listed)
        tokens["now"] = emulator.token
        customers += [customer async for customer in listed]
        with pytest.raises(StopAsyncIteration):
            await anext(listed)
        return [customer.id for customer in customers]

    assert asyncio.run(calls()) == [customer["id"] for customer in emulator.customers()]


def test_tasks_do_not_share_a_listing(emulator: Emulator) -> None:
    """Both would get the same page."""

    async def calls() -> None:
        go_on = asyncio.Event()

        async def token() -> str:
            await go_on.wait()
            return emulator.token

        shared = (
            client_of(emulator, token).list_customers(page_size=2),
            client_of(emulator, token).list_customers().pages(),
        )
        for listed in shared:
            go_on.clear()
            first = asyncio.ensure_future(anext(listed))
            await asyncio.sleep(0)
            with pytest.raises(RuntimeError):
                await anext(listed)
            go_on.set()
            await first
            await anext(listed, None)
        go_on.clear()
        customers = client_of(emulator, token).list_customers(page_size=5)
        task = asyncio.ensure_future(anext(customers))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        go_on.set()
        assert len([customer async for customer in customers]) == 5

    asyncio.run(calls())


def test_it_pickles_where_its_credential_does(emulator: Emulator) -> None:
    """A token is never written out, nor shown."""
    with pytest.raises(TypeError, match="would be written out"):
        pickle.dumps(aio.Client("canary-token"))
    client = client_of(emulator, make_token, deadline=200)
    assert repr(client) == f'aio.Client("{emulator.url}")'
    again = pickle.loads(pickle.dumps(client))  # noqa: S301 - ours
    assert again.__reduce__()[1] == client.__reduce__()[1]
    with pytest.raises(AuthenticationError):
        asyncio.run(again.get_customer(emulator.customer("Contoso")))


def make_token() -> str:
    """A credential that pickles."""
    return "not-the-emulators-token"


@pytest.mark.parametrize("how", ["await", "task", "gather"])
def test_a_credential_that_calls_its_client_gets_an_error(emulator: Emulator, how: str) -> None:
    """The one of the synchronous client, and no deadlock; another client may be called."""
    clients: list[aio.Client] = []
    contoso = emulator.customer("Contoso")
    ways: dict[str, Callable[[Any], Awaitable[Any]]] = {
        "await": lambda call: call,
        "task": asyncio.create_task,
        "gather": asyncio.gather,
    }

    async def credential() -> str:
        await client_of(emulator, emulator.token).get_customer(contoso)
        await ways[how](clients[0].get_customer(contoso))
        return "never"

    async def call() -> None:
        clients.append(client_of(emulator, credential))
        await clients[0].get_customer(contoso)

    def synchronous() -> str:
        synchronous_client.get_customer(contoso)
        return "never"

    synchronous_client = Client(synchronous, base_url=emulator.url, allow_http_loopback=True)
    with pytest.raises(AuthenticationError) as caught:
        asyncio.run(asyncio.wait_for(call(), LONG))
    with pytest.raises(AuthenticationError) as expected:
        synchronous_client.get_customer(contoso)
    told, wanted = caught.value.__cause__, expected.value.__cause__
    assert isinstance(told, AuthenticationError)
    assert (str(told), vars(told)) == (str(wanted), vars(wanted))
    assert len(emulator.requests()) == 1
