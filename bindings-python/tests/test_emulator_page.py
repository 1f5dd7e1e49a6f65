"""The emulator's page, in a real browser."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import ENTER, TAB, Browser
from partner_center import Client, Qualification, RejectedError
from partner_center.testing import Emulator

SCHOOL = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"
COUNTY = "5e4da598-81a5-4f2f-8aa2-c3c0de9ea015"
SCRIPT = '<script>window.ran = "script"</script>'
IMAGE = '<img src=x onerror="window.ran = 1">'
CODE = "246810"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    running = Browser(tmp_path_factory.mktemp("profile"))
    yield running
    running.close()


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Emulator]:
    """An emulator whose names are markup, where it may be."""
    item = {"qualification": "Education", "vetting_status": "InReview"}
    denied = {"qualification": "Education", "vetting_status": "Denied", "vetting_reason": IMAGE}
    seed = {
        "customers": [
            {
                "id": SCHOOL,
                "company_name": SCRIPT,
                "domain": "school.onmicrosoft.com",
                "qualifications": [item],
            },
            {
                "id": COUNTY,
                "company_name": f"{IMAGE} County",
                "domain": "county.onmicrosoft.com",
                "country": "US",
                "qualifications": [denied],
            },
        ],
        "validation_codes": [
            {"validation_id": CODE, "organization_name": f"<b>{IMAGE}", "max_creates": 3}
        ],
    }
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(seed), encoding="utf-8")
    with Emulator(seed=file) as running:
        yield running


def opened(browser: Browser, emulator: Emulator) -> None:
    """The page, as one that is looked at for the first time."""
    browser.look(1280, 1000, "light")
    browser.open("about:blank")
    browser.console()
    browser.asked_for()
    browser.open(emulator.url)
    browser.until("document.getElementById('reached').textContent === 'running'")


def clean(browser: Browser, emulator: Emulator) -> None:
    """Nothing was complained of, and nobody else was asked for anything."""
    assert browser.console() == []
    asked = browser.asked_for()
    assert asked
    assert [url for url in asked if not url.startswith(f"{emulator.url}/")] == []


def client(emulator: Emulator) -> Client:
    return Client(lambda: emulator.token, base_url=emulator.url, allow_http_loopback=True)


def test_names_are_text(browser: Browser, practice: Emulator) -> None:
    with pytest.raises(RejectedError):
        client(practice).update_qualification(
            COUNTY, "GovernmentCommunityCloud", validation_code="<i>nobody's"
        )
    opened(browser, practice)
    shown = browser.text()
    for text in (SCRIPT, f"{IMAGE} County", f"<b>{IMAGE}", "county.onmicrosoft.com · US"):
        assert text in shown
    assert browser.text("#customers .reason") == IMAGE
    assert browser.run("return document.querySelectorAll('main :is(script, img, b)').length") == 0
    assert browser.run("return window.ran ?? null") is None
    assert "qualification?code=…" in shown
    for secret in ("nobody's", CODE, practice.token):
        assert secret not in browser.run("return document.documentElement.outerHTML")
    clean(browser, practice)


def test_a_change_is_seen_without_a_reload(browser: Browser, practice: Emulator) -> None:
    opened(browser, practice)
    browser.run("window.same = true; document.getElementById('find').focus()")
    assert "PUT" not in browser.text("#requests")
    county = Qualification.GOVERNMENT_COMMUNITY_CLOUD
    updated = client(practice).update_qualification(COUNTY, county, validation_code=CODE)
    browser.until("document.getElementById('applied').textContent === '1'")
    assert "GovernmentCommunityCloud Approved" in browser.text("#customers").replace("\n", " ")
    assert "2 of 3" in browser.text("#codes")
    for text in ("PUT", f"/v1/customers/{COUNTY}/qualification?code=…", "200", updated.request_id):
        assert text in browser.text("#requests")
    assert browser.run("return window.same && document.activeElement.id") == "find"
    clean(browser, practice)


def test_a_vetting_is_decided_by_keyboard(browser: Browser, practice: Emulator) -> None:
    opened(browser, practice)
    browser.run("document.getElementById('find').focus()")
    browser.press(TAB)
    assert browser.run("return document.activeElement.ariaLabel") == f"Approve {SCRIPT}"
    browser.press(ENTER)
    browser.until("document.getElementById('customers').innerText.includes('Approved')")
    (school, _) = practice.customers()
    assert school["qualification"] is Qualification.EDUCATION
    clean(browser, practice)


def test_customers_are_found(browser: Browser, practice: Emulator) -> None:
    opened(browser, practice)
    browser.type("#find", "COUNTY.on")
    browser.until("document.getElementById('customers').rows.length === 1")
    assert browser.text("#customers-count") == "1 of 2"
    browser.type("#find", "nobody")
    browser.until("!document.getElementById('no-customers').hidden")
    clean(browser, practice)


def test_codes_are_shown_when_asked_for(browser: Browser, practice: Emulator) -> None:
    opened(browser, practice)
    assert "••••10" in browser.text("#codes")
    browser.click("#show-codes")
    browser.until(f"document.getElementById('codes').innerText.includes('{CODE}')")
    browser.click("#show-codes")
    browser.until(f"!document.getElementById('codes').innerText.includes('{CODE}')")
    clean(browser, practice)


def test_switches_are_set_and_all_begins_anew(browser: Browser, practice: Emulator) -> None:
    opened(browser, practice)
    browser.run(
        "const select = document.querySelector('[data-name=reads_fail] select');"
        "select.value = 'unavailable'; select.dispatchEvent(new Event('change'))"
    )
    browser.until("document.querySelector('[data-name=reads_fail].changed') !== null")
    browser.type("[data-name=late_ms] input", f"25{TAB}")
    browser.until("document.querySelector('[data-name=late_ms].changed') !== null")
    state = browser.run("return fetch('/emulator/state').then((answer) => answer.json())")
    assert (state["switches"]["reads_fail"], state["switches"]["late_ms"]) == ("unavailable", 25)
    # What Python sets is seen, too.
    practice.switch(lost="before_applying")
    browser.until("document.querySelector('[data-name=lost] select').value === 'before_applying'")
    browser.until("document.querySelector('[data-name=late_ms].changed') === null")
    browser.click("#usual")
    browser.until("document.querySelector('.changed') === null")

    client(practice).update_qualification(COUNTY, "Education")
    browser.until("document.getElementById('applied').textContent === '1'")
    browser.click("#reset")
    assert browser.run("return document.activeElement.textContent") == "Cancel"
    browser.press(ENTER)
    assert practice.applied() == 1
    browser.click("#reset")
    browser.click("#sure [value=reset]")
    browser.until("document.getElementById('applied').textContent === '0'")
    assert (practice.applied(), practice.requests()) == (0, [])
    clean(browser, practice)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [340, 760, 1280])
def test_it_fits_and_can_be_read(
    browser: Browser, practice: Emulator, width: int, scheme: str
) -> None:
    opened(browser, practice)
    browser.look(width, 900, scheme)
    client(practice).get_qualification(COUNTY)
    browser.until("document.getElementById('requests').rows.length === 1")
    assert browser.run("return document.documentElement.scrollWidth - innerWidth") <= 0
    assert browser.run(CONTRAST) == []
    clean(browser, practice)


CONTRAST = """
const channel = (value) => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) =>
  [[r, 0.2126], [g, 0.7152], [b, 0.0722]].reduce((sum, [v, w]) => sum + w * channel(v / 255), 0);
