from collections.abc import Iterable, Iterator
from datetime import datetime
from os import PathLike
from typing import Any, NoReturn, final, overload
from uuid import UUID

from typing_extensions import Self, disjoint_base

from .enums import (
    AttemptClass,
    ChangeEnd,
    ChangeOperation,
    Decision,
    EducationSegment,
    ErrorKind,
    EventName,
    Evidence,
    Outcome,
    Qualification,
    Reason,
    StopReason,
    VettingEnd,
    VettingReason,
    VettingStatus,
)
from .types import Rows

__all__ = [
    "Attempt",
    "Change",
    "ChangeResult",
    "CreatedQualification",
    "CurrentQualification",
    "CurrentQualifications",
    "Customer",
    "CustomerPage",
    "CustomerQualification",
    "Event",
    "FoundCustomer",
    "FoundValidationCode",
    "Observation",
    "PendingOperation",
    "Plan",
    "PlannedChange",
    "PlannedCode",
    "Reconciled",
    "Report",
    "TokenRequest",
    "UpdatedQualification",
    "ValidationCode",
    "ValidationCodes",
    "Vetting",
]

class _Value:
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def _repr_html_(self) -> str:
        """A table, for a notebook."""

class _Model(_Value):
    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]: ...

class _Traced:
    @property
    def request_id(self) -> str:
        """MS-RequestId: the answer's, else the one sent."""

    @property
    def correlation_id(self) -> str:
        """MS-CorrelationId: the answer's, else the one sent."""

    @property
    def ms_cv(self) -> str | None:
        """MS-CV, the service's own trace, where it sent one."""

    @property
    def mfa_compliant(self) -> bool | None:
        """Whether the token's sign-in had multifactor authentication; asked by validate_mfa."""

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Every request that was made, in order."""

@final
class Attempt(_Model):
    """One request that was made for a call."""

    __match_args__ = ("class_", "status")

    def __new__(
        cls,
        *,
        method: str,
        class_: AttemptClass | str,
        status: int | None,
        at: datetime,
        request_id: str,
        correlation_id: str,
    ) -> Attempt: ...
    @property
    def method(self) -> str:
        """The HTTP method."""

    @property
    def class_(self) -> AttemptClass:
        """What it came to."""

    @property
    def status(self) -> int | None:
        """The HTTP status, where one arrived."""

    @property
    def at(self) -> datetime:
        """When it was begun, by this machine's clock, in UTC."""

    @property
    def request_id(self) -> str:
        """The MS-RequestId that was sent: one value for every attempt of the same request."""

    @property
    def correlation_id(self) -> str:
        """The MS-CorrelationId that was sent."""

@final
class Event(_Model):
    """One step of a call. It holds all that a log may: no address, no body, no header."""

    __match_args__ = ("name", "operation")

    def __new__(
        cls,
        *,
        name: EventName | str,
        operation: str,
        call: str,
        attempt: Attempt | None = None,
        wait: float | None = None,
        asked: bool = False,
        outcome: Outcome | str | None = None,
        error: ErrorKind | str | None = None,
        late: bool = False,
        at: datetime,
        elapsed: float,
    ) -> Event: ...
    @property
    def name(self) -> EventName:
        """What happened."""

    @property
    def operation(self) -> str:
        """The operation, as update_qualification."""

    @property
    def call(self) -> str:
        """One value for all events of a call: the MS-RequestId of its operation."""

    @property
    def attempt(self) -> Attempt | None:
        """The request that was made; of an attempt."""

    @property
    def wait(self) -> float | None:
        """How many seconds the call waits; of a wait."""

    @property
    def asked(self) -> bool:
        """Whether the service asked for that wait."""

    @property
    def outcome(self) -> Outcome | None:
        """What the call did to the customer; of an end, and not of a read that was answered."""

    @property
    def error(self) -> ErrorKind | None:
        """Why the call failed; of an end."""

    @property
    def late(self) -> bool:
        """Whether the caller had left before."""

    @property
    def at(self) -> datetime:
        """When, by this machine's clock, in UTC."""

    @property
    def elapsed(self) -> float:
        """Seconds since the call's start; of an attempt, since its own begin."""

