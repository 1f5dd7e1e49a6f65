"""The interpreter's end: answers that come while nobody can hear them any more hold up nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import GUID, LONG, Holding

WAITS = """
import sys, threading, partner_center
client = partner_center.Client(
    "t", base_url=sys.argv[1], allow_http_loopback=True, on_event=lambda event: None
)
threading.Thread(target=client.get_qualification, args=(sys.argv[2],), daemon=True).start()
"""
AWAITS = """
import asyncio, sys, threading
from partner_center import aio
async def hear(event): pass
client = aio.Client("t", base_url=sys.argv[1], allow_http_loopback=True, on_event=hear)
call = client.update_qualification
threading.Thread(
    target=lambda: asyncio.run(call(sys.argv[2], "Education")), daemon=True
).start()
"""
HAS_LEFT = """
import sys, threading, time, _thread, partner_center
client = partner_center.Client(
    "t", base_url=sys.argv[1], allow_http_loopback=True, on_event=lambda event: None
)
threading.Thread(target=lambda: sys.stdin.readline() and _thread.interrupt_main()).start()
try:
    client.update_qualification(sys.argv[2], "Education")
except KeyboardInterrupt:
    print("left", flush=True)
"""
HAS_CANCELLED = """
import asyncio, sys
from partner_center import aio
async def main():
    async def hear(event): pass
    client = aio.Client("t", base_url=sys.argv[1], allow_http_loopback=True, on_event=hear)
    call = asyncio.create_task(client.update_qualification(sys.argv[2], "Education"))
    await asyncio.to_thread(sys.stdin.readline)
    call.cancel()
asyncio.run(main())
print("left", flush=True)
"""


@pytest.mark.parametrize(
    ("script", "leaves"),
    [(WAITS, False), (AWAITS, False), (HAS_LEFT, True), (HAS_CANCELLED, True)],
    ids=["waits", "awaits", "left", "cancelled"],
)
@pytest.mark.parametrize("answers_first", [True, False])
def test_the_program_ends(script: str, leaves: bool, holding: Holding, answers_first: bool) -> None:
    """Whether the answer comes a little before the end or a little after it began."""
    program = f"{script}\nsys.stdin.read()\n"
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program, holding.url, GUID],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert holding.arrived.wait(LONG)
        if leaves:
            child.stdin.write("\n")
            child.stdin.flush()
            assert child.stdout.readline() == "left\n"
        if answers_first:
            holding.answer(200, '"education"')
            child.stdin.close()
        else:
            child.stdin.close()
            holding.answer(200, '"education"')
        assert child.wait(LONG) == 0
        printed = child.stdout.read().splitlines()
    # What was learned late may be told, and nothing else.
    assert [line for line in printed if not line.startswith("update_qualification ")] == []
