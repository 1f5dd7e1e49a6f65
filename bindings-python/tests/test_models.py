"""What calls return, as values: equal, hashable, frozen, picklable, usable in ``match``."""

from __future__ import annotations

import ast
import copy
import inspect
import pickle
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from partner_center import (
    Attempt,
    AttemptClass,
    Change,
    ChangeResult,
    Client,
    ClientCredentials,
    CreatedQualification,
    CurrentQualification,
    CurrentQualifications,
    Customer,
    CustomerPage,
    CustomerQualification,
    EducationSegment,
    Event,
    EventName,
    FoundCustomer,
    NotFoundError,
    Outcome,
    PlannedChange,
    PlannedCode,
    Qualification,
    Reason,
    RefreshTokenCredential,
    Report,
    TokenRequest,
    UpdatedQualification,
    Vetting,
    VettingEnd,
    VettingStatus,
)
from partner_center.testing import Emulator

GUID = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"
AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=timezone.utc)
ATTEMPT = Attempt(
    at=AT, method="PUT", class_="applied", status=200, request_id=GUID, correlation_id=GUID
)
TRACE: dict[str, Any] = {
    "request_id": GUID,
    "correlation_id": GUID,
    "ms_cv": "a/b.0",
    "mfa_compliant": True,
    "attempts": [ATTEMPT],
}
ITEM = CustomerQualification(
    qualification=Qualification.EDUCATION,
    vetting_status=VettingStatus.DENIED,
    vetting_reason="Not a Reason of this version",
    vetting_created=datetime(1, 1, 1, tzinfo=timezone.utc),
    vetting_created_text="0001-01-01T00:00:00",
)
CUSTOMER = Customer(id=GUID, company_name="Contoso", custom_domains=["contoso.com"])
UPDATED = UpdatedQualification(
    customer=GUID,
    qualification=Qualification.EDUCATION,
    outcome=Outcome.APPLIED,
    evidence="answer",
    **TRACE,
)
CURRENT = CurrentQualification(
    customer=GUID, qualification="Premium_Partner", request_id=GUID, correlation_id=GUID
)
FOUND = FoundCustomer(CUSTOMER, **TRACE)
RESULT = ChangeResult(
    row=0,
    customer=GUID,
    qualification="Education",
    end="unknown",
    outcome="unknown",
    kind="OutcomeUnknown",
    reason="timeout",
    status=500,
    code="3",
    detail="x",
    request_id=GUID,
    correlation_id=GUID,
    attempts=3,
    pending=Client("t").pending_update_qualification(GUID, "Education", request_id=GUID),
)
MODELS = [
    ATTEMPT,
    ITEM,
    CUSTOMER,
    FOUND,
    UPDATED,
    CURRENT,
    CreatedQualification(
        customer=GUID, qualification=ITEM, outcome="already_set", evidence="read", **TRACE
    ),
    CurrentQualifications(customer=GUID, qualifications=[ITEM, ITEM], **TRACE),
    Vetting(customer=GUID, end="denied", qualification=ITEM, polls=3, **TRACE),
    CustomerPage(customers=[CUSTOMER], **TRACE),
    Event(name="attempt", operation="get_customer", call=GUID, at=AT, elapsed=0.1, attempt=ATTEMPT),
    Event(name="wait", operation="get_customer", call=GUID, at=AT, elapsed=3.000000001, wait=57.5),
    TokenRequest(scopes=["https://api.example/.default"], claims="{}", force_refresh=True),
    Change(CUSTOMER, "Education", education_segment="K12", website="contoso.edu", code_name="Me"),
    PlannedChange(
        row=0,
        customer=GUID,
        qualification="Education",
        decision="unread",
        current="None",
        detail="x",
    ),
    PlannedCode(name="Woodgrove County", sends=2),
    RESULT,
    Report(
        planned=1,
        applied=0,
        already_set=0,
        refused=0,
        conflict=0,
        unknown=1,
        not_started=0,
        stopped="unknowns",
        detail="x",
        results=[RESULT],
        torn=True,
        journal="journal",
        fingerprint=GUID,
    ),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_models_are_values(model: Any) -> None:
    """Equal by content, hashable, frozen, and whole again after pickle and copy."""
    for again in (
        pickle.loads(pickle.dumps(model)),  # noqa: S301 - ours
        copy.copy(model),
        copy.deepcopy(model),
    ):
        assert type(again) is type(model)
        assert again == model
        assert hash(again) == hash(model)
        assert fields(again) == fields(model)
    for name in fields(model):
        with pytest.raises(AttributeError):
            setattr(model, name, "other")
    with pytest.raises(AttributeError):
        model.something_else = 1


def fields(model: Any) -> dict[str, Any]:
    """Every field by name."""
    names = [
        name
        for kind in type(model).__mro__
        for name, member in vars(kind).items()
        if inspect.isgetsetdescriptor(member) and not name.startswith("_")
    ]
    assert names
    return {name: getattr(model, name) for name in names}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_reprs_are_python(model: Any) -> None:
    """Names and quoted values, as a call would be written; no field that is not there."""
    call = ast.parse(repr(model), mode="eval").body
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Name)
    assert call.func.id == type(model).__name__
    assert {keyword.arg for keyword in call.keywords} <= fields(model).keys()
    assert set(type(model).__match_args__) <= fields(model).keys()