@final
class TokenRequest(_Model):
    """What a token is asked for."""

    __match_args__ = ("scopes", "claims")

    def __new__(
        cls,
        *,
        scopes: Iterable[str],
        claims: str | None = None,
        force_refresh: bool = False,
    ) -> TokenRequest: ...
    @property
    def scopes(self) -> tuple[str, ...]:
        """One scope: the API's base URL and /.default."""

    @property
    def claims(self) -> str | None:
        """What the service wants of the next token, as JSON; MSAL's claims_challenge."""

    @property
    def force_refresh(self) -> bool:
        """Whether the last token was refused: a cached copy of it will not do."""

@final
class CustomerQualification(_Model):
    """One qualification of a customer, by the service's current contract."""

    __match_args__ = ("qualification", "vetting_status")

    def __new__(
        cls,
        *,
        qualification: Qualification | str,
        vetting_status: VettingStatus | str | None = None,
        vetting_reason: VettingReason | str | None = None,
        vetting_created: datetime | None = None,
        vetting_created_text: str | None = None,
    ) -> CustomerQualification: ...
    @property
    def qualification(self) -> Qualification | str:
        """A Qualification, or the service's own text where this version does not know it."""

    @property
    def vetting_status(self) -> VettingStatus | str | None:
        """How its vetting stands; None where none is needed."""

    @property
    def vetting_reason(self) -> VettingReason | str | None:
        """Why it was denied."""

    @property
    def vetting_created(self) -> datetime | None:
        """When the vetting was asked for, in UTC, where the date can be read."""

    @property
    def vetting_created_text(self) -> str | None:
        """The same as the service wrote it."""

@final
class UpdatedQualification(_Model, _Traced):
    """The customer is in the asked state: any other end is an exception."""

    __match_args__ = ("qualification", "outcome")

    def __new__(
        cls,
        *,
        customer: str,
        qualification: Qualification | str,
        outcome: Outcome | str,
        evidence: Evidence | str,
        request_id: str,
        correlation_id: str,
        ms_cv: str | None = None,
        mfa_compliant: bool | None = None,
        attempts: Iterable[Attempt] = ...,
    ) -> UpdatedQualification: ...
    @property
    def customer(self) -> str:
        """The customer's tenant id, lower case with hyphens."""

    @property
    def qualification(self) -> Qualification | str:
        """A Qualification, or the service's own text where this version does not know it."""

    @property
    def outcome(self) -> Outcome:
        """What is known about the asked change: applied."""

    @property
    def evidence(self) -> Evidence:
        """How that is known."""

@final
class CurrentQualification(_Model, _Traced):
    """What a read saw. It has no outcome: a read asks for no change."""

    __match_args__ = ("customer", "qualification")

    def __new__(
        cls,
        *,
        customer: str,
        qualification: Qualification | str,
        request_id: str,
        correlation_id: str,
        ms_cv: str | None = None,
        mfa_compliant: bool | None = None,
        attempts: Iterable[Attempt] = ...,
    ) -> CurrentQualification: ...
    @property
    def customer(self) -> str:
        """The customer's tenant id, lower case with hyphens."""

    @property
    def qualification(self) -> Qualification | str:
        """A Qualification, or the service's own text where this version does not know it."""

@final
class CreatedQualification(_Model, _Traced):
    """The asked qualification is on record. Whether it is granted, its vetting says."""

    __match_args__ = ("qualification", "outcome")

    def __new__(
        cls,
        *,
        customer: str,
        qualification: CustomerQualification,
        outcome: Outcome | str,
        evidence: Evidence | str,
        request_id: str,
        correlation_id: str,
        ms_cv: str | None = None,
        mfa_compliant: bool | None = None,
        attempts: Iterable[Attempt] = ...,
    ) -> CreatedQualification: ...
    @property
    def customer(self) -> str:
        """The customer's tenant id, lower case with hyphens."""

    @property
    def qualification(self) -> CustomerQualification:
        """The qualification, and how its vetting stands."""

    @property
    def outcome(self) -> Outcome:
        """What is known about the asked change: applied, or already_set where nothing was sent."""

    @property
    def evidence(self) -> Evidence:
        """How that is known."""

