//! What the thread that waits for a call and the one that works for it tell each other.

mod asking;
mod part;
mod telling;

pub(crate) use asking::{Answer, Question, unanswered};
pub(crate) use part::{Left, Part, Recorder};
pub(crate) use telling::{Notice, heard};

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant};

use crate::clock::Clock;
use crate::engine::outcome;
use crate::error::{Attempt, AttemptClass, Details, Error, ErrorKind, Outcome};
use crate::event::{EventName, Observer};
use crate::http::Effect;
use crate::model::{PendingOperation, milliseconds};
use crate::pending::lock;
use part::unwritten;

/// What is known of a call before it begins.
pub(crate) struct Call {
    pub(crate) operation: &'static str,
    pub(crate) effect: Effect,
    /// The `MS-RequestId` of its operation.
    pub(crate) id: String,
    pub(crate) observer: Observer,
    pub(crate) clock: Clock,
    pub(crate) part: Option<Part>,
}

pub(crate) struct Control {
    call: Call,
    begun: Instant,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
pub(crate) struct State {
    cancelled: bool,
    /// The thread that waits is the one that works: it cannot be asked.
    pub(crate) unattended: bool,
    pub(crate) ended: bool,
    /// With its number: an answer that comes too late must not be taken for the next one's.
    question: Option<(u64, Question)>,
    asked: u64,
    taken: u64,
    answer: Option<(u64, Answer)>,
    /// When the call must have ended.
    deadline: Option<Instant>,
    started: bool,
    pub(crate) notices: VecDeque<Notice>,
    pub(crate) waker: Option<Waker>,
    attempts: Vec<Attempt>,
    /// When the last attempt was begun.
    attempt_begun: Option<Instant>,
    /// What settles the change that is being made, should its effect stay unknown.
    change: Option<PendingOperation>,
    /// While the service's wait after a throttling is waited for: which throttling of the call it
    /// is, and how long the wait.
    pub(crate) throttled: Option<(u32, Duration)>,
    throttlings: u32,
    /// What a bulk run has done so far, for who leaves it.
    pub(crate) bulk: Option<Left>,
    /// How the call ended, where its caller had not left by then.
    end: Option<(Option<Outcome>, Option<ErrorKind>)>,
}

/// How long the thread that works may take to end a call by itself after its deadline.
const GRACE: Duration = Duration::from_millis(200);

impl Control {
    pub(crate) fn new(call: Call) -> Self {
        Self {
            call,
            begun: Instant::now(),
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.call.clock
    }

    /// How long is left until `deadline`.
    pub(crate) fn left(&self, deadline: Instant) -> Duration {
        self.call.clock.left(deadline)
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(crate) fn wait<'a>(
        &self,
        state: MutexGuard<'a, State>,
        most: Duration,
    ) -> MutexGuard<'a, State> {
        // The platforms' clocks do not reach much further.
        const LONG: Duration = Duration::from_secs(24 * 3600);
        self.changed
            .wait_timeout(state, most.min(LONG))
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    /// Changes the state and wakes whoever waits for a change.
    pub(crate) fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let changed = change(&mut state);
        let waker = state.waker.take();
        drop(state);
        self.changed.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
        changed
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.lock().cancelled
    }

    /// Notes the attempt about to be made, unless the caller has left: then nothing may be sent.
    /// Writing it down takes a while in which it may leave, too.
    /// Until [`Control::settle`] it counts as one whose effect is not known.
    pub(crate) fn begin(&self, attempt: Attempt) -> Result<(), Error> {
        let is_write = attempt.is_write();
        let is_left = self.is_whole_left();
        let mut state = self.lock();
        if is_left || state.cancelled {
            drop(state);
            return Err(self.cancel());
        }
        state.throttled = None;
        state.attempts.push(attempt);
        state.attempt_begun = Some(Instant::now());
        let (true, Some(recorder)) = (is_write, self.recorder()) else {
            return Ok(());
        };
        let change = pending(state.change.clone(), &state.attempts);
        drop(state);
        if let Some(why) = change.and_then(|change| recorder.sending(&change).err()) {
            self.lock().attempts.pop();
            return Err(unwritten(&why));
        }
        if self.is_left() {
            recorder.refused();
            self.lock().attempts.pop();
            return Err(self.cancel());
        }
        Ok(())
    }

    /// Whether the caller has left this call, or the whole that it is a part of.
    fn is_left(&self) -> bool {
        self.is_cancelled() || self.is_whole_left()
    }

    /// Whether the caller has left the whole that this call is a part of.
    fn is_whole_left(&self) -> bool {
        let part = self.call.part.as_ref();
        part.is_some_and(|part| part.whole.is_cancelled())
    }

    /// The control whose caller is asked and told.
    fn asker(&self) -> &Self {
        let part = self.call.part.as_ref();
        part.map_or(self, |part| &part.whole)
    }

    /// Goes on with a change for which requests were made before.
    pub(crate) fn resume(&self, change: PendingOperation, attempts: Vec<Attempt>) {
        let mut state = self.lock();
        state.change = Some(change);
        state.attempts = attempts;
    }

