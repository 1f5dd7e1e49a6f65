//! One call against the service: a token, a send, and what its answer means.

use std::time::{Duration, Instant, SystemTime};

use uuid::Uuid;

use crate::credential::{Need, TokenFailure};
use crate::engine::{Facts, Failure, Seen, explain, incurable, outcome, retry_after, state};
use crate::error::{Attempt, AttemptClass, Details, Error, ErrorKind, Reason};
use crate::http::{Effect, Request, Response};
use crate::operations::Trace;
use crate::pending::Control;
use crate::process::Live;
use crate::redaction::Redaction;
use crate::service_error::ServiceError;

/// Everything a call needs, decided before anything is sent.
pub(crate) struct Exchange {
    pub(crate) effect: Effect,
    pub(crate) request: Request,
    /// One value for the whole call: the service's only protection against a second application.
    pub(crate) request_id: String,
    /// The caller's, else a new one for each attempt.
    pub(crate) correlation_id: Option<String>,
    pub(crate) connect_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) deadline: Instant,
    pub(crate) redaction: Redaction,
}

impl Exchange {
    /// Sends once, and once more with a new token where the first was refused.
    pub(crate) fn run<T>(
        mut self,
        live: &Live,
        control: &Control,
        read: impl Fn(&Response) -> Result<T, Reason>,
    ) -> Result<(T, Trace), Error> {
        let mut refusal: Option<(String, Details)> = None;
        loop {
            let need = match &refusal {
                Some((token, _)) => Need::OtherThan(token),
                None => Need::Any,
            };
            let token = match live.tokens.get(need, control, self.deadline) {
                Ok(token) => token,
                Err(failure) => return Err(self.no_token(failure, refusal, control)),
            };
            self.redaction.add(&token, "[token]");
            let Some(timeout) = self.time_for_a_send() else {
                return Err(self.too_late(refusal, control));
            };
            let correlation_id = self.correlation_id();
            control.begin(self.attempt(&correlation_id))?;
            let ids = [
                ("MS-RequestId", self.request_id.as_str()),
                ("MS-CorrelationId", &correlation_id),
            ];
            let result = live.transport.send(&self.request, ids, &token, timeout);
            let seen = match &result {
                Ok(response) => Seen::from_response(response, &read),
                Err(failure) => Seen::Failed(failure.clone()),
            };
            let class = seen.class(self.effect);
            let response = result.as_ref().ok();
            control.settle(class, response.map(|response| response.status));
            if class == AttemptClass::AuthExpired {
                live.tokens.drop_refused(&token);
            }
            self.log(class, response, &correlation_id);
            if let Seen::Proved(value) = seen {
                return Ok((value, self.trace(response, correlation_id, control)));
            }
            let (details, curable) = self.details(&seen, response, correlation_id, control);
            if !curable || refusal.is_some() {
                return Err(details.into());
            }
            refusal = Some((token, details));
        }
    }

    fn correlation_id(&self) -> String {
        self.correlation_id
            .clone()
            .unwrap_or_else(|| Uuid::new_v4().to_string())
    }