@final
class CurrentQualifications(_Model, _Traced):
    """A customer's qualifications, by the service's current contract. Iterable; empty: none."""

    __match_args__ = ("customer", "qualifications")

    def __new__(
        cls,
        *,
        customer: str,
        qualifications: Iterable[CustomerQualification],
        request_id: str,
        correlation_id: str,
        ms_cv: str | None = None,
        mfa_compliant: bool | None = None,
        attempts: Iterable[Attempt] = ...,
    ) -> CurrentQualifications: ...
    @property
    def customer(self) -> str:
        """The customer's tenant id, lower case with hyphens."""

    @property
    def qualifications(self) -> tuple[CustomerQualification, ...]:
        """Each qualification, in the service's order."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[CustomerQualification]: ...

@final
class Vetting(_Model, _Traced):
    """How waiting for a vetting ended, and what was last seen."""

    __match_args__ = ("end", "qualification")

    def __new__(
        cls,
        *,
        customer: str,
        end: VettingEnd | str,
        qualification: CustomerQualification,
        polls: int,
        request_id: str,
        correlation_id: str,
        ms_cv: str | None = None,
        mfa_compliant: bool | None = None,
        attempts: Iterable[Attempt] = ...,
    ) -> Vetting: ...
    @property
    def customer(self) -> str:
        """The customer's tenant id, lower case with hyphens."""

    @property
    def end(self) -> VettingEnd:
        """How it ended."""

    @property
    def qualification(self) -> CustomerQualification:
        """The qualification as it was last seen."""

    @property
    def polls(self) -> int:
        """How often the service was asked with success."""

@final
class PendingOperation(_Value):
    """A change whose effect is not known, with all that settles it by reads: later, or in another
    process. It holds no secret.
    """

    __match_args__ = ("operation", "customer")

    @staticmethod
    def from_json(text: str) -> PendingOperation:
        """What to_json wrote.

        Raises:
            InvalidArgumentError: It is something else.
        """

    def to_json(self) -> str:
        """A JSON object in one line, for a file or a ticket."""

    @property
    def operation(self) -> str:
        """update_qualification or create_qualification."""

    @property
    def customer(self) -> str:
        """The customer's tenant id."""

    @property
    def qualification(self) -> Qualification | str:
        """What was asked for."""

    @property
    def request_id(self) -> str:
        """MS-RequestId of the operation."""

    @property
    def correlation_ids(self) -> tuple[str, ...]:
        """MS-CorrelationId of each request that was made."""

    @property
    def base_url(self) -> str:
        """Where it was sent."""

    @property
    def first_sent(self) -> datetime:
        """When the first request was made, in UTC."""

@final
class Observation(_Model):
    """What a read saw of a customer, and when."""

    __match_args__ = ("value", "at")

    def __new__(cls, *, value: str, at: datetime) -> Observation: ...
    @property
    def value(self) -> str:
        """The qualification, or each of them with the status of its vetting."""

    @property
    def at(self) -> datetime:
        """When it was answered, by this machine's clock, in UTC."""

@final
class Reconciled(_Model, _Traced):
    """What became of a change whose answer was lost, as far as reads can tell."""

    __match_args__ = ("outcome", "observed")

    def __new__(
        cls,
        *,
        customer: str,
        qualification: Qualification | str,
        outcome: Outcome | str,
        evidence: Evidence | str | None,
        observed: Observation,
        request_id: str,
        correlation_id: str,
        ms_cv: str | None = None,
        mfa_compliant: bool | None = None,
        attempts: Iterable[Attempt] = ...,
    ) -> Reconciled: ...
    @property
    def customer(self) -> str:
        """The customer's tenant id, lower case with hyphens."""

    @property
    def qualification(self) -> Qualification | str:
        """What was asked for."""

    @property
    def outcome(self) -> Outcome:
        """applied, not_applied (the audit log says that each request failed) or still unknown."""

    @property
    def evidence(self) -> Evidence | None:
        """How that is known; None while it is unknown."""

    @property
    def observed(self) -> Observation:
        """What the customer is now."""

