"""Every case of tests/fixtures/cases against the replaying server, through the public API.

Each case is a test of the client and one of its asyncio twin, which must see the very same. What
was seen is also written, as one canonical line a case, to target/parity/python.jsonl for
comparison with the other languages.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import canonical
import pytest
import run_case
from conftest import FIXTURES, ROOT, FixtureServer
from partner_center import (
    Client,
    ClientCredentials,
    CustomerQualification,
    Event,
    PartnerCenterError,
    RefreshTokenCredential,
    aio,
)

CASES = sorted((FIXTURES / "cases").rglob("*.json"))
OPTIONS = {"application", "locale", "deadline", "on_ambiguous", "validate_mfa", "credential"}
OPTIONS |= {"connect_timeout", "attempt_timeout", "proxy"}


@pytest.fixture(scope="session")
def lines() -> Iterator[dict[str, str]]:
    """The canonical lines by case, written down at the end."""
    seen: dict[str, str] = {}
    yield seen
    file = ROOT / "target" / "parity" / "python.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{seen[case]}\n" for case in sorted(seen))
    file.write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("_waits_are_divided")
@pytest.mark.parametrize("client", ["sync", "aio"])
@pytest.mark.parametrize(
    "path", CASES, ids=[str(path.relative_to(FIXTURES / "cases")) for path in CASES]
)
def test_case(
    path: Path, client: str, fixture_server: FixtureServer, lines: dict[str, str]
) -> None:
    """The call ends as the case says, and so do the server's books."""
    text = path.read_text(encoding="utf-8")
    case = json.loads(text)
    told = (Told if client == "sync" else ToldLater)(case["tokens"])
    options = {**of(case, told), **address(case["id"], fixture_server)}
    if client == "sync":
        seen = called(case, options, told)
    else:
        seen = asyncio.run(awaited(case, options, told))
    seen |= fixture_server.finish(case["id"]) | told.books(case) | {"id": case["id"]}
    line = canonical.line(seen, text)
    assert lines.setdefault(case["id"], line) == line
    seen = json.loads(line)
    assert seen["failures"] == []
    canonical.covers(case["expect"], seen, "expect")


def address(case: str, server: FixtureServer) -> dict[str, Any]:
    """Where the case's server waits; one that is a proxy alone leads to its base URL."""
    here = f"https://127.0.0.1:{server.start(case)}"
    trusted = {"only_ca_certificates": server.authority}
    if server.proxy_port is None:
        return {**trusted, "base_url": here}
    proxy = f"http://user:invented-proxy-password@127.0.0.1:{server.proxy_port}"
    behind = "https://api.partnercenter.example"
    return {**trusted, "base_url": behind, "authority": here, "proxy": proxy}


class Told:
    """What the client tells its caller beside the result."""

    def __init__(self, tokens: list[str]) -> None:
        self.events: list[str] = []
        self.waits: list[int | None] = []
        self.progress: list[str | None] = []
        self.rotations = 0
        self.calls = 0
        self._tokens = tokens

    def token(self) -> str:
        """Each token in order, the last one again when they run out."""
        self.calls += 1
        return self._tokens[min(self.calls, len(self._tokens)) - 1]

    def event(self, event: Event) -> None:
        """Notes what happened."""
        self.events.append(event.name.value)
        if event.wait is not None:
            self.waits.append(round(event.wait * 1000) if event.asked else None)

    def see(self, item: CustomerQualification) -> None:
        """Notes how a vetting stands."""
        self.progress.append(item.vetting_status and str(item.vetting_status))

    def keep(self, _: str) -> object:
        """Notes a new refresh token."""
        self.rotations += 1
        return None

    def fail_to_keep(self, _: str) -> object:
        """Notes it, and fails."""
        self.rotations += 1
        raise RuntimeError

    def books(self, case: dict[str, Any]) -> dict[str, Any]:
        """The members that come from here."""
        built_in = "credential" in case.get("client", {})
        return {
            "events": self.events,
            "waits": self.waits,
            "rotations": self.rotations,
            "token_calls": None if built_in else self.calls,
        }


