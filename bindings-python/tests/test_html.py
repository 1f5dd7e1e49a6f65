"""What a notebook shows of results and errors: escaped, without secrets, in the page's colours."""

from __future__ import annotations

import inspect
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import partner_center
import pytest
from partner_center import (
    Change,
    ChangeResult,
    Client,
    Customer,
    CustomerPage,
    InvalidArgumentError,
    PartnerCenterError,
    PlannedChange,
    RejectedError,
    Report,
    _html,
    _models,
)
from partner_center.progress import progress_bar
from partner_center.testing import Emulator

GUID = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"
HOSTILE = "<script>alert(1)</script>&\"'\u202e\x1b[2J\u0000end"
TAGS = {
    *("div", "table", "caption", "thead", "tbody", "tr", "th", "td"),
    *("details", "summary"),
}


class Page(HTMLParser):
    """The text of a page by table row; anything but a well-formed table of ours fails."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows: list[list[str]] = []
        self.styles: set[str] = set()
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _ in attrs} <= {"style", "scope"}
        self.styles |= {value or "" for name, value in attrs if name == "style"}
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1] in ("th", "td"):
            self.rows[-1][-1] += data

    @property
    def facts(self) -> dict[str, str]:
        """Of the rows that have a name and a value."""
        return {row[0]: row[1] for row in self.rows if len(row) == 2}


def shown(thing: Any) -> Page:
    """As a notebook asks for it."""
    return Page(thing._repr_html_())


@pytest.fixture
def client(emulator: Emulator) -> Client:
    """Of the emulator."""
    return Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)


def test_every_model_is_shown_by_fields_that_it_has() -> None:
    """None is forgotten, and no field is misspelt."""
    assert {*_html.FIELDS, *_html.COLUMNS} == set(_models.__all__)
    lists = [(name, (what,)) for name, (what, _) in _html.COLUMNS.items()]
    for name, fields in [*_html.FIELDS.items(), *lists]:
        kind = getattr(partner_center, name)
        members = {of for of, member in inspect.getmembers(kind) if not callable(member)}
        assert set(fields) <= members, name
        assert "value" not in fields or name == "Observation"
    assert set(_html.ERROR) < PartnerCenterError("x").__dict__.keys() | {"kind"}


def test_results_say_the_outcome_first(emulator: Emulator, client: Client) -> None:
    """And what they hold, in words; the ids are folded up."""
    contoso = emulator.customer("Contoso")
    created = client.create_qualification(contoso, "Education", education_segment="K12")
    page = shown(created)
    assert page.rows[0] == ["outcome", "applied"]
    assert page.facts["customer"] == contoso
    expected = rf"Education, InReview, {re.escape(str(created.qualification.vetting_created)[:19])}"
    assert re.fullmatch(rf"{expected} UTC", page.facts["qualification"])
    assert page.facts["request id"] == created.request_id
    assert [row[1:4] for row in page.rows[-2:]] == [
        ["GET", "answered", "200"],
        ["POST", "applied", "201"],
    ]
    assert shown(client.get_qualification(contoso)).facts["qualification"] == "None"
    emulator.decide(contoso, "Denied")
    assert shown(client.wait_for_vetting(contoso, "Education")).rows[0] == ["end", "denied"]
    updated = client.update_qualification(emulator.customer("Fabrikam"), "Education")
    assert shown(updated).rows[0] == ["outcome", "applied"]


def test_lists_are_tables(emulator: Emulator, client: Client) -> None:
    """A row each, up to fifty of them."""
    (page,) = client.list_customers().pages()
    rows = shown(page).rows
    assert rows[0] == ["company name", "id", "domain"]
    assert [row[0] for row in rows[1:6]] == [customer.company_name for customer in page]
    read = client.get_qualifications(emulator.customer("Litware"))
    assert shown(read).rows[1][:2] == ["GovernmentCommunityCloud", "Approved"]
    many = CustomerPage(customers=[page.customers[0]] * 101, request_id=GUID, correlation_id=GUID)
    assert len([row for row in shown(many).rows if row[0] == "Contoso"]) == 50
    assert "CustomerPage: 101; 50 are shown, 51 more are not" in many._repr_html_()


def test_no_secret_is_shown(emulator: Emulator, client: Client) -> None:
    """Neither a code nor a token: not of a list, a code, or an error about one."""
    codes = client.get_validation_codes()
    things: list[Any] = [codes, codes.codes[0], client.find_validation_code("Woodgrove County")]
    with pytest.raises(RejectedError) as refused:
        client.update_qualification(
            emulator.customer("Woodgrove"), "GovernmentCommunityCloud", validation_code="654321"
        )
    things.append(refused.value)
    for thing in things:
        html = thing._repr_html_()
        assert Page(html).rows
        assert not [secret for secret in ("123456", "654321", emulator.token) if secret in html]
    assert shown(codes).rows[1] == ["Woodgrove County", "3", "3"]


def test_errors_say_what_happened(emulator: Emulator, client: Client) -> None:
    """The outcome, then the text; what is not known is left out."""
    with pytest.raises(RejectedError) as refused:
        client.update_qualification(
            emulator.customer("Woodgrove"), "GovernmentCommunityCloud", validation_code="654321"
        )
    page = shown(refused.value)
    assert page.rows[0] == ["outcome", "not_applied"]
    assert page.facts["error"] == str(refused.value)
    assert (page.facts["status"], page.facts["code"]) == ("400", "600903")
    assert "observed" not in page.facts
    assert shown(InvalidArgumentError("a rule")).facts == {
        "outcome": "not_applied",
        "error": "a rule",
        "kind": "InvalidArgument",
    }


def test_plans_and_reports_are_counted_and_listed(
    emulator: Emulator, client: Client, tmp_path: Path
) -> None:
    """What is confirmed and what it came to; then a row for each change."""
    changes = [
        Change(emulator.customer("Contoso"), "Education"),
        Change(emulator.customer("Northwind"), "Education"),
        Change(emulator.customer("Woodgrove"), "GovernmentCommunityCloud", code_name="woodgrove"),
    ]
    plan = client.plan(changes, operation="update_qualification")
    html = plan._repr_html_()
    page = Page(html)
    assert (page.facts["sends"], page.facts["codes"]) == ("2", "woodgrove, 1")
    assert "changes: 3 (2 set, 1 already_set)" in html
    assert page.rows[-3:] == [
        ["0", changes[0].customer, "Education", "set", "None", ""],
        ["1", changes[1].customer, "Education", "already_set", "Education", ""],
        ["2", changes[2].customer, "GovernmentCommunityCloud", "set", "None", ""],
    ]
    report = client.run(
        plan, tmp_path / "journal", codes={"woodgrove": "123456"}, on_result=progress_bar()
    )
    html = report._repr_html_()
    assert Page(html).rows[:3] == [["planned", "3"], ["applied", "2"], ["already set", "1"]]
    assert "results: 3 (2 applied, 1 already_set)" in html
    assert Page(html).rows[-1][3:] == ["applied", "applied", ""]
    for thing in (*changes, *plan, *plan.codes, *report):
        assert shown(thing).facts
    assert "123456" not in html


def report(ends: list[str], **fields: Any) -> Report:
    """As a run gives it, with results that ended so, in this order."""
    counts: dict[str, Any] = {
        name: ends.count(name)
        for name in ("applied", "already_set", "refused", "conflict", "unknown", "not_started")
    }
    results = [
        ChangeResult(
            row=row,
            customer=GUID,
            qualification="Education",
            end=end,
            outcome="unknown",
            detail=fields.get("detail"),
        )
        for row, end in enumerate(ends)
    ]
    given = {"journal": "journal", "fingerprint": GUID, **fields}
    return Report(planned=len(ends), **counts, results=results, **given)


def test_what_needs_an_eye_is_above_the_cut() -> None:
    """However late in a long run it came; the rows that are left out are counted."""
    most = ["applied"] * 60
    ends = [*most, "refused", "not_started", "conflict", "unknown", "refused"]
    html = report(ends)._repr_html_()
    listed = Page(html).rows[-50:]
    assert [(row[0], row[3]) for row in listed[:6]] == [
        *(("63", "unknown"), ("62", "conflict"), ("60", "refused"), ("64", "refused")),
        *(("61", "not_started"), ("0", "applied")),
    ]
    assert "results: 65 (1 unknown, 1 conflict, 2 refused, 1 not_started, 60 applied)" in html
    assert "50 are shown, 15 more are not" in html
    assert html.index("planned") < html.index("results: 65")


def test_what_is_open_is_shown_with_what_settles_it(emulator: Emulator) -> None:
    """The pending operation of an unknown outcome, and what a read saw."""
    emulator.switch(lost="after_applying")
    client = Client(
        emulator.token, base_url=emulator.url, allow_http_loopback=True, on_ambiguous="raise"
    )
    contoso = emulator.customer("Contoso")
    with pytest.raises(PartnerCenterError) as unknown:
        client.update_qualification(contoso, "Education")
    error = unknown.value
    assert shown(error).facts["pending"].startswith(f"update_qualification, {contoso}, Education")
    assert error.pending is not None
    assert shown(error.pending).facts["operation"] == "update_qualification"
    settled = shown(client.reconcile(error.pending))
    assert settled.rows[0] == ["outcome", "applied"]
    assert settled.facts["observed"].startswith("Education, 20")


@pytest.mark.parametrize(
    "thing",
    [
        Customer(id=GUID, company_name=HOSTILE, custom_domains=[HOSTILE]),
        CustomerPage(
            customers=[Customer(id=HOSTILE, company_name=HOSTILE)],
            request_id=HOSTILE,
            correlation_id=HOSTILE,
        ),
        PartnerCenterError(HOSTILE, description=HOSTILE, code=HOSTILE),
        PlannedChange(
            row=0,
            customer=HOSTILE,
            qualification=HOSTILE,
            decision="refused",
            current=HOSTILE,
            detail=HOSTILE,
            website=HOSTILE,
            code_name=HOSTILE,
        ),
        report(["unknown"], detail=HOSTILE, journal=HOSTILE),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_what_others_wrote_is_escaped(thing: Any) -> None:
    """No tag, no attribute, and nothing that turns the text around it."""
    html = thing._repr_html_()
    texts = [cell for row in Page(html).rows for cell in row if "alert" in cell]
    assert texts
    assert set(texts) == {"<script>alert(1)</script>&\"'\\u202e\\x1b[2J\\x00end"}
    assert all(character.isprintable() for character in html)


def test_the_colours_are_the_pages() -> None:
    """So that it reads on light and on dark alike."""
    for style in shown(Customer(id=GUID)).styles:
        assert "background" not in style
        assert not re.search(r"#[0-9a-f]{3}|\brgb|\bhsl|\b(black|white|gray|grey)\b(?!-)", style)
