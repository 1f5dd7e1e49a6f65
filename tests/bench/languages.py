"""Kotlin and Swift beside what their users would write themselves, and how soon a call is left.

Each program interleaves its rounds by itself, since a JVM is slow at first; three runs of each take
turns with the Rust core, and the medians are shown.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
from pathlib import Path

from emulated import emulator

ROOT = Path(__file__).resolve().parents[2]
SWIFT = ROOT / "bindings-uniffi" / "swift" / "bench.sh"
RUNS = 3
CALLS = 1_000
LEFT = 50
CALLED = {"kotlin": ("okhttp", "okhttp awaited"), "swift": ("urlsession",)}


def compare(wire: str) -> None:
    """What a call costs and how soon it is left, in both languages."""
    programs = {"kotlin": kotlin(), "swift": swift()}
    costs = calls(wire, programs)
    print(f"PUT qualification, all cores; {RUNS} runs of 7 rounds of {CALLS} calls, interleaved")
    print(f"  {'core':24} {costs['core']:8.1f} us")
    for language, others in CALLED.items():
        own = costs[language]
        print(f"  {language:24} {own:8.1f} us   {own / costs['core']:6.2f} x core")
        for other in others:
            print(f"  {other:24} {costs[other]:8.1f} us   {costs[other] / own:6.2f} x {language}")
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        left = {name: figures(program, "leaving", url, LEFT) for name, program in programs.items()}
    print(f"\ncancel during a stalled call, to its end; {LEFT} times")
    for name, took in left.items():
        print(f"  {name:24} median {took['median']:.1f} ms, most {took['most']:.1f} ms")
    print("how late a Swift task's sleep of 10 ms ends")
    for beside, what in (("alone", "alone"), ("beside", "beside 16 stalled calls")):
        median, most = (left["swift"][f"{beside} {figure}"] for figure in ("median", "most"))
        print(f"  {what:24} median {median:.1f} ms, most {most:.1f} ms")


def calls(wire: str, programs: dict[str, list[str]]) -> dict[str, float]:
    """Microseconds a call."""
    costs: dict[str, list[float]] = {}
    with emulator() as (url, token):
        for _ in range(RUNS):
            core = subprocess.check_output([wire, "core", url, token, str(CALLS)], text=True)
            costs.setdefault("core", []).append(float(core))
            for program in programs.values():
                for name, cost in figures(program, "calls", url, token, CALLS).items():
                    costs.setdefault(name, []).append(cost)
    return {name: statistics.median(of) for name, of in costs.items()}


def figures(program: list[str], *arguments: object) -> dict[str, float]:
    """What a program prints."""
    command = [*program, *map(str, arguments)]
    printed = subprocess.check_output(command, text=True, env=environment())
    found: dict[str, float] = json.loads(printed.splitlines()[-1])
    return found


def kotlin() -> list[str]:
    """The program, with what only the tests' class path has."""
    built("cargo", "build", "--release", "--locked", "-p", "partner-center-uniffi")
    pom = str(ROOT / "bindings-uniffi" / "kotlin" / "pom.xml")
    listed = ROOT / "target" / "kotlin" / "bench-class-path"
    # The tests leave a test build of the library behind.
    goals = ["clean", "test-compile", "dependency:build-classpath", "-Dmdep.includeScope=test"]
    built("mvn", "-B", "-ntp", "-q", "-f", pom, *goals, f"-Dmdep.outputFile={listed}")
    folders = [listed.parent / name for name in ("test-classes", "classes")]
    path = os.pathsep.join([*map(str, folders), listed.read_text(encoding="utf-8").strip()])
    return ["java", "-cp", path, "partnercenter.BenchmarkKt"]


def swift() -> list[str]:
    """The program; the first run builds it."""
    built(str(SWIFT), "--build")
    return [str(SWIFT)]


def built(*command: str) -> None:
    """Runs what builds; its words are shown only where it fails."""
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def environment() -> dict[str, str]:
    """Cargo's folder is the repository's."""
    return {"CARGO_TARGET_DIR": str(ROOT / "target"), **os.environ}
