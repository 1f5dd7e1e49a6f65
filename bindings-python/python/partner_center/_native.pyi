from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, final
from uuid import UUID

from .enums import AttemptClass, Cloud, Evidence, Outcome, Qualification
from .types import Credential, EmulatedCode, EmulatedCustomer

__all__ = [
    "Attempt",
    "Client",
    "CurrentQualification",
    "Emulator",
    "UpdatedQualification",
    "__version__",
    "names",
]

__version__: str

@final
class Client:
    """Talks to Partner Center. Immutable, safe to share between threads, usable after os.fork.

    Args:
        credential: An App+User token (str), a callable that returns a token or a pair of token and
            expiry (seconds since 1970), or an object with get_token(*scopes) as azure-core's
            TokenCredential. It is called on the thread that waits, once for all that wait.
        cloud: Cloud.GLOBAL (the default), Cloud.US_GOVERNMENT or Cloud.CHINA.
        base_url: Another address than the cloud's; https, and the audience of its tokens.
        allow_http_loopback: Lets base_url be plain http to this machine, as for the emulator.
        application: MS-PartnerCenter-Application, under which the service knows the caller.
        locale: X-Locale, the language of the service's texts; en-US by default.
        connect_timeout: The most seconds for a connection; 10, or half of attempt_timeout.
        attempt_timeout: The most seconds for one request; 100, or half of deadline.
        deadline: The most seconds for a whole call; 300 by default, over attempt_timeout.
        proxy: An HTTP proxy, http://user:password@host:port, instead of the environment's.
        ca_certificates: PEM certificates of authorities to trust beside the system's.
        only_ca_certificates: PEM certificates of the only authorities to trust.

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
        allow_http_loopback: bool = False,
        application: str | None = None,
        locale: str | None = None,
        connect_timeout: float | timedelta | None = None,
        attempt_timeout: float | timedelta | None = None,
        deadline: float | timedelta | None = None,
        proxy: str | None = None,
        ca_certificates: bytes | None = None,
        only_ca_certificates: bytes | None = None,
    ) -> Client: ...
    def update_qualification(
        self,
        customer: str | UUID,
        qualification: Qualification | str,
        *,
        validation_code: str | None = None,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> UpdatedQualification:
        """Sets a customer's qualification. The change is irreversible.

        This is the synchronous contract, PUT /v1/customers/{id}/qualification, deprecated by the
        service since 2021. It needs an App+User token.

        Args:
            customer: The customer's tenant id.
            qualification: Education, or GovernmentCommunityCloud with its validation code.
            validation_code: The government validation code.
            request_id: MS-RequestId, a GUID; else made.
            correlation_id: MS-CorrelationId, a GUID; else made.
            deadline: The most seconds for this call, instead of the client's; over connect_timeout.

        Returns:
            What was set; its outcome is always applied.

        Raises:
            PartnerCenterError: Its `outcome` says whether the customer was changed.
        """

    def preview_update_qualification(
        self,
        customer: str | UUID,
        qualification: Qualification | str,
        *,
        validation_code: str | None = None,
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
        customer: str | UUID,
        *,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> CurrentQualification:
        """Reads a customer's qualification.

        This is the synchronous contract, GET /v1/customers/{id}/qualification, deprecated by the
        service since 2021.

        Args:
            customer: The customer's tenant id.
            request_id: MS-RequestId, a GUID; else made.
            correlation_id: MS-CorrelationId, a GUID; else made.
            deadline: The most seconds for this call, instead of the client's; over connect_timeout.

        Raises:
            PartnerCenterError: A read changes nothing, so its `outcome` is not_applied.
        """

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]: ...

@final
class Attempt:
    """One request that was made for a call."""

    __match_args__ = ("class_", "status")

    def __new__(
        cls,
        *,
        at: datetime,
        class_: AttemptClass | str,
        status: int | None,
        request_id: str,
        correlation_id: str,
    ) -> Attempt: ...
    @property
    def at(self) -> datetime:
        """When it was begun, by this machine's clock, in UTC."""

    @property
    def class_(self) -> AttemptClass:
        """What it came to."""

    @property
    def status(self) -> int | None:
        """The HTTP status, where one arrived."""

    @property
    def request_id(self) -> str:
        """The MS-RequestId that was sent: one value for the whole call."""

    @property
    def correlation_id(self) -> str:
        """The MS-CorrelationId that was sent."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]: ...

@final
class UpdatedQualification:
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
        attempts: list[Attempt] | tuple[Attempt, ...] = ...,
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
    def attempts(self) -> tuple[Attempt, ...]:
        """Every request that was made, in order."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]: ...

@final
class CurrentQualification:
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
        attempts: list[Attempt] | tuple[Attempt, ...] = ...,
    ) -> CurrentQualification: ...
    @property
    def customer(self) -> str:
        """The customer's tenant id, lower case with hyphens."""

    @property
    def qualification(self) -> Qualification | str:
        """A Qualification, or the service's own text where this version does not know it."""

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
    def attempts(self) -> tuple[Attempt, ...]:
        """Every request that was made, in order."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]: ...

@final
class Emulator:
    """Partner Center's qualification resource on this machine, over plain http.

    It keeps customers, qualifications and government codes that run out, and refuses what the
    service is documented to refuse. Its state is gone when it stops.

        with Emulator() as emulator:
            client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
            client.get_qualification(emulator.customer("Contoso"))

    Args:
        port: The port; any free one by default.
        token: The bearer token to accept; a new one by default.
    """

    def __new__(cls, *, port: int = 0, token: str | None = None) -> Emulator: ...
    @property
    def url(self) -> str:
        """The base URL."""

    @property
    def token(self) -> str:
        """The bearer token that is accepted now."""

    def expire_token(self) -> str:
        """Refuses the token from now on; returns the one that is accepted instead."""

    def customers(self) -> list[EmulatedCustomer]:
        """The customers as they are now."""

    def customer(self, name: str) -> str:
        """The tenant id of the only customer whose company name begins so."""

    def validation_codes(self) -> list[EmulatedCode]:
        """The government validation codes as they are now."""

    def applied(self) -> int:
        """How many changes were really applied."""

    def requests(self) -> list[tuple[str, str]]:
        """Method and path of every request, in order."""

    def stop(self) -> None:
        """Ends it."""

    def __enter__(self) -> Emulator: ...
    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
        /,
    ) -> None: ...

def names() -> dict[str, list[str]]:
    """The core's names by Python class; the package's tests hold the enums against it."""
