"""Credentials, threads, interrupts: what a long-lived process does with a client."""

from __future__ import annotations

import _thread
import contextvars
import gc
import os
import pickle
import signal
import sys
import threading
import time
import traceback
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from azure.core.credentials import AccessToken, TokenCredential
from conftest import GUID, LONG, Holding
from partner_center import (
    AuthenticationError,
    CancelledError,
    Client,
    Outcome,
    PartnerCenterError,
    Qualification,
)
from partner_center.testing import Emulator


def client_of(emulator: Emulator, credential: Any) -> Client:
    """A client of the emulator."""
    return Client(credential, base_url=emulator.url, allow_http_loopback=True)


class Credential:
    """What azure-identity's credentials look like, with a count."""

    def __init__(self, emulator: Emulator, lifetime: float = 3600) -> None:
        self.calls: list[tuple[str, ...]] = []
        self._emulator = emulator
        self._lifetime = lifetime

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """The token that the emulator accepts now."""
        self.calls.append(scopes)
        return AccessToken(self._emulator.token, int(time.time() + self._lifetime))


def test_an_azure_credential_is_asked_once_with_the_scope(emulator: Emulator) -> None:
    """And again only when its token has expired."""
    credential = Credential(emulator)
    assert isinstance(credential, TokenCredential)
    client = client_of(emulator, credential)
    for _ in range(3):
        client.get_qualification(emulator.customer("Contoso"))
    assert credential.calls == [(f"{emulator.url}/.default",)]
    short = Credential(emulator, lifetime=0)
    client = client_of(emulator, short)
    for _ in range(3):
        client.get_qualification(emulator.customer("Contoso"))
    assert len(short.calls) == 3


@pytest.mark.parametrize(
    "shape", [lambda t: t, lambda t: f"{t}\n", lambda t: (t, time.time() + 60), lambda t: (t, None)]
)
def test_a_callable_may_return_a_token_or_a_pair(
    emulator: Emulator, shape: Callable[[str], Any]
) -> None:
    """With its expiry, or without."""
    client = client_of(emulator, lambda: shape(emulator.token))
    assert client.get_qualification(emulator.customer("Contoso")).qualification == "None"


def test_a_refused_token_is_replaced_by_the_new_one(emulator: Emulator) -> None:
    """One more call of the credential, one more send, and the attempts tell."""
    credential = Credential(emulator)
    client = client_of(emulator, credential)
    client.get_qualification(emulator.customer("Contoso"))
    emulator.expire_token()
    updated = client.update_qualification(emulator.customer("Contoso"), Qualification.EDUCATION)
    assert [attempt.class_ for attempt in updated.attempts] == ["auth_expired", "applied"]
    assert len({attempt.request_id for attempt in updated.attempts}) == 1
    assert len(credential.calls) == 2
    assert emulator.applied() == 1


def test_thirty_two_threads_share_one_token_call(emulator: Emulator) -> None:
    """Before the first token, and again after it was refused."""
    credential = Credential(emulator)
    client = client_of(emulator, credential)
    contoso = emulator.customer("Contoso")
    with ThreadPoolExecutor(32) as pool:
        for expected in (1, 2):
            reads = [pool.submit(client.get_qualification, contoso) for _ in range(200)]
            assert {read.result().qualification for read in reads} == {"None"}
            assert len(credential.calls) == expected
            emulator.expire_token()


def test_what_a_credential_raises_is_the_cause(emulator: Emulator) -> None:
    """Its text is not repeated: it may hold a secret. The next call asks again."""
    fail = True

    def credential() -> str:
        if fail:
            raise RuntimeError("secret-in-a-text")
        return emulator.token

    client = client_of(emulator, credential)
    with pytest.raises(AuthenticationError, match="gave no token: RuntimeError") as caught:
        client.update_qualification(emulator.customer("Contoso"), "Education")
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert caught.value.outcome is Outcome.NOT_APPLIED
    assert "secret-in-a-text" not in str(caught.value)
    fail = False
    assert client.get_qualification(emulator.customer("Contoso"))


