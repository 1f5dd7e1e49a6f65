use std::fmt;
use std::time::{Duration, SystemTime};

/// What is known about the asked change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The customer is in the asked state.
    Applied,
    /// Nothing that was sent can have changed anything.
    NotApplied,
    /// The change may or may not have been applied. Read before anything is sent again.
    Unknown,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Applied, Self::NotApplied, Self::Unknown];

    /// The name used in every language: `applied`, `not_applied`, `unknown`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::NotApplied => "not_applied",
            Self::Unknown => "unknown",
        }
    }
}

/// How an applied change is known to be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Evidence {
    /// The service's answer named the asked value.
    Answer,
}

impl Evidence {
    /// Every kind of evidence.
    pub const ALL: [Self; 1] = [Self::Answer];

    /// The name used in every language: `answer`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
        }
    }
}

/// The class of an error: who has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument or option breaks a rule. Nothing was sent.
    InvalidArgument,
    /// The token was refused, or none could be had.
    Authentication,
    /// The caller may not do this.
    Forbidden,
    /// The service knows no such thing.
    NotFound,
    /// The customer's state does not allow it.
    Conflict,
    /// The service refused for another reason; `code` and `description` are its own words.
    Rejected,
    /// Too many requests; `retry_after` says when to come back.
    Throttled,
    /// No connection, or one that was lost during a read.
    Connection,
    /// The proxy refused.
    Proxy,
    /// The server's certificate could not be trusted, or no authorities to check it by were found.
    Tls,
    /// The time allowed ran out.
    Timeout,
    /// An answer to a read that is not what the service documents.
    Protocol,
    /// A write was sent and its effect is not known.
    OutcomeUnknown,
    /// The caller left.
    Cancelled,
    /// A bug in this library.
    Internal,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::InvalidArgument,
        Self::Authentication,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::Rejected,
        Self::Throttled,
        Self::Connection,
        Self::Proxy,
        Self::Tls,
        Self::Timeout,
        Self::Protocol,
        Self::OutcomeUnknown,
        Self::Cancelled,
        Self::Internal,
    ];

    /// The name used in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidArgument => "InvalidArgument",
            Self::Authentication => "Authentication",
            Self::Forbidden => "Forbidden",
            Self::NotFound => "NotFound",
            Self::Conflict => "Conflict",
            Self::Rejected => "Rejected",
            Self::Throttled => "Throttled",
            Self::Connection => "Connection",
            Self::Proxy => "Proxy",
            Self::Tls => "Tls",
            Self::Timeout => "Timeout",
            Self::Protocol => "Protocol",
            Self::OutcomeUnknown => "OutcomeUnknown",
            Self::Cancelled => "Cancelled",
            Self::Internal => "Internal",
        }
    }
}

/// Refines an [`ErrorKind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The body is larger than 1 MiB.
    TooLarge,
    /// A page for a person, as proxies and sign-in portals send.
    UnexpectedHtml,
    /// A redirect, which is never followed.
    Redirect,
    /// A success without a body.
    EmptyBody,
    /// A body that is not what the service documents.
    UnreadableBody,
    /// A success that names another value than the asked one.
    OtherValue,
    /// No answer in time.
    Timeout,
    /// The connection broke before the answer was whole.
    ConnectionLost,
    /// The service or a gateway failed (408 or 5xx).
    ServerError,
    /// The sign-in behind the token lacks multifactor authentication.
    MfaRequired,
    /// The token was issued for another audience.
    TokenAudience,
    /// The credential gave the refused token once more.
    SameToken,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 12] = [
        Self::TooLarge,
        Self::UnexpectedHtml,
        Self::Redirect,
        Self::EmptyBody,
        Self::UnreadableBody,
        Self::OtherValue,
        Self::Timeout,
        Self::ConnectionLost,
        Self::ServerError,
        Self::MfaRequired,
        Self::TokenAudience,
        Self::SameToken,
    ];

    /// The name used in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::UnexpectedHtml => "unexpected_html",
            Self::Redirect => "redirect",
            Self::EmptyBody => "empty_body",
            Self::UnreadableBody => "unreadable_body",
            Self::OtherValue => "other_value",
            Self::Timeout => "timeout",
            Self::ConnectionLost => "connection_lost",
            Self::ServerError => "server_error",
            Self::MfaRequired => "mfa_required",
            Self::TokenAudience => "token_audience",
            Self::SameToken => "same_token",
        }
    }
}

/// What one request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AttemptClass {
    /// A write whose answer named the asked value.
    Applied,
    /// A read that was answered.
    Answered,
    /// Nothing reached the service.
    NotSent,
    /// It may have reached the service; its effect is not known.
    Unknown,
    /// Refused: 401.
    AuthExpired,
    /// Refused: 425 or 429.
    Throttled,
    /// Refused: any other 4xx.
    Rejected,
}

impl AttemptClass {
    /// Every class.
    pub const ALL: [Self; 7] = [
        Self::Applied,
        Self::Answered,
        Self::NotSent,
        Self::Unknown,
        Self::AuthExpired,
        Self::Throttled,
        Self::Rejected,
    ];

    /// The name used in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Answered => "answered",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
            Self::AuthExpired => "auth_expired",
            Self::Throttled => "throttled",
            Self::Rejected => "rejected",
        }
    }
}

macro_rules! display_as_str {
    ($($name:ty),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}
display_as_str!(Outcome, Evidence, ErrorKind, Reason, AttemptClass);

/// One request that was made for a call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// When it was begun, by this machine's clock.
    pub at: SystemTime,
    /// What it came to.
    pub class: AttemptClass,
    /// The HTTP status, where one arrived.
    pub status: Option<u16>,
    /// The `MS-RequestId` that was sent: one value for the whole call.
    pub request_id: String,
    /// The `MS-CorrelationId` that was sent.
    pub correlation_id: String,
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
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Option<String>,
    pub(crate) attempts: Vec<Attempt>,
}

impl Details {
    /// An error before or beside any answer: not applied, nothing known from the service.
    pub(crate) fn new(kind: ErrorKind, failed: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            kind,
            reason: None,
            outcome: Outcome::NotApplied,
            failed: failed.into(),
            state: "",
            next: next.into(),
            status: None,
            code: None,
            description: None,
            request_id: None,
            correlation_id: None,
            ms_cv: None,
            retry_after: None,
            body: None,
            attempts: Vec::new(),
        }
    }
}

impl fmt::Display for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentences = [self.failed.as_str(), self.state, self.next.as_str()];
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
}
