"""Runs every check and suite, one after the other, and closes with `N passed, N failed`.

Each check (a lint, a build) counts as one; a suite counts its own tests. A step that fails does
not hide the later ones. The steps to run may be named; without names it is all of them.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
CARGO = ["cargo", "--locked"]
# A test build divides its waits by what the variable says; the suites' own clock goes on by all.
SCALED = ["--features", "partner-center/time-scale,partner-center/fuzzing"]
# Without TLS, whose C code would need the platforms' compilers.
MOBILE = ["-p", "partner-center-uniffi", "--no-default-features", "--target"]

LINT = {
    "rustfmt": ["cargo", "fmt", "--all", "--check"],
    "clippy": [*CARGO, "clippy", "--workspace", "--all-targets", *SCALED, "--", "-D", "warnings"],
    "rustdoc": [*CARGO, "doc", "--workspace", "--no-deps"],
    "ruff format": [str(BIN / "ruff"), "format", "--check"],
    "ruff": [str(BIN / "ruff"), "check"],
}
TEST = {
    "rust": [*CARGO, "test", "--workspace", "--no-fail-fast", *SCALED],
    "bindings": [
        *[*CARGO, "build", "-p", "partner-center-uniffi", "-p", "partner-center-bindgen"],
        *["-p", "partner-center-test-server", "--features", "partner-center/time-scale"],
    ],
    "generated": [
        str(ROOT / "target" / "debug" / "generate"),
        *["target/debug/libpartner_center_uniffi.so", "bindings-uniffi", "--check"],
    ],
    "android": [*CARGO, "check", *MOBILE, "aarch64-linux-android"],
    "ios": [*CARGO, "check", *MOBILE, "aarch64-apple-ios"],
    "kotlin": [
        *["mvn", "-B", "-ntp", "-f", "bindings-uniffi/kotlin/pom.xml", "clean", "verify"],
        f"-Dnatives={ROOT / 'target' / 'debug'}",
    ],
    "swift": ["bindings-uniffi/swift/test.sh"],
    # With the environment's own maturin, which the network need not be asked for.
    "wheel": [
        *["env", f"PATH={BIN}:{os.environ['PATH']}", PYTHON, "-m", "pip", "install", "--quiet"],
        *["--force-reinstall", "--no-deps", "--no-build-isolation", "."],
    ],
    "mypy": [str(BIN / "mypy"), "-p", "partner_center"],
    "mypy tests": [str(BIN / "mypy"), "bindings-python/tests", "tests/parity", "tests/run.py"],
    "stubtest": [
        *[PYTHON, "-m", "mypy.stubtest", "partner_center._native"],
        *["partner_center._models", "partner_center.testing", "partner_center.aio"],
    ],
    "python": [str(BIN / "pytest"), "-q"],
    "parity": [str(BIN / "pytest"), "-q", "tests/parity"],
    "demo": [str(BIN / "partner-center"), "demo"],
}
SUITES = {"rust", "kotlin", "swift", "python", "parity"}
# A test says for itself which proxy and which authorities there are.
NETWORK = {
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
}
STEPS = {**LINT, **TEST}
# In seconds. One that hangs must not keep the sum from being told.
MOST = 30 * 60


def main() -> int:
    """Runs the named steps; the exit code says whether all passed."""
    # What a shell starts in the background ignores Ctrl-C, and what tests Ctrl-C would with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    names = sys.argv[1:] or list(STEPS)
    if names == ["lint"]:
        names = list(LINT)
    if "parity" in names and "rust" in names:
        # What an earlier run wrote down must not be compared.
        shutil.rmtree(ROOT / "target" / "parity", ignore_errors=True)
    if "wheel" in names:
        # A test build is none to show or to measure.
        (ROOT / ".venv" / "wheel").unlink(missing_ok=True)
    passed = failed = 0
    for name in names:
        good, bad = run(name, STEPS[name])
        passed, failed = passed + good, failed + bad
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def run(name: str, command: list[str]) -> tuple[int, int]:
    """How many passed and how many failed; a step without tests of its own counts as one."""
    print(f"\n=== {name}: {' '.join(command)}", flush=True)
    begun = time.monotonic()
    try:
        code, output = shown(command, NETWORK if name in SUITES else set())
    except OSError as error:
        code, output = 1, ""
        print(error)
    good, bad = counted(output) if name in SUITES else (int(code == 0), 0)
    # A suite that ran nothing has failed, and so has whatever ended badly.
    if (code != 0 or good == 0) and bad == 0:
        bad = 1
    print(f"=== {name}: {good} passed, {bad} failed ({time.monotonic() - begun:.0f} s)", flush=True)
    return good, bad


def shown(command: list[str], without: set[str]) -> tuple[int, str]:
    """The exit code and the output, which is shown as it comes."""
    environment = {
        **{name: value for name, value in os.environ.items() if name.upper() not in without},
        # The wheel that the suites use is a test build, too.
        "MATURIN_PEP517_ARGS": "--features time-scale",
        "CARGO_TARGET_DIR": str(ROOT / "target"),
        "RUSTDOCFLAGS": "-D warnings",
    }
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    limit = threading.Timer(MOST, killed, [process])
    limit.start()
    output = []
    try:
        for line in process.stdout or ():
            output.append(line)
            print(line, end="", flush=True)
        return process.wait(), "".join(output)
    finally:
        limit.cancel()
        killed(process)


def killed(process: subprocess.Popen[str]) -> None:
    """Ends it with all that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def counted(output: str) -> tuple[int, int]:
    """The sums of the suites' closing lines. A skipped test has failed."""
    results = []
    for line in output.splitlines():
        maven = re.search(
            r"Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)$", line
        )
        if maven:
            run, *bad = map(int, maven.groups())
            results.append((run - sum(bad), sum(bad)))
        elif line.startswith("test result: ") or re.search(r"^[\w ,]+ in [\d.]+s", line):
            failed = sum(number(word, line) for word in ("failed", "error", "skipped", "ignored"))
            results.append((number("passed", line), failed))
    return sum(good for good, _ in results), sum(bad for _, bad in results)


def number(word: str, line: str) -> int:
    """The number before a word, as in `3 passed`."""
    found = re.search(rf"(\d+) {word}", line)
    return int(found.group(1)) if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
