//! The error's text, for the reader at 2 a.m.: what failed, the customer's state, what to do next.

use std::time::Duration;

use super::codes::meaning;
use super::{Failure, Stage};
use crate::error::{AttemptClass, Details, ErrorKind, Outcome, Reason};
use crate::http::{Effect, Host};
use crate::service_error::ServiceError;

/// What is known when a call ends without what was asked.
pub(crate) struct Facts<'a> {
    pub(crate) host: Host,
    pub(crate) effect: Effect,
    pub(crate) outcome: Outcome,
    pub(crate) class: AttemptClass,
    pub(crate) reason: Option<Reason>,
    pub(crate) failure: Option<&'a Failure>,
    pub(crate) status: Option<u16>,
    pub(crate) service: &'a ServiceError,
    pub(crate) retry_after: Option<Duration>,
    /// Whether the same may succeed later by itself.
    pub(crate) may_pass: bool,
}

/// Fills in kind, reason and the sentences.
pub(crate) fn explain(facts: &Facts<'_>) -> Details {
    let kind = kind(facts);
    let known = match (facts.service.code.as_deref(), facts.status) {
        (Some(code), Some(status)) => meaning(code, status),
        _ => None,
    };
    let mut details = Details::new(kind, said_of(facts.host, failed(facts)), "");
    details.reason = facts.reason;
    details.outcome = facts.outcome;
    details.meaning = known.map(|known| known.meaning);
    details.state = state(facts.effect, facts.outcome);
    details.next = match known {
        // Of an unknown outcome the first thing to do is to read.
        Some(known) if facts.outcome != Outcome::Unknown => known.next.to_owned(),
        _ => next(kind, facts),
    };
    details.status = facts.status;
    details.retry_after = facts.retry_after;
    let said = facts
        .service
        .is_retryable
        .filter(|_| kind == ErrorKind::Rejected);
    details.retryable = facts.outcome != Outcome::Unknown && said.unwrap_or(facts.may_pass);
    details
}

/// Says who it was that failed.
fn said_of(host: Host, failed: String) -> String {
    match host {
        Host::Api => failed,
        Host::Authority => failed
            .replace("Partner Center", "the sign-in authority")
            .replacen(
                "the sign-in",
                "The sign-in",
                usize::from(failed.starts_with("Partner")),
            ),
    }
}

/// The customer's state in one sentence.
pub(crate) const fn state(effect: Effect, outcome: Outcome) -> &'static str {
    match (effect, outcome) {
        (Effect::Read, _) => "A read changes nothing.",
        (Effect::Write, Outcome::Applied | Outcome::AlreadySet) => {
            "The customer is in the asked state."
        }
        (Effect::Write, Outcome::NotApplied) => "The customer was not changed.",
        (Effect::Write, Outcome::Unknown) => {
            "Whether the customer was changed is unknown: the change may have been applied."
        }
    }
}

/// Makes an error that followed a lost answer one of an unknown outcome: it proves nothing.
pub(crate) fn unknown_by(details: &mut Details) {
    details.kind = ErrorKind::OutcomeUnknown;
    details.outcome = Outcome::Unknown;
    details.state = state(Effect::Write, Outcome::Unknown);
    details.next = UNKNOWN.to_owned();
}

/// What to do about an unknown outcome.
const UNKNOWN: &str = "Do not send it again blindly: reconcile it, which reads the customer, and keep these ids for Microsoft's support.";

fn kind(facts: &Facts<'_>) -> ErrorKind {
    match (facts.class, facts.effect) {
        (AttemptClass::Unknown, Effect::Write) => ErrorKind::OutcomeUnknown,
        // The sign-in authority was sent no token that it could refuse.
        (AttemptClass::AuthExpired, _) if facts.host == Host::Api => ErrorKind::Authentication,
        (AttemptClass::Throttled, _) => ErrorKind::Throttled,
        _ => match (facts.failure, facts.status) {
            (Some(failure), _) => failure.stage.kind(),
            (None, _) if facts.reason == Some(Reason::NoSuchDomain) => ErrorKind::NotFound,
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
            Stage::Tls => "No TLS connection to the server that can be trusted",
            Stage::Proxy | Stage::ProxyCredentials => "The proxy gave no connection to the server",
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
            "The answer was a success that does not show what was asked for"
        }
        Some(Reason::ForeignLink) => "The link to the next page leads away from the list",
        Some(Reason::RepeatedPage) => "The service handed out the same next page twice",
        Some(Reason::PageNotFound) => "The service no longer knows the next page",
        Some(Reason::NoSuchDomain) => "The sign-in authority knows no tenant with that domain",
        Some(Reason::MfaRequired) => {
            "Partner Center refused the token: its sign-in lacks multifactor authentication"
        }
        Some(Reason::TokenAudience) => {
            "Partner Center refused the token: it was issued for another audience"
        }
        _ => match facts.class {
            AttemptClass::AuthExpired if facts.host == Host::Api => {
                "Partner Center refused the token"
            }
            AttemptClass::Throttled => "Partner Center asks for fewer requests",
            AttemptClass::Unknown => "Partner Center failed while answering",
            _ if facts.status == Some(407) => "The proxy refused the request",
            _ => "Partner Center refused the request",
        },
    };
    format!("{what}: HTTP {status}{}.", facts.service.in_its_words())
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
        (ErrorKind::NotFound, Some(Reason::PageNotFound))
        | (ErrorKind::Protocol, Some(Reason::ForeignLink | Reason::RepeatedPage)) => {
            "List the customers again from the start."
        }
        (ErrorKind::NotFound, Some(Reason::NoSuchDomain)) => {
            "Check the domain's spelling and the cloud, or look for the company's name."
        }
        (ErrorKind::Protocol, Some(Reason::TooLarge)) => {
            "Ask for smaller pages with list_customers."
        }
        (ErrorKind::NotFound, _) => "Check the ids that were given, and the base URL.",
        (ErrorKind::Conflict, _) => "Read the customer's qualification to see what is set.",
        (ErrorKind::Throttled, _) => {
            return facts.retry_after.map_or_else(
                || "Wait a minute, then call again.".to_owned(),
                |wait| match wait.as_secs() {
                    0 => "Call again.".to_owned(),
                    seconds => format!("Wait {seconds} s, then call again."),
                },
            );
        }
        (ErrorKind::Tls, _) => {
            "Check the base URL; behind an inspecting proxy, give its authority as ca_certificates."
        }
        (ErrorKind::Proxy, _) => "Check the proxy's address, its credentials and its rules.",
        (ErrorKind::Connection | ErrorKind::Timeout, _) => {
            "Check the network and the proxy, then call again."
        }
        (ErrorKind::OutcomeUnknown, _) => UNKNOWN,
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