class ToldLater(Told):
    """The same, where keeping a refresh token is awaited."""

    async def keep(self, token: str) -> object:
        """Notes a new refresh token."""
        return super().keep(token)

    async def fail_to_keep(self, token: str) -> object:
        """Notes it, and fails."""
        return super().fail_to_keep(token)


def of(case: dict[str, Any], told: Told) -> dict[str, Any]:
    """The client's options."""
    options = dict(case.get("client", {}))
    assert options.keys() <= OPTIONS
    options.pop("proxy", None)
    credential: dict[str, Any] = dict(options.pop("credential", {}))
    kind = credential.pop("type", None)
    if kind is None:
        return options | {"credential": told.token}
    if kind == "client_credentials":
        return options | {"credential": ClientCredentials(**credential)}
    raises = credential.pop("on_rotation", None) == "raise"
    keep = told.fail_to_keep if raises else told.keep
    return options | {"credential": RefreshTokenCredential(on_rotation=keep, **credential)}


def called(case: dict[str, Any], options: dict[str, Any], told: Told) -> dict[str, Any]:
    """What the case's call comes to."""
    operation, arguments = case["operation"], case["arguments"]
    try:
        client = Client(on_event=told.event, **options)
        if operation == "list_customers":
            pages = list(client.list_customers(**arguments).pages())
            return listed(pages)
        if operation == "run":
            return run_case.called(client, arguments)
        if operation == "wait_for_vetting":
            arguments = arguments | {"on_progress": told.see}
        result = getattr(client, operation)(**arguments)
    except PartnerCenterError as error:
        return canonical.failure(error)
    return canonical.success(said(operation, result, told), result)


async def awaited(case: dict[str, Any], options: dict[str, Any], told: Told) -> dict[str, Any]:
    """The same, awaited; and so is every function that the client is given."""
    operation, arguments = case["operation"], case["arguments"]

    async def token() -> str:
        return told.token()

    async def on_event(event: Event) -> None:
        told.event(event)

    async def on_progress(item: CustomerQualification) -> None:
        told.see(item)

    if options["credential"] == told.token:
        options["credential"] = token
    try:
        client = aio.Client(on_event=on_event, **options)
        if operation == "list_customers":
            return listed([page async for page in client.list_customers(**arguments).pages()])
        if operation == "run":
            return await run_case.awaited(client, arguments)
        if operation == "wait_for_vetting":
            arguments = arguments | {"on_progress": on_progress}
        result = await getattr(client, operation)(**arguments)
    except PartnerCenterError as error:
        return canonical.failure(error)
    return canonical.success(said(operation, result, told), result)


def listed(pages: list[Any]) -> dict[str, Any]:
    """All pages, as one; the ids are those of the last."""
    customers = [canonical.customer(customer) for page in pages for customer in page]
    return canonical.success({"customers": customers, "pages": len(pages)}, pages[-1])


def said(operation: str, result: Any, told: Told) -> dict[str, Any]:
    """What a result says, without how it came about."""
    match operation:
        case "update_qualification":
            value = {"qualification": str(result.qualification), "evidence": result.evidence}
        case "get_qualification":
            value = {"qualification": str(result.qualification)}
        case "create_qualification":
            value = {
                "qualification": canonical.item(result.qualification),
                "evidence": result.evidence,
            }
        case "get_qualifications":
            value = {"qualifications": [canonical.item(item) for item in result]}
        case "wait_for_vetting":
            value = {
                "end": result.end,
                "qualification": canonical.item(result.qualification),
                "polls": result.polls,
                "progress": told.progress,
            }
        case "get_validation_codes":
            return {"codes": [canonical.code(code) for code in result]}
        case "find_validation_code":
            return {"code": canonical.code(result)}
        case _:
            return {"customer": canonical.customer(result)}
    return value | {"customer": result.customer}