@pytest.mark.parametrize("wrong", [None, {"access_token": "canary-token"}, ("canary-token",), 7])
def test_a_credential_that_returns_something_else_is_told_so(
    emulator: Emulator, wrong: Any
) -> None:
    """By the type alone: the value may be the token."""
    with pytest.raises(AuthenticationError, match="gave no token: TypeError") as caught:
        client_of(emulator, lambda: wrong).get_qualification(GUID)
    cause = caught.value.__cause__
    assert isinstance(cause, TypeError)
    assert str(cause).startswith(f"the credential returned {type(wrong).__name__}; it must")
    assert "canary" not in repr(cause)


def test_a_lifetime_is_not_an_expiry(emulator: Emulator) -> None:
    """As MSAL's expires_in: taken for a time, it would make every call ask for a new token."""
    with pytest.raises(AuthenticationError) as caught:
        client_of(emulator, lambda: (emulator.token, 3599)).get_qualification(GUID)
    assert isinstance(caught.value.__cause__, TypeError)
    assert "add time.time()" in str(caught.value.__cause__)


@pytest.mark.parametrize("where", ["credential", "callable", "validation_code", "proxy"])
def test_text_that_is_not_valid_is_refused_and_not_shown(emulator: Emulator, where: str) -> None:
    """As os.environ gives it for stray bytes; Python's own error would hold all of it."""
    secret = "canary-secret\udcff"
    calls: dict[str, Callable[[], object]] = {
        "credential": lambda: Client(secret),
        "callable": lambda: client_of(emulator, lambda: secret).get_qualification(GUID),
        "proxy": lambda: Client("t", proxy=secret),
        "validation_code": lambda: Client("t").update_qualification(
            GUID, "Education", validation_code=secret
        ),
    }
    with pytest.raises(PartnerCenterError) as caught:
        calls[where]()
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=False)
    error: BaseException | None = caught.value
    texts = ["".join(shown.format_exception_only())]
    while error is not None:
        texts += [str(error), repr(error.args)]
        error = error.__cause__ or error.__context__
    assert "canary" not in "".join(texts)


def test_a_coroutine_credential_is_refused_in_words(emulator: Emulator) -> None:
    """Without a warning that it was never awaited (warnings are errors here)."""

    async def credential() -> str:
        return emulator.token

    with pytest.raises(AuthenticationError) as caught:
        client_of(emulator, credential).get_qualification(GUID)
    assert "await the calls of partner_center.aio.Client" in str(caught.value.__cause__)


def test_a_credential_that_calls_its_client_gets_an_error(emulator: Emulator) -> None:
    """No deadlock."""
    clients: list[Client] = []

    def credential() -> str:
        clients[0].get_qualification(GUID)
        return "never"

    clients.append(client_of(emulator, credential))
    with pytest.raises(AuthenticationError) as caught:
        clients[0].get_qualification(GUID)
    assert "called the client" in str(caught.value.__cause__)
    assert emulator.requests() == []


def test_a_credential_runs_on_the_calling_thread(emulator: Emulator) -> None:
    """So that context variables and thread locals are the caller's."""
    variable = contextvars.ContextVar("variable", default="unset")
    seen: list[tuple[str, int]] = []

    def credential() -> str:
        seen.append((variable.get(), threading.get_ident()))
        return emulator.token

    variable.set("the caller's")
    client_of(emulator, credential).get_qualification(emulator.customer("Contoso"))
    assert seen == [("the caller's", threading.get_ident())]


@pytest.mark.parametrize("wrong", [None, 7, b"token", object()], ids=repr)
def test_what_is_no_credential_is_refused_at_once(wrong: Any) -> None:
    """Not at the first call."""
    with pytest.raises(TypeError, match="credential must be"):
        Client(wrong)


