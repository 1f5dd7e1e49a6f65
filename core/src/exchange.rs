//! One request of a call: a token, a send, what its answer means, and for a read when to try again.

mod unsent;

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant, SystemTime};

use uuid::Uuid;

use crate::control::Control;
use crate::credential::{Asking, Need};
use crate::engine::{
    Facts, Failure, MOST_SENDS, Seen, backoff, claims, explain, incurable, outcome, retry_after,
};
use crate::error::{Attempt, AttemptClass, Details, Error};
use crate::http::{Effect, Host, Request, Response};
use crate::operations::{Operation, Trace};
use crate::process::{Live, Slot};
use crate::redaction::Redaction;
use crate::service_error::ServiceError;

/// What a piece of a call came to.
pub(crate) enum Flow<T> {
    Done(T),
    /// To be gone on with after that time; at its most, once it is woken.
    Wait(Duration),
}

impl<T> Flow<Result<T, Error>> {
    /// Goes on with what was proved.
    pub(crate) fn and_then<U>(
        self,
        next: impl FnOnce(T) -> Result<U, Error>,
    ) -> Flow<Result<U, Error>> {
        match self {
            Self::Wait(wait) => Flow::Wait(wait),
            Self::Done(result) => Flow::Done(result.and_then(next)),
        }
    }
}

/// Where a call runs, and whom it tells.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) live: &'a Arc<Live>,
    pub(crate) control: &'a Arc<Control>,
    /// Where it lies between its turns.
    pub(crate) slot: &'a Weak<Slot>,
}

/// The limits of a request.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) connect_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) deadline: Instant,
}

impl Limits {
    /// How long the next request may take; `None` where a time-out during the connect could not be
    /// told from a lost answer.
    fn time_for_a_send(&self, control: &Control) -> Option<Duration> {
        let left = control.left(self.deadline);
        (left > self.connect_timeout).then(|| left.min(self.attempt_timeout))
    }
}

/// An operation's request, with everything decided before it is sent.
pub(crate) struct Exchange<O> {
    pub(crate) operation: O,
    pub(crate) request: Request,
    /// One value for the whole exchange: the service's only protection against a second application.
    pub(crate) request_id: String,
    /// The caller's, else a new one for each attempt.
    pub(crate) correlation_id: Option<String>,
    pub(crate) limits: Limits,
    pub(crate) redaction: Redaction,
    /// The token that was refused.
    refused: Option<String>,
    /// What the last request came to.
    said: Option<Details>,
    claims: Option<String>,
    /// How often a read is sent at most.
    most_sends: u32,
    sends: u32,
}

/// What a send came to.
pub(crate) enum Sent<T> {
    Proved(T, Trace),
    /// The error it would be as the call's end.
    Failed(Box<Failed>),
    /// Nothing was sent: no token, too late, or the caller has left.
    Stopped(Error),
}

pub(crate) struct Failed {
    pub(crate) class: AttemptClass,
    pub(crate) details: Details,
    /// Whether the same may succeed later by itself.
    pub(crate) may_pass: bool,
    /// Of a 401: whether another token may help, which the next send gets.
    pub(crate) curable: bool,
}

impl<O: Operation> Exchange<O> {
    pub(crate) fn new(
        operation: O,
        request: Request,
        request_id: String,
        correlation_id: Option<String>,
        limits: Limits,
        redaction: Redaction,
    ) -> Self {
        Self {
            operation,
            request,
            request_id,
            correlation_id,
            limits,
            redaction,
            refused: None,
            said: None,
            claims: None,
            most_sends: MOST_SENDS,
            sends: 0,
        }
    }

    fn effect(&self) -> Effect {
        self.request.method.effect()
    }

    /// For a read that is sent once, within `most`.
    pub(crate) fn once(mut self, most: Duration) -> Self {
        self.most_sends = 1;
        self.limits.attempt_timeout = self.limits.attempt_timeout.min(most);
        self
    }

