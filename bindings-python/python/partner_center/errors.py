"""Every exception of this package. Each says in ``outcome`` whether the customer was changed."""

from __future__ import annotations

from .enums import ErrorKind, Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

    from ._models import Attempt, Observation, PendingOperation
    from .enums import Reason


class PartnerCenterError(Exception):
    """A call did not do what was asked.

    Its text tells what failed, what state the customer is in, and what to do next. No text of it
    contains a token, a secret or the validation code.
    """

    KIND: ClassVar[ErrorKind] = ErrorKind.INTERNAL

    outcome: Outcome
    """What is known about the asked change; not_applied for every read."""
    reason: Reason | None
    """Refines the kind."""
    status: int | None
    """The HTTP status of the last answer."""
    code: str | None
    """The service's own code, as text: it sends numbers and strings."""
    description: str | None
    """The service's own words."""
    meaning: str | None
    """What the service's code means, in plain words, where it is a documented one."""
    next_step: str
    """What to do next."""
    retryable: bool
    """Whether the same call may succeed later by itself, and repeating it is safe."""
    request_id: str | None
    """MS-RequestId: the answer's, else the one sent."""
    correlation_id: str | None
    """MS-CorrelationId: the answer's, else the one sent."""
    ms_cv: str | None
    """MS-CV, the service's own trace."""
    mfa_compliant: bool | None
    """Whether the token's sign-in had multifactor authentication; asked by ``validate_mfa``."""
    retry_after: float | None
    """How many seconds the service asked to wait."""
    body: str | None
    """The last answer's body: bounded, secrets taken out, never an HTML page."""
    attempts: tuple[Attempt, ...]
    """Every request that was made, in order."""
    observed: Observation | None
    """What the last good read of the customer saw, where there was one."""
    pending: PendingOperation | None
    """What ``reconcile`` needs to settle the change; there while the outcome is unknown."""

    def __init__(
        self,
        text: str,
        *,
        outcome: Outcome = Outcome.NOT_APPLIED,
        reason: Reason | None = None,
        status: int | None = None,
        code: str | None = None,
        description: str | None = None,
        meaning: str | None = None,
        next_step: str = "",
        retryable: bool = False,
        request_id: str | None = None,
        correlation_id: str | None = None,
        ms_cv: str | None = None,
        mfa_compliant: bool | None = None,
        retry_after: float | None = None,
        body: str | None = None,
        attempts: tuple[Attempt, ...] = (),
        observed: Observation | None = None,
        pending: PendingOperation | None = None,
    ) -> None:
        super().__init__(text)
        self.outcome = outcome
        self.reason = reason
        self.status = status
        self.code = code
        self.description = description
        self.meaning = meaning
        self.next_step = next_step
        self.retryable = retryable
        self.request_id = request_id
        self.correlation_id = correlation_id
        self.ms_cv = ms_cv
        self.mfa_compliant = mfa_compliant
        self.retry_after = retry_after
        self.body = body
        self.attempts = attempts
        self.observed = observed
        self.pending = pending

    @property
    def kind(self) -> ErrorKind:
        """Who has to act."""
        return self.KIND

    def _repr_html_(self) -> str:
        """A table, for a notebook."""
        from ._html import table  # noqa: PLC0415 - only a notebook needs it

        return table(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), str(self), dict(self.__dict__))

    @staticmethod
    def of(text: str, fields: dict[str, Any]) -> PartnerCenterError:
        """The exception of ``fields["kind"]``."""
        return _CLASSES[fields.pop("kind")](text, **fields)


def _again(kind: type[PartnerCenterError], text: str, state: dict[str, Any]) -> PartnerCenterError:
    error = kind(text)
    error.__dict__.update(state)
    return error


class InvalidArgumentError(PartnerCenterError, ValueError):
    """An argument or option breaks a rule. Nothing was sent."""

    KIND = ErrorKind.INVALID_ARGUMENT


class AuthenticationError(PartnerCenterError):
    """The token was refused, or none could be had."""

    KIND = ErrorKind.AUTHENTICATION


class ForbiddenError(PartnerCenterError):
    """The caller may not do this."""

    KIND = ErrorKind.FORBIDDEN


class NotFoundError(PartnerCenterError):
    """The service knows no such thing."""

    KIND = ErrorKind.NOT_FOUND


class ConflictError(PartnerCenterError):
    """The customer's state does not allow it."""

    KIND = ErrorKind.CONFLICT


class RejectedError(PartnerCenterError):
    """The service refused; ``code`` and ``description`` are its own words."""

    KIND = ErrorKind.REJECTED


class ThrottledError(PartnerCenterError):
    """Too many requests; ``retry_after`` says when to come back."""

    KIND = ErrorKind.THROTTLED


class ConnectionFailedError(PartnerCenterError, ConnectionError):
    """No connection, or one that was lost during a read."""

    KIND = ErrorKind.CONNECTION


class ProxyError(PartnerCenterError, ConnectionError):
    """The proxy refused."""

    KIND = ErrorKind.PROXY


class TlsError(PartnerCenterError, ConnectionError):
    """The server's certificate is not trusted, or there are no authorities to check it by."""

    KIND = ErrorKind.TLS


class TimedOutError(PartnerCenterError, TimeoutError):
    """The time allowed ran out."""

    KIND = ErrorKind.TIMEOUT


class ProtocolError(PartnerCenterError):
    """An answer to a read that is not what the service documents."""

    KIND = ErrorKind.PROTOCOL


class OutcomeUnknownError(PartnerCenterError):
    """A write was sent and its effect is not known. Read before anything is sent again."""

    KIND = ErrorKind.OUTCOME_UNKNOWN


class CancelledError(PartnerCenterError):
    """The caller left; it is the cause of the interrupt that made it leave."""

    KIND = ErrorKind.CANCELLED


class JournalError(PartnerCenterError):
    """A bulk run's journal cannot be read or written."""

    KIND = ErrorKind.JOURNAL


class InternalError(PartnerCenterError):
    """A bug in this package."""

    KIND = ErrorKind.INTERNAL


_CLASSES: dict[ErrorKind, type[PartnerCenterError]] = {
    kind.KIND: kind for kind in PartnerCenterError.__subclasses__()
}