@final
class Change(_Model):
    """One change of many.

    A validation code is given by a name, so that no plan and no journal holds it; the codes
    themselves go to the run.

    Args:
        customer: The customer, or its tenant id.
        qualification: What is asked for.
        education_segment: K12 or HigherEducation; create_qualification needs it for Education.
        website: The institution's web address, for create_qualification of Education.
        code_name: What the validation code is called, as the organization it was issued to. Never
            the code itself: the name is shown, and written down.
    """

    __match_args__ = ("customer", "qualification")

    def __new__(
        cls,
        customer: str | UUID | Customer,
        qualification: Qualification | str,
        *,
        education_segment: EducationSegment | str | None = None,
        website: str | None = None,
        code_name: str | None = None,
    ) -> Change: ...
    @property
    def customer(self) -> str:
        """The customer's tenant id, as it was given."""

    @property
    def qualification(self) -> Qualification | str:
        """What is asked for."""

    @property
    def education_segment(self) -> EducationSegment | str | None:
        """The segment that is asked for."""

    @property
    def website(self) -> str | None:
        """The web address that goes with it."""

    @property
    def code_name(self) -> str | None:
        """What the validation code is called."""

@final
class PlannedChange(_Model):
    """One change of a plan, and what a run would do about it."""

    __match_args__ = ("customer", "decision")

    def __new__(
        cls,
        *,
        row: int,
        customer: str,
        qualification: Qualification | str,
        decision: Decision | str,
        current: str | None = None,
        detail: str | None = None,
        education_segment: EducationSegment | str | None = None,
        website: str | None = None,
        code_name: str | None = None,
    ) -> PlannedChange: ...
    @property
    def row(self) -> int:
        """Its place among the given changes, from 0; of doubles the first one's."""

    @property
    def customer(self) -> str:
        """The customer's tenant id, lower case with hyphens; empty where none was given."""

    @property
    def qualification(self) -> Qualification | str:
        """What is asked for."""

    @property
    def decision(self) -> Decision:
        """What a run would do."""

    @property
    def current(self) -> str | None:
        """What the customer is now, where it was read."""

    @property
    def detail(self) -> str | None:
        """Why it is refused or unread."""

    @property
    def education_segment(self) -> EducationSegment | str | None:
        """The segment that is asked for."""

    @property
    def website(self) -> str | None:
        """The web address that goes with it."""

    @property
    def code_name(self) -> str | None:
        """What the validation code is called."""

@final
class PlannedCode(_Model):
    """A validation code by its name, and how many changes would spend it."""

    __match_args__ = ("name", "sends")

    def __new__(cls, *, name: str, sends: int) -> PlannedCode: ...
    @property
    def name(self) -> str:
        """Its name."""

    @property
    def sends(self) -> int:
        """How many changes would be sent with it."""