    /// How long the next request may take; `None` where a time-out during the connect could not be
    /// told from a lost answer.
    fn time_for_a_send(&self) -> Option<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        (left > self.connect_timeout).then(|| left.min(self.attempt_timeout))
    }

    fn attempt(&self, correlation_id: &str) -> Attempt {
        Attempt {
            at: SystemTime::now(),
            class: AttemptClass::Unknown,
            status: None,
            request_id: self.request_id.clone(),
            correlation_id: correlation_id.to_owned(),
        }
    }

    fn log(&self, class: AttemptClass, response: Option<&Response>, correlation_id: &str) {
        log::debug!(
            target: "partner_center",
            "{}: {class}, status {:?}, request id {}, correlation id {correlation_id}",
            self.request.method.as_str(),
            response.map(|response| response.status),
            self.request_id,
        );
    }

    fn trace(&self, response: Option<&Response>, sent: String, control: &Control) -> Trace {
        let header = |name| {
            response
                .and_then(|response| response.header(name))
                .filter(|value| !value.is_empty())
                .map(|value| self.redaction.scrub(value))
        };
        Trace {
            request_id: header("ms-requestid").unwrap_or_else(|| self.request_id.clone()),
            correlation_id: header("ms-correlationid").unwrap_or(sent),
            ms_cv: header("ms-cv"),
            attempts: control.attempts(),
        }
    }

    /// The error this answer would be, and whether a new token may help.
    fn details<T>(
        &self,
        seen: &Seen<T>,
        response: Option<&Response>,
        correlation_id: String,
        control: &Control,
    ) -> (Details, bool) {
        let class = seen.class(self.effect);
        let service = response.map_or_else(ServiceError::default, |response| {
            ServiceError::read(response, &self.redaction)
        });
        let uncured = match (class, response) {
            (AttemptClass::AuthExpired, Some(response)) => incurable(response, &service),
            _ => None,
        };
        let (reason, failure) = match seen {
            Seen::Unproved(reason) => (Some(*reason), None),
            Seen::Failed(failure) => (
                failure.stage.reason(),
                Some(Failure {
                    stage: failure.stage,
                    detail: self.redaction.scrub(&failure.detail),
                }),
            ),
            _ => (uncured, None),
        };
        let trace = self.trace(response, correlation_id, control);
        let mut details = explain(&Facts {
            effect: self.effect,
            outcome: outcome(self.effect, &trace.attempts),
            class,
            reason,
            failure: failure.as_ref(),
            status: response.map(|response| response.status),
            service: &service,
            retry_after: response
                .filter(|response| response.status >= 400)
                .and_then(retry_after),
        });
        details.code = service.code;
        details.description = service.description;
        details.body = service.body;
        details.request_id = Some(trace.request_id);
        details.correlation_id = Some(trace.correlation_id);
        details.ms_cv = trace.ms_cv;
        details.attempts = trace.attempts;
        let curable = class == AttemptClass::AuthExpired && uncured.is_none();
        (details, curable)
    }

    /// The end of a call that got no token: before any send, or after a refused one.
    fn no_token(
        &self,
        failure: TokenFailure,
        refusal: Option<(String, Details)>,
        control: &Control,
    ) -> Error {
        let (kind, reason, failed, next) = match failure {
            TokenFailure::Cancelled => return control.cancel(),
            TokenFailure::Same => (
                ErrorKind::Authentication,
                Some(Reason::SameToken),
                "The credential gave the same token again.".to_owned(),
                "Get a new App+User token for the partner's tenant, then call again.",
            ),
            TokenFailure::Provider(error) => (
                ErrorKind::Authentication,
                None,
                format!(
                    "The credential gave no token: {}.",
                    self.redaction.scrub(&error.to_string())
                ),
                "Cure the credential, then call again.",
            ),
            TokenFailure::NoHeader => (
                ErrorKind::Authentication,
                None,
                "The credential's token is empty or holds characters that no bearer token has."
                    .to_owned(),
                "Give the access token alone, without quotes and without the word Bearer.",
            ),
            TokenFailure::Timeout => (
                ErrorKind::Timeout,
                None,
                "No token came within the call's deadline.".to_owned(),
                "Check the credential, then call again.",
            ),
        };
        let mut details = Details::new(kind, failed, next);
        details.reason = reason;
        self.ended(details, refusal, control)
    }

    fn too_late(&self, refusal: Option<(String, Details)>, control: &Control) -> Error {
        let details = Details::new(
            ErrorKind::Timeout,
            "Too little of the call's deadline was left to send safely.",
            "Call again, or allow more time.",
        );
        self.ended(details, refusal, control)
    }

    /// An end without a (new) send. What the service said when it refused the first one is kept.
    fn ended(
        &self,
        mut details: Details,
        refusal: Option<(String, Details)>,
        control: &Control,
    ) -> Error {
        if let Some((_, refused)) = refusal {
            details = Details {
                kind: details.kind,
                reason: details.reason,
                failed: format!("{} {}", refused.failed, details.failed),
                next: details.next,
                ..refused
            };
        }
        details.attempts = control.attempts();
        details.outcome = outcome(self.effect, &details.attempts);
        details.state = state(self.effect, details.outcome);
        details.into()
    }
}
