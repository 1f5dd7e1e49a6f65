//! The error's text, for the reader at 2 a.m.: what failed, the customer's state, what to do next.

use std::time::Duration;

use super::{Failure, Stage};
use crate::error::{AttemptClass, Details, ErrorKind, Outcome, Reason};
use crate::http::Effect;
use crate::service_error::ServiceError;

/// What is known when a call ends without what was asked.
pub(crate) struct Facts<'a> {
    pub(crate) effect: Effect,
    pub(crate) outcome: Outcome,
    pub(crate) class: AttemptClass,
    pub(crate) reason: Option<Reason>,
    pub(crate) failure: Option<&'a Failure>,
    pub(crate) status: Option<u16>,
    pub(crate) service: &'a ServiceError,
    pub(crate) retry_after: Option<Duration>,
}

/// Fills in kind, reason and the three sentences.
pub(crate) fn explain(facts: &Facts<'_>) -> Details {
    let kind = kind(facts);
    let mut details = Details::new(kind, failed(facts), "");
    details.reason = facts.reason;
    details.outcome = facts.outcome;
    details.state = state(facts.effect, facts.outcome);
    details.next = next(kind, facts);
    details.status = facts.status;
    details.retry_after = facts.retry_after;
    details
}

/// The customer's state in one sentence.
pub(crate) const fn state(effect: Effect, outcome: Outcome) -> &'static str {
    match (effect, outcome) {
        (Effect::Read, _) => "A read changes nothing.",
        (Effect::Write, Outcome::Applied) => "The customer was changed as asked.",
        (Effect::Write, Outcome::NotApplied) => "The customer was not changed.",
        (Effect::Write, Outcome::Unknown) => {
            "Whether the customer was changed is unknown: the change may have been applied."
        }
    }
}

fn kind(facts: &Facts<'_>) -> ErrorKind {
    match (facts.class, facts.effect) {
        (AttemptClass::Unknown, Effect::Write) => ErrorKind::OutcomeUnknown,
        (AttemptClass::AuthExpired, _) => ErrorKind::Authentication,
        (AttemptClass::Throttled, _) => ErrorKind::Throttled,
        _ => match (facts.failure, facts.status) {
            (Some(failure), _) => match failure.stage {
                Stage::Tls => ErrorKind::Tls,
                Stage::Proxy => ErrorKind::Proxy,
                Stage::Timeout => ErrorKind::Timeout,
                Stage::Framing => ErrorKind::Protocol,
                Stage::Build => ErrorKind::Internal,
                Stage::Connect | Stage::Lost => ErrorKind::Connection,
            },
            (None, Some(403)) => ErrorKind::Forbidden,
            (None, Some(404)) => ErrorKind::NotFound,
            (None, Some(407 | 511)) => ErrorKind::Proxy,
            (None, Some(408)) => ErrorKind::Timeout,
            (None, Some(409 | 412)) => ErrorKind::Conflict,
            (None, Some(400..)) => ErrorKind::Rejected,
            (None, _) => ErrorKind::Protocol,
        },
    }
}

fn failed(facts: &Facts<'_>) -> String {
    if let Some(failure) = facts.failure {
        let what = match failure.stage {
            Stage::Connect => "No connection to Partner Center",
            Stage::Tls => "The server's certificate is not trusted",
            Stage::Proxy => "The proxy refused the connection",
            Stage::Build => "The request could not be built",
            Stage::Timeout => "Partner Center did not answer in time",
            Stage::Lost => "The connection broke before the answer came",
            Stage::Framing => "The answer was not valid HTTP",
        };
        return format!("{what}: {}.", failure.detail);
    }
    let status = facts.status.unwrap_or_default();
    let what = match facts.reason {
        Some(Reason::Redirect) => "The answer was a redirect, which is not followed",
        Some(Reason::UnexpectedHtml) => "The answer was a web page, not Partner Center's",
        Some(Reason::EmptyBody) => "The answer was a success without a body",
        Some(Reason::UnreadableBody) => "The answer was a success that cannot be read",
        Some(Reason::TooLarge) => "The answer was larger than 1 MiB",
        Some(Reason::Timeout | Reason::ConnectionLost) => "The answer broke off",
        Some(Reason::OtherValue) => {
            "The answer was a success that names another qualification than the asked one"
        }
        Some(Reason::MfaRequired) => {
            "Partner Center refused the token: its sign-in lacks multifactor authentication"
        }
        Some(Reason::TokenAudience) => {
            "Partner Center refused the token: it was issued for another audience"
        }
        _ => match facts.class {
            AttemptClass::AuthExpired => "Partner Center refused the token",
            AttemptClass::Throttled => "Partner Center is throttling this partner",
            AttemptClass::Unknown => "Partner Center failed while answering",
            _ if facts.status == Some(407) => "The proxy refused the request",
            _ => "Partner Center refused the request",
        },
    };
    format!("{what}: HTTP {status}{}.", in_its_words(facts.service))
}

fn in_its_words(service: &ServiceError) -> String {
    let mut words = String::new();
    if let Some(code) = &service.code {
        words.push_str(&format!(", code {code}"));
    }
    if let Some(text) = service.description.as_ref().or(service.title.as_ref()) {
        words.push_str(&format!(", \"{}\"", text.trim_end_matches('.')));
    }
    words
}

fn next(kind: ErrorKind, facts: &Facts<'_>) -> String {
    let text = match (kind, facts.reason) {
        (ErrorKind::Authentication, Some(Reason::MfaRequired)) => {
            "Sign in again as a person with multifactor authentication; a new token from the same sign-in will not help."
        }
        (ErrorKind::Authentication, Some(Reason::TokenAudience)) => {
            "Ask for a token whose audience is the API's base URL; tokens for graph.windows.net are no longer accepted."
        }
        (ErrorKind::Authentication, _) => {
            "Get a new App+User token for the partner's tenant, then call again."
        }
        (ErrorKind::Forbidden, _) => {
            "Check that the partner has a relationship with this customer, and the signed-in user's roles."
        }
        (ErrorKind::NotFound, _) => "Check the customer's tenant id and the base URL.",
        (ErrorKind::Conflict, _) => "Read the customer's qualification to see what is set.",
        (ErrorKind::Throttled, _) => {
            return facts.retry_after.map_or_else(
                || "Wait a minute, then call again.".to_owned(),
                |wait| format!("Wait {} s, then call again.", wait.as_secs()),
            );
        }
        (ErrorKind::Tls, _) => {
            "Check the base URL; behind an inspecting proxy, give its authority as ca_certificates."
        }
        (ErrorKind::Proxy, _) => "Check the proxy's address, its credentials and its rules.",
        (ErrorKind::Connection | ErrorKind::Timeout, _) => {
            "Check the network and the proxy, then call again."
        }
        (ErrorKind::OutcomeUnknown, _) => {
            "Do not send it again blindly: read the customer's qualification first, and keep these ids for Microsoft's support."
        }
        (ErrorKind::Protocol, _) => {
            "Check the base URL, and whether a proxy or sign-in portal answers in the service's place."
        }
        (ErrorKind::Rejected, Some(Reason::ServerError)) => "Call again later.",
        (ErrorKind::Rejected, _) => {
            "Correct what the service names; the same request will be refused again."
        }
        _ => "Report this as a bug.",
    };
    text.to_owned()
}