    /// A read: goes on until the end, or until there is time to wait.
    pub(crate) fn advance(
        &mut self,
        context: Context<'_>,
    ) -> Flow<Result<(O::Proof, Trace), Error>> {
        loop {
            let failed = match self.send(context) {
                Sent::Proved(proof, trace) => return Flow::Done(Ok((proof, trace))),
                Sent::Stopped(error) => return Flow::Done(Err(error)),
                Sent::Failed(failed) if failed.curable => continue,
                Sent::Failed(failed) => failed,
            };
            self.sends += u32::from(failed.class != AttemptClass::AuthExpired);
            return match self.pause(context, &failed) {
                Some(wait) => Flow::Wait(wait),
                None => Flow::Done(Err(failed.details.into())),
            };
        }
    }

    /// Sends once, with a token: another one where the last was refused.
    pub(crate) fn send(&mut self, context: Context<'_>) -> Sent<O::Proof> {
        let Context { live, control, .. } = context;
        let token = match self.token(context) {
            Ok(token) => token,
            Err(error) => return Sent::Stopped(error),
        };
        let Some(timeout) = self.limits.time_for_a_send(control) else {
            return Sent::Stopped(self.too_late(control));
        };
        let correlation_id = self.correlation_id();
        let ids = [
            ("MS-RequestId", self.request_id.as_str()),
            ("MS-CorrelationId", &correlation_id),
        ];
        // The sign-in authority gets neither ids nor token, and is no attempt on the service.
        let ids = if token.is_some() { &ids[..] } else { &[] };
        let begun = Instant::now();
        let left = match &token {
            Some(_) => control.begin(self.attempt(&correlation_id)).err(),
            None => control.is_cancelled().then(|| control.cancel()),
        };
        if let Some(left) = left {
            return Sent::Stopped(left);
        }
        // A run's disk has taken its part of it.
        let timeout = timeout.saturating_sub(begun.elapsed());
        let transport = &live.transport;
        let sent = transport.send(&self.request, ids, token.as_deref(), timeout);
        self.judge(context, sent, correlation_id, token)
    }

    /// The token to send with; the sign-in authority gets none.
    fn token(&mut self, context: Context<'_>) -> Result<Option<String>, Error> {
        let Context { live, control, .. } = context;
        if self.request.host == Host::Authority {
            return Ok(None);
        }
        let need = match &self.refused {
            Some(token) => Need::OtherThan(token),
            None => Need::Any,
        };
        let limits = self.limits;
        let asking = Asking {
            control,
            deadline: limits.deadline,
            claims: self.claims.as_deref(),
            send: &|request| {
                let timeout = limits.time_for_a_send(control)?;
                Some(live.transport.send(request, &[], None, timeout))
            },
        };
        match live.tokens.get(need, &asking) {
            Ok(token) => {
                self.redaction.add(&token, "[token]");
                Ok(Some(token))
            }
            Err(failure) => Err(self.no_token(failure, control)),
        }
    }

    /// What an answer, or the lack of one, means.
    fn judge(
        &mut self,
        context: Context<'_>,
        sent: Result<Response, Failure>,
        correlation_id: String,
        token: Option<String>,
    ) -> Sent<O::Proof> {
        let Context { live, control, .. } = context;
        let seen = match &sent {
            Ok(response) => Seen::from_response(response, |whole| self.operation.proof(whole)),
            Err(failure) => Seen::Failed(failure.clone()),
        };
        let class = seen.class(self.effect());
        let response = sent.as_ref().ok();
        if token.is_some() {
            control.settle(class, response.map(|response| response.status));
        }
        if let Seen::Proved(value) = seen {
            live.budget.earn();
            let trace = self.trace(response, correlation_id, control);
            return Sent::Proved(value, trace);
        }
        let (details, cure) = self.details(&seen, response, correlation_id, control);
        let may_pass = seen.may_pass(details.status);
        let mut curable = false;
        if let (AttemptClass::AuthExpired, Some(token)) = (class, token) {
            live.tokens.drop_refused(&token);
            let claims = response.and_then(claims);
            curable = self.refused.is_none() && (cure || claims.is_some());
            self.refused = Some(token);
            self.claims = claims;
        }
        self.said = Some(details.clone());
        Sent::Failed(Box::new(Failed {
            class,
            details,
            may_pass,
            curable,
        }))
    }

