from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from os import PathLike
from typing import Any, NoReturn, final
from uuid import UUID

from ._models import (
    Attempt,
    Change,
    ChangeResult,
    CreatedQualification,
    CurrentQualification,
    CurrentQualifications,
    Customer,
    CustomerPage,
    CustomerQualification,
    Event,
    FoundCustomer,
    FoundValidationCode,
    Observation,
    PendingOperation,
    Plan,
    PlannedChange,
    PlannedCode,
    Reconciled,
    Report,
    TokenRequest,
    UpdatedQualification,
    ValidationCode,
    ValidationCodes,
    Vetting,
)
from .enums import ChangeOperation, Cloud, EducationSegment, OnAmbiguous, Qualification
from .testing import Emulator
from .types import Changes, Credential

__all__ = [
    "Attempt",
    "Call",
    "Change",
    "ChangeResult",
    "Client",
    "ClientCredentials",
    "CreatedQualification",
    "CurrentQualification",
    "CurrentQualifications",
    "Customer",
    "CustomerPage",
    "CustomerPages",
    "CustomerQualification",
    "Customers",
    "Emulator",
    "Event",
    "FoundCustomer",
    "FoundValidationCode",
    "Observation",
    "PendingOperation",
    "Plan",
    "PlannedChange",
    "PlannedCode",
    "Reconciled",
    "RefreshTokenCredential",
    "Report",
    "TokenRequest",
    "UpdatedQualification",
    "ValidationCode",
    "ValidationCodes",
    "Vetting",
    "__version__",
    "awaited",
    "names",
    "unraisable",
]

__version__: str

