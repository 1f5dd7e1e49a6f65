//! The core's error, as it crosses the border.

use std::time::Duration;

use partner_center as core;

use crate::enums::{ErrorKind, Outcome, Reason};
use crate::models::{Attempt, Observation, PendingOperation};

/// What an error says beside its kind.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Failure {
    /// Who has to act: the name of the error itself.
    pub kind: ErrorKind,
    /// Refines the kind.
    pub reason: Option<Reason>,
    /// What is known about the asked change. Of a read it is always not applied.
    pub outcome: Outcome,
    /// What failed, what state the customer is in, and what to do next.
    pub text: String,
    /// What the service's code means, in plain words, where it is a documented one.
    pub meaning: Option<String>,
    /// What to do next.
    pub next_step: String,
    /// Whether the same call may succeed later by itself, and repeating it is safe. Never true
    /// while the outcome is unknown.
    pub retryable: bool,
    /// How long the service asked to wait.
    pub retry_after: Option<Duration>,
    /// The HTTP status of the last answer.
    pub status: Option<i32>,
    /// The service's own code, as text: it sends numbers and strings.
    pub code: Option<String>,
    /// The service's own words.
    pub service_description: Option<String>,
    /// `MS-RequestId`: the answer's, else the one sent.
    pub request_id: Option<String>,
    /// `MS-CorrelationId`: the answer's, else the one sent.
    pub correlation_id: Option<String>,
    /// `MS-CV`, the service's own trace.
    pub ms_cv: Option<String>,
    /// Whether the service found multifactor authentication in the token, where the client asks.
    pub mfa_compliant: Option<bool>,
    /// The last answer's body: at most 2,048 characters, secrets taken out, never an HTML page.
    pub body: Option<String>,
    /// Every request that was made, in order.
    pub attempts: Vec<Attempt>,
    /// What the last good read of the customer saw, where there was one.
    pub observed: Option<Observation>,
    /// What `reconcile` needs to settle the change; there while the outcome is unknown.
    pub pending: Option<PendingOperation>,
}

impl From<&core::Error> for Failure {
    fn from(error: &core::Error) -> Self {
        let owned = |text: &str| text.to_owned();
        Self {
            kind: error.kind().into(),
            reason: error.reason().map(Into::into),
            outcome: error.outcome().into(),
            text: error.to_string(),
            meaning: error.meaning().map(owned),
            next_step: error.next_step().to_owned(),
            retryable: error.retryable(),
            retry_after: error.retry_after(),
            status: error.status().map(i32::from),
            code: error.code().map(owned),
            service_description: error.description().map(owned),
            request_id: error.request_id().map(owned),
            correlation_id: error.correlation_id().map(owned),
            ms_cv: error.ms_cv().map(owned),
            mfa_compliant: error.mfa_compliant(),
            body: error.body().map(owned),
            attempts: error.attempts().iter().map(Into::into).collect(),
            observed: error.observed().map(Into::into),
            pending: error.pending().map(Into::into),
        }
    }
}

/// Declares the error: each kind with the same failure.
macro_rules! error {
    ($($(#[$about:meta])* $kind:ident,)*) => {
        /// Why a call did not do what was asked, and what state the customer is in.
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
        #[uniffi::export(Display)]
        pub enum PartnerCenterError {
            $(
                $(#[$about])*
                #[error("{}", .failure.text)]
                $kind {
                    /// All that is known.
                    failure: Failure,
                },
            )*
        }

        impl From<Failure> for PartnerCenterError {
            fn from(failure: Failure) -> Self {
                match failure.kind {
                    $(ErrorKind::$kind => Self::$kind { failure },)*
                }
            }
        }
    };
}

error! {
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
    /// The service refused for another reason; `code` and `serviceDescription` are its own words.
    Rejected,
    /// Too many requests; `retryAfter` says when to come back.
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
    /// A bulk run's journal cannot be read or written.
    Journal,
    /// A bug in this library.
    Internal,
}

impl From<core::Error> for PartnerCenterError {
    fn from(error: core::Error) -> Self {
        Failure::from(&error).into()
    }
}
