"""``doctor`` finds what is wrong, shows no secret, and changes nothing."""

from __future__ import annotations

import argparse
import base64
import contextlib
import email.utils
import json
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from command_line import Done, Terminal, at, rows, run
from conftest import FixtureServer
from partner_center import __version__
from partner_center.cli import network
from partner_center.testing import Emulator

CANARY = "canary-of-a-claim"
GOOD = {"scp": "user_impersonation", "amr": ["pwd", "mfa"], "unique_name": CANARY}


def web_token(claims: object) -> str:
    """Unsigned: nobody here looks at the signature."""

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}.{part(CANARY)}"


def free_port() -> int:
    """One that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def states(done: Done) -> dict[str, str]:
    """The state of each check, by its name."""
    return {row["name"]: row["state"] for row in rows(done)}


def text_of(done: Done, name: str) -> str:
    """What a check says."""
    (text,) = (row["text"] for row in rows(done) if row["name"] == name)
    return str(text)


def examined(**claims: Any) -> Done:
    """With a token of these claims, its times from now on; the emulator takes it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    now = time.time()
    times = {"exp": now + claims.pop("expires_in", 3600), "nbf": now + claims.pop("begins_in", 0)}
    token = web_token({"aud": url, **times, **GOOD, **claims})
    with Emulator(port=port, token=token) as emulator:
        done = run("doctor", "--json", *at(url), PARTNER_CENTER_TOKEN=token)
        assert {method for method, _ in emulator.requests()} <= {"GET", "HEAD"}
        assert emulator.applied() == 0
    assert not [part for part in token.split(".") if part in done.stdout]
    assert CANARY not in done.stdout
    return done


def test_all_is_well() -> None:
    """Every check, in order; the emulator sends no time to compare with."""
    done = examined()
    found = states(done)
    assert list(found) == [
        *("versions", "token", "audience", "expiry", "MFA"),
        *("proxy", "trust", "clock", "service", "sign-in"),
    ]
    assert {name for name, state in found.items() if state != "ok"} == {"clock"}
    assert done.returncode == 0
    assert f"partner-center {__version__}, core {__version__}, " in text_of(done, "versions")


@pytest.mark.parametrize(
    ("claims", "name", "state", "said"),
    [
        ({"aud": "https://graph.windows.net"}, "audience", "failed", "/.default"),
        ({"aud": None}, "audience", "failed", "the token is for None"),
        ({"aud": "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"}, "audience", "ok", "fa3d9a0c"),
        ({"exp": 1_000_000_000}, "expiry", "failed", "days ago. Get a new token."),
        ({"expires_in": 200}, "expiry", "warning", "Get a new token first."),
        ({"exp": "soon"}, "expiry", "warning", "does not say"),
        ({"exp": float("inf")}, "expiry", "warning", "does not say"),
        ({"begins_in": 90_000}, "expiry", "failed", "machine's clock"),
        ({"amr": ["pwd"]}, "MFA", "failed", "Sign in again"),
        ({"amr": None}, "MFA", "warning", "no claim amr"),
        ({"scp": None, "roles": ["x"]}, "MFA", "warning", "App-only"),
    ],
)
def test_what_a_token_says_of_itself(
    claims: dict[str, Any], name: str, state: str, said: str
) -> None:
    """Whom it is for, how long it lives, and how somebody signed in."""
    done = examined(**claims)
    assert states(done)[name] == state
    assert said in text_of(done, name)
    assert done.returncode == (3 if state == "failed" else 0)


@pytest.mark.parametrize("token", ["opaque", "a.b.c", "e30.W10.x", f"e30.{'W' * 9999}.x"])
def test_a_token_that_says_nothing(token: str) -> None:
    """It may be good all the same."""
    with Emulator(token=token) as emulator:
        done = run("doctor", "--json", *at(emulator.url), PARTNER_CENTER_TOKEN=token)
    assert (done.returncode, states(done)["token"]) == (0, "warning")
    assert "audience" not in states(done)


def test_no_token_and_a_refused_one(emulator: Emulator) -> None:
    """The first asks for one, and the network is looked at all the same."""
    done = run("doctor", "--json", *at(emulator.url))
    found = states(done)
    assert (done.returncode, found["token"], found["service"]) == (3, "failed", "ok")
    assert "PARTNER_CENTER_TOKEN" in text_of(done, "token")
    refused = run("doctor", "--json", *at(emulator.url), PARTNER_CENTER_TOKEN="old")
    assert (refused.returncode, states(refused)["service"]) == (3, "failed")
    assert "Partner Center refused the token" in text_of(refused, "service")


def test_nobody_answers() -> None:
    """Neither the service nor the authority; that is said of each."""
    url = f"http://127.0.0.1:{free_port()}"
    scale = {"PARTNER_CENTER_TIME_SCALE": "10000"}
    done = run("doctor", "--json", *at(url), PARTNER_CENTER_TOKEN="t", **scale)
    found = states(done)
    assert (done.returncode, found["service"], found["sign-in"]) == (3, "failed", "failed")
    assert (found["clock"], text_of(done, "clock")[-9:]) == ("warning", "no answer")


