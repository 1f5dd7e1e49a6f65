"""Runs the program for its tests: alone, at a terminal, and against peers that misbehave."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import json
import os
import pty
import select
import socket
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from partner_center.testing import Emulator

PROGRAM = [sys.executable, "-m", "partner_center"]
MEMBERS = (
    "outcome, customer, qualification, evidence, kind, reason, status, code, description, "
    "request_id, correlation_id, ms_cv, retry_after, attempts, error"
)
Done = subprocess.CompletedProcess[str]


def environment(**variables: str) -> dict[str, str]:
    """This process's, without what the program reads, and with the given variables."""
    unwanted = ("PARTNER_CENTER_TOKEN", "NO_COLOR", "COLUMNS", "PYTHONUNBUFFERED")
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {**kept, "TERM": "xterm", "PYTHONUTF8": "1", **variables}


def run(*words: str, **variables: str) -> Done:
    """The program's end, with nobody at a terminal."""
    process = start(*words, **variables)
    out, err = process.communicate(timeout=60)
    return Done(process.args, process.returncode, out, err)


def start(*words: str, **variables: str) -> subprocess.Popen[str]:
    """The program, with nobody at a terminal."""
    return start_into(subprocess.PIPE, *words, **variables)


def start_into(stdout: int, *words: str, **variables: str) -> subprocess.Popen[str]:
    """The program, with its output going to a file."""
    return subprocess.Popen(
        [*PROGRAM, *words],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(**variables),
    )


def at(url: str) -> list[str]:
    """The options that lead to a server on this machine."""
    return ["--base-url", url, "--allow-http-loopback"]


def call(emulator: Emulator, *words: str, **variables: str) -> Done:
    """The program's end with the emulator's address and token."""
    return run(*words, *at(emulator.url), PARTNER_CENTER_TOKEN=emulator.token, **variables)


def rows(done: Done) -> list[dict[str, Any]]:
    """The JSON objects that are all the output, one a line."""
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


def record(done: Done) -> dict[str, Any]:
    """The one JSON object that is all the output."""
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
    members: dict[str, Any] = json.loads(done.stdout)
    assert ", ".join(members).startswith(MEMBERS)
    return members


class Terminal:
    """The program with somebody at a terminal."""

    def __init__(self, *words: str, **variables: str) -> None:
        self._begin([*PROGRAM, *words], variables)

    @classmethod
    def of(cls, *command: str, **variables: str) -> Terminal:
        """Another program, which may start this one."""
        terminal = cls.__new__(cls)
        terminal._begin(command, variables)
        return terminal

    def _begin(self, command: Sequence[str], variables: dict[str, str]) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            # A terminal of its own, from which a password would be read.
            ["setsid", "--ctty", *command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment(**variables),
        )
        os.close(theirs)
        self.text = ""
        # A piece may end within a character.
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def read(self, until: str | None = None) -> str:
        """What was shown so far, up to a text or to the end."""
        while until is None or until not in self.text:
            assert select.select([self._ours], [], [], 30)[0], f"silent after {self.text!r}"
            try:
                piece = os.read(self._ours, 4096)
            except OSError:  # how Linux tells that the program has left its terminal
                piece = b""
            if not piece:
                assert until is None, f"ended after {self.text!r}"
                break
            self.text = (self.text + self._decoder.decode(piece)).replace("\r\n", "\n")
        return self.text

    def type(self, keys: str) -> None:
        """Presses keys."""
        os.write(self._ours, keys.encode())

    def end(self) -> int:
        """Reads to the end; the exit code."""
        self.read()
        os.close(self._ours)
        return self.process.wait(timeout=30)


class Peer:
    """Reads one request, then answers with the given bytes and closes; without bytes it stalls."""

    def __init__(self, reply: bytes | None) -> None:
        self.reply = reply
        self.received = threading.Event()
        self.over = threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            connection, _ = self.socket.accept()
            with connection:
                connection.recv(65536)
                self.received.set()
                if self.reply is None:
                    self.over.wait(30)
                else:
                    connection.sendall(self.reply)


@contextlib.contextmanager
def peer(reply: bytes | None) -> Iterator[Peer]:
    """A peer that misbehaves."""
    running = Peer(reply)
    try:
        yield running
    finally:
        running.over.set()
        running.socket.shutdown(socket.SHUT_RDWR)
        running.thread.join()
        running.socket.close()


def answer(status: int, body: bytes) -> bytes:
    """An HTTP answer with a JSON body."""
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\nConnection: close\r\n\r\n" + body