@final
class Plan(_Value):
    """What plan found. Nothing was sent for it but reads. Iterable; it holds no secret.

    A run needs it unaltered: its fingerprint says so.
    """

    __match_args__ = ("operation", "changes")

    @staticmethod
    def from_json(text: str) -> Plan:
        """What to_json wrote.

        Raises:
            InvalidArgumentError: It is something else, or was altered.
        """

    def to_json(self) -> str:
        """A JSON object in one line, for a file."""

    @property
    def operation(self) -> ChangeOperation:
        """By which contract the changes are made."""

    @property
    def base_url(self) -> str:
        """Where."""

    @property
    def made(self) -> datetime:
        """When it was made, by this machine's clock, in UTC."""

    @property
    def doubles(self) -> int:
        """How many of the given changes were the same as an earlier one."""

    @property
    def changes(self) -> tuple[PlannedChange, ...]:
        """What is planned, by row; doubles left out."""

    @property
    def fingerprint(self) -> str:
        """Names exactly this plan."""

    @property
    def sends(self) -> int:
        """How many changes a run would ask for: what an operator confirms."""

    @property
    def codes(self) -> tuple[PlannedCode, ...]:
        """The validation codes that a run would spend, by name."""

    def count(self, decision: Decision | str) -> int:
        """How many changes a run would decide so."""

    def shards(self, count: int) -> tuple[Plan, ...]:
        """As many plans, or as there are changes, whose changes together are this one's.

        To be run elsewhere: each has a fingerprint of its own and needs a journal of its own; rows
        stay as they are.

        Raises:
            InvalidArgumentError: count is 0, or the plan was altered.
        """

    def rows(self) -> Rows:
        """A dict of plain values for each change, for DataFrame; polars' needs
        infer_schema_length=None, since many columns begin with None.
        """

    def to_csv(self, path: str | PathLike[str]) -> None:
        """Writes the rows to a file, in UTF-8, below their names."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[PlannedChange]: ...
    @overload
    def __getitem__(self, key: int, /) -> PlannedChange: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[PlannedChange, ...]: ...

@final
class ChangeResult(_Model):
    """What became of one change."""

    __match_args__ = ("customer", "end")

    def __new__(
        cls,
        *,
        row: int,
        customer: str,
        qualification: Qualification | str,
        end: ChangeEnd | str,
        outcome: Outcome | str,
        evidence: Evidence | str | None = None,
        detail: str | None = None,
        kind: ErrorKind | str | None = None,
        reason: Reason | str | None = None,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        correlation_id: str | None = None,
        attempts: int = 0,
        pending: PendingOperation | None = None,
    ) -> ChangeResult: ...
    @property
    def row(self) -> int:
        """Its place among the given changes, from 0."""

    @property
    def customer(self) -> str:
        """The customer's tenant id."""

    @property
    def qualification(self) -> Qualification | str:
        """What was asked for."""

    @property
    def end(self) -> ChangeEnd:
        """How it ended."""

    @property
    def outcome(self) -> Outcome:
        """What is known about the asked change."""

    @property
    def evidence(self) -> Evidence | None:
        """How that is known."""

    @property
    def detail(self) -> str | None:
        """What failed, what state the customer is in, and what to do next."""

    @property
    def kind(self) -> ErrorKind | None:
        """Who has to act, where it failed."""

    @property
    def reason(self) -> Reason | None:
        """Refines the kind."""

    @property
    def status(self) -> int | None:
        """The HTTP status of the last answer, where it failed."""

    @property
    def code(self) -> str | None:
        """The service's own code."""

    @property
    def request_id(self) -> str | None:
        """MS-RequestId of the change."""

    @property
    def correlation_id(self) -> str | None:
        """MS-CorrelationId of its last request."""

    @property
    def attempts(self) -> int:
        """How many requests were made for it, reads among them."""

    @property
    def pending(self) -> PendingOperation | None:
        """What settles it, while it is unknown."""

@final
class Report(_Model):
    """What became of a run: the sum of the six ends is what was planned. Iterable."""

    __match_args__ = ("results", "stopped")

    def __new__(
        cls,
        *,
        planned: int,
        applied: int,
        already_set: int,
        refused: int,
        conflict: int,
        unknown: int,
        not_started: int,
        stopped: StopReason | str | None = None,
        detail: str | None = None,
        results: Iterable[ChangeResult],
        torn: bool = False,
        journal: str,
        fingerprint: str,
    ) -> Report: ...
    @property
    def planned(self) -> int:
        """How many changes the plan has."""

    @property
    def applied(self) -> int:
        """How many were applied."""

    @property
    def already_set(self) -> int:
        """How many were set before."""

    @property
    def refused(self) -> int:
        """How many were refused."""

    @property
    def conflict(self) -> int:
        """How many the customer's state excludes."""

    @property
    def unknown(self) -> int:
        """Of how many it is not known."""

    @property
    def not_started(self) -> int:
        """How many were not started."""

    @property
    def stopped(self) -> StopReason | None:
        """Why it stopped early, if it did."""

    @property
    def detail(self) -> str | None:
        """The same in words, and what to do next."""

    @property
    def results(self) -> tuple[ChangeResult, ...]:
        """Each change's end, in the plan's order."""

    @property
    def torn(self) -> bool:
        """Whether the journal's last line was torn, as a crash leaves it; it was left out."""

    @property
    def journal(self) -> str:
        """The journal."""

    @property
    def fingerprint(self) -> str:
        """The plan's."""

    def rows(self) -> Rows:
        """A dict of plain values for each change, for DataFrame; polars' needs
        infer_schema_length=None, since many columns begin with None.
        """

    def to_csv(self, path: str | PathLike[str]) -> None:
        """Writes the rows to a file, in UTF-8, below their names."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[ChangeResult]: ...
    @overload
    def __getitem__(self, key: int, /) -> ChangeResult: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[ChangeResult, ...]: ...

@disjoint_base
class Customer(_Model):
    """A customer of the partner. Every call that takes a customer's tenant id takes this, too."""

    __match_args__ = ("id", "company_name")

    def __new__(
        cls,
        *,
        id: str,
        company_name: str | None = None,
        domain: str | None = None,
        relationship_to_partner: str | None = None,
        commerce_id: str | None = None,
        allow_delegated_access: bool | None = None,
        custom_domains: Iterable[str] = ...,
        associated_partner_id: str | None = None,
        organization_registration_number: str | None = None,
        email: str | None = None,
    ) -> Customer: ...
    @property
    def id(self) -> str:
        """The tenant id, lower case with hyphens."""

    @property
    def company_name(self) -> str | None:
        """The company's name."""

    @property
    def domain(self) -> str | None:
        """The tenant's default domain, such as contoso.onmicrosoft.com."""

    @property
    def relationship_to_partner(self) -> str | None:
        """reseller, advisor and others, as the service writes it."""

    @property
    def commerce_id(self) -> str | None:
        """The id in Microsoft's commerce systems; only from get_customer."""

    @property
    def allow_delegated_access(self) -> bool | None:
        """Whether the partner may administer the customer; only from get_customer."""

    @property
    def custom_domains(self) -> tuple[str, ...]:
        """Further domains; only from get_customer, and only where the partner may read them."""

    @property
    def associated_partner_id(self) -> str | None:
        """The indirect reseller."""

    @property
    def organization_registration_number(self) -> str | None:
        """The company's registration number."""

    @property
    def email(self) -> str | None:
        """The company's e-mail address."""

