use std::fmt;
use std::time::{Duration, SystemTime};

use crate::http::{Effect, Method};
use crate::model::{Observation, PendingOperation};
use crate::names::names;

names! {
    /// What is known about the asked change.
    Outcome {
        /// The customer is in the asked state, and a request of this call was made for it.
        Applied = "applied",
        /// The customer was in the asked state before anything was sent; nothing was.
        AlreadySet = "already_set",
        /// Nothing that was sent can have changed anything.
        NotApplied = "not_applied",
        /// The change may or may not have been applied. Read before anything is sent again.
        Unknown = "unknown",
    }
}

names! {
    /// How the customer's state is known.
    Evidence {
        /// The service's answer to the change named the asked value.
        Answer = "answer",
        /// A read saw the asked value.
        Read = "read",
        /// The service's audit log says so.
        Audit = "audit",
    }
}

names! {
    /// What to do about a change whose effect is not known.
    OnAmbiguous {
        /// Read; and where the reads see the old value, send it once more with the same id.
        ReconcileThenResend = "reconcile_then_resend",
        /// Read.
        Reconcile = "reconcile",
        /// Nothing: end with `OutcomeUnknown`.
        Raise = "raise",
    }
}

names! {
    /// The class of an error: who has to act.
    ErrorKind {
        /// An argument or option breaks a rule. Nothing was sent.
        InvalidArgument = "InvalidArgument",
        /// The token was refused, or none could be had.
        Authentication = "Authentication",
        /// The caller may not do this.
        Forbidden = "Forbidden",
        /// The service knows no such thing.
        NotFound = "NotFound",
        /// The customer's state does not allow it.
        Conflict = "Conflict",
        /// The service refused for another reason; `code` and `description` are its own words.
        Rejected = "Rejected",
        /// Too many requests; `retry_after` says when to come back.
        Throttled = "Throttled",
        /// No connection, or one that was lost during a read.
        Connection = "Connection",
        /// The proxy refused.
        Proxy = "Proxy",
        /// The server's certificate could not be trusted, or no authorities to check it by were found.
        Tls = "Tls",
        /// The time allowed ran out.
        Timeout = "Timeout",
        /// An answer to a read that is not what the service documents.
        Protocol = "Protocol",
        /// A write was sent and its effect is not known.
        OutcomeUnknown = "OutcomeUnknown",
        /// The caller left.
        Cancelled = "Cancelled",
        /// A bulk run's journal cannot be read or written.
        Journal = "Journal",
        /// A bug in this library.
        Internal = "Internal",
    }
}

names! {
    /// Refines an [`ErrorKind`].
    Reason {
        /// The body is larger than 1 MiB.
        TooLarge = "too_large",
        /// A page for a person, as proxies and sign-in portals send.
        UnexpectedHtml = "unexpected_html",
        /// A redirect, which is never followed.
        Redirect = "redirect",
        /// A success without a body.
        EmptyBody = "empty_body",
        /// A body that is not what the service documents.
        UnreadableBody = "unreadable_body",
        /// A success that names another value than the asked one.
        OtherValue = "other_value",
        /// No answer in time.
        Timeout = "timeout",
        /// The connection broke before the answer was whole.
        ConnectionLost = "connection_lost",
        /// The service or a gateway failed (408 or 5xx).
        ServerError = "server_error",
        /// The sign-in behind the token lacks multifactor authentication.
        MfaRequired = "mfa_required",
        /// The token was issued for another audience.
        TokenAudience = "token_audience",
        /// The credential gave the refused token once more.
        SameToken = "same_token",
        /// The callback that is to keep a rotated refresh token failed.
        RotationFailed = "rotation_failed",
        /// The customer has a qualification that excludes the asked one.
        OtherQualification = "other_qualification",
        /// No request for this qualification is on record for the customer.
        NotRequested = "not_requested",
        /// No validation code was issued to an organization of that name.
        NoSuchOrganization = "no_such_organization",
        /// The organization's validation codes are used up.
        CodeUsedUp = "code_used_up",
        /// More than one fits, and choosing is not the library's business.
        Ambiguous = "ambiguous",
        /// No customer of that name.
        NoSuchCustomer = "no_such_customer",
        /// No tenant has that domain.
        NoSuchDomain = "no_such_domain",
        /// The link to the next page leads away from the list of customers.
        ForeignLink = "foreign_link",
        /// The service no longer knows the next page.
        PageNotFound = "page_not_found",
        /// The service handed out the same next page twice.
        RepeatedPage = "repeated_page",
    }
}

names! {
    /// What one request came to.
    AttemptClass {
        /// A write whose answer named the asked value.
        Applied = "applied",
        /// A read that was answered.
        Answered = "answered",
        /// Nothing reached the service.
        NotSent = "not_sent",
        /// It may have reached the service; its effect is not known.
        Unknown = "unknown",
        /// Refused: 401.
        AuthExpired = "auth_expired",
        /// Refused: 425 or 429.
        Throttled = "throttled",
        /// Refused: any other 4xx.
        Rejected = "rejected",
    }
}

impl AttemptClass {
    /// Whether a write of this class may have changed the customer.
    pub(crate) const fn may_have_changed(self) -> bool {
        matches!(self, Self::Applied | Self::Unknown)
    }
}

