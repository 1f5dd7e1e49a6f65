"""Credentials of the asyncio client: awaited on the loop of the call that asks."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import sys
import threading
import time
import weakref
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from conftest import GUID, LONG, Holding, cause_of
from partner_center import (
    AuthenticationError,
    CancelledError,
    Event,
    Outcome,
    Reason,
    RefreshTokenCredential,
    TimedOutError,
    TokenRequest,
    aio,
)
from partner_center.testing import Emulator


def client_of(emulator: Emulator, credential: Any, **options: Any) -> aio.Client:
    """A client of the emulator."""
    return aio.Client(credential, base_url=emulator.url, allow_http_loopback=True, **options)


class Credential:
    """What azure.identity.aio's credentials look like, with a count."""

    def __init__(self, emulator: Emulator) -> None:
        self.calls: list[tuple[str, ...]] = []
        self._emulator = emulator

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """The token that the emulator accepts now."""
        self.calls.append(scopes)
        await asyncio.sleep(0)
        return AccessToken(self._emulator.token, int(time.time() + 3600))


def test_sixty_four_calls_share_one_token_call(emulator: Emulator) -> None:
    """Before the first token, and again after it was refused."""
    credential = Credential(emulator)

    async def calls() -> None:
        client = client_of(emulator, credential)
        contoso = emulator.customer("Contoso")
        for expected in (1, 2):
            await asyncio.gather(*(client.get_customer(contoso) for _ in range(64)))
            assert len(credential.calls) == expected
            emulator.expire_token()

    asyncio.run(calls())
    assert set(credential.calls) == {(f"{emulator.url}/.default",)}


def test_a_credential_is_awaited_on_the_loop(emulator: Emulator) -> None:
    """In the context of the task that calls; one that is synchronous is called there."""
    variable = contextvars.ContextVar("variable", default="unset")
    seen: list[tuple[str, int]] = []

    async def awaited(request: TokenRequest) -> tuple[str, float]:
        assert request.force_refresh is False
        await asyncio.sleep(0)
        return called(), time.time() + 60

    def called() -> str:
        assert asyncio.get_running_loop().is_running()
        seen.append((variable.get(), threading.get_ident()))
        return emulator.token

    async def call(credential: Any) -> None:
        variable.set("the caller's")
        await client_of(emulator, credential).get_customer(emulator.customer("Contoso"))

    for credential in (awaited, called):
        asyncio.run(call(credential))
    assert seen == [("the caller's", threading.get_ident())] * 2


def test_what_a_credential_raises_is_the_cause(emulator: Emulator) -> None:
    """Its text is not repeated; what is no token is told by its type."""

    async def raises() -> str:
        await asyncio.sleep(0)
        raise RuntimeError("secret-in-a-text")

    async def gives_something_else() -> Any:
        return {"access_token": "canary-token"}

    for credential, cause in ((raises, RuntimeError), (gives_something_else, TypeError)):
        with pytest.raises(AuthenticationError, match=f"no token: {cause.__name__}") as caught:
            asyncio.run(client_of(emulator, credential).get_customer(emulator.customer("Contoso")))
        assert type(caught.value.__cause__) is cause
        assert "secret-in" not in str(caught.value)
        assert "canary" not in repr(caught.value.__cause__)
    assert emulator.requests() == []


def test_a_task_is_cancelled_inside_its_credential(emulator: Emulator) -> None:
    """Nothing was sent, and the next call asks again."""

    async def calls() -> asyncio.CancelledError:
        asked = asyncio.Event()

        async def credential() -> str:
            if not asked.is_set():
                asked.set()
                await asyncio.sleep(LONG)
            return emulator.token

        client = client_of(emulator, credential)
        contoso = emulator.customer("Contoso")
        call = asyncio.create_task(client.update_qualification(contoso, "Education"))
        await asked.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await call
        assert emulator.requests() == []
        await client.get_customer(contoso)
        return caught.value

    cause = cause_of(asyncio.run(asyncio.wait_for(calls(), LONG)))
    assert isinstance(cause, CancelledError)
    assert cause.outcome is Outcome.NOT_APPLIED


def test_a_rotated_refresh_token_is_kept_by_a_coroutine(emulator: Emulator) -> None:
    """Before anything is sent; one that fails stops the call."""
    kept: list[tuple[str, list[str]]] = []
    fail = True

    async def keep(token: str) -> None:
        await asyncio.sleep(0)
        kept.append((token, [path.rpartition("/")[2] for _, path in emulator.requests()]))
        if fail:
            raise OSError(f"no vault for {token}")

    credential = RefreshTokenCredential(
        tenant=emulator.tenant,
        client_id=emulator.client_id,
        refresh_token=emulator.refresh_token,
        client_secret=emulator.client_secret,
        on_rotation=keep,
    )
    client = client_of(emulator, credential)
    with pytest.raises(AuthenticationError) as caught:
        asyncio.run(client.get_customer(emulator.customer("Contoso")))
    assert caught.value.reason is Reason.ROTATION_FAILED
    assert isinstance(caught.value.__cause__, OSError)
    assert "vault" not in str(caught.value)
    fail = False
    assert asyncio.run(client.get_customer(emulator.customer("Contoso")))
    assert [paths for _, paths in kept] == [["token"], ["token", "token"]]
    assert kept[-1][0] == emulator.refresh_token


