//! A call: wait for it, or leave it.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::credential::{AccessToken, TokenFailure, TokenProviderError, TokenRequest, asked_for};
use crate::engine::outcome;
use crate::error::{Attempt, AttemptClass, Details, Error, ErrorKind, Outcome};
use crate::http::Effect;
use crate::process::{Job, Live};
use crate::transport::in_async_runtime;

/// A lock whose holder panicked is still usable: the states here are whole after every statement.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A call. It begins with the first [`Pending::step`] or with [`Pending::wait`]; its deadline runs
/// from the start. Dropping it leaves the call: nothing more is sent for it.
#[must_use = "a pending call does nothing until it is waited for"]
pub struct Pending<T> {
    client: u64,
    control: Arc<Control>,
    result: Arc<Mutex<Option<Result<T, Error>>>>,
    ready: Mutex<Option<(Arc<Live>, Job)>>,
}

/// What [`Pending::step`] came to.
#[derive(Debug)]
#[non_exhaustive]
pub enum Step<T> {
    /// The call ended.
    Done(Result<T, Error>),
    /// The call needs a token; give it with [`Pending::answer`].
    TokenWanted(TokenRequest),
    /// Neither, in the time given.
    Waiting,
}

impl<T> Pending<T> {
    /// A call of that client, and what the thread that runs it needs to end it.
    pub(crate) fn new(client: u64, effect: Effect) -> (Self, Running<T>) {
        let control = Arc::new(Control::new(effect));
        let result = Arc::default();
        let running = Running {
            control: Arc::clone(&control),
            result: Arc::clone(&result),
        };
        let pending = Self {
            client,
            control,
            result,
            ready: Mutex::default(),
        };
        (pending, running)
    }

    /// What to do once somebody waits, and where.
    pub(crate) fn set_ready(&self, live: Arc<Live>, job: Job) {
        *lock(&self.ready) = Some((live, job));
    }

    /// Waits for the end, with the call on this thread, which has nothing else to do. On a thread
    /// of an async runtime, where that is not possible, the call runs on one of the client's.
    ///
    /// # Errors
    /// Why the call did not do what was asked, with its outcome.
    pub fn wait(self) -> Result<T, Error> {
        if !in_async_runtime()
            && let Some((_live, job)) = self.take_ready()
        {
            lock(&self.control.state).unattended = true;
            job();
        }
        loop {
            match self.step(Duration::MAX) {
                Step::Done(result) => return result,
                Step::TokenWanted(_) => self.answer(nobody),
                Step::Waiting => {}
            }
        }
    }

    /// Waits at most `patience` for the end, or for a question. The call runs on one of the
    /// client's standing threads meanwhile, so that it can be left.
    pub fn step(&self, patience: Duration) -> Step<T> {
        if let Some((live, job)) = self.take_ready() {
            live.run(job);
        }
        let until = Instant::now().checked_add(patience);
        let mut state = lock(&self.control.state);
        loop {
            if state.ended {
                drop(state);
                return Step::Done(lock(&self.result).take().unwrap_or_else(|| self.taken()));
            }
            if let Some(request) = state.question.take() {
                return Step::TokenWanted(request);
            }
            let left = until.map_or(Duration::MAX, |until| {
                until.saturating_duration_since(Instant::now())
            });
            if left.is_zero() {
                return Step::Waiting;
            }
            state = self.control.wait(state, left);
        }
    }

    fn take_ready(&self) -> Option<(Arc<Live>, Job)> {
        lock(&self.ready).take()
    }

    fn taken(&self) -> Result<T, Error> {
        Err(self.control.stopped(
            ErrorKind::InvalidArgument,
            "The end of this call was already taken.",
            "",
        ))
    }

    /// Runs the credential on this thread and hands its answer to the call.
    pub fn answer(&self, give: impl FnOnce() -> Result<AccessToken, TokenProviderError>) {
        let answer = asked_for(self.client, give);
        lock(&self.control.state).answer = Some(answer);
        self.control.changed.notify_all();
    }

    /// Leaves the call: nothing more is sent for it. A send that is already open is left to finish,
    /// and its late answer goes to the log. Returns at once, with what is known of the outcome.
    pub fn cancel(self) -> Error {
        self.control.cancel()
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("ended", &lock(&self.control.state).ended)
            .finish_non_exhaustive()
    }
}

impl<T> Drop for Pending<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.control.state);
        if !state.ended {
            state.cancelled = true;
            drop(state);
            self.control.changed.notify_all();
        }
    }
}

/// The answer where no thread is there to be asked.
fn nobody() -> Result<AccessToken, TokenProviderError> {
    Err(TokenProviderError(
        "nobody gives tokens to this call; wait for it with step()".into(),
    ))
}

/// The other end of a [`Pending`]. Dropped without an end, as by a panic, it ends as a bug.
pub(crate) struct Running<T> {
    control: Arc<Control>,
    result: Arc<Mutex<Option<Result<T, Error>>>>,
}

