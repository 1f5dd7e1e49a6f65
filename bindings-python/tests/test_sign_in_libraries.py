"""MSAL and azure-identity as credentials, against a sign-in authority on this machine, over TLS."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import azure.identity
import azure.identity.aio
import msal  # type: ignore[import-untyped]
import pytest
from azure.core.pipeline.transport import AsyncioRequestsTransport
from conftest import FixtureServer
from partner_center import AuthenticationError, Client, Outcome, TokenRequest, aio

CONTOSO = "11111111-aaaa-4aaa-8aaa-111111111111"


@dataclass
class Authority:
    """An emulator that is the service and its sign-in authority."""

    told: dict[str, str]
    certificates: Path
    server: FixtureServer

    @property
    def options(self) -> dict[str, Any]:
        """What a client of it needs beside a credential."""
        return {
            "base_url": self.told["url"],
            "only_ca_certificates": self.certificates.read_bytes(),
        }

    def application(self, **options: Any) -> msal.ConfidentialClientApplication:
        """MSAL's application."""
        return msal.ConfidentialClientApplication(
            self.told["client_id"],
            client_credential=options.pop("client_secret", self.told["client_secret"]),
            authority=f"{self.told['url']}/{self.told['tenant']}",
            instance_discovery=False,
            verify=str(self.certificates),
            **options,
        )

    def identity(self, credential: Any, **options: Any) -> Any:
        """azure-identity's credential with the application's secret."""
        return credential(
            self.told["tenant"],
            self.told["client_id"],
            self.told["client_secret"],
            authority=self.told["url"],
            disable_instance_discovery=True,
            connection_verify=str(self.certificates),
            **options,
        )


@pytest.fixture
def authority(
    fixture_server: FixtureServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Authority]:
    """A fresh one."""
    # requests prefers the environment's authorities to those that it is given.
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(variable, raising=False)
    certificates = tmp_path / "authority.pem"
    certificates.write_bytes(fixture_server.authority)
    yield Authority(fixture_server.emulate("authority"), certificates, fixture_server)
    fixture_server.stop("authority")


def test_msal_exchanges_the_refresh_token(authority: Authority) -> None:
    """For a change; and once more when the service refuses the token."""
    application = authority.application()
    forced = []

    def credential(request: TokenRequest) -> str:
        forced.append(request.force_refresh)
        answer = application.acquire_token_by_refresh_token(
            authority.told["refresh_token"], scopes=list(request.scopes)
        )
        return str(answer["access_token"])

    client = Client(credential, **authority.options)
    updated = client.update_qualification(CONTOSO, "Education")
    assert updated.outcome is Outcome.APPLIED
    authority.server.expire("authority")
    assert client.get_qualification(CONTOSO).qualification == "Education"
    assert forced == [False, True]


def test_msal_gets_tokens_for_the_application(authority: Authority) -> None:
    """With their expiry, so that MSAL is asked again in time."""
    application = authority.application()
    asked = []

    def credential(request: TokenRequest) -> tuple[str, float]:
        asked.append(request)
        answer = application.acquire_token_for_client(list(request.scopes))
        return answer["access_token"], time.time() + answer["expires_in"]

    client = Client(credential, **authority.options)
    for _ in range(2):
        assert client.get_customer(CONTOSO).company_name == "Contoso"
    assert len(asked) == 1


def test_what_msal_refuses_is_the_callers_to_raise(authority: Authority) -> None:
    """MSAL returns its error; the credential that raises it finds it as the cause."""
    application = authority.application(client_secret="not-the-secret")

    def credential(request: TokenRequest) -> str:
        answer = application.acquire_token_for_client(list(request.scopes))
        if "error" in answer:
            raise PermissionError(json.dumps(answer))
        return str(answer["access_token"])

    with pytest.raises(AuthenticationError) as caught:
        Client(credential, **authority.options).get_customer(CONTOSO)
    assert "invalid_client" in str(caught.value.__cause__)
    assert "invalid_client" not in str(caught.value)


def test_azure_identity_is_a_credential_as_it_is(authority: Authority) -> None:
    """Once for all calls."""
    credential = authority.identity(azure.identity.ClientSecretCredential)
    client = Client(credential, **authority.options)
    for _ in range(2):
        assert client.get_customer(CONTOSO).company_name == "Contoso"
    asked = authority.server.stop("authority")
    authority.server.emulate("authority")
    assert [path.rpartition("/")[2] for _, path in asked].count("token") == 1


def test_azure_identity_aio_is_awaited(authority: Authority) -> None:
    """On the caller's loop, where its own client lives."""

    async def call() -> None:
        transport = AsyncioRequestsTransport(connection_verify=str(authority.certificates))
        credential = authority.identity(
            azure.identity.aio.ClientSecretCredential, transport=transport
        )
        loops = []
        get_token = credential.get_token

        async def watched(*scopes: str, **options: Any) -> Any:
            loops.append(asyncio.get_running_loop())
            return await get_token(*scopes, **options)

        credential.get_token = watched
        async with credential:
            client = aio.Client(credential, **authority.options)
            found = await asyncio.gather(*(client.get_customer(CONTOSO) for _ in range(8)))
            assert {customer.company_name for customer in found} == {"Contoso"}
        assert loops == [asyncio.get_running_loop()]

    asyncio.run(call())