def test_models_differ_by_every_field() -> None:
    """One that differs in any way is another."""
    arguments = UPDATED.__getnewargs_ex__()[1]
    others: dict[str, Any] = {
        "customer": "x",
        "qualification": "Nonprofit",
        "outcome": "already_set",
        "evidence": "read",
        "request_id": "x",
        "correlation_id": "x",
        "ms_cv": None,
        "mfa_compliant": None,
        "attempts": (),
    }
    assert others.keys() == arguments.keys()
    for name, other in others.items():
        assert UpdatedQualification(**{**arguments, name: other}) != UPDATED


def test_models_match() -> None:
    """In a match statement, by position and by name."""
    match UPDATED:
        case UpdatedQualification(Qualification.EDUCATION, Outcome.APPLIED, attempts=(attempt,)):
            assert attempt == ATTEMPT
        case _:
            pytest.fail("no match")
    match MODELS[8]:
        case Vetting(VettingEnd.DENIED, CustomerQualification(_, VettingStatus.DENIED)):
            pass
        case _:
            pytest.fail("no match")
    assert ATTEMPT.class_ is AttemptClass.APPLIED
    assert ATTEMPT.at == AT


def test_a_value_that_nobody_knows_stays_text() -> None:
    """Not an error, and not None."""
    assert CURRENT.qualification == "Premium_Partner"
    assert not isinstance(CURRENT.qualification, Qualification)
    assert ITEM.vetting_reason == "Not a Reason of this version"
    with pytest.raises(ValueError, match="not a valid VettingEnd"):
        Vetting(customer=GUID, end="later", qualification=ITEM, polls=1, **TRACE)


def test_times_are_aware_and_lengths_are_seconds() -> None:
    """Also before 1970, where .NET's empty date lies."""
    assert ITEM.vetting_created == datetime(1, 1, 1, tzinfo=timezone.utc)
    assert ATTEMPT.at.utcoffset() == timedelta(0)
    event = next(one for one in MODELS if isinstance(one, Event) and one.wait)
    assert event.name is EventName.WAIT
    assert event.wait == 57.5


def test_a_found_customer_is_a_customer() -> None:
    """It is passed on, compared and matched as one, and says how it was found."""
    assert isinstance(FOUND, Customer)
    assert (FOUND.company_name, FOUND.request_id) == ("Contoso", GUID)
    assert FOUND == CUSTOMER
    assert CUSTOMER == FOUND
    assert {FOUND} == {CUSTOMER}
    assert Customer(id=GUID) != FOUND
    match FOUND:
        case Customer(_, "Contoso"):
            pass
        case _:
            pytest.fail("no match")


def test_several_are_a_tuple_that_is_made_once() -> None:
    """And what lists something is itself a collection of it."""
    page = CustomerPage(customers=(CUSTOMER, CUSTOMER), **TRACE)
    assert page.customers is page.customers
    assert list(page) == [CUSTOMER, CUSTOMER]
    assert len(page) == 2


