"""The service's and the library's names, as real enums whose members are also text."""

from __future__ import annotations

from enum import Enum


class _Name(str, Enum):
    def __str__(self) -> str:
        return str(self.value)


class Qualification(_Name):
    """What a customer is qualified as. Once set it cannot be undone.

    Source: Learn, enum CustomerQualification.
    """

    NONE = "None"
    """Not qualified: the state of every new customer. Cannot be set."""
    EDUCATION = "Education"
    """An educational institution. Microsoft vets it."""
    NONPROFIT = "Nonprofit"
    """A nonprofit, granted by Microsoft's own programme. Cannot be set."""
    GOVERNMENT_COMMUNITY_CLOUD = "GovernmentCommunityCloud"
    """A US government entity or contractor. Setting it needs a validation code."""
    STATE_OWNED_ENTITY = "StateOwnedEntity"
    """A state-owned entity. Known to the service's current contract only."""


class Outcome(_Name):
    """What is known about the asked change."""

    APPLIED = "applied"
    """The customer is in the asked state."""
    NOT_APPLIED = "not_applied"
    """Nothing that was sent can have changed anything."""
    UNKNOWN = "unknown"
    """The change may or may not have been applied. Read before anything is sent again."""


class Evidence(_Name):
    """How an applied change is known to be applied."""

    ANSWER = "answer"
    """The service's answer named the asked value."""


class Cloud(_Name):
    """A Microsoft cloud in which Partner Center answers.

    Source: Learn, "Partner Center REST URLs" (2023-10).
    """

    GLOBAL = "global"
    US_GOVERNMENT = "us_government"
    CHINA = "china"


class ErrorKind(_Name):
    """The class of an error; each has an exception of its own."""

    INVALID_ARGUMENT = "InvalidArgument"
    AUTHENTICATION = "Authentication"
    FORBIDDEN = "Forbidden"
    NOT_FOUND = "NotFound"
    CONFLICT = "Conflict"
    REJECTED = "Rejected"
    THROTTLED = "Throttled"
    CONNECTION = "Connection"
    PROXY = "Proxy"
    TLS = "Tls"
    TIMEOUT = "Timeout"
    PROTOCOL = "Protocol"
    OUTCOME_UNKNOWN = "OutcomeUnknown"
    CANCELLED = "Cancelled"
    INTERNAL = "Internal"


class Reason(_Name):
    """Refines an ErrorKind."""

    TOO_LARGE = "too_large"
    UNEXPECTED_HTML = "unexpected_html"
    REDIRECT = "redirect"
    EMPTY_BODY = "empty_body"
    UNREADABLE_BODY = "unreadable_body"
    OTHER_VALUE = "other_value"
    TIMEOUT = "timeout"
    CONNECTION_LOST = "connection_lost"
    SERVER_ERROR = "server_error"
    MFA_REQUIRED = "mfa_required"
    TOKEN_AUDIENCE = "token_audience"
    SAME_TOKEN = "same_token"


class AttemptClass(_Name):
    """What one request came to."""

    APPLIED = "applied"
    """A write whose answer named the asked value."""
    ANSWERED = "answered"
    """A read that was answered."""
    NOT_SENT = "not_sent"
    """Nothing reached the service."""
    UNKNOWN = "unknown"
    """It may have reached the service; its effect is not known."""
    AUTH_EXPIRED = "auth_expired"
    """Refused: 401."""
    THROTTLED = "throttled"
    """Refused: 425 or 429."""
    REJECTED = "rejected"
    """Refused: any other 4xx."""
