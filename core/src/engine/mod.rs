//! What an answer means and what to do next. Pure: no socket, no clock.

mod challenge;
mod codes;
mod explain;
mod retry;
mod retry_after;
pub(crate) mod write;

pub(crate) use challenge::claims;
pub(crate) use codes::oauth;
pub(crate) use explain::{Facts, explain, state, unknown_by};
pub(crate) use retry::{Budget, MOST_SENDS, backoff};
pub(crate) use retry_after::retry_after;

use crate::error::{Attempt, AttemptClass, ErrorKind, Outcome, Reason};
use crate::http::{Effect, Response};
use crate::service_error::ServiceError;

/// Why no whole answer arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) stage: Stage,
    /// The transport's own words, without URL.
    pub(crate) detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// No connection: nothing can have reached the service.
    Connect,
    /// No trust in the server's certificate: nothing was sent.
    Tls,
    /// The proxy refused the tunnel: nothing reached the service.
    Proxy,
    /// The proxy wants credentials, or others: nothing reached the service.
    ProxyCredentials,
    /// Refused before the socket, as by a bad header: nothing was sent.
    Build,
    /// On an open connection, no answer in time.
    Timeout,
    /// On an open connection, broken.
    Lost,
    /// On an open connection, an answer that is not HTTP.
    Framing,
}

impl Stage {
    pub(crate) const fn was_sent(self) -> bool {
        matches!(self, Self::Timeout | Self::Lost | Self::Framing)
    }

    /// Whether the same may succeed later by itself.
    pub(crate) const fn may_pass(self) -> bool {
        matches!(
            self,
            Self::Connect | Self::Proxy | Self::Timeout | Self::Lost | Self::Framing
        )
    }

    /// The kind of error it is where no change can have been made by it.
    pub(crate) const fn kind(self) -> ErrorKind {
        match self {
            Self::Tls => ErrorKind::Tls,
            Self::Proxy | Self::ProxyCredentials => ErrorKind::Proxy,
            Self::Timeout => ErrorKind::Timeout,
            Self::Framing => ErrorKind::Protocol,
            Self::Build => ErrorKind::Internal,
            Self::Connect | Self::Lost => ErrorKind::Connection,
        }
    }

    pub(crate) const fn reason(self) -> Option<Reason> {
        match self {
            Self::Timeout => Some(Reason::Timeout),
            Self::Lost => Some(Reason::ConnectionLost),
            Self::Framing => Some(Reason::UnreadableBody),
            _ => None,
        }
    }
}

/// What one request came to.
pub(crate) enum Seen<T> {
    /// A success that proves what was asked.
    Proved(T),
    /// A success or redirect that proves nothing.
    Unproved(Reason),
    Refused(AttemptClass),
    Failed(Failure),
}

impl<T> Seen<T> {
    /// Classifies an answer; `read` takes the proof out of a whole 2xx body.
    pub(crate) fn from_response(
        response: &Response,
        read: impl FnOnce(&Response) -> Result<T, Reason>,
    ) -> Self {
        match (response.status, response.cut) {
            (200..=299, None) => read(response).map_or_else(Self::Unproved, Self::Proved),
            (200..=299, Some(cut)) => Self::Unproved(cut.reason()),
            (300..=399, _) => Self::Unproved(Reason::Redirect),
            (401, _) => Self::Refused(AttemptClass::AuthExpired),
            (425 | 429, _) => Self::Refused(AttemptClass::Throttled),
            (408, _) => Self::Unproved(Reason::ServerError),
            (400..=499, _) => Self::Refused(AttemptClass::Rejected),
            _ => Self::Unproved(Reason::ServerError),
        }
    }

    /// Whether the same may succeed later by itself, and repeating it changes nothing by itself.
    pub(crate) fn may_pass(&self, status: Option<u16>) -> bool {
        match self {
            Self::Proved(_) => false,
            Self::Failed(failure) => failure.stage.may_pass(),
            Self::Refused(class) => *class == AttemptClass::Throttled,
            Self::Unproved(Reason::Timeout | Reason::ConnectionLost) => true,
            Self::Unproved(_) => matches!(status, Some(408 | 500 | 502 | 503 | 504)),
        }
    }

    pub(crate) const fn class(&self, effect: Effect) -> AttemptClass {
        match (self, effect) {
            (Self::Proved(_), Effect::Write) => AttemptClass::Applied,
            (Self::Proved(_), Effect::Read) => AttemptClass::Answered,
            (Self::Unproved(_), _) => AttemptClass::Unknown,
            (Self::Refused(class), _) => *class,
            (Self::Failed(failure), _) if failure.stage.was_sent() => AttemptClass::Unknown,
            (Self::Failed(_), _) => AttemptClass::NotSent,
        }
    }
}

/// What the attempts of one call say of the change. An open attempt counts as unknown; reads
/// change nothing.
pub(crate) fn outcome(attempts: &[Attempt]) -> Outcome {
    let any = |class| {
        let mut writes = attempts.iter().filter(|attempt| attempt.is_write());
        writes.any(|attempt| attempt.class == class)
    };
    if any(AttemptClass::Applied) {
        Outcome::Applied
    } else if any(AttemptClass::Unknown) {
        Outcome::Unknown
    } else {
        Outcome::NotApplied
    }
}

/// Why a 401 cannot be cured by a new token of the same kind; `None` where one may help.
///
/// Source: Learn, "Mandating multifactor authentication" (the reason phrase) and the 2026
/// enforcement notes (codes 900420 and 900421).
pub(crate) fn incurable(response: &Response, service: &ServiceError) -> Option<Reason> {
    let phrase = response.reason_phrase.as_deref().unwrap_or_default();
    match service.code.as_deref() {
        Some("900420") => Some(Reason::TokenAudience),
        Some("900421") => Some(Reason::MfaRequired),
        _ if phrase.contains("MFA") => Some(Reason::MfaRequired),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Cut;

    fn class(status: u16, cut: Option<Cut>, proves: bool) -> AttemptClass {
        let response = Response {
            status,
            reason_phrase: None,
            headers: Vec::new(),
            body: Vec::new(),
            cut,
        };
        let read = |_: &Response| proves.then_some(()).ok_or(Reason::OtherValue);
        Seen::from_response(&response, read).class(Effect::Write)
    }

    #[test]
    fn only_a_whole_success_that_names_the_value_is_applied() {
        assert_eq!(class(200, None, true), AttemptClass::Applied);
        assert_eq!(class(201, None, true), AttemptClass::Applied);
        assert_eq!(class(200, None, false), AttemptClass::Unknown);
        for cut in [Cut::TooLarge, Cut::Timeout, Cut::Lost] {
            assert_eq!(class(200, Some(cut), true), AttemptClass::Unknown);
        }
    }

    #[test]
    fn every_status_has_its_class() {
        for status in 100..=999 {
            let expected = match status {
                200..=299 => AttemptClass::Applied,
                401 => AttemptClass::AuthExpired,
                425 | 429 => AttemptClass::Throttled,
                408 => AttemptClass::Unknown,
                400..=499 => AttemptClass::Rejected,
                _ => AttemptClass::Unknown,
            };
            assert_eq!(class(status, None, true), expected, "{status}");
        }
    }

    #[test]
    fn a_refusal_stays_one_when_its_body_is_cut() {
        assert_eq!(class(400, Some(Cut::Lost), false), AttemptClass::Rejected);
    }
}
