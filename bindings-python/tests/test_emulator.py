"""The emulator as others use it: from a seed, over HTTP, as a program, in pytest."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import run, start
from conftest import ROOT
from partner_center import (
    Client,
    Outcome,
    Qualification,
    RefreshTokenCredential,
    VettingStatus,
)
from partner_center.testing import Emulator

GUIDE = (ROOT / "bindings-python" / "docs" / "emulator.md").read_text(encoding="utf-8")
SCHOOL = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"


def block(language: str, text: str) -> str:
    """The guide's only block with a text."""
    blocks = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    (found,) = (code for code in blocks if text in code)
    return str(found)


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """The guide's seed as a file."""
    file = tmp_path / "customers.json"
    file.write_text(block("json", "customers"), encoding="utf-8")
    return file


@pytest.fixture
def seeded(seed: Path) -> Iterator[Emulator]:
    with Emulator(seed=seed) as running:
        yield running


def client(emulator: Emulator) -> Client:
    return Client(lambda: emulator.token, base_url=emulator.url, allow_http_loopback=True)


def test_a_seed_without_customers_invites_to_nothing(tmp_path: Path) -> None:
    """The program runs all the same."""
    (tmp_path / "seed.json").write_text("{}", encoding="utf-8")
    process = start("emulator", "--seed", str(tmp_path / "seed.json"))
    try:
        assert process.stdout is not None
        shown = [""]
        while not shown[-1].startswith("Ctrl-C"):
            shown.append(process.stdout.readline())
            assert shown[-1], "it ended"
        assert "partner-center get" not in "".join(shown)
        process.send_signal(signal.SIGINT)
        assert (process.communicate(timeout=30), process.returncode) == (("", ""), 0)
    finally:
        process.kill()


def test_the_seed_of_the_guide(seeded: Emulator) -> None:
    school, college, county = seeded.customers()
    assert (school["id"], school["country"]) == (SCHOOL, "US")
    assert (college["company_name"], college["country"]) == ("Bellows College", None)
    here = client(seeded)
    items = {
        one["company_name"]: here.get_qualifications(one["id"]).qualifications
        for one in (school, college, county)
    }
    (waiting,) = items["Adventure Works School"]
    assert waiting.vetting_status is VettingStatus.IN_REVIEW
    assert items["Bellows College"][1].vetting_reason == "Not an Education Customer"
    assert items["Tailspin County"] == ()
    (code,) = seeded.validation_codes()
    assert (code["max_creates"], code["remaining_creates"]) == (5, 2)
    government = Qualification.GOVERNMENT_COMMUNITY_CLOUD
    here.update_qualification(county["id"], government, validation_code=code["validation_id"])
    assert seeded.validation_codes()[0]["remaining_creates"] == 1


def test_a_bad_seed_is_refused_by_name(seed: Path, tmp_path: Path) -> None:
    """As the guide says it; from Python and from the command line."""
    (told,) = re.findall(r"an error names the entry: `(.*)`", GUIDE)
    written = json.loads(seed.read_text(encoding="utf-8"))
    written["customers"][1]["country"] = "Swiss"
    seed.write_text(json.dumps(written), encoding="utf-8")
    with pytest.raises(ValueError, match="country") as caught:
        Emulator(seed=str(seed))
    assert str(caught.value) == f"{seed}: {told}"
    done = run("emulator", "--seed", str(seed))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == f"not started: {seed}: {told}\n"
    with pytest.raises(FileNotFoundError):
        Emulator(seed=tmp_path / "missing.json")
    missing = run("emulator", "--seed", str(tmp_path / "missing.json"))
    assert missing.returncode == 3
    assert "missing.json: No such file" in missing.stderr


def test_everything_begins_anew(emulator: Emulator) -> None:
    client(emulator).update_qualification(emulator.customer("Contoso"), "Education")
    emulator.switch(unavailable={"next": 1})
    token = emulator.token
    emulator.reset()
    assert (emulator.applied(), emulator.requests(), emulator.token) == (0, [], token)
    assert client(emulator).get_qualification(emulator.customer("Contoso")).qualification == "None"