    /// How long to wait before a read is tried again, if it is.
    fn pause(&self, context: Context<'_>, failed: &Failed) -> Option<Duration> {
        let Context { live, control, .. } = context;
        if !failed.may_pass || self.sends >= self.most_sends {
            return None;
        }
        let asked = failed.details.retry_after;
        let wait = asked.unwrap_or_else(|| backoff(self.sends, random()));
        let left = control.left(self.limits.deadline);
        let fits = left.saturating_sub(self.limits.connect_timeout) > wait;
        if !fits || !live.budget.spend() {
            return None;
        }
        control.waits(wait, asked.is_some());
        Some(wait)
    }

    fn correlation_id(&self) -> String {
        self.correlation_id
            .clone()
            .unwrap_or_else(|| Uuid::new_v4().to_string())
    }

    fn attempt(&self, correlation_id: &str) -> Attempt {
        Attempt {
            at: SystemTime::now(),
            method: self.request.method,
            class: AttemptClass::Unknown,
            status: None,
            request_id: self.request_id.clone(),
            correlation_id: correlation_id.to_owned(),
        }
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
            mfa_compliant: response.and_then(mfa_compliant),
            attempts: control.attempts(),
        }
    }

    /// The error this answer would be, and whether a new token may help.
    fn details(
        &self,
        seen: &Seen<O::Proof>,
        response: Option<&Response>,
        correlation_id: String,
        control: &Control,
    ) -> (Details, bool) {
        let class = seen.class(self.effect());
        let mut service = response.map_or_else(ServiceError::default, |response| {
            ServiceError::read(response, &self.redaction)
        });
        // A success that cannot be read may still hold codes.
        if O::SECRET_ANSWER && response.is_some_and(|response| response.status < 400) {
            service = ServiceError::default();
        }
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
            _ => (
                uncured.or(response.and_then(|response| self.operation.refusal(response.status))),
                None,
            ),
        };
        let trace = self.trace(response, correlation_id, control);
        let mut details = explain(&Facts {
            host: self.request.host,
            effect: self.effect(),
            outcome: outcome(&trace.attempts),
            class,
            reason,
            failure: failure.as_ref(),
            status: response.map(|response| response.status),
            service: &service,
            retry_after: response
                .filter(|response| response.status >= 400)
                .and_then(|response| retry_after(response, SystemTime::now())),
            may_pass: seen.may_pass(response.map(|response| response.status)),
        });
        details.code = service.code;
        details.description = service.description;
        details.body = service.body;
        if self.request.host == Host::Api {
            details.request_id = Some(trace.request_id);
            details.correlation_id = Some(trace.correlation_id);
            details.ms_cv = trace.ms_cv;
        }
        details.mfa_compliant = trace.mfa_compliant;
        details.attempts = trace.attempts;
        let curable = class == AttemptClass::AuthExpired && uncured.is_none();
        (details, curable)
    }
}

/// `isMfaCompliant`, the answer to `ValidateMfa`.
fn mfa_compliant(response: &Response) -> Option<bool> {
    let said = response.header("ismfacompliant")?.trim();
    said.to_ascii_lowercase().parse().ok()
}

/// From 0 to 1, for pauses only: the random part of a new GUID.
pub(crate) fn random() -> f64 {
    let (high, _) = Uuid::new_v4().as_u64_pair();
    let bits = u32::try_from(high >> 32).unwrap_or_default();
    f64::from(bits) / f64::from(u32::MAX)
}
