//! Does what the machine of the rules for writes decides: sends, reads, waits, ends.

use std::time::{Duration, Instant, SystemTime};

use super::{Call, decided};
use crate::caller::Caller;
use crate::control::Control;
use crate::engine::write::{Action, Answer, End, Event, Observed, Rules, Write};
use crate::engine::{outcome, state, unknown_by};
use crate::error::{Attempt, AttemptClass, Details, Error, ErrorKind, Evidence, Outcome, Reason};
use crate::exchange::{Context, Exchange, Failed, Flow, Sent, random};
use crate::http::Effect;
use crate::model::{Observation, PendingOperation};
use crate::operations::{Change, Trace};

/// The most time for one read after a lost answer.
const READ: Duration = Duration::from_secs(10);

pub(crate) struct Changing<O: Change> {
    caller: Caller,
    machine: Write,
    begun: Instant,
    step: Step<O>,
    sending: Exchange<O>,
    base_url: String,
    /// The proof that the last send or read gave.
    proved: Option<(O::Proof, Trace)>,
    /// The error that the last send or read was.
    failed: Option<Details>,
    /// The error of the last send whose effect is not known.
    lost: Option<Details>,
    /// The error where a read saw what excludes the asked qualification.
    conflict: Option<Details>,
    observed: Option<Observation>,
    /// What an earlier process left open, until this call begins.
    resumed: Option<PendingOperation>,
}

enum Step<O: Change> {
    Next(Event),
    Sending,
    Reading {
        exchange: Box<Exchange<O::Read>>,
        before: bool,
    },
}

impl<O: Change> Changing<O> {
    pub(crate) fn new(
        caller: Caller,
        rules: Rules,
        begun: Instant,
        sending: Exchange<O>,
        base_url: String,
    ) -> Self {
        Self {
            caller,
            machine: Write::new(rules),
            begun,
            step: Step::Next(Event::Begin),
            sending,
            base_url,
            proved: None,
            failed: None,
            lost: None,
            conflict: None,
            observed: None,
            resumed: None,
        }
    }

    /// Takes up what an earlier process left open: settles it by reads, and where the rules allow,
    /// sends it once more.
    pub(crate) fn resumed(mut self, change: PendingOperation) -> Self {
        self.sending.operation.resume(&change);
        let mut lost = Details::new(
            ErrorKind::OutcomeUnknown,
            "The process that sent the change ended before it was answered, and reading the \
             customer did not tell what became of it.",
            "Do not send it again blindly: reconcile it later, with the audit log.",
        );
        lost.request_id = Some(change.request_id.clone());
        lost.correlation_id = change.correlation_ids.last().cloned();
        self.lost = Some(lost);
        self.resumed = Some(change);
        self
    }

    /// The requests of the earlier process are requests of this call.
    fn take_up(&mut self, control: &Control) {
        let Some(change) = self.resumed.take() else {
            return;
        };
        let attempts = change.correlation_ids.iter().map(|correlation_id| Attempt {
            at: change.first_sent_at(),
            method: self.sending.request.method,
            class: AttemptClass::Unknown,
            status: None,
            request_id: change.request_id.clone(),
            correlation_id: correlation_id.clone(),
        });
        control.resume(change.clone(), attempts.collect());
    }

