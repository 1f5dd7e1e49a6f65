"""What a call costs, in one run on loopback with client and server on the same cores.

Rounds are interleaved over all clients and the median is shown, so that a disturbance hits all
alike. Figures belong to this machine and this run; the ratios are what to look at.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import languages
import many
from emulated import emulator
from partner_center import Client

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
ROUNDS = 7
CALLS = 2_000
CUSTOMER = "11111111-aaaa-4aaa-8aaa-111111111111"


def main() -> None:
    """Builds the Rust half, then measures it: against others, or against an earlier revision."""
    wire = built(ROOT)
    if len(sys.argv) > 1:
        revisions(wire, sys.argv[1])
        return
    python = [sys.executable, str(HERE / "client.py")]
    commands = {
        "raw reqwest": [wire, "raw"],
        "core": [wire, "core"],
        "wheel": [*python, "wheel"],
        "requests": [*python, "requests"],
        "httpx": [*python, "httpx"],
    }
    for costs in placed(commands, ROUNDS):
        print(f"  {'requests / wheel':24} {costs['requests'] / costs['wheel']:8.1f} x\n")
    start_up()
    interrupts()
    languages.compare(wire)
    many.show()


def revisions(wire: str, revision: str) -> None:
    """The same call as it is, and as it was at a revision."""
    before = f"core at {revision}"
    commands = {
        "raw reqwest": [wire, "raw"],
        before: [built(checked_out(revision)), "core"],
        "core": [wire, "core"],
    }
    for costs in placed(commands, 3 * ROUNDS):
        print(f"  {'core / before':24} {costs['core'] / costs[before]:8.3f} x\n")


def placed(commands: dict[str, list[str]], rounds: int) -> Iterator[dict[str, float]]:
    """Shows the costs, once on one core and once on all."""
    print(f"{rounds} rounds of {CALLS} calls each, interleaved; median, in one run\n")
    # Pinned: client and server on one core, the work without the wake-ups between cores.
    for place, cores in (("one core, shared with the server", {0}), ("all cores", None)):
        print(f"PUT qualification, {place}")
        costs = calls(commands, rounds, cores)
        for name, cost in costs.items():
            print(f"  {name:24} {cost:8.1f} us   {cost / costs['raw reqwest']:6.2f} x raw")
        yield costs


def checked_out(revision: str) -> Path:
    """The sources of a revision, beside what is built."""
    name = subprocess.check_output(["git", "rev-parse", revision], cwd=ROOT, text=True).strip()
    folder = ROOT / "target" / "revisions" / name
    folder.mkdir(parents=True, exist_ok=True)
    archive = subprocess.check_output(["git", "archive", name], cwd=ROOT)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    return folder


def built(source: Path) -> str:
    """The path of the Rust half."""
    command = ["cargo", "bench", "--locked", "-p", "partner-center", "--bench", "wire", "--no-run"]
    # One folder for all revisions: what they have in common is built once.
    environment = {"CARGO_TARGET_DIR": str(ROOT / "target"), **os.environ}
    done = subprocess.run(
        command, cwd=source, env=environment, capture_output=True, text=True, check=True
    )
    found = re.search(r"\((\S*release/deps/wire-[0-9a-f]+)\)", done.stderr)
    assert found, done.stderr
    return str(source / found.group(1))


def calls(commands: dict[str, list[str]], rounds: int, cores: set[int] | None) -> dict[str, float]:
    """Microseconds a call by client."""
    with emulator(cores) as (url, token):
        costs: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(rounds):
            # Who comes first is not always the same.
            for name, command in sorted(commands.items(), reverse=number % 2 == 1):
                costs[name].append(timed([*command, url, token, str(CALLS)], cores))
    return {name: statistics.median(of) for name, of in costs.items()}


def timed(command: list[str], cores: set[int] | None) -> float:
    """What the command prints."""
    pin = ["taskset", "-c", ",".join(map(str, cores))] if cores else []
    return float(subprocess.check_output([*pin, *command], text=True))


def start_up() -> None:
    """Import time and memory over a bare interpreter."""
    memory = (
        "print(int(next(l for l in open('/proc/self/status') if l[:6] == 'VmRSS:').split()[1]))"
    )
    make = "c = partner_center.Client('t')"
    scripts = {
        "bare": "",
        "import": "import partner_center",
        "client": f"import partner_center; {make}",
    }
    seconds: dict[str, list[float]] = {name: [] for name in scripts}
    kilobytes: dict[str, list[int]] = {name: [] for name in scripts}
    for _ in range(21):
        for name, script in scripts.items():
            begun = time.perf_counter()
            printed = subprocess.check_output([sys.executable, "-c", f"{script}\n{memory}"])
            seconds[name].append(time.perf_counter() - begun)
            kilobytes[name].append(int(printed))
    took = {name: statistics.median(of) * 1e3 for name, of in seconds.items()}
    used = {name: statistics.median(of) / 1024 for name, of in kilobytes.items()}
    print("start-up, over a bare interpreter")
    print(f"  import partner_center    {took['import'] - took['bare']:8.1f} ms")
    print(f"  memory, with one client  {used['client'] - used['bare']:8.1f} MiB\n")


def interrupts() -> None:
    """From an interrupt during a stalled call to KeyboardInterrupt."""
    # A shell ignores interrupts for what it starts in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    took = []
    asked = threading.Event()

    def credential() -> str:
        asked.set()
        return "some-token"

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = Client(credential, base_url=url, allow_http_loopback=True)
        for _ in range(20):
            at = [0.0]

            def later(at: list[float] = at) -> None:
                asked.wait()
                time.sleep(0.13)
                at[0] = time.perf_counter()
                os.kill(os.getpid(), signal.SIGINT)

            threading.Thread(target=later).start()
            try:
                client.update_qualification(CUSTOMER, "Education")
            except KeyboardInterrupt:
                took.append((time.perf_counter() - at[0]) * 1e3)
    print("Ctrl-C during a stalled call, to KeyboardInterrupt")
    print(f"  median {statistics.median(took):.1f} ms, most {max(took):.1f} ms\n")


if __name__ == "__main__":
    main()
