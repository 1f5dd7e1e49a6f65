"""A client that was made before ``os.fork``: pre-forking servers and multiprocessing do that."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest
from partner_center import Client
from partner_center.testing import Emulator

LONG = 60


def in_child(work: Callable[[], int]) -> int:
    """The pid of a forked child that ends with what ``work`` returns; killed when it hangs."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(LONG)
        code = 99
        try:
            code = work()
        finally:
            os._exit(code)
    return pid


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_client_made_before_fork_works_in_each_child(emulator: Emulator) -> None:
    """Two children ask 2,000 times each for their own customer, and get their own answer."""
    # In a child, the emulator itself is not to be asked.
    token = emulator.token
    client = Client(lambda: token, base_url=emulator.url, allow_http_loopback=True)
    mine = {"Northwind": "Education", "Litware": "GovernmentCommunityCloud"}
    ids = {name: emulator.customer(name) for name in mine}
    # Warm: connection, token and threads of the parent are there to be inherited.
    assert client.get_qualification(ids["Northwind"]).qualification == "Education"

    def asks(name: str) -> Callable[[], int]:
        def work() -> int:
            right = sum(
                client.get_qualification(ids[name]).qualification == mine[name]
                for _ in range(2_000)
            )
            return 0 if right == 2_000 else 1

        return work

    children = [in_child(asks(name)) for name in mine]
    assert client.get_qualification(ids["Litware"]).qualification == mine["Litware"]
    assert [os.waitpid(pid, 0)[1] for pid in children] == [0, 0]
    assert client.get_qualification(ids["Northwind"]).qualification == "Education"


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_that_never_calls_ends_as_usual() -> None:
    """Dropping an inherited client joins no thread and closes no socket of the parent's."""
    script = (
        "import os, sys, signal\n"
        "from partner_center import Client\n"
        "from partner_center.testing import Emulator\n"
        "emulator = Emulator()\n"
        "client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)\n"
        "contoso = emulator.customer('Contoso')\n"
        "client.get_qualification(contoso)\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    signal.alarm(60)\n"
        "    del client\n"
        "    sys.exit(0)\n"
        "assert os.waitpid(pid, 0)[1] == 0\n"
        "print(client.get_qualification(contoso).qualification)\n"
    )
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("None\n", "")