def test_the_calls_of_the_guide(seeded: Emulator) -> None:
    """Each line by itself, so that what it does is seen."""
    lines = block("sh", "curl").splitlines()
    token = seeded.token

    def curl(part: str) -> Any:
        (line,) = (one for one in lines if part in one)
        lines.remove(line)
        environment = {"PATH": os.environ["PATH"], "URL": seeded.url}
        return json.loads(
            subprocess.check_output(["bash", "-ec", line], env=environment, text=True)
        )

    state = curl('state"')
    assert (len(state["customers"]), "validation_id" in state["validation_codes"][0]) == (3, False)
    found = curl("find=adventure")
    assert [one["id"] for one in found["customers"]] == [SCHOOL]
    assert found["validation_codes"][0]["validation_id"] == "246810"
    assert curl("-X PUT")["reads_fail_when"] == {"next": 2, "permille": 0}
    changed = curl("-X PATCH")
    assert (changed["throttle_every"], changed["reads_fail"]) == (100, "unavailable")
    assert curl("decide") == {}
    assert seeded.customers()[0]["qualification"] is Qualification.EDUCATION
    assert curl("expire-token") == {"token": seeded.token}
    assert seeded.token != token
    assert curl("reset") == {}
    assert seeded.customers()[0]["qualification"] is Qualification.NONE
    known = curl("behaviours")
    assert {one["name"] for one in known["switches"]} == set(state["switches"])
    assert lines == []


def test_the_guide_names_each_call_and_each_is_answered(seeded: Emulator) -> None:
    """All of the guide's list, and nothing that the library asks for is missing from it."""
    listed = re.findall(r"^\| `(\w+) (/\S+)` \|", GUIDE.split("## What it answers")[1], re.M)
    values = {"id": SCHOOL, "tenant": seeded.tenant, "domain": "adventure.onmicrosoft.com"}
    bodies = {"PUT": b"1", "POST": b'{"qualification": "Education", "educationSegment": "K12"}'}
    for method, path in listed:
        body = bodies.get(method)
        headers = {"Authorization": f"Bearer {seeded.token}", "Content-Type": "application/json"}
        if path.endswith("/token"):
            form = f"grant_type=refresh_token&client_id={seeded.client_id}"
            form += f"&client_secret={seeded.client_secret}&refresh_token={seeded.refresh_token}"
            body, headers = form.encode(), {"Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection(seeded.url.removeprefix("http://"))
        with contextlib.closing(connection):
            connection.request(method, path.format_map(values), body, headers)
            assert connection.getresponse().status in (200, 201), path
    seeded.reset()
    use_everything(seeded)
    missing = [
        (method, asked)
        for method, asked in seeded.requests()
        if not any(method == of and re.match(pattern(path), asked) for of, path in listed)
    ]
    assert missing == []
    unused = [
        path
        for method, path in listed
        if not any(
            method == of and re.match(pattern(path), asked) for of, asked in seeded.requests()
        )
    ]
    # MSAL alone asks for it.
    assert unused == ["/common/discovery/instance"]


def pattern(path: str) -> str:
    """What a path of the guide stands for."""
    return re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)) + "$"