    fn send(&mut self, context: Context<'_>) -> Result<Event, Error> {
        // What was seen before is not what the customer is now.
        self.observed = None;
        // Until it is answered, its effect is not known: whoever leaves now needs this.
        context.control.expect(PendingOperation {
            request_id: self.sending.request_id.clone(),
            base_url: self.base_url.clone(),
            ..self.sending.operation.pending()
        });
        let answer = match self.sending.send(context) {
            Sent::Proved(proof, trace) => {
                self.proved = Some((proof, trace));
                Answer::Applied
            }
            Sent::Stopped(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            // No token, or no time: as if it had been refused.
            Sent::Stopped(error) => {
                self.failed = Some(error.details());
                Answer::Rejected {
                    conflict: false,
                    in_progress: false,
                }
            }
            Sent::Failed(failed) => self.answer(*failed, context.control),
        };
        Ok(Event::Answered(answer))
    }

    fn answer(&mut self, failed: Failed, control: &Control) -> Answer {
        let details = failed.details;
        let asked = details.retry_after;
        let answer = match failed.class {
            AttemptClass::NotSent => Answer::NotSent {
                may_pass: failed.may_pass,
            },
            AttemptClass::AuthExpired => Answer::AuthExpired {
                curable: failed.curable,
            },
            AttemptClass::Throttled => Answer::Throttled { asked },
            AttemptClass::Rejected => Answer::Rejected {
                conflict: details.kind == ErrorKind::Conflict,
                in_progress: details.status == Some(409),
            },
            AttemptClass::Applied | AttemptClass::Answered | AttemptClass::Unknown => {
                self.lost = Some(details.clone());
                let said_done = matches!(details.status, Some(200..=399));
                control.lost(said_done, asked);
                Answer::Unknown { said_done, asked }
            }
        };
        self.failed = Some(details);
        answer
    }

    fn read(
        &mut self,
        context: Context<'_>,
        mut exchange: Box<Exchange<O::Read>>,
        before: bool,
    ) -> Flow<Result<Event, Error>> {
        let seen = match exchange.advance(context) {
            Flow::Wait(wait) => {
                self.step = Step::Reading { exchange, before };
                return Flow::Wait(wait);
            }
            Flow::Done(Err(error)) if error.kind() == ErrorKind::Cancelled => {
                return Flow::Done(Err(error));
            }
            Flow::Done(Err(error)) => {
                if before {
                    self.failed = Some(error.details());
                }
                Observed::Nothing
            }
            Flow::Done(Ok((seen, trace))) => {
                let (observed, proof) = self.sending.operation.observe(&seen, before);
                self.observed = Some(Observation {
                    at: SystemTime::now(),
                    value: O::shown(&seen),
                });
                if let Some(proof) = proof {
                    self.proved = Some((proof, trace));
                } else if observed == Observed::Conflicting {
                    self.conflict = Some(conflict(trace));
                }
                observed
            }
        };
        Flow::Done(Ok(Event::Observed(seen)))
    }

    fn reading(&self, patiently: bool) -> Result<Step<O>, Error> {
        let exchange = self.caller.other(self.sending.operation.reading())?;
        Ok(Step::Reading {
            exchange: Box::new(if patiently {
                exchange
            } else {
                exchange.once(READ)
            }),
            before: patiently,
        })
    }

    fn end(&mut self, end: End, control: &Control) -> Result<O::Output, Error> {
        let (outcome, evidence) = match end {
            End::Applied { by_read: false } => (Outcome::Applied, Evidence::Answer),
            End::Applied { by_read: true } => (Outcome::Applied, Evidence::Read),
            End::AlreadySet => (Outcome::AlreadySet, Evidence::Read),
            End::Conflict { .. } | End::Refused | End::Unknown => {
                return Err(self.error(end, control));
            }
        };
        let Some((proof, mut trace)) = self.proved.take() else {
            return Err(super::gone_on());
        };
        if let (End::Applied { by_read: true }, Some(lost)) = (end, &self.lost) {
            // The ids of the change, not those of the read that saw it.
            trace.request_id.clone_from(&self.sending.request_id);
            let sent = lost.correlation_id.clone();
            trace.correlation_id = sent.unwrap_or(trace.correlation_id);
            trace.ms_cv.clone_from(&lost.ms_cv);
        }
        trace.attempts = control.attempts();
        Ok(self
            .sending
            .operation
            .result(proof, outcome, evidence, trace))
    }

    fn error(&mut self, end: End, control: &Control) -> Error {
        let details = match end {
            End::Unknown => self.lost.take().or_else(|| self.failed.take()),
            End::Conflict { .. } => self.conflict.take(),
            _ => self.failed.take(),
        };
        let Some(mut details) = details else {
            return super::gone_on();
        };
        if let (End::Conflict { sent: true }, Some(lost)) = (end, &self.lost) {
            // The ids of the change, not those of the read that saw it.
            details.request_id.clone_from(&lost.request_id);
            details.correlation_id.clone_from(&lost.correlation_id);
            details.ms_cv.clone_from(&lost.ms_cv);
        }
        if end == End::Refused && self.conflict.take().is_some() {
            // A read said why.
            details.reason = Some(Reason::OtherQualification);
        }
        if end == End::Unknown && details.kind != ErrorKind::OutcomeUnknown {
            unknown_by(&mut details);
        }
        details.attempts = control.attempts();
        details.outcome = outcome(&details.attempts);
        details.state = state(Effect::Write, details.outcome);
        details.observed = self.observed.take();
        if details.outcome == Outcome::Unknown {
            details.retryable = false;
            details.pending = control.expected();
        }
        details.into()
    }
}

/// Whether a request that may have changed something was made longer ago than that.
fn sent_before(attempts: &[Attempt], within: Duration) -> bool {
    let mut attempts = attempts.iter();
    let first = attempts.find(|one| one.is_write() && one.class.may_have_changed());
    let age = first.and_then(|one| one.at.elapsed().ok());
    age.is_some_and(|age| age > within)
}

fn conflict(trace: Trace) -> Details {
    decided(
        ErrorKind::Conflict,
        Reason::OtherQualification,
        "The customer has a qualification that excludes the asked one.".to_owned(),
        "",
        "Read the customer's qualifications; none can be taken back by a partner.",
        trace,
    )
    .details()
}

impl<O: Change> Call for Changing<O> {
    const NAME: &'static str = O::NAME;
    const EFFECT: Effect = Effect::Write;
    type Output = O::Output;

