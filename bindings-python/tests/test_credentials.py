"""Credentials that know what they are asked for, and those that ask the authority themselves."""

from __future__ import annotations

import functools
import gc
import json
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from conftest import FIXTURES, FixtureServer
from partner_center import (
    AuthenticationError,
    CancelledError,
    Client,
    ClientCredentials,
    InvalidArgumentError,
    Outcome,
    Reason,
    RefreshTokenCredential,
    TokenRequest,
)
from partner_center.testing import Emulator


def client_of(emulator: Emulator, credential: Any) -> Client:
    """A client of the emulator."""
    return Client(credential, base_url=emulator.url, allow_http_loopback=True)


def refreshing(emulator: Emulator, on_rotation: Callable[[str], object]) -> Client:
    """A client with the emulator's refresh token."""
    credential = RefreshTokenCredential(
        tenant=emulator.tenant,
        client_id=emulator.client_id,
        refresh_token=emulator.refresh_token,
        client_secret=emulator.client_secret,
        on_rotation=on_rotation,
    )
    return client_of(emulator, credential)


def test_a_callable_may_take_the_request(emulator: Emulator) -> None:
    """And learns that a cached token will not do."""
    requests: list[TokenRequest] = []

    def credential(request: TokenRequest) -> str:
        requests.append(request)
        return emulator.token

    client = client_of(emulator, credential)
    client.get_customer(emulator.customer("Contoso"))
    emulator.expire_token()
    client.get_customer(emulator.customer("Contoso"))
    scopes = [f"{emulator.url}/.default"]
    assert requests == [
        TokenRequest(scopes=scopes),
        TokenRequest(scopes=scopes, force_refresh=True),
    ]


def test_only_what_must_be_given_is_given(emulator: Emulator) -> None:
    """A parameter with a default may be anything, a loop's variable say."""

    def varied(*arguments: object, **options: object) -> str:
        assert not arguments
        assert not options
        return emulator.token

    class Asked:
        def __call__(self, request: TokenRequest, /) -> str:
            assert request.claims is None
            return emulator.token

    without_signature = functools.partial(next, iter([emulator.token]))
    bound = functools.partial(lambda token, request: request and token, emulator.token)
    for credential in (
        lambda token=emulator.token: token,
        varied,
        Asked(),
        without_signature,
        bound,
    ):
        assert client_of(emulator, credential).get_customer(emulator.customer("Contoso"))


@pytest.mark.parametrize("wrong", [lambda a, b: "t", lambda *, claims: "t", str.join], ids=repr)
def test_a_callable_that_wants_more_is_refused_at_once(wrong: Any) -> None:
    """Not at the first call."""
    with pytest.raises(TypeError, match="one: the TokenRequest"):
        Client(wrong)


def test_claims_reach_the_credential(fixture_server: FixtureServer) -> None:
    """As an option of get_token, where there are any, and in the request."""
    case = "get_qualification/claims_challenge"
    arguments = json.loads((FIXTURES / "cases" / f"{case}.json").read_text())["arguments"]
    tokens = ["first-token", "second-token"]
    seen: list[tuple[str | None, bool | None]] = []

    class Credential:
        def get_token(self, *_: str, **options: str) -> tuple[str, None]:
            seen.append((options.get("claims"), None))
            assert options.keys() <= {"claims"}
            return tokens[len(seen) - 1], None

    def credential(request: TokenRequest) -> str:
        seen.append((request.claims, request.force_refresh))
        return tokens[len(seen) - 1]

    for given, refused in ((Credential(), None), (credential, True)):
        seen.clear()
        port = fixture_server.start(case)
        client = Client(
            given,  # type: ignore[arg-type]
            base_url=f"https://127.0.0.1:{port}",
            only_ca_certificates=fixture_server.authority,
        )
        client.get_qualification(**arguments)
        assert fixture_server.finish(case)["failures"] == []
        (first, _), (second, forced) = seen
        assert first is None
        assert isinstance(json.loads(second or ""), dict)
        assert forced is refused


