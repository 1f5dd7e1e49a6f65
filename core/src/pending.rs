//! A call: wait for it, or leave it.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::alarm::Alarm;
use crate::bulk::{ChangeResult, PlannedChange};
use crate::control::{Answer, Control, Notice, Question, State, unanswered};
use crate::credential::{AccessToken, TokenProviderError, TokenRequest, asked_for};
use crate::error::{Error, ErrorKind, Outcome};
use crate::event::Event;
use crate::model::CustomerQualification;
use crate::process::{Live, Slot, Turn};
use crate::transport::in_async_runtime;

/// A lock whose holder panicked is still usable: the states here are whole after every statement.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A call. It begins with the first [`Pending::step`] or with [`Pending::wait`]; its deadline runs
/// from when it was made. Dropping it leaves the call: nothing more is sent for it.
#[must_use = "a pending call does nothing until it is waited for"]
pub struct Pending<T> {
    client: u64,
    control: Arc<Control>,
    result: Arc<Mutex<Option<Result<T, Error>>>>,
    slot: Arc<Slot>,
    /// Until the call begins.
    live: Mutex<Option<Arc<Live>>>,
    /// Whether it is woken by other calls, which the thread that waits cannot be.
    is_woken: bool,
    /// For who awaits the call: its deadline may pass while nothing happens.
    alarm: Mutex<Option<Alarm>>,
    /// A call does not cross `fork`: its thread stays behind.
    process: u32,
}

/// What [`Pending::step`] came to.
#[derive(Debug)]
#[non_exhaustive]
pub enum Step<T> {
    /// The call ended.
    Done(Result<T, Error>),
    /// The call needs a token; give it with [`Pending::answer`].
    TokenWanted(TokenRequest),
    /// The sign-in authority replaced the refresh token; keep it, and say so with
    /// [`Pending::kept`].
    RefreshTokenRotated(RefreshToken),
    /// The call came a step further; told where
    /// [`events_to_waiter`](crate::ClientBuilder::events_to_waiter) asked for it.
    Event(Event),
    /// How the vetting that is waited for stands.
    Progress(CustomerQualification),
    /// What a bulk run would do to one more customer.
    Planned(Arc<PlannedChange>),
    /// One more change of a bulk run ended.
    Settled(Arc<ChangeResult>),
    /// None of these, in the time given.
    Waiting,
}

/// A refresh token to be kept. Its `Debug` does not show it.
pub struct RefreshToken(String);

impl RefreshToken {
    /// The token, for a secret store.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshToken").finish_non_exhaustive()
    }
}

impl<T> Pending<T> {
    /// A call of that client, and what the thread that runs it needs to end it.
    pub(crate) fn new(client: u64, control: Control, is_woken: bool) -> (Self, Running<T>) {
        let control = Arc::new(control);
        let result = Arc::default();
        let running = Running {
            control: Arc::clone(&control),
            result: Arc::clone(&result),
        };
        let pending = Self {
            client,
            control,
            result,
            slot: Arc::default(),
            live: Mutex::default(),
            is_woken,
            alarm: Mutex::default(),
            process: std::process::id(),
        };
        (pending, running)
    }

    /// Where the call lies between its turns.
    pub(crate) fn slot(&self) -> Weak<Slot> {
        Arc::downgrade(&self.slot)
    }

    /// How long the service has asked it to wait, where it waits for that.
    pub(crate) fn throttled(&self) -> Option<(u32, Duration)> {
        self.control.lock().throttled
    }

    /// What to do once somebody waits, and where.
    pub(crate) fn set_ready(&self, live: Arc<Live>, job: impl FnMut() -> Turn + Send + 'static) {
        self.slot.set(job);
        *lock(&self.live) = Some(live);
    }

    /// Waits for the end, with the call on this thread, which has nothing else to do. On a thread
    /// of an async runtime, where that is not possible, the call runs on one of the client's.
    ///
    /// # Errors
    /// Why the call did not do what was asked, with its outcome.
    pub fn wait(self) -> Result<T, Error> {
        if !in_async_runtime()
            && !self.is_woken
            && self.is_here()
            && let Some(_live) = self.take_live()
        {
            self.control.lock().unattended = true;
            while let Turn::At(until) = self.slot.turn() {
                std::thread::sleep(until.saturating_duration_since(Instant::now()));
            }
        }
        loop {
            if let Some(result) = self.took(self.step(Duration::MAX)) {
                return result;
            }
        }
    }