@final
class Client:
    """Talks to Partner Center. Immutable, safe to share between threads, usable after os.fork.

    Args:
        credential: An App+User token (str), a callable that returns a token or a pair of token and
            expiry (seconds since 1970), an object with get_token(*scopes) as azure-core's
            TokenCredential, a RefreshTokenCredential or ClientCredentials. It is called on the
            thread that waits, once for all that wait. A callable that takes one argument gets the
            TokenRequest.
        cloud: Cloud.GLOBAL (the default), Cloud.US_GOVERNMENT or Cloud.CHINA.
        base_url: Another address than the cloud's; https, and the audience of its tokens.
        authority: Another sign-in authority than the cloud's, without the tenant. By default that
            of a base_url on this machine is the same address, as the emulator's.
        allow_http_loopback: Lets base_url and authority be plain http to this machine, as for the
            emulator.
        application: MS-PartnerCenter-Application, under which the service knows the caller.
        locale: X-Locale, the language of the service's texts; en-US by default.
        connect_timeout: The most seconds for a connection; 10, or half of attempt_timeout.
        attempt_timeout: The most seconds for one request; 100, or half of deadline.
        deadline: The most seconds for a whole call; 300 by default, over attempt_timeout.
        proxy: An HTTP proxy, http://user:password@host:port, instead of the environment's.
        ca_certificates: PEM certificates of authorities to trust beside the system's.
        only_ca_certificates: PEM certificates of the only authorities to trust.
        validate_mfa: Asks the service whether the token's sign-in had multifactor authentication;
            results and errors say so as mfa_compliant.
        on_ambiguous: What to do about a change whose effect is not known:
            OnAmbiguous.RECONCILE_THEN_RESEND (the default), RECONCILE or RAISE.
        on_event: Is called with each Event of each call, on the thread that waits for it; with one
            that comes after its caller has left, on another. What it raises stops nothing.

    Raises:
        InvalidArgumentError: A setting breaks a rule.
        TlsError: No certificate authorities were found on this machine.
    """

    def __new__(
        cls,
        credential: Credential,
        *,
        cloud: Cloud | None = None,
        base_url: str | None = None,
        authority: str | None = None,
        allow_http_loopback: bool = False,
        application: str | None = None,
        locale: str | None = None,
        connect_timeout: float | timedelta | None = None,
        attempt_timeout: float | timedelta | None = None,
        deadline: float | timedelta | None = None,
        proxy: str | None = None,
        ca_certificates: bytes | None = None,
        only_ca_certificates: bytes | None = None,
        validate_mfa: bool = False,
        on_ambiguous: OnAmbiguous | str | None = None,
        on_event: Callable[[Event], object] | None = None,
    ) -> Client: ...
    def update_qualification(
        self,
        customer: str | UUID | Customer,
        qualification: Qualification | str,
        *,
        validation_code: str | ValidationCode | None = None,
        skip_if_set: bool = False,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> UpdatedQualification:
        """Sets a customer's qualification. The change is irreversible.

        This is the synchronous contract, PUT /v1/customers/{id}/qualification, deprecated by the
        service since 2021. It needs an App+User token.

        Args:
            customer: The customer, or its tenant id.
            qualification: Education, or GovernmentCommunityCloud with its validation code.
            validation_code: The government validation code.
            skip_if_set: Reads first, and sends nothing where the asked qualification, or one that
                excludes it, is there.
            request_id: MS-RequestId, a GUID; else made.
            correlation_id: MS-CorrelationId, a GUID; else made.
            deadline: The most seconds for this call, instead of the client's; over connect_timeout.

        Returns:
            What was set; its outcome is applied, or already_set.

        Raises:
            PartnerCenterError: Its `outcome` says whether the customer was changed.
        """

    def preview_update_qualification(
        self,
        customer: str | UUID | Customer,
        qualification: Qualification | str,
        *,
        validation_code: str | ValidationCode | None = None,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
    ) -> str:
        """The request that update_qualification would send, as text, secrets taken out.

        Nothing is sent, and the credential is not asked. The arguments are those of
        update_qualification.

        Raises:
            InvalidArgumentError: An argument breaks a rule.
        """

    def get_qualification(
        self,
        customer: str | UUID | Customer,
        *,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> CurrentQualification:
        """Reads a customer's qualification.

        This is the synchronous contract, GET /v1/customers/{id}/qualification, deprecated by the
        service since 2021.

        Args:
            customer: The customer, or its tenant id.
            request_id: MS-RequestId, a GUID; else made.
            correlation_id: MS-CorrelationId, a GUID; else made.
            deadline: The most seconds for this call, instead of the client's; over connect_timeout.

        Raises:
            PartnerCenterError: A read changes nothing, so its `outcome` is not_applied.
        """

    def create_qualification(
        self,
        customer: str | UUID | Customer,
        qualification: Qualification | str,
        *,
        education_segment: EducationSegment | str | None = None,
        website: str | None = None,
        validation_code: str | ValidationCode | None = None,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> CreatedQualification:
        """Asks for a qualification of a customer. The change is irreversible.

        This is the service's current contract, POST /v1/customers/{id}/qualifications. Education
        may be asked for three times. The customer's qualifications are read first: what is set
        already is not asked for again, and nothing is sent where the service would refuse. It needs
        an App+User token. Microsoft vets Education: wait_for_vetting waits for the decision.

        Args:
            customer: The customer, or its tenant id.
            qualification: Education with its segment, GovernmentCommunityCloud with its validation
                code, or StateOwnedEntity.
            education_segment: K12 or HigherEducation.
            website: The institution's web address, which helps the vetting of Education.
            validation_code: The government validation code.
            request_id: MS-RequestId of the change, a GUID; else made.
            correlation_id: MS-CorrelationId, a GUID; else made.
            deadline: The most seconds for this call, instead of the client's; over connect_timeout.

        Returns:
            What is on record; its outcome is applied, or already_set.

        Raises:
            PartnerCenterError: Its `outcome` says whether the customer was changed.
        """

    def preview_create_qualification(
        self,
        customer: str | UUID | Customer,
        qualification: Qualification | str,
        *,
        education_segment: EducationSegment | str | None = None,
        website: str | None = None,
        validation_code: str | ValidationCode | None = None,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
    ) -> str:
        """The request that create_qualification would send, as text, secrets taken out.

        Nothing is read or sent, and the credential is not asked. The arguments are those of
        create_qualification.

        Raises:
            InvalidArgumentError: An argument breaks a rule.
        """

    def get_qualifications(
        self,
        customer: str | UUID | Customer,
        *,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> CurrentQualifications:
        """Reads a customer's qualifications, and how their vetting stands.

        This is the service's current contract, GET /v1/customers/{id}/qualifications.

        Args:
            customer: The customer, or its tenant id.
            request_id: MS-RequestId, a GUID; else made.
            correlation_id: MS-CorrelationId, a GUID; else made.
            deadline: The most seconds for this call, instead of the client's; over connect_timeout.

        Raises:
            PartnerCenterError: A read changes nothing, so its `outcome` is not_applied.
        """

    def wait_for_vetting(
        self,
        customer: str | UUID | Customer,
        qualification: Qualification | str,
        *,
        deadline: float | timedelta | None = None,
        poll_interval: float | timedelta | None = None,
        on_progress: Callable[[CustomerQualification], object] | None = None,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
    ) -> Vetting:
        """Waits until Microsoft has decided on a qualification, by reading it now and then.

        That the deadline came first is no error: the result's end says in_review. A read that fails
        in passing is left out. Ctrl-C ends the wait at once.

        Args:
            customer: The customer, or its tenant id.
            qualification: Which of the customer's qualifications.
            deadline: The most seconds to wait; three days by default, as decisions usually take.
            poll_interval: Seconds between two reads, give or take a fifth; 600 by default, 60 at
                least.
            on_progress: Is called with the CustomerQualification after each good read, on the
                thread that waits. What it raises ends the wait.
            request_id: MS-RequestId of the first read, a GUID; else made.
            correlation_id: MS-CorrelationId of all reads, a GUID; else made.

        Raises:
            NotFoundError: The customer's record holds no such qualification.
            PartnerCenterError: A read failed in a way that does not pass.
        """

    def plan(
        self,
        changes: Changes,
        *,
        operation: ChangeOperation | str,
        at_once: int = 4,
        per_second: float | None = 5.0,
        on_planned: Callable[[PlannedChange], object] | None = None,
        deadline: float | timedelta | None = None,
    ) -> Plan:
        """Reads the customers of many changes, and says what run would do to each.

        Customers are normalised and doubles left out. Nothing is sent but reads.

        Args:
            changes: Changes, tuples (customer, qualification) that may have a code_name, too, dicts
                with the names of Change's arguments, a table of these (of pandas, polars or
                pyarrow), or the path of a CSV file with these columns.
            operation: By which contract they are made: ChangeOperation.UPDATE_QUALIFICATION or
                CREATE_QUALIFICATION. They have different side effects.
            at_once: How many reads are open at a time, 1 to 32.
            per_second: How many are begun in a second, at most; None: as fast as they end.
            on_planned: Is called with each PlannedChange once its customer was read, on the thread
                that waits. What it raises ends the call.
            deadline: The most seconds for each read, instead of the client's; over connect_timeout.

        Raises:
            InvalidArgumentError: Two different things are asked for one customer.
            PartnerCenterError: The token is refused, or reads fail three times for one cause.
        """

    def run(
        self,
        plan: Plan,
        journal: str | PathLike[str],
        *,
        codes: Mapping[str, str | ValidationCode] | None = None,
        at_once: int = 4,
        per_second: float | None = 5.0,
        on_result: Callable[[ChangeResult], object] | None = None,
        deadline: float | timedelta | None = None,
    ) -> Report:
        """Makes the changes of a plan, which must be unaltered: one, then ten, then the rest.

        The changes are irreversible. What settles a change is on the journal's disk before the
        request leaves, so that resume knows what was open. That changes are refused, or that the
        run stops early, is no error: the report says so. It needs an App+User token.

        Args:
            plan: What plan returned.
            journal: The path of a new file.
            codes: The validation codes by the names that the plan has for them. Nothing of the run
                shows them or writes them down.
            at_once: How many changes are open at a time, 1 to 32.
            per_second: How many are begun in a second, at most; None: as fast as they end.
            on_result: Is called with the ChangeResult of each change that this run ended, on the
                thread that waits; what the plan had decided is in the report alone. What it raises
                ends the call; resume goes on with it.
            deadline: The most seconds for each change, instead of the client's; over
                connect_timeout.

        Raises:
            InvalidArgumentError: The plan was altered, or is for another base_url, or a code is
                missing.
            JournalError: The journal cannot be made. Nothing was sent.
        """

    def resume(
        self,
        journal: str | PathLike[str],
        *,
        codes: Mapping[str, str | ValidationCode] | None = None,
        resend_older: bool = False,
        audit: bool = False,
        at_once: int = 4,
        per_second: float | None = 5.0,
        on_result: Callable[[ChangeResult], object] | None = None,
        deadline: float | timedelta | None = None,
    ) -> Report:
        """Goes on with a run by its journal, also in another process.

        What was open is settled by reads first; what has ended is never sent again. A change whose
        only request reads see no trace of is sent once more within five minutes of it, with the
        same id. Then the rest of the plan is run.

        Args:
            journal: The journal of the run.
            codes: As for run.
            resend_older: Sends such a change once more also after five minutes: by then the service
                may not know the first request any more.
            audit: Reads the service's audit log, too, where a customer's state does not tell.
            at_once: As for run.
            per_second: As for run.
            on_result: As for run.
            deadline: As for run.

        Raises:
            InvalidArgumentError: The journal is of another base_url, or a code is missing.
            JournalError: The journal is none, was altered, or is still being written by another
                run. Nothing was sent.
        """

    def pending_update_qualification(
        self,
        customer: str | UUID | Customer,
        qualification: Qualification | str,
        *,
        request_id: str | UUID,
    ) -> PendingOperation:
        """What settles a change that is about to be asked for with that request_id.

        To be written down before the call, should this process not live to hear of its end.

        Args:
            customer: The customer, or its tenant id.
            qualification: What update_qualification is going to ask for.
            request_id: The request_id that update_qualification is going to get.

        Raises:
            InvalidArgumentError: An id is none.
        """

    def pending_create_qualification(
        self,
        customer: str | UUID | Customer,
        qualification: Qualification | str,
        *,
        request_id: str | UUID,
    ) -> PendingOperation:
        """What settles a qualification that is about to be asked for with that request_id.

        To be written down before the call, as pending_update_qualification. What the call's own
        read is going to see is not known yet, so an Education that reads denied settles nothing.

        Args:
            customer: The customer, or its tenant id.
            qualification: What create_qualification is going to ask for.
            request_id: The request_id that create_qualification is going to get.

        Raises:
            InvalidArgumentError: An id is none.
        """

    def reconcile(
        self,
        pending: PendingOperation,
        *,
        audit: bool = False,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> Reconciled:
        """Settles a change whose outcome is unknown, by reads alone; also in another process.

        The customer is read; nothing is ever sent again.

        Args:
            pending: The `pending` of the OutcomeUnknownError.
            audit: Reads the service's audit log, too, where the customer's state does not tell.
            request_id: MS-RequestId of the read, a GUID; else made.
            correlation_id: MS-CorrelationId, a GUID; else made.
            deadline: The most seconds for this call, instead of the client's; over connect_timeout.

        Returns:
            What is known now; its outcome may still be unknown.

        Raises:
            InvalidArgumentError: The change was sent to another base_url.
            PartnerCenterError: A read failed.
        """

    def get_validation_codes(
        self,
        *,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> ValidationCodes:
        """Lists the partner's government validation codes.

        This is GET /v1/customers/all/validations.

        Args:
            request_id: MS-RequestId, a GUID; else made.
            correlation_id: MS-CorrelationId, a GUID; else made.
            deadline: The most seconds for this call, instead of the client's; over connect_timeout.

        Raises:
            PartnerCenterError: A read changes nothing, so its `outcome` is not_applied.
        """

    def find_validation_code(
        self,
        organization: str,
        *,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> FoundValidationCode:
        """The organization's validation code that has budget left.

        Args:
            organization: The organization's name, whatever the case.
            request_id: MS-RequestId, a GUID; else made.
            correlation_id: MS-CorrelationId, a GUID; else made.
            deadline: The most seconds for this call, instead of the client's; over connect_timeout.

        Raises:
            NotFoundError: There is none, or more than one: which to spend is the caller's choice.
            PartnerCenterError: A read changes nothing, so its `outcome` is not_applied.
        """

    def list_customers(
        self,
        *,
        company_name: str | None = None,
        page_size: int | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> Customers:
        """Lists the partner's customers.

        This is GET /v1/customers, page by page. Nothing is read before the first customer is
        wanted, and no page before its first customer is.

        Args:
            company_name: What the companies' names begin with, whatever the case.
            page_size: The most customers of a page, 1 to 500; 500 by default.
            correlation_id: MS-CorrelationId of all pages, a GUID; else made.
            deadline: The most seconds for a page, instead of the client's; over connect_timeout.

        Returns:
            An iterator over each Customer; its pages() iterates over each CustomerPage instead.
        """

    def get_customer(
        self,
        customer: str | UUID | Customer,
        *,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> FoundCustomer:
        """Reads a customer.

        This is GET /v1/customers/{id}.

        Args:
            customer: The customer, or its tenant id.
            request_id: MS-RequestId, a GUID; else made.
            correlation_id: MS-CorrelationId, a GUID; else made.
            deadline: The most seconds for this call, instead of the client's; over connect_timeout.

        Raises:
            PartnerCenterError: A read changes nothing, so its `outcome` is not_applied.
        """

    def find_customer(
        self,
        *,
        domain: str | None = None,
        company_name: str | None = None,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> FoundCustomer:
        """The customer with a domain, or with exactly a company name: one of the two.

        The sign-in authority knows whose a domain is; no token is sent there. By name the list of
        customers is searched.

        Args:
            domain: Any verified domain of the customer.
            company_name: The company's whole name, whatever the case.
            request_id: MS-RequestId, a GUID; else made.
            correlation_id: MS-CorrelationId, a GUID; else made.
            deadline: The most seconds for this call, instead of the client's; over connect_timeout.

        Raises:
            NotFoundError: There is no such customer, or more than one.
            PartnerCenterError: A read changes nothing, so its `outcome` is not_applied.
        """

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]: ...
    def __copy__(self) -> Client: ...
    def __deepcopy__(self, _memo: object, /) -> Client: ...

@final
class Customers:
    """Customers one by one; a page is fetched when its first customer is wanted."""

    def pages(self) -> Iterator[CustomerPage]:
        """The pages still to come; what is left of a page that was begun is not among them."""

    def __iter__(self) -> Customers: ...
    def __next__(self) -> Customer: ...

@final
class RefreshTokenCredential:
    """The refresh-token exchange of the Secure Application Model: App+User tokens without a person.

    A sign-in with multifactor authentication gave the refresh token. Each exchange may hand out a
    new one: on_rotation keeps it, in a secret store, before the new access token is used. While
    that fails nothing is sent, and the old one stays in use.

    Args:
        tenant: The partner's tenant, an id or a domain.
        client_id: The application's id.
        refresh_token: The latest refresh token.
        on_rotation: Is called with each new refresh token, on the thread that waits for a call.
        client_secret: The application's secret; a public client has none.
    """

    def __new__(
        cls,
        *,
        tenant: str,
        client_id: str,
        refresh_token: str,
        on_rotation: Callable[[str], object],
        client_secret: str | None = None,
    ) -> RefreshTokenCredential: ...
    def __reduce__(self) -> NoReturn: ...

@final
class ClientCredentials:
    """App-only tokens, for the reads that allow them.

    A change needs a person's sign-in behind the token: a call that makes one is refused before
    anything is sent.

    Args:
        tenant: The partner's tenant, an id or a domain.
        client_id: The application's id.
        client_secret: The application's secret.
    """

    def __new__(cls, *, tenant: str, client_id: str, client_secret: str) -> ClientCredentials: ...
    def __reduce__(self) -> NoReturn: ...

@final
class CustomerPages:
    """The pages of a listing that are still to come."""

    def __iter__(self) -> CustomerPages: ...
    def __next__(self) -> CustomerPage: ...

@final
class Call:
    """A call on its way; partner_center.aio drives it."""

    def hear_later(self, later: Callable[[Event], object]) -> None:
        """From now on events that come after the call was left go there."""

    def poll(self, schedule: Callable[..., object], ring: Callable[[], object]) -> str | None:
        """What there is to do, as end, token or event; None until schedule calls ring."""

    def time_left(self) -> float:
        """Seconds until it must be polled again, whether or not ring was called."""

    def ask(self) -> object:
        """Calls whom the call asks; what comes may have to be awaited."""

    def give(self, given: object) -> None:
        """Hands the call what came."""

    def fail(self, raised: Exception) -> None:
        """Tells the call that who was asked raised this."""

    def result(self) -> object:
        """What the call returns or raises."""

    def leave(self, why: BaseException) -> NoReturn:
        """Leaves the call, and raises why."""

def awaited(client: Client) -> Client:
    """Makes each method of a client return a Call."""

def unraisable(raised: BaseException, listener: object) -> None:
    """Hands an error of a listener to sys.unraisablehook."""

def names() -> dict[str, list[str]]:
    """The core's names by Python class; the package's tests hold the enums against it."""
