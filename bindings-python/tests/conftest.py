"""What the tests share: the fixture server, the emulator, and where things are."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from partner_center.testing import Emulator

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures"


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

    def start(self, case: str) -> int:
        """The port on which the case waits."""
        port: int = self._ask({"start": case})["port"]
        return port

    def finish(self, case: str) -> dict[str, Any]:
        """How many requests came, and what was wrong with them."""
        return self._ask({"finish": case})

    def close(self) -> None:
        """Ends it."""
        self._process.communicate(timeout=30)

    def _ask(self, question: dict[str, str]) -> dict[str, Any]:
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
