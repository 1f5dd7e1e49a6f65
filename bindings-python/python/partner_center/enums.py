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


class EducationSegment(_Name):
    """Which part of education a customer belongs to.

    Source: Learn, "Update a customer's qualifications" (2022-06-28).
    """

    K12 = "K12"
    """Schools up to the twelfth grade."""
    HIGHER_EDUCATION = "HigherEducation"
    """Universities and colleges."""


class VettingStatus(_Name):
    """How Microsoft's vetting of a qualification stands.

    Source: Learn, "Update a customer's qualifications" (2022-06-28); the list there is open.
    """

    IN_REVIEW = "InReview"
    """Not decided yet."""
    APPROVED = "Approved"
    """The customer is qualified."""
    DENIED = "Denied"
    """The customer is not; the reason says why."""


class VettingReason(_Name):
    """Why a vetting was denied.

    Source: Learn, "Partner Center REST API change log" (2020-12).
    """

    NOT_AN_EDUCATION_CUSTOMER = "Not an Education Customer"
    NO_LONGER_AN_EDUCATION_CUSTOMER = "No longer an Education Customer"
    NOT_AN_EDUCATION_CUSTOMER_AFTER_REVIEW = "Not an Education Customer - After Review"
    RESTRICTED_BEING_AN_EDUCATION_CUSTOMER = "Restricted being an Education Customer"
    NOT_AN_ACADEMIC_DOMAIN = "Not an Academic Domain"
    NOT_AN_ELIGIBLE_LIBRARY = "Not an eligible Library"
    NOT_AN_ELIGIBLE_MUSEUM = "Not an eligible Museum"


class VettingEnd(_Name):
    """How waiting for a vetting ended."""

    APPROVED = "approved"
    """The customer is qualified."""
    DENIED = "denied"
    """The customer is not; the vetting's reason says why."""
    IN_REVIEW = "in_review"
    """No decision had come when the deadline did."""
    NOT_VETTED = "not_vetted"
    """The qualification is set and was never vetted."""


class Outcome(_Name):
    """What is known about the asked change."""

    APPLIED = "applied"
    """The customer is in the asked state, and a request of this call was made for it."""
    ALREADY_SET = "already_set"
    """The customer was in the asked state before anything was sent; nothing was."""
    NOT_APPLIED = "not_applied"
    """Nothing that was sent can have changed anything."""
    UNKNOWN = "unknown"
    """The change may or may not have been applied. Read before anything is sent again."""


class Evidence(_Name):
    """How the customer's state is known."""

    ANSWER = "answer"
    """The service's answer to the change named the asked value."""
    READ = "read"
    """A read saw the asked value."""
    AUDIT = "audit"
    """The service's audit log says so."""


class EventName(_Name):
    """What happened in a call."""

    START = "start"
    """The call begins; its arguments kept the rules."""
    ATTEMPT = "attempt"
    """A request was answered, or failed."""
    WAIT = "wait"
    """The call waits before its next request."""
    END = "end"
    """The call ended."""


class OnAmbiguous(_Name):
    """What to do about a change whose effect is not known."""

    RECONCILE_THEN_RESEND = "reconcile_then_resend"
    """Read; and where the reads see the old value, send it once more with the same id."""
    RECONCILE = "reconcile"
    """Read."""
    RAISE = "raise"
    """Nothing: end with OutcomeUnknownError."""


class Cloud(_Name):
    """A Microsoft cloud in which Partner Center answers.

    Source: Learn, "Partner Center REST URLs" (2023-10).
    """

    GLOBAL = "global"
    US_GOVERNMENT = "us_government"
    CHINA = "china"


class ChangeOperation(_Name):
    """By which contract many changes are made; the two have different side effects."""

    UPDATE_QUALIFICATION = "update_qualification"
    """The synchronous contract, which the service deprecated."""
    CREATE_QUALIFICATION = "create_qualification"
    """The current one."""


class Decision(_Name):
    """What a run would do to a customer."""

    SET = "set"
    """Ask for the change."""
    ALREADY_SET = "already_set"
    """Nothing: the customer is in the asked state."""
    CONFLICT = "conflict"
    """Nothing: the customer is in a state that excludes the asked one."""
    REFUSED = "refused"
    """Nothing: the change breaks a rule, or the service does not let the customer be read."""
    UNREAD = "unread"
    """Read it again, and then decide: it could not be read in passing."""


class ChangeEnd(_Name):
    """How one change of a run ended. Each has one: planned is the sum of these."""

    APPLIED = "applied"
    """The customer is in the asked state, and the run has sent something for it."""
    ALREADY_SET = "already_set"
    """The customer was in the asked state before."""
    REFUSED = "refused"
    """The service or a rule refused; the customer is as before."""
    CONFLICT = "conflict"
    """The customer's state excludes the change, which was not made."""
    UNKNOWN = "unknown"
    """The change may or may not have been applied."""
    NOT_STARTED = "not_started"
    """Nothing was sent that can have changed anything. A resumed run takes it up."""


class StopReason(_Name):
    """Why a run stopped before its end. What was open was left to end."""

    UNKNOWNS = "unknowns"
    """Five changes in a row ended unknown."""
    REFUSALS = "refusals"
    """Three changes were refused for the same cause, which they share."""
    FIRST_CHANGES = "first_changes"
    """Of the first change, or of the ten after it, none ended well."""
    JOURNAL = "journal"
    """The journal could not be written."""


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
    JOURNAL = "Journal"
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
    ROTATION_FAILED = "rotation_failed"
    OTHER_QUALIFICATION = "other_qualification"
    NOT_REQUESTED = "not_requested"
    NO_SUCH_ORGANIZATION = "no_such_organization"
    CODE_USED_UP = "code_used_up"
    AMBIGUOUS = "ambiguous"
    NO_SUCH_CUSTOMER = "no_such_customer"
    NO_SUCH_DOMAIN = "no_such_domain"
    FOREIGN_LINK = "foreign_link"
    PAGE_NOT_FOUND = "page_not_found"
    REPEATED_PAGE = "repeated_page"


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