class Clock(BaseHTTPRequestHandler):
    """A service whose clock may be wrong."""

    ahead = 0.0
    mfa = "true"

    def do_GET(self) -> None:
        """An empty list of customers; a tenant that nobody knows."""
        listing = self.path.startswith("/v1/customers")
        body = b'{"totalCount": 0, "items": []}' if listing else b"{}"
        self.send_response_only(200 if listing else 400)
        self.send_header("Date", email.utils.formatdate(time.time() + self.ahead, usegmt=True))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("isMfaCompliant", self.mfa)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextlib.contextmanager
def served(**settings: object) -> Iterator[str]:
    """Its address."""
    handler = type("Set", (Clock,), settings)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("ahead", "state", "said"),
    [
        (0, "ok", "agrees"),
        (-200, "warning", "seconds ahead of the service's"),
        (7200, "failed", "seconds behind the service's"),
    ],
)
def test_the_clock_is_compared_with_the_services(ahead: float, state: str, said: str) -> None:
    """By the time in an answer."""
    with served(ahead=ahead) as url:
        done = run("doctor", "--json", *at(url), PARTNER_CENTER_TOKEN="t")
    assert states(done)["clock"] == state
    assert said in text_of(done, "clock")
    assert done.returncode == (3 if state == "failed" else 0)


def test_the_service_says_whether_the_sign_in_was_good() -> None:
    """What it says counts more than what the token says."""
    with served(mfa="false") as url:
        done = run("doctor", "--json", *at(url), PARTNER_CENTER_TOKEN="t")
    assert (done.returncode, states(done)["service"]) == (3, "failed")
    assert "multifactor" in text_of(done, "service")


def test_the_proxy_is_named_without_its_password() -> None:
    """From the option or the environment; here it leads nowhere."""
    nowhere = f"127.0.0.1:{free_port()}"
    proxy = f"http://user:proxy-password@{nowhere}"
    options = ["doctor", "--json", "--timeout", "3"]
    scale = {"PARTNER_CENTER_TOKEN": "t", "PARTNER_CENTER_TIME_SCALE": "10000"}
    given = run(*options, "--proxy", proxy, **scale)
    assert text_of(given, "proxy") == f"{nowhere}, by --proxy"
    found = run(*options, HTTPS_PROXY=proxy, **scale)
    assert text_of(found, "proxy") == f"{nowhere}, by HTTPS_PROXY"
    assert (found.returncode, states(found)["service"]) == (3, "failed")
    assert "proxy-password" not in given.stdout + found.stdout


@pytest.mark.parametrize("proxy", ["http://[::1", "http://proxy:port", "http://pro xy:80"])
def test_a_proxy_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    """As a failed check; Python reads its address in another way than the client."""

    def no_names(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", no_names)
    monkeypatch.setenv("https_proxy", proxy)
    given = argparse.Namespace(proxy=None, only_ca_file=None, ca_file=None)
    told = network.proxy(given, "https://service.invalid")
    assert (told.state, told.text[:32]) == ("failed", "https_proxy holds no address suc")
    assert network.clock(given, "https://service.invalid").state == "warning"


def test_what_is_no_http_is_told() -> None:
    """Here a service of another kind listens."""

    class Other(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(b"SSH-2.0-OpenSSH_9.9\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            url = f"http://127.0.0.1:{server.server_address[1]}"
            scale = {"PARTNER_CENTER_TOKEN": "t", "PARTNER_CENTER_TIME_SCALE": "10000"}
            done = run("doctor", "--json", *at(url), **scale)
        finally:
            server.shutdown()
    assert text_of(done, "clock").endswith("no HTTP answer")
    assert (done.returncode, states(done)["service"]) == (3, "failed")


def test_the_certificates_are_named_and_used(tmp_path: Path, fixture_server: FixtureServer) -> None:
    """With the right authority everything answers over TLS; a file that holds none is told."""
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(fixture_server.authority)
    emulator = fixture_server.emulate("doctor")
    options = ["doctor", "--json", "--base-url", emulator["url"]]
    try:
        good = run(*options, "--only-ca-file", str(bundle), PARTNER_CENTER_TOKEN=emulator["token"])
    finally:
        fixture_server.stop("doctor")
    found = states(good)
    assert (good.returncode, found["service"], found["sign-in"]) == (0, "ok", "ok")
    assert text_of(good, "trust") == f"only {bundle}"
    assert text_of(good, "clock").endswith("it sends no time")
    bundle.write_text("none")
    bad = run(*options, "--only-ca-file", str(bundle), PARTNER_CENTER_TOKEN="t")
    assert (bad.returncode, states(bad)["settings"]) == (3, "failed")
    assert "only_ca_certificates" in text_of(bad, "settings")


def test_a_person_reads_lines_that_fit(emulator: Emulator) -> None:
    """Each check begins one; what follows stands further in."""
    terminal = Terminal("doctor", *at(emulator.url), PARTNER_CENTER_TOKEN="old")
    assert terminal.end() == 3
    lines = terminal.text.splitlines()
    assert max(len(line) for line in lines) <= 80
    first = {line.split()[0] for line in lines if not line.startswith(" " * 20)}
    assert first == {"ok", "warning", "failed"}