def use_everything(emulator: Emulator) -> None:
    """Each operation of the library."""
    credential = RefreshTokenCredential(
        tenant=emulator.tenant,
        client_id=emulator.client_id,
        client_secret=emulator.client_secret,
        refresh_token=emulator.refresh_token,
        on_rotation=lambda _: None,
    )
    here = Client(credential, base_url=emulator.url, allow_http_loopback=True)
    county = here.find_customer(domain="tailspin.onmicrosoft.com")
    assert here.get_customer(county).company_name == "Tailspin County"
    assert len(list(here.list_customers())) == 3
    (code,) = here.get_validation_codes()
    government = Qualification.GOVERNMENT_COMMUNITY_CLOUD
    # Never sent, so that reading the customer does not settle it.
    pending = here.pending_update_qualification(county, government, request_id=SCHOOL)
    assert here.reconcile(pending, audit=True).outcome is Outcome.UNKNOWN
    here.update_qualification(county, government, validation_code=code)
    here.get_qualification(county)
    here.create_qualification(SCHOOL, Qualification.STATE_OWNED_ENTITY)
    emulator.decide(SCHOOL, VettingStatus.APPROVED)
    here.wait_for_vetting(SCHOOL, Qualification.EDUCATION)


def test_a_program_is_told_in_one_line(seed: Path) -> None:
    """As the small program does; and it ends with its input, not before."""
    words = ["--seed", str(seed)]
    small = os.environ.get(
        "PARTNER_CENTER_EMULATOR", str(ROOT / "target" / "debug" / "partner-center-emulator")
    )
    members = []
    for command in ([sys.executable, "-m", "partner_center", "emulator", "--json"], [small]):
        process = subprocess.Popen(
            [*command, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        there = Client(told["token"], base_url=told["url"], allow_http_loopback=True)
        assert there.get_customer(SCHOOL).company_name == "Adventure Works School"
        assert process.poll() is None
        out, _ = process.communicate(timeout=60)
        assert (process.returncode, out) == (0, "")
        members.append(sorted(told))
    assert members[0] == members[1]


def test_what_is_known_is_printed() -> None:
    """The guide's page; the table itself is compared beside it."""
    page = (ROOT / "bindings-python" / "docs" / "emulator-fidelity.md").read_text("utf-8")
    done = run("emulator", "--behaviours")
    assert (done.returncode, done.stdout, done.stderr) == (0, page, "")
    assert Emulator.behaviours() == page


def pytest_of(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Somebody else's tests, with this package installed."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_pytest_has_the_fixtures(tmp_path: Path, seed: Path) -> None:
    """The guide's test runs as it is, and a seed of one's own is taken."""
    (tmp_path / "test_guide.py").write_text(block("python", "def test_"), encoding="utf-8")
    (tmp_path / "test_seed.py").write_text(
        "import pytest\n"
        "@pytest.fixture\n"
        "def partner_center_seed():\n"
        f"    return {str(seed)!r}\n"
        "def test_names(partner_center_client, partner_center_emulator):\n"
        "    partner_center_emulator.expire_token()\n"
        "    names = [one.company_name for one in partner_center_client.list_customers()]\n"
        "    assert names == ['Adventure Works School', 'Bellows College', 'Tailspin County']\n"
        "def test_each_has_its_own(partner_center_emulator):\n"
        "    assert partner_center_emulator.requests() == []\n",
        encoding="utf-8",
    )
    done = pytest_of(tmp_path)
    assert done.stdout.splitlines()[-1].startswith("3 passed in"), done.stdout
    without = pytest_of(tmp_path, "-p", "no:partner_center")
    assert "fixture 'partner_center_client' not found" in without.stdout
    assert "3 errors" in without.stdout


def test_pytest_is_not_needed_without_it() -> None:
    """The package loads neither pytest nor what is there for it."""
    script = "import sys, partner_center.testing, partner_center.cli\n"
    script += "print([name for name in sys.modules if 'pytest' in name])"
    assert subprocess.check_output([sys.executable, "-c", script], text=True) == "[]\n"


def test_the_emulator_starts_from_a_terminal(seed: Path) -> None:
    """It names its page."""
    process = start("emulator", "--seed", str(seed))
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(8)]
    process.terminate()
    process.communicate(timeout=60)
    (page,) = (line.split()[1] for line in lines if line.startswith("Page"))
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", page)
    assert f"  {SCHOOL} Adventure Works School None\n" in lines