    pub(crate) fn settle(&self, class: AttemptClass, status: Option<u16>) {
        // Asked first: it looks at the state itself.
        let is_heard = self.is_heard();
        let mut state = self.lock();
        let begun = state.attempt_begun.take().unwrap_or(self.begun);
        let Some(last) = state.attempts.last_mut() else {
            return;
        };
        last.class = class;
        last.status = status;
        let is_write = last.is_write();
        let attempt = is_heard.then(|| last.clone());
        // Once one was lost, a rejection does not say that nothing was changed.
        let refused = is_write
            && match class {
                AttemptClass::Rejected => outcome(&state.attempts) == Outcome::NotApplied,
                class => !class.may_have_changed(),
            };
        drop(state);
        if let (true, Some(recorder)) = (refused, self.recorder()) {
            recorder.refused();
        }
        self.tell(EventName::Attempt, |event| {
            event.elapsed = begun.elapsed();
            event.attempt = attempt;
        });
    }

    /// Says what settles the change about to be sent.
    pub(crate) fn expect(&self, change: PendingOperation) {
        self.lock().change = Some(change);
    }

    pub(crate) fn attempts(&self) -> Vec<Attempt> {
        self.lock().attempts.clone()
    }

    /// How long the waiting thread still waits; nothing once the deadline has gone by.
    pub(crate) fn patience(&self, state: &State) -> Duration {
        let deadline = state.deadline.map(|deadline| self.left(deadline + GRACE));
        deadline.unwrap_or(Duration::MAX)
    }

    /// The end of a call whose thread did not end it in time.
    pub(crate) fn overdue(&self) -> Error {
        self.update(|state| state.cancelled = true);
        if self.call.effect == Effect::Write && self.outcome() == Outcome::Unknown {
            let late = "The call's deadline passed before the change was settled.";
            return self.stopped(ErrorKind::OutcomeUnknown, late, "");
        }
        self.stopped(
            ErrorKind::Timeout,
            "The call's deadline passed while it waited in line, or for what it had called.",
            "Call again with fewer at once, or allow more time.",
        )
    }

    /// When the call must have ended, whatever the thread that works for it is held up by.
    pub(crate) fn must_end(&self, deadline: Instant) {
        self.lock().deadline = Some(deadline);
    }

    /// Stops the call and says what is known of it.
    pub(crate) fn cancel(&self) -> Error {
        self.update(|state| state.cancelled = true);
        self.stopped(
            ErrorKind::Cancelled,
            "The caller left; nothing more is sent.",
            "",
        )
    }

    /// An end that is not the call's own, with what is known by now.
    pub(crate) fn stopped(&self, kind: ErrorKind, failed: &str, next: &str) -> Error {
        self.stopped_in(&self.lock(), kind, failed, next)
    }

    /// The same for who holds the state: it must not be locked again.
    pub(crate) fn stopped_in(
        &self,
        state: &State,
        kind: ErrorKind,
        failed: &str,
        next: &str,
    ) -> Error {
        let attempts = state.attempts.clone();
        let mut details = Details::new(kind, failed, next);
        details.outcome = outcome(&attempts);
        // A call that only reads, about a change: that one is as unknown as before.
        if self.call.effect == Effect::Read && state.change.is_some() {
            details.outcome = Outcome::Unknown;
        }
        if details.outcome == Outcome::Unknown {
            details.next =
                "Do not send it again blindly: read the customer's qualification first.".into();
        }
        details.state = crate::engine::state(self.call.effect, details.outcome);
        if details.outcome == Outcome::Unknown {
            details.pending = pending(state.change.clone(), &attempts);
        }
        if let Some(last) = attempts.last() {
            details.request_id = Some(last.request_id.clone());
            details.correlation_id = Some(last.correlation_id.clone());
        }
        if let Some(left) = &state.bulk {
            details.outcome = Outcome::Unknown;
            details.failed = format!("{} {left}", details.failed);
            details.state = "";
            details.next = "Resume its journal: that settles what is open by reads.".into();
        }
        details.attempts = attempts;
        details.into()
    }

    /// The change as it stands, to be settled later.
    pub(crate) fn expected(&self) -> Option<PendingOperation> {
        let state = self.lock();
        pending(state.change.clone(), &state.attempts)
    }

    /// What the attempts so far say of the change.
    pub(crate) fn outcome(&self) -> Outcome {
        outcome(&self.attempts())
    }
}

/// A change with the requests that were made for it.
fn pending(change: Option<PendingOperation>, attempts: &[Attempt]) -> Option<PendingOperation> {
    let mut change = change?;
    let sends = attempts.iter().filter(|attempt| attempt.is_write());
    if let Some(first) = sends.clone().next() {
        change.first_sent = milliseconds(first.at);
        change.correlation_ids = sends
            .map(|attempt| attempt.correlation_id.clone())
            .collect();
    }
    Some(change)
}

#[cfg(test)]
impl Default for Control {
    fn default() -> Self {
        Self::observed(Observer::Nobody)
    }
}

#[cfg(test)]
impl Control {
    fn in_part(mut self, part: Part) -> Self {
        self.call.part = Some(part);
        self
    }

    pub(crate) fn observed(observer: Observer) -> Self {
        Self::new(Call {
            operation: "test",
            effect: Effect::Write,
            id: String::new(),
            observer,
            clock: Clock::new(1),
            part: None,
        })
    }
}