    /// The end; what else there is, nobody takes.
    fn took(&self, step: Step<T>) -> Option<Result<T, Error>> {
        match step {
            Step::Done(result) => return Some(result),
            Step::TokenWanted(_) => self.answer(|| Err(unanswered())),
            Step::RefreshTokenRotated(_) => self.kept(|| Err(unanswered())),
            Step::Event(event) => self.control.hear(&event),
            Step::Progress(_) | Step::Planned(_) | Step::Settled(_) | Step::Waiting => {}
        }
        None
    }

    /// Waits at most `patience` for the end, a question or a notice. The call runs on one of the
    /// client's standing threads meanwhile, so that it can be left.
    pub fn step(&self, patience: Duration) -> Step<T> {
        if !self.is_here() {
            return Step::Done(Err(forked()));
        }
        if let Some(live) = self.take_live() {
            live.run(&self.slot);
        }
        let until = Instant::now().checked_add(patience);
        let mut state = self.control.lock();
        loop {
            if let Some(step) = self.next(&mut state) {
                return step;
            }
            let due = self.control.patience(&state);
            if due.is_zero() {
                drop(state);
                return Step::Done(Err(self.control.overdue()));
            }
            let left = until.map_or(Duration::MAX, |until| {
                until.saturating_duration_since(Instant::now())
            });
            if left.is_zero() {
                return Step::Waiting;
            }
            state = self.control.wait(state, left.min(due));
        }
    }

    /// [`Pending::step`] for an event loop: the task is woken once there is something to take, and
    /// when the deadline has passed.
    pub fn poll_step(&self, context: &mut Context<'_>) -> Poll<Step<T>> {
        if !self.is_here() {
            return Poll::Ready(Step::Done(Err(forked())));
        }
        if let Some(live) = self.take_live() {
            let left = self.control.patience(&self.control.lock());
            let alarm = Instant::now().checked_add(left);
            *lock(&self.alarm) = alarm.map(|at| live.wake(at, &self.control));
            live.run(&self.slot);
        }
        let mut state = self.control.lock();
        if let Some(step) = self.next(&mut state) {
            return Poll::Ready(step);
        }
        if self.control.patience(&state).is_zero() {
            drop(state);
            return Poll::Ready(Step::Done(Err(self.control.overdue())));
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }

    /// How long the call may still take.
    pub fn time_left(&self) -> Duration {
        self.control.patience(&self.control.lock())
    }

    fn is_here(&self) -> bool {
        self.process == std::process::id()
    }

    fn take_live(&self) -> Option<Arc<Live>> {
        lock(&self.live).take()
    }

    /// What there is to take: what happened before the end comes before it.
    fn next(&self, state: &mut State) -> Option<Step<T>> {
        if let Some(notice) = state.notices.pop_front() {
            return Some(match notice {
                Notice::Event(event) => Step::Event(event),
                Notice::Progress(item) => Step::Progress(item),
                Notice::Planned(change) => Step::Planned(change),
                Notice::Settled(result) => Step::Settled(result),
            });
        }
        if let Some(question) = state.take_question() {
            return Some(match question {
                Question::Token(request) => Step::TokenWanted(request),
                Question::Keep(token) => Step::RefreshTokenRotated(RefreshToken(token)),
            });
        }
        let ended = state.ended.then(|| lock(&self.result).take());
        ended.map(|result| Step::Done(result.unwrap_or_else(|| Err(self.taken(state)))))
    }

    fn taken(&self, state: &State) -> Error {
        self.control.stopped_in(
            state,
            ErrorKind::InvalidArgument,
            "The end of this call was already taken.",
            "",
        )
    }

    /// Runs the credential on this thread and hands its answer to the call.
    pub fn answer(&self, give: impl FnOnce() -> Result<AccessToken, TokenProviderError>) {
        let token = asked_for(self.client, give);
        self.control.answer(Answer::Token(token));
    }

    /// Runs what keeps the new refresh token on this thread and hands its answer to the call.
    pub fn kept(&self, keep: impl FnOnce() -> Result<(), TokenProviderError>) {
        let kept = asked_for(self.client, keep);
        self.control.answer(Answer::Kept(kept));
    }

    /// Leaves the call: nothing more is sent for it. A send that is already open is left to finish,
    /// and its late answer goes to the log. Returns at once, with what is known of the outcome.
    pub fn cancel(self) -> Error {
        self.control.cancel()
    }
}

fn forked() -> Error {
    Error::invalid("a call does not cross fork: make it again in this process")
}

/// For who only wants the end. The call must not depend on the thread that waits: neither its
/// credential nor its events.
impl<T> Future for Pending<T> {
    type Output = Result<T, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        while let Poll::Ready(step) = self.poll_step(context) {
            if let Some(result) = self.took(step) {
                return Poll::Ready(result);
            }
        }
        Poll::Pending
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("ended", &self.control.lock().ended)
            .finish_non_exhaustive()
    }
}

