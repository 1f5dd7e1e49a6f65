"""Ten thousand changes against the emulator: this package beside the loop that people write."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
COUNT = 10_000
EMULATOR = f"""
import sys
from partner_center.testing import Emulator
with Emulator(customers={COUNT}) as emulator:
    print(emulator.url, emulator.token, flush=True)
    sys.stdin.read()
"""


def show() -> None:
    """Each client against an emulator of its own."""
    print(f"{COUNT} changes, unpaced: a plan and its journaled run, beside a loop of 16 threads")
    wheel, requests = measured("wheel"), measured("requests")
    rate = wheel["seconds"] / requests["seconds"]
    print(f"  plan and run             {wheel['seconds']:8.1f} s, the plan {wheel['plan']:.1f} s")
    print(f"  requests                 {requests['seconds']:8.1f} s   {rate:6.2f} x requests")
    for name, figures in (("plan and run", wheel), ("requests", requests)):
        print(f"  memory, {name:16} {figures['peak'] / 1024:8.1f} MiB at the most")
    print(f"  journal                  {wheel['journal']:8.0f} bytes a change\n")


def measured(which: str) -> dict[str, float]:
    """What a client says of itself."""
    server = subprocess.Popen(
        [sys.executable, "-c", EMULATOR],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    try:
        told = server.stdout.readline().split()
        client = [sys.executable, str(HERE / "bulk.py"), which, *told, str(COUNT)]
        return dict(json.loads(subprocess.check_output(client, text=True)))
    finally:
        server.communicate("")


if __name__ == "__main__":
    show()