    fn advance(&mut self, context: Context<'_>) -> Flow<Result<O::Output, Error>> {
        let control = context.control;
        self.take_up(control);
        loop {
            let step = std::mem::replace(&mut self.step, Step::Next(Event::Cancelled));
            let event = match step {
                Step::Next(event) => Ok(event),
                Step::Sending => self.send(context),
                Step::Reading { exchange, before } => match self.read(context, exchange, before) {
                    Flow::Wait(wait) => return Flow::Wait(wait),
                    Flow::Done(event) => event,
                },
            };
            let event = match event {
                Ok(event) => event,
                Err(left) => return Flow::Done(Err(left)),
            };
            let now = control.clock().now().saturating_duration_since(self.begun);
            self.step = match self.machine.next(event, now, random()) {
                // The machine's clock stands still while the computer sleeps.
                Action::Send if sent_before(&control.attempts(), self.machine.resend_within()) => {
                    Step::Next(Event::Cancelled)
                }
                Action::Send => Step::Sending,
                Action::Read { patiently } => match self.reading(patiently) {
                    Ok(reading) => reading,
                    Err(error) => return Flow::Done(Err(error)),
                },
                Action::Wait { time, asked } => {
                    control.waits(time, asked);
                    self.step = Step::Next(Event::Tick);
                    return Flow::Wait(time);
                }
                Action::Done(end) => return Flow::Done(self.end(end, control)),
            };
        }
    }

    fn outcome(output: &O::Output) -> Option<Outcome> {
        Some(O::outcome(output))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_is_too_late_by_the_clock_on_the_wall() {
        let sent =
            |class, seconds| Attempt::put(class, SystemTime::now() - Duration::from_secs(seconds));
        let within = Duration::from_secs(300);
        let late = |attempts: &[Attempt]| sent_before(attempts, within);
        assert!(!late(&[]));
        assert!(!late(&[sent(AttemptClass::Unknown, 10)]));
        assert!(late(&[sent(AttemptClass::Unknown, 301)]));
        assert!(!late(&[
            sent(AttemptClass::Throttled, 301),
            sent(AttemptClass::Unknown, 1)
        ]));
    }
}