def test_a_client_pickles_where_its_credential_does(emulator: Emulator) -> None:
    """A token is never written out."""
    with pytest.raises(TypeError, match="would be written out"):
        pickle.dumps(Client("canary-token"))
    client = Client(
        make_token,
        base_url=emulator.url,
        allow_http_loopback=True,
        application="a",
        connect_timeout=10,
        attempt_timeout=20,
        deadline=35.5,
    )
    again = pickle.loads(pickle.dumps(client))  # noqa: S301 - ours
    assert again.__getnewargs_ex__() == client.__getnewargs_ex__()
    with pytest.raises(AuthenticationError):
        again.get_qualification(GUID)
    assert len(emulator.requests()) == 1


def test_a_proxys_password_is_never_pickled() -> None:
    """Nor shown."""
    client = Client(make_token, proxy="http://user:proxy-password@127.0.0.1:1")
    assert "proxy-password" not in repr(client)
    with pytest.raises(TypeError, match="would be written out"):
        pickle.dumps(client)


def test_a_client_in_a_circle_is_collected() -> None:
    """A credential that is a method of the client's owner is the usual shape."""

    class Owner:
        def __init__(self) -> None:
            self.client = Client(self.token)

        def token(self) -> str:
            return "t"

    owner = weakref.ref(Owner())
    gc.collect()
    assert owner() is None


def make_token() -> str:
    """A credential that pickles."""
    return "not-the-emulators-token"


def interrupt_by_signal() -> None:
    """A terminal's Ctrl-C, and a notebook's stop button on Unix."""
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("interrupt", [interrupt_by_signal, _thread.interrupt_main])
@pytest.mark.parametrize(
    ("operation", "outcome"), [("update", Outcome.UNKNOWN), ("get", Outcome.NOT_APPLIED)]
)
def test_an_interrupt_ends_a_stalled_call(
    interrupt: Callable[[], None],
    operation: str,
    outcome: Outcome,
    holding: Holding,
) -> None:
    """Long before the answer would be given up (100 s), and the interrupt tells the outcome."""
    client = Client("some-token", base_url=holding.url, allow_http_loopback=True)

    def later() -> None:
        assert holding.arrived.wait(LONG)
        interrupt()

    thread = threading.Thread(target=later)
    thread.start()
    arguments = (GUID, "Education") if operation == "update" else (GUID,)
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt) as caught:
        getattr(client, f"{operation}_qualification")(*arguments)
    assert time.monotonic() - begun < LONG
    thread.join()
    error = caught.value.__cause__
    assert isinstance(error, CancelledError)
    assert error.outcome is outcome
    assert error.request_id
    if sys.version_info >= (3, 11):
        assert caught.value.__notes__ == [f"partner_center: {error}"]


def test_an_interrupt_inside_the_credential_passes_through(emulator: Emulator) -> None:
    """As the interrupt that it is, with the outcome."""

    def credential() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        client_of(emulator, credential).update_qualification(GUID, "Education")
    assert isinstance(caught.value.__cause__, CancelledError)
    assert caught.value.__cause__.outcome is Outcome.NOT_APPLIED
    assert emulator.requests() == []


def test_no_python_text_holds_a_secret(emulator: Emulator) -> None:
    """Not repr, not str, not a traceback with the locals' reprs, not a pickle."""
    token, code = "canary-token-1a2b", "canary-code-3c4d"
    client = Client(token, base_url=emulator.url, allow_http_loopback=True)
    texts = [repr(client), str(client)]
    for _ in range(2):
        try:
            client.update_qualification(
                emulator.customer("Woodgrove"), "GovernmentCommunityCloud", validation_code=code
            )
        except PartnerCenterError as error:
            shown = traceback.TracebackException.from_exception(error)
            texts += [*shown.format(), repr(error), repr(vars(error))]
            texts.append(pickle.dumps(error).decode("latin-1"))
        client = Client(lambda: emulator.token, base_url=emulator.url, allow_http_loopback=True)
    preview = client.preview_update_qualification(
        GUID, "GovernmentCommunityCloud", validation_code=code
    )
    texts.append(preview)
    assert "[validation code]" in preview
    assert "HTTP 401" in "".join(texts)
    assert "HTTP 400" in "".join(texts)
    for text in texts:
        assert token not in text
        assert code not in text