def test_a_client_in_a_circle_is_collected(emulator: Emulator) -> None:
    """Methods of the client's owner are the usual shape; also after calls, and with a listing."""

    class Owner:
        def __init__(self) -> None:
            self.client = client_of(emulator, self.token, on_event=self.hear)
            self.listed = self.client.list_customers(page_size=2)

        async def token(self) -> str:
            return emulator.token

        async def hear(self, _: Event) -> None:
            pass

        async def call(self) -> None:
            await self.client.get_customer(emulator.customer("Contoso"))
            await anext(self.listed)

    def owned() -> weakref.ref[Owner]:
        owner = Owner()
        asyncio.run(owner.call())
        return weakref.ref(owner)

    owner = owned()
    gc.collect()
    assert owner() is None


@pytest.mark.parametrize("slow", ["credential", "on_rotation", "on_event"])
def test_a_call_keeps_its_deadline(emulator: Emulator, slow: str) -> None:
    """Whoever it asks; an event that tells of the deadline still has its time."""
    ended: list[Outcome | None] = []
    slept: list[str] = []

    async def sleep(whose: str) -> None:
        if slow == whose:
            await asyncio.sleep(LONG)
            slept.append(whose)

    async def token() -> str:
        await sleep("credential")
        return emulator.token

    async def keep(_: str) -> None:
        await sleep("on_rotation")

    async def hear(event: Event) -> None:
        if event.name == "attempt":
            await sleep("on_event")
        if event.name == "end":
            await asyncio.sleep(0)
            ended.append(event.outcome)

    credential: Any = token
    if slow == "on_rotation":
        credential = RefreshTokenCredential(
            tenant=emulator.tenant,
            client_id=emulator.client_id,
            refresh_token=emulator.refresh_token,
            client_secret=emulator.client_secret,
            on_rotation=keep,
        )

    async def call() -> Any:
        client = client_of(emulator, credential, on_event=hear, connect_timeout=0.2)
        # What is to be answered before it needs more of it.
        deadline = 5 if slow == "on_event" else 0.5
        try:
            return await client.get_customer(emulator.customer("Contoso"), deadline=deadline)
        finally:
            # Where the thread that works was held up, it tells late.
            until = time.monotonic() + LONG
            while not ended and time.monotonic() < until:
                await asyncio.sleep(0.01)

    if slow == "on_event":
        # What was answered in time is no less so.
        assert asyncio.run(call()).company_name == "Contoso"
        assert ended == [None]
    else:
        with pytest.raises(TimedOutError) as caught:
            asyncio.run(call())
        assert caught.value.outcome is Outcome.NOT_APPLIED
        assert ended == [Outcome.NOT_APPLIED]
    assert slept == []


def test_a_call_that_stands_in_line_keeps_its_deadline(holding: Holding) -> None:
    """Behind as many as the client has threads."""

    async def calls() -> None:
        client = aio.Client(
            "t", base_url=holding.url, allow_http_loopback=True, connect_timeout=0.2
        )
        stalled = [asyncio.create_task(client.get_qualification(GUID)) for _ in range(64)]
        await asyncio.sleep(0.2)
        with pytest.raises(TimedOutError) as caught:
            await asyncio.wait_for(client.get_qualification(GUID, deadline=0.3), LONG / 3)
        assert caught.value.outcome is Outcome.NOT_APPLIED
        for task in stalled:
            task.cancel()
        await asyncio.gather(*stalled, return_exceptions=True)

    asyncio.run(calls())


def test_a_task_that_nobody_runs_any_more_is_collected(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In another context than its own, and without an error."""
    shown: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", shown.append)

    async def credential() -> str:
        await asyncio.get_running_loop().create_future()
        return "never"

    def abandoned() -> None:
        loop = asyncio.new_event_loop()
        loop.set_exception_handler(lambda *_: None)
        call = client_of(emulator, credential).get_customer(emulator.customer("Contoso"))
        task = loop.create_task(call)
        loop.run_until_complete(asyncio.wait([task], timeout=0.3))
        loop.close()

    abandoned()
    gc.collect()
    assert shown == []


def test_a_task_of_the_credential_may_call_once_it_has_answered(emulator: Emulator) -> None:
    """It has the credential's context; a cache that renews itself, say."""
    clients: list[aio.Client] = []
    tasks: list[asyncio.Task[str | None]] = []

    async def later() -> str | None:
        await asyncio.sleep(0.1)
        found = await clients[0].get_customer(emulator.customer("Contoso"))
        return found.company_name

    async def credential() -> str:
        if not tasks:
            tasks.append(asyncio.create_task(later()))
        return emulator.token

    async def call() -> str | None:
        clients.append(client_of(emulator, credential))
        await clients[0].get_customer(emulator.customer("Contoso"))
        return await tasks[0]

    assert asyncio.run(call()) == "Contoso"