const behind = (one) => {
  for (let element = one; element; element = element.parentElement) {
    const colour = numbers(getComputedStyle(element).backgroundColor);
    if ((colour[3] ?? 1) === 1) return colour;
  }
  return [255, 255, 255];
};
const poor = [];
for (const one of document.querySelectorAll("body *")) {
  const texts = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (!texts || !one.checkVisibility()) continue;
  const pair = [light(numbers(getComputedStyle(one).color)), light(behind(one))].sort();
  const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  if (ratio < 4.5) poor.push(`${one.outerHTML.slice(0, 80)}: ${ratio.toFixed(2)}`);
}
return poor;
"""


def test_another_site_can_do_nothing(browser: Browser, practice: Emulator) -> None:
    """Its page asks in each way that a browser has; none gets an answer or changes a thing."""
    token = practice.token
    with other_site() as site:
        browser.open(site)
        heard = browser.run(ATTACK, practice.url)
        assert heard == ["TypeError"] * 4 + ["error", "refused"]
    assert practice.token == token
    assert practice.requests() == []
    opened(browser, practice)
    assert browser.text("#applied") == "0"


ATTACK = """
const [url] = arguments;
const told = (asking) => asking.then((answer) => [answer.type], (error) => error.name);
const expire = `${url}/emulator/expire-token`;
const change = (options) => told(fetch(expire, { method: "POST", body: "{}", ...options }));
const json = { headers: { "Content-Type": "application/json" } };
const element = (name, more) => new Promise((resolve) => {
  const one = document.createElement(name);
  one.onload = () => resolve("loaded");
  one.onerror = () => resolve("error");
  Object.assign(one, more);
  document.body.append(one);
});
const framed = async () => {
  await element("iframe", { src: url });
  try {
    return frames[0].document ? "open" : "refused";
  } catch {
    return "refused";
  }
};
return Promise.all([
  change({ mode: "no-cors" }),
  change(json),
  told(fetch(`${url}/emulator/state`)),
  told(fetch(`${url}/emulator/switches`, { method: "PUT", body: "{}", ...json })),
  element("script", { src: `${url}/emulator/state` }),
  framed(),
]);
"""


@contextlib.contextmanager
def other_site() -> Iterator[str]:
    """A page of somebody else's, on another port: another origin."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>elsewhere</title><body>")

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()
