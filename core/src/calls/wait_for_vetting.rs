use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Call, decided};
use crate::caller::Caller;
use crate::control::heard;
use crate::engine::state;
use crate::error::{Error, ErrorKind, Outcome, Reason};
use crate::exchange::{Context, Exchange, Flow, random};
use crate::http::Effect;
use crate::model::{CustomerId, CustomerQualification};
use crate::operations::{GetQualifications, Poll, Polled, Trace, Vetting, VettingEnd, pause};

type Progress = dyn Fn(&CustomerQualification) + Send + Sync;

/// How patiently a vetting is waited for.
#[derive(Clone)]
#[non_exhaustive]
pub struct WaitOptions {
    /// The most time to wait; three days by default, which is usual for a decision.
    pub deadline: Duration,
    /// The pause between two polls, give or take a fifth; ten minutes by default, one minute to a
    /// day.
    pub poll_interval: Duration,
    /// Hears how the qualification stands after each poll. Else the thread that waits does, by
    /// [`Step::Progress`](crate::Step).
    pub on_progress: Option<Arc<Progress>>,
}

impl Default for WaitOptions {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(3 * 24 * 3600),
            poll_interval: Duration::from_secs(600),
            on_progress: None,
        }
    }
}

impl fmt::Debug for WaitOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitOptions")
            .field("deadline", &self.deadline)
            .field("poll_interval", &self.poll_interval)
            .finish_non_exhaustive()
    }
}

pub(crate) struct Wait {
    caller: Caller,
    customer: CustomerId,
    options: WaitOptions,
    poll: Poll,
    /// None between two polls.
    asking: Option<Exchange<GetQualifications>>,
    deadline: Instant,
    /// Nothing is asked after this pause, or after the poll that follows it.
    last_pause: Option<LastPause>,
    polls: u32,
    last: Option<(CustomerQualification, Trace)>,
    failed: Option<Error>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LastPause {
    /// There is time for one more poll after it.
    ThenPoll,
    /// The deadline itself.
    ThenEnd,
}

impl Wait {
    pub(crate) fn new(
        caller: Caller,
        customer: CustomerId,
        poll: Poll,
        options: WaitOptions,
        deadline: Instant,
        mut first: Exchange<GetQualifications>,
    ) -> Self {
        first.limits.deadline = first.limits.deadline.min(deadline);
        Self {
            caller,
            customer,
            options,
            poll,
            asking: Some(first),
            deadline,
            last_pause: None,
            polls: 0,
            last: None,
            failed: None,
        }
    }

    /// The next poll, with a deadline of its own within that of all.
    fn next(&mut self, context: Context<'_>) -> Result<Exchange<GetQualifications>, Error> {
        let now = context.control.clock().now();
        let mut limits = self.caller.client.limits(&self.caller.options, now)?;
        limits.deadline = limits.deadline.min(self.deadline);
        self.caller.limits = limits;
        self.caller.other(GetQualifications(self.customer))
    }

    fn end(&mut self, end: VettingEnd, item: CustomerQualification, trace: Trace) -> Vetting {
        Vetting {
            customer: self.customer.to_string(),
            end,
            qualification: item,
            polls: self.polls,
            trace,
        }
    }

    /// What a poll that was answered means.
    fn see(
        &mut self,
        context: Context<'_>,
        items: Vec<CustomerQualification>,
        trace: Trace,
    ) -> Option<Result<Vetting, Error>> {
        self.polls += 1;
        match self.poll.see(items) {
            Polled::Ended(end, item) => {
                self.tell(context, &item);
                Some(Ok(self.end(end, item, trace)))
            }
            Polled::Undecided(item) => {
                self.tell(context, &item);
                self.last = Some((item, trace));
                None
            }
            Polled::Absent => None,
            Polled::NotRequested => Some(Err(decided(
                ErrorKind::NotFound,
                Reason::NotRequested,
                "The customer's record holds no such qualification.".to_owned(),
                state(Effect::Read, Outcome::NotApplied),
                "Ask for the qualification first, or check the customer's tenant id.",
                trace,
            ))),
        }
    }

    fn tell(&self, context: Context<'_>, item: &CustomerQualification) {
        match &self.options.on_progress {
            Some(hear) => heard(|| hear(item)),
            None => context.control.progress(item.clone()),
        }
    }

    /// The pause before the next poll. Where it does not fit, a shorter one before a last poll, or
    /// the rest of the time, should the service have asked for longer.
    fn pause(
        &mut self,
        context: Context<'_>,
        asked: Option<Duration>,
        failed: Option<Error>,
    ) -> Flow<Result<Vetting, Error>> {
        if self.last_pause.is_some() {
            return Flow::Done(self.undecided(context, failed));
        }
        self.failed = failed;
        let left = context.control.left(self.deadline);
        // As much as a last poll wants.
        let before = left.saturating_sub(self.caller.limits.connect_timeout * 2);
        let mut wait = pause(self.options.poll_interval, asked, random());
        if wait >= before {
            let poll = !before.is_zero() && asked.is_none_or(|asked| asked <= before);
            let (last, rest) = match poll {
                true => (LastPause::ThenPoll, before),
                false => (LastPause::ThenEnd, left),
            };
            self.last_pause = Some(last);
            wait = rest;
        }
        context.control.waits(wait, asked == Some(wait));
        Flow::Wait(wait)
    }

    /// The end that the deadline makes.
    fn undecided(&mut self, context: Context<'_>, failed: Option<Error>) -> Result<Vetting, Error> {
        match (self.last.take(), failed.or(self.failed.take())) {
            (Some((item, mut trace)), _) => {
                trace.attempts = context.control.attempts();
                Ok(self.end(VettingEnd::InReview, item, trace))
            }
            (None, Some(error)) => Err(error),
            (None, None) => Err(context.control.stopped(
                ErrorKind::Timeout,
                "The qualification had not appeared on the customer's record in time.",
                "Check that it was asked for, or wait longer.",
            )),
        }
    }
}

impl Call for Wait {
    const NAME: &'static str = "wait_for_vetting";
    const EFFECT: Effect = Effect::Read;
    type Output = Vetting;

    fn must_end(&self) -> Option<Instant> {
        Some(self.deadline)
    }

    fn advance(&mut self, context: Context<'_>) -> Flow<Result<Vetting, Error>> {
        if self.last_pause == Some(LastPause::ThenEnd) {
            return Flow::Done(self.undecided(context, None));
        }
        let mut asking = match self.asking.take() {
            Some(asking) => asking,
            None => match self.next(context) {
                Ok(asking) => asking,
                Err(error) => return Flow::Done(Err(error)),
            },
        };
        match asking.advance(context) {
            Flow::Wait(wait) => {
                self.asking = Some(asking);
                Flow::Wait(wait)
            }
            Flow::Done(Ok((items, trace))) => match self.see(context, items, trace) {
                Some(end) => Flow::Done(end),
                None => self.pause(context, None, None),
            },
            // One bad hour must not end a wait of days.
            Flow::Done(Err(error)) if error.retryable() => {
                let asked = error.retry_after();
                self.pause(context, asked, Some(error))
            }
            Flow::Done(Err(error)) => Flow::Done(Err(error)),
        }
    }
}