impl<T> Running<T> {
    pub(crate) fn control(&self) -> &Control {
        &self.control
    }

    pub(crate) fn end(self, result: Result<T, Error>) {
        self.set(result);
    }

    fn set(&self, result: Result<T, Error>) {
        if self.control.is_cancelled() {
            self.report_late(result.as_ref().err());
        }
        *lock(&self.result) = Some(result);
        lock(&self.control.state).ended = true;
        self.control.changed.notify_all();
    }

    /// Nobody waits for this end any more: the log is the only place left for it.
    fn report_late(&self, error: Option<&Error>) {
        let attempts = self.control.attempts();
        if let Some(last) = attempts.last() {
            log::warn!(
                target: "partner_center",
                "a call that its caller had left has ended: {}, outcome {}, request id {}, correlation id {}",
                error.map_or("done", |error| error.kind().as_str()),
                outcome(self.control.effect, &attempts),
                last.request_id,
                last.correlation_id,
            );
        }
    }
}

impl<T> Drop for Running<T> {
    fn drop(&mut self) {
        let state = lock(&self.control.state);
        let (ended, cancelled) = (state.ended, state.cancelled);
        drop(state);
        if ended {
            return;
        }
        self.set(Err(if cancelled {
            self.control.cancel()
        } else {
            self.control.stopped(
                ErrorKind::Internal,
                "The library failed inside this call.",
                "Report this as a bug.",
            )
        }));
    }
}

/// What the waiting thread and the working one tell each other.
pub(crate) struct Control {
    effect: Effect,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    cancelled: bool,
    /// The thread that waits is the one that works: it cannot be asked.
    unattended: bool,
    ended: bool,
    question: Option<TokenRequest>,
    answer: Option<Result<AccessToken, TokenProviderError>>,
    attempts: Vec<Attempt>,
}

impl Control {
    fn new(effect: Effect) -> Self {
        Self {
            effect,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, most: Duration) -> MutexGuard<'a, State> {
        // The platforms' clocks do not reach much further.
        const LONG: Duration = Duration::from_secs(24 * 3600);
        self.changed
            .wait_timeout(state, most.min(LONG))
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        lock(&self.state).cancelled
    }

    /// Notes the attempt about to be made, unless the caller has left: then nothing may be sent.
    /// Until [`Control::settle`] it counts as one whose effect is not known.
    pub(crate) fn begin(&self, attempt: Attempt) -> Result<(), Error> {
        let mut state = lock(&self.state);
        if state.cancelled {
            drop(state);
            return Err(self.cancel());
        }
        state.attempts.push(attempt);
        Ok(())
    }

    pub(crate) fn settle(&self, class: AttemptClass, status: Option<u16>) {
        if let Some(last) = lock(&self.state).attempts.last_mut() {
            last.class = class;
            last.status = status;
        }
    }

    pub(crate) fn attempts(&self) -> Vec<Attempt> {
        lock(&self.state).attempts.clone()
    }

    /// Asks the waiting thread for a token.
    pub(crate) fn ask(
        &self,
        request: TokenRequest,
        deadline: Instant,
    ) -> Result<AccessToken, TokenFailure> {
        let mut state = lock(&self.state);
        if state.unattended {
            return nobody().map_err(TokenFailure::Provider);
        }
        state.question = Some(request);
        self.changed.notify_all();
        loop {
            if state.cancelled {
                return Err(TokenFailure::Cancelled);
            }
            if let Some(answer) = state.answer.take() {
                return answer.map_err(TokenFailure::Provider);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                state.question = None;
                return Err(TokenFailure::Timeout);
            }
            state = self.wait(state, left);
        }
    }

    /// Stops the call and says what is known of it.
    pub(crate) fn cancel(&self) -> Error {
        lock(&self.state).cancelled = true;
        self.changed.notify_all();
        self.stopped(
            ErrorKind::Cancelled,
            "The caller left; nothing more is sent.",
            "",
        )
    }

    /// An end that is not the call's own, with what is known by now.
    fn stopped(&self, kind: ErrorKind, failed: &str, next: &str) -> Error {
        let attempts = self.attempts();
        let mut details = Details::new(kind, failed, next);
        details.outcome = outcome(self.effect, &attempts);
        if details.outcome == Outcome::Unknown {
            details.next =
                "Do not send it again blindly: read the customer's qualification first.".into();
        }
        details.state = crate::engine::state(self.effect, details.outcome);
        if let Some(last) = attempts.last() {
            details.request_id = Some(last.request_id.clone());
            details.correlation_id = Some(last.correlation_id.clone());
        }
        details.attempts = attempts;
        details.into()
    }
}

#[cfg(test)]
impl Default for Control {
    fn default() -> Self {
        Self::new(Effect::Write)
    }
}