def test_a_rotated_refresh_token_is_kept_before_anything_is_sent(emulator: Emulator) -> None:
    """On the calling thread; and the next exchange is made with it."""
    kept: list[tuple[str, int, list[str]]] = []

    def keep(token: str) -> None:
        paths = [path.rpartition("/")[2] for _, path in emulator.requests()]
        kept.append((token, threading.get_ident(), paths))

    client = refreshing(emulator, keep)
    first = emulator.refresh_token
    updated = client.update_qualification(emulator.customer("Contoso"), "Education")
    assert updated.outcome is Outcome.APPLIED
    assert kept == [(emulator.refresh_token, threading.get_ident(), ["token"])]
    assert emulator.refresh_token != first
    emulator.expire_token()
    client.get_customer(emulator.customer("Contoso"))
    assert [token for token, *_ in kept][1:] == [emulator.refresh_token]


def test_a_refresh_token_that_cannot_be_kept_stops_the_call(emulator: Emulator) -> None:
    """With the callback's error as the cause, by its type alone; the old token stays in use."""
    fail = True

    def keep(token: str) -> None:
        if fail:
            raise OSError(f"no vault for {token}")

    client = refreshing(emulator, keep)
    with pytest.raises(AuthenticationError) as caught:
        client.update_qualification(emulator.customer("Contoso"), "Education")
    error = caught.value
    assert error.reason is Reason.ROTATION_FAILED
    assert error.outcome is Outcome.NOT_APPLIED
    assert isinstance(error.__cause__, OSError)
    assert "OSError" in str(error)
    assert "vault" not in str(error) + repr(vars(error))
    assert emulator.refresh_token not in str(error) + repr(vars(error))
    assert {path.rpartition("/")[2] for _, path in emulator.requests()} == {"token"}
    fail = False
    assert client.get_customer(emulator.customer("Contoso"))


def test_an_interrupt_while_a_token_is_kept_passes_through(emulator: Emulator) -> None:
    """As the interrupt that it is, with the outcome."""

    def keep(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        refreshing(emulator, keep).get_customer(emulator.customer("Contoso"))
    assert isinstance(caught.value.__cause__, CancelledError)
    assert len(emulator.requests()) == 1


def test_on_rotation_must_be_a_function_that_nobody_awaits(emulator: Emulator) -> None:
    """Else a token that was never kept would be taken for one that was."""

    async def keep(_: str) -> None:
        pass

    with pytest.raises(AuthenticationError) as caught:
        refreshing(emulator, keep).get_customer(emulator.customer("Contoso"))
    assert caught.value.reason is Reason.ROTATION_FAILED
    assert "on_rotation returned an awaitable" in str(caught.value.__cause__)
    with pytest.raises(TypeError, match="on_rotation must be callable"):
        refreshing(emulator, 7)  # type: ignore[arg-type]


def test_on_rotation_that_calls_the_client_gets_an_error(emulator: Emulator) -> None:
    """No deadlock."""
    clients: list[Client] = []

    def keep(_: str) -> None:
        clients[0].get_customer(emulator.customer("Contoso"))

    clients.append(refreshing(emulator, keep))
    with pytest.raises(AuthenticationError) as caught:
        clients[0].get_customer(emulator.customer("Contoso"))
    assert "called the client" in str(caught.value.__cause__)


def test_client_credentials_read_and_change_nothing(emulator: Emulator) -> None:
    """A change needs a person behind the token, and is refused before anything is sent."""
    credential = ClientCredentials(
        tenant=emulator.tenant,
        client_id=emulator.client_id,
        client_secret=emulator.client_secret,
    )
    client = client_of(emulator, credential)
    with pytest.raises(InvalidArgumentError, match=r"App\+User"):
        client.update_qualification(emulator.customer("Contoso"), "Education")
    assert emulator.requests() == []
    assert client.get_customer(emulator.customer("Contoso")).company_name == "Contoso"
    wrong = ClientCredentials(
        tenant=emulator.tenant, client_id=emulator.client_id, client_secret="canary-secret"
    )
    with pytest.raises(AuthenticationError) as caught:
        client_of(emulator, wrong).get_customer(emulator.customer("Contoso"))
    assert caught.value.code == "invalid_client"
    assert caught.value.meaning
    assert "canary" not in str(caught.value) + repr(vars(caught.value))


def test_listeners_in_a_circle_are_collected() -> None:
    """Methods of the client's owner are the usual shape."""

    class Owner:
        def __init__(self) -> None:
            credential = RefreshTokenCredential(
                tenant="t",
                client_id="4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04",
                refresh_token="r",
                on_rotation=self.keep,
            )
            self.client = Client(credential, on_event=self.hear)

        def keep(self, _: str) -> None:
            pass

        def hear(self, _: object) -> None:
            pass

    owner = weakref.ref(Owner())
    gc.collect()
    assert owner() is None