def test_codes_show_themselves_only_when_asked(emulator: Emulator) -> None:
    """Not in a repr, and never in a pickle; copies are the code itself."""
    client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
    codes = client.get_validation_codes()
    assert [code.value for code in codes] == ["123456", "654321"]
    found = client.find_validation_code(" woodgrove county ")
    assert found == codes.codes[0]
    assert found.request_id
    assert len(codes) == 2
    for secret in (codes, found, codes.codes[0]):
        assert "123456" not in repr(secret) + str(secret)
        ast.parse(repr(secret), mode="eval")
        with pytest.raises(TypeError, match="cannot be pickled: the validation code"):
            pickle.dumps(secret)
    assert copy.copy(found) is found
    assert copy.deepcopy(found) is found
    with pytest.raises(TypeError):
        type(codes.codes[0])(value="1")  # type: ignore[call-arg]


def test_what_is_listed_is_taken(emulator: Emulator) -> None:
    """A customer in an id's place, a code in its text's; the next step is in the types."""
    client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
    woodgrove = client.find_customer(company_name="woodgrove county")
    code = client.find_validation_code("Woodgrove County")
    created = client.create_qualification(
        woodgrove, "GovernmentCommunityCloud", validation_code=code
    )
    assert created.outcome is Outcome.APPLIED
    preview = client.preview_update_qualification(
        woodgrove, "GovernmentCommunityCloud", validation_code=code
    )
    assert "[validation code]" in preview
    for wrong in (7, b"123456", object()):
        with pytest.raises(TypeError, match="must be str or ValidationCode, not") as caught:
            client.update_qualification(
                woodgrove,
                "GovernmentCommunityCloud",
                validation_code=wrong,  # type: ignore[arg-type]
            )
        assert "123456" not in str(caught.value)
    with pytest.raises(NotFoundError) as missing:
        client.find_validation_code("Nobody")
    assert missing.value.reason is Reason.NO_SUCH_ORGANIZATION
    assert missing.value.next_step
    assert not missing.value.retryable


def test_education_through_its_vetting(emulator: Emulator) -> None:
    """Asked, denied, asked again, approved; then there is nothing left to ask."""
    client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
    contoso = client.get_customer(emulator.customer("Contoso"))

    def ask() -> CreatedQualification:
        return client.create_qualification(
            contoso,
            Qualification.EDUCATION,
            education_segment=EducationSegment.K12,
            website="contoso.edu",
        )

    assert ask().qualification.vetting_status is VettingStatus.IN_REVIEW
    emulator.decide(contoso, VettingStatus.DENIED, "Not an Academic Domain")
    denied = client.wait_for_vetting(contoso, Qualification.EDUCATION)
    assert denied.end is VettingEnd.DENIED
    assert denied.qualification.vetting_reason == "Not an Academic Domain"
    assert ask().outcome is Outcome.APPLIED
    emulator.decide(contoso, "Approved")
    assert ask().outcome is Outcome.ALREADY_SET
    assert [item.vetting_status for item in client.get_qualifications(contoso)] == ["Approved"]
    with pytest.raises(LookupError, match="in review"):
        emulator.decide(contoso, "Approved")
    for status, reason in (("InReview", None), ("Approved", "because")):
        with pytest.raises(ValueError, match=r"Approved|approval"):
            emulator.decide(contoso, status, reason)


@pytest.mark.parametrize("kind", [RefreshTokenCredential, ClientCredentials])
def test_built_in_credentials_keep_their_secrets(kind: Any) -> None:
    """Not in a repr, not in a pickle, not in an error about their type."""
    secrets = {"client_secret": "canary-secret"}
    if kind is RefreshTokenCredential:
        secrets["refresh_token"] = "canary-refresh"
        options: dict[str, Any] = {**secrets, "on_rotation": print}
    else:
        options = dict(secrets)
    credential = kind(tenant="canary-tenant", client_id=GUID, **options)
    assert "canary" not in repr(credential) + str(credential)
    for whole in (credential, Client(credential)):
        with pytest.raises(TypeError, match="cannot be pickled: its secrets") as caught:
            pickle.dumps(whole)
        assert "canary" not in str(caught.value)
    for name in secrets:
        with pytest.raises(ValueError, match=f"{name} is not valid text") as invalid:
            kind(**{**options, "tenant": "t", "client_id": GUID, name: "canary\udcff"})
        assert "canary" not in repr(invalid.value)
    with pytest.raises(ValueError, match="client_id must be"):
        Client(kind(tenant="t", client_id="canary", **options))
    with pytest.raises(TypeError):
        kind("t", GUID, *options.values())
