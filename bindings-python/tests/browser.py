"""A real browser, driven over the WebDriver protocol."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

# Nothing but the page: no sandbox, since it may be root that runs this, and no calls home.
FLAGS = [
    *["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
    *["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    "--disable-dev-shm-usage",
    # A name that is looked up all the same is not found.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
TAB, ENTER = "\ue004", "\ue007"
LONG = 60.0
"""Seconds: far more than anything takes here."""


class Browser:
    """Chromium, with a profile of its own in the folder."""

    def __init__(self, folder: Path) -> None:
        self._driver = subprocess.Popen(
            ["chromedriver", "--port=0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            self._session = self._open(folder)
        except BaseException:
            self._end()
            raise

    def _open(self, folder: Path) -> str:
        port = None
        assert self._driver.stdout is not None
        for line in self._driver.stdout:
            if found := re.search(r"started successfully on port (\d+)", line):
                port = found.group(1)
                break
        assert port, "chromedriver did not start"
        self._port = int(port)
        options = {"args": [*FLAGS, f"--user-data-dir={folder}"]}
        logs = {"browser": "ALL", "performance": "ALL"}
        asked = {"goog:chromeOptions": options, "goog:loggingPrefs": logs}
        told = self._ask("POST", "", {"capabilities": {"alwaysMatch": asked}})
        return f"/{told['sessionId']}"

    def close(self) -> None:
        """Ends it."""
        try:
            self._ask("DELETE", self._session)
        finally:
            self._end()

    def _end(self) -> None:
        self._driver.terminate()
        self._driver.wait(LONG)
        assert self._driver.stdout is not None
        self._driver.stdout.close()

    def open(self, url: str) -> None:
        """Goes there."""
        self._ask("POST", f"{self._session}/url", {"url": url})

    def run(self, script: str, *arguments: object) -> Any:
        """What a script returns; a promise is awaited."""
        body = {"script": script, "args": arguments}
        return self._ask("POST", f"{self._session}/execute/sync", body)

    def until(self, script: str) -> None:
        """Waits for the page: until an expression is true."""
        end = time.monotonic() + LONG
        while not self.run(f"return {script}"):
            assert time.monotonic() < end, f"never so: {script}\n{self.text()}"
            time.sleep(0.05)

    def text(self, selector: str = "body") -> str:
        """What is seen of an element."""
        text: str = self.run("return document.querySelector(arguments[0]).innerText", selector)
        return text

    def click(self, selector: str) -> None:
        """As a mouse does it: what is covered cannot be clicked."""
        self._ask("POST", f"{self._session}/element/{self._find(selector)}/click", {})

    def type(self, selector: str, text: str) -> None:
        """Types into an element."""
        where = f"{self._session}/element/{self._find(selector)}/value"
        self._ask("POST", where, {"text": text})

    def press(self, *keys: str) -> None:
        """Presses keys, wherever the focus is."""
        pressed = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": pressed}]
        self._ask("POST", f"{self._session}/actions", {"actions": actions})

    def console(self) -> list[str]:
        """What was written to the console since the last look, by the browser, too."""
        return [str(entry["message"]) for entry in self._log("browser")]

    def asked_for(self) -> list[str]:
        """The URLs that were asked for since the last look."""
        events = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        return [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        ]

    def look(self, width: int, height: int, scheme: str) -> None:
        """The size of the window, and whether it is `light` or `dark`."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._command("Emulation.setDeviceMetricsOverride", size)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self._command("Emulation.setEmulatedMedia", {"features": [feature]})

    def picture(self) -> bytes:
        """A PNG of what is seen."""
        return base64.b64decode(self._ask("GET", f"{self._session}/screenshot"))

    def _command(self, name: str, parameters: dict[str, Any]) -> None:
        body = {"cmd": name, "params": parameters}
        self._ask("POST", f"{self._session}/goog/cdp/execute", body)

    def _find(self, selector: str) -> str:
        body = {"using": "css selector", "value": selector}
        found: str = self._ask("POST", f"{self._session}/element", body)[ELEMENT]
        return found

    def _log(self, kind: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self._ask("POST", f"{self._session}/se/log", {"type": kind})
        return entries

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=LONG)
        with contextlib.closing(connection):
            text = None if body is None else json.dumps(body)
            connection.request(method, f"/session{path}", text)
            answer = connection.getresponse()
            value = json.load(answer)["value"]
        assert answer.status == 200, f"{value['error']}: {value['message']}"
        return value
