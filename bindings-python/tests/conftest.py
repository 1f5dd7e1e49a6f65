"""What the tests share: the fixture server, the emulator, and where things are."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from partner_center.testing import Emulator

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures"
GUID = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"
LONG = 30.0
"""Seconds: far more than anything takes here, and far less than a time-out of the client."""


def cause_of(error: BaseException) -> BaseException | None:
    """Why a task was cancelled; before 3.11 whoever awaits it gets another error, in a context."""
    told = error.__cause__
    if told is None and error.__context__ is not None:
        told = error.__context__.__cause__
    return told


class FixtureServer:
    """The replaying server as a process; it speaks JSON lines on its standard streams."""

    def __init__(self) -> None:
        program = os.environ.get(
            "FIXTURE_SERVER", str(ROOT / "target" / "debug" / "fixture-server")
        )
        self._process = subprocess.Popen(
            [program, "--fixtures", str(FIXTURES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.authority: bytes = self._read()["ca"].encode()
        self.proxy_port: int | None = None
        """Of the case that was started last, where it has a proxy."""

    def start(self, case: str) -> int:
        """The port on which the case waits."""
        started = self._ask({"start": case})
        self.proxy_port = started.get("proxy_port")
        port: int = started["port"]
        return port

    def finish(self, case: str) -> dict[str, Any]:
        """How many requests came, and what was wrong with them."""
        return self._ask({"finish": case})

    def emulate(self, name: str, customers: int = 0) -> dict[str, str]:
        """Starts an emulator over TLS: its url, token, tenant, client_id and so on."""
        return self._ask({"emulate": {"name": name, "customers": customers}})

    def expire(self, name: str) -> str:
        """Lets an emulator refuse its token; the one that it accepts instead."""
        token: str = self._ask({"expire": name})["token"]
        return token

    def stop(self, name: str) -> list[tuple[str, str]]:
        """Ends an emulator; method and path of every request that it got."""
        return [(method, path) for method, path in self._ask({"stop": name})["requests"]]

    def close(self) -> None:
        """Ends it."""
        self._process.communicate(timeout=30)

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        assert "error" not in answer, answer["error"]
        return answer

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


class Holding:
    """A service that reads a request, says so, and holds its answer back until it is told to."""

    def __init__(self) -> None:
        self.arrived = threading.Event()
        self._answer = b""
        self._told = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def answer(self, status: int, body: str) -> None:
        """Lets the answer go."""
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n"
        self._answer = f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()
        self._told.set()

    def close(self) -> None:
        """Ends it; without an answer the connection is cut."""
        self._told.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            stream, _ = self._socket.accept()
            with stream:
                stream.recv(65536)
                self.arrived.set()
                self._told.wait()
                stream.sendall(self._answer)


@pytest.fixture
def _waits_are_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    """For clients that are made from now on; only a wheel that was built for tests does it."""
    monkeypatch.setenv("PARTNER_CENTER_TIME_SCALE", "10000")


@pytest.fixture
def holding() -> Iterator[Holding]:
    """A service that holds its answer back."""
    service = Holding()
    yield service
    service.close()


@pytest.fixture(scope="session")
def fixture_server() -> Iterator[FixtureServer]:
    """One replaying server for all cases."""
    server = FixtureServer()
    yield server
    server.close()


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A fresh emulator."""
    with Emulator() as running:
        yield running


@pytest.fixture
def many() -> Iterator[Emulator]:
    """An emulator with many customers."""
    with Emulator(customers=200) as running:
        yield running