/// One request that was made for a call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// When it was begun, by this machine's clock.
    pub at: SystemTime,
    /// The HTTP method.
    pub method: Method,
    /// What it came to.
    pub class: AttemptClass,
    /// The HTTP status, where one arrived.
    pub status: Option<u16>,
    /// The `MS-RequestId` that was sent: one value for every attempt of the same request.
    pub request_id: String,
    /// The `MS-CorrelationId` that was sent.
    pub correlation_id: String,
}

impl Attempt {
    pub(crate) fn is_write(&self) -> bool {
        self.method.effect() == Effect::Write
    }

    #[cfg(test)]
    pub(crate) fn put(class: AttemptClass, at: SystemTime) -> Self {
        Self {
            at,
            method: Method::Put,
            class,
            status: None,
            request_id: String::new(),
            correlation_id: String::new(),
        }
    }
}

/// Why a call did not do what was asked, and what state the customer is in.
///
/// `Display` tells what failed, what state the customer is in, and what to do next. No text of an
/// error contains the token or the validation code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Error(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Details {
    pub(crate) kind: ErrorKind,
    pub(crate) reason: Option<Reason>,
    pub(crate) outcome: Outcome,
    /// What failed, one sentence.
    pub(crate) failed: String,
    /// What the service's code means, one sentence, where it is a documented one.
    pub(crate) meaning: Option<&'static str>,
    /// What state the customer is in, one sentence; empty where nothing was asked of a customer.
    pub(crate) state: &'static str,
    /// What to do next, one sentence.
    pub(crate) next: String,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) correlation_id: Option<String>,
    pub(crate) ms_cv: Option<String>,
    pub(crate) mfa_compliant: Option<bool>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) retryable: bool,
    pub(crate) body: Option<String>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) observed: Option<Observation>,
    pub(crate) pending: Option<PendingOperation>,
}

impl Details {
    /// An error before or beside any answer: not applied, nothing known from the service.
    pub(crate) fn new(kind: ErrorKind, failed: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            kind,
            reason: None,
            outcome: Outcome::NotApplied,
            failed: failed.into(),
            meaning: None,
            state: "",
            next: next.into(),
            status: None,
            code: None,
            description: None,
            request_id: None,
            correlation_id: None,
            ms_cv: None,
            mfa_compliant: None,
            retry_after: None,
            retryable: false,
            body: None,
            attempts: Vec::new(),
            observed: None,
            pending: None,
        }
    }
}

impl fmt::Display for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentences = [
            self.failed.as_str(),
            self.meaning.unwrap_or_default(),
            self.state,
            self.next.as_str(),
        ];
        for (index, sentence) in sentences.iter().filter(|s| !s.is_empty()).enumerate() {
            write!(f, "{}{sentence}", if index == 0 { "" } else { " " })?;
        }
        let traces = [
            ("request id", &self.request_id),
            ("correlation id", &self.correlation_id),
            ("MS-CV", &self.ms_cv),
        ];
        let shown: Vec<String> = traces
            .iter()
            .filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)))
            .collect();
        if shown.is_empty() {
            Ok(())
        } else {
            write!(f, " ({})", shown.join(", "))
        }
    }
}

impl From<Details> for Error {
    fn from(details: Details) -> Self {
        Self(Box::new(details))
    }
}

impl Error {
    pub(crate) fn details(self) -> Details {
        *self.0
    }

    pub(crate) fn invalid(rule: impl fmt::Display) -> Self {
        Details::new(
            ErrorKind::InvalidArgument,
            format!("{rule}."),
            "Nothing was sent.",
        )
        .into()
    }

    /// Who has to act.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Refines the kind.
    pub fn reason(&self) -> Option<Reason> {
        self.0.reason
    }

    /// What is known about the asked change. An error of a read is always `NotApplied`.
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// The HTTP status of the last answer.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The service's own code, as text: it sends numbers and strings.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The service's own words.
    pub fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// `MS-RequestId`: the answer's, else the one sent.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// `MS-CorrelationId`: the answer's, else the one sent.
    pub fn correlation_id(&self) -> Option<&str> {
        self.0.correlation_id.as_deref()
    }

    /// `MS-CV`, the service's own trace.
    pub fn ms_cv(&self) -> Option<&str> {
        self.0.ms_cv.as_deref()
    }

    /// Whether the service found multifactor authentication in the token; asked for by
    /// [`validate_mfa`](crate::ClientBuilder::validate_mfa).
    pub fn mfa_compliant(&self) -> Option<bool> {
        self.0.mfa_compliant
    }

    /// What the service's code means, in plain words, where it is a documented one.
    pub fn meaning(&self) -> Option<&'static str> {
        self.0.meaning
    }

    /// What to do next.
    pub fn next_step(&self) -> &str {
        &self.0.next
    }

    /// Whether the same call may succeed later by itself, and repeating it is safe. Never true
    /// while the outcome is unknown.
    pub fn retryable(&self) -> bool {
        self.0.retryable
    }

    /// How long the service asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The last answer's body: at most 2,048 characters, secrets taken out, never an HTML page.
    pub fn body(&self) -> Option<&str> {
        self.0.body.as_deref()
    }

    /// Every request that was made, in order.
    pub fn attempts(&self) -> &[Attempt] {
        &self.0.attempts
    }

    /// What the last good read of the customer saw, where there was one.
    pub fn observed(&self) -> Option<&Observation> {
        self.0.observed.as_ref()
    }

    /// What [`Client::reconcile`](crate::Client::reconcile) needs to settle the change; there while
    /// the outcome is unknown.
    pub fn pending(&self) -> Option<&PendingOperation> {
        self.0.pending.as_ref()
    }
}
