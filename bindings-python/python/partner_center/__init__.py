"""Changes a customer's qualification in Microsoft Partner Center, and says what happened.

The change is irreversible, so every change and every exception states its ``outcome``.
"""

from ._native import (
    Attempt,
    Client,
    CurrentQualification,
    UpdatedQualification,
    __version__,
)
from .enums import (
    AttemptClass,
    Cloud,
    ErrorKind,
    Evidence,
    Outcome,
    Qualification,
    Reason,
)
from .errors import (
    AuthenticationError,
    CancelledError,
    ConflictError,
    ConnectionFailedError,
    ForbiddenError,
    InternalError,
    InvalidArgumentError,
    NotFoundError,
    OutcomeUnknownError,
    PartnerCenterError,
    ProtocolError,
    ProxyError,
    RejectedError,
    ThrottledError,
    TimedOutError,
    TlsError,
)

__all__ = [
    "Attempt",
    "AttemptClass",
    "AuthenticationError",
    "CancelledError",
    "Client",
    "Cloud",
    "ConflictError",
    "ConnectionFailedError",
    "CurrentQualification",
    "ErrorKind",
    "Evidence",
    "ForbiddenError",
    "InternalError",
    "InvalidArgumentError",
    "NotFoundError",
    "Outcome",
    "OutcomeUnknownError",
    "PartnerCenterError",
    "ProtocolError",
    "ProxyError",
    "Qualification",
    "Reason",
    "RejectedError",
    "ThrottledError",
    "TimedOutError",
    "TlsError",
    "UpdatedQualification",
    "__version__",
]