@final
class CustomerPage(_Model, _Traced):
    """One page of the partner's customers. Iterable."""

    __match_args__ = ("customers",)

    def __new__(
        cls,
        *,
        customers: Iterable[Customer],
        request_id: str,
        correlation_id: str,
        ms_cv: str | None = None,
        mfa_compliant: bool | None = None,
        attempts: Iterable[Attempt] = ...,
    ) -> CustomerPage: ...
    @property
    def customers(self) -> tuple[Customer, ...]:
        """The customers of this page, in the service's order."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Customer]: ...

@final
class FoundCustomer(Customer, _Traced):
    """A customer that was read or found, and how. Equal to every Customer of the same content."""

    def __new__(
        cls,
        customer: Customer,
        *,
        request_id: str,
        correlation_id: str,
        ms_cv: str | None = None,
        mfa_compliant: bool | None = None,
        attempts: Iterable[Attempt] = ...,
    ) -> FoundCustomer: ...

@disjoint_base
class ValidationCode(_Value):
    """A government validation code, with what is left of its budget.

    The code itself is a secret: only value shows it, and it is never pickled. Calls that take a
    validation code take this, too.
    """

    __match_args__ = ("organization", "remaining_creates")

    @property
    def value(self) -> str:
        """The code itself."""

    @property
    def organization(self) -> str | None:
        """The name given when the organization was validated."""

    @property
    def max_creates(self) -> int | None:
        """How many customers may be created with it."""

    @property
    def remaining_creates(self) -> int | None:
        """How many are left."""

    @property
    def partner_id(self) -> str | None:
        """The partner that it was issued to."""

    @property
    def etag(self) -> str | None:
        """The service's version of this record."""

    def __copy__(self) -> Self:
        """Itself: nothing of it changes."""

    def __deepcopy__(self, _memo: object, /) -> Self:
        """Itself: nothing of it changes."""

    def __reduce__(self) -> NoReturn: ...

@final
class FoundValidationCode(ValidationCode, _Traced):
    """The one code of an organization that can be spent, and how it was found."""

@final
class ValidationCodes(_Value, _Traced):
    """The partner's government validation codes. Iterable; never pickled, as the codes."""

    __match_args__ = ("codes",)

    @property
    def codes(self) -> tuple[ValidationCode, ...]:
        """Each code, in the service's order."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[ValidationCode]: ...
    def _only_of(self, organization: str) -> ValidationCode | None: ...
    def __reduce__(self) -> NoReturn: ...