impl<T> Drop for Pending<T> {
    fn drop(&mut self) {
        // In a child of `fork` none of its locks is to be trusted, and its socket is the parent's.
        if !self.is_here() {
            std::mem::forget(std::mem::take(&mut self.slot));
            std::mem::forget(self.take_live());
            std::mem::forget(lock(&self.alarm).take());
            return;
        }
        if !self.control.lock().ended {
            // What it would return is not wanted.
            drop(self.control.cancel());
        } else if lock(&self.result).is_some() {
            self.control.untaken();
        }
        self.control.flush();
    }
}

/// The other end of a [`Pending`]. Dropped without an end, as by a panic, it ends as a bug.
pub(crate) struct Running<T> {
    control: Arc<Control>,
    result: Arc<Mutex<Option<Result<T, Error>>>>,
}

impl<T> Running<T> {
    pub(crate) fn control(&self) -> &Arc<Control> {
        &self.control
    }

    /// The end; `outcome` is what a result says of the customer, if anything.
    pub(crate) fn end(&self, result: Result<T, Error>, outcome: Option<Outcome>) {
        let error = result.as_ref().err();
        let outcome = error.map_or(outcome, |error| Some(error.outcome()));
        self.control.ends(outcome, error.map(Error::kind));
        self.set(result);
    }

    fn set(&self, result: Result<T, Error>) {
        *lock(&self.result) = Some(result);
        self.control.update(|state| state.ended = true);
        // Its caller left after the end was told, and did not see it.
        if self.control.is_cancelled() {
            self.control.untaken();
        }
    }
}

impl<T> Drop for Running<T> {
    fn drop(&mut self) {
        if self.control.lock().ended {
            return;
        }
        let error = if self.control.is_cancelled() {
            self.control.cancel()
        } else {
            self.control.stopped(
                ErrorKind::Internal,
                "The library failed inside this call.",
                "Report this as a bug.",
            )
        };
        self.control.ends(Some(error.outcome()), Some(error.kind()));
        self.set(Err(error));
    }
}

impl<T> Running<T> {
    /// Ends a call that cannot begin: no event tells of it.
    pub(crate) fn refuse(&self, error: Error) {
        self.set(Err(error));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Event, Observer};

    /// What is heard of an applied change that has ended: by that observer, its end taken or not.
    fn heard(observer: fn(Arc<crate::event::Listener>) -> Observer, taken: bool) -> Vec<Event> {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hear = Arc::clone(&heard);
        let observer = observer(Arc::new(move |event: &Event| {
            lock(&hear).push(event.clone());
        }));
        let (pending, running) = Pending::new(0, Control::observed(observer), false);
        running.control().started();
        running.end(Ok(()), Some(Outcome::Applied));
        if taken {
            while !matches!(pending.step(Duration::ZERO), Step::Done(Ok(()))) {}
        }
        drop(pending);
        lock(&heard).clone()
    }

    /// The same, where the caller leaves after the end was told to nobody, and before it is there.
    fn heard_by_who_leaves_at_the_end() -> Vec<Event> {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hear = Arc::clone(&heard);
        let observer = Observer::Late(Arc::new(move |event| lock(&hear).push(event.clone())));
        let (pending, running) = Pending::new(0, Control::observed(observer), false);
        running.control().started();
        running.control().ends(Some(Outcome::Applied), None);
        drop(pending);
        running.set(Ok(()));
        lock(&heard).clone()
    }

    #[test]
    fn an_end_that_nobody_takes_is_late() {
        let end = heard(Observer::Late, false);
        assert!(end.len() == 1 && end[0].is_grave(), "{end:?}");
        let events = heard(Observer::Waiter, false);
        assert!(events.len() == 2 && events[1].is_grave(), "{events:?}");
        let end = heard_by_who_leaves_at_the_end();
        assert!(end.len() == 1 && end[0].is_grave(), "{end:?}");
        assert!(heard(Observer::Late, true).is_empty());
        assert!(heard(Observer::Waiter, true).is_empty());
    }
}
