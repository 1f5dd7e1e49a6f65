//! What the thread that waits for a call and the one that works for it tell each other.

use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant, SystemTime};

use crate::bulk::{ChangeResult, PlannedChange};
use crate::clock::Clock;
use crate::credential::{AccessToken, TokenFailure, TokenProviderError, TokenRequest};
use crate::engine::outcome;
use crate::error::{Attempt, AttemptClass, Details, Error, ErrorKind, Outcome};
use crate::event::{Event, EventName, Observer};
use crate::http::{Effect, Method};
use crate::model::{CustomerQualification, PendingOperation, milliseconds};
use crate::pending::lock;

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

/// What a call of a bulk call is a part of.
#[derive(Clone)]
pub(crate) struct Part {
    /// Its caller is asked and told instead.
    pub(crate) whole: Arc<Control>,
    /// Writes down what happens to its change.
    pub(crate) recorder: Option<Arc<dyn Recorder>>,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Part")
    }
}

/// Writes down what happens to one change, so that it can be settled should this process die.
pub(crate) trait Recorder: Send + Sync {
    /// A request is about to leave; it may only once this has returned.
    fn sending(&self, change: &PendingOperation) -> Result<(), String>;
    /// The last request can have changed nothing.
    fn refused(&self);
    /// The answer to the last request is lost, or says nothing.
    fn lost(&self, said_done: bool, asked: Option<Duration>);
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
    /// What the service asked for, while that is waited for after a throttling.
    pub(crate) throttled: Option<Duration>,
    /// What a bulk run has done so far, for who leaves it.
    pub(crate) bulk: Option<Left>,
}

/// What is known of a bulk run that is left.
#[derive(Clone)]
pub(crate) struct Left {
    pub(crate) outcome: Outcome,
    pub(crate) state: String,
}

/// What the thread that waits is asked for.
pub(crate) enum Question {
    Token(TokenRequest),
    /// To keep a new refresh token.
    Keep(String),
}

pub(crate) enum Answer {
    Token(Result<AccessToken, TokenProviderError>),
    Kept(Result<(), TokenProviderError>),
}

/// What the thread that waits is told.
pub(crate) enum Notice {
    Event(Event),
    Progress(CustomerQualification),
    Planned(Arc<PlannedChange>),
    Settled(Arc<ChangeResult>),
}

/// How long the thread that works may take to end a call by itself after its deadline.
const GRACE: Duration = Duration::from_millis(100);

impl State {
    /// A question for the waiting thread, once.
    pub(crate) fn take_question(&mut self) -> Option<Question> {
        let (number, question) = self.question.take()?;
        self.taken = number;
        Some(question)
    }
}

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
    /// Until [`Control::settle`] it counts as one whose effect is not known.
    pub(crate) fn begin(&self, attempt: Attempt) -> Result<(), Error> {
        let is_write = attempt.method.effect() == Effect::Write;
        let mut state = self.lock();
        if state.cancelled {
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
        Ok(())
    }

    fn recorder(&self) -> Option<&Arc<dyn Recorder>> {
        self.call.part.as_ref()?.recorder.as_ref()
    }

    /// Says that the answer to the last request for a change is lost, or says nothing.
    pub(crate) fn lost(&self, said_done: bool, asked: Option<Duration>) {
        if let Some(recorder) = self.recorder() {
            recorder.lost(said_done, asked);
        }
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
        let is_write = last.method.effect() == Effect::Write;
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

    /// Whether anybody hears of events: they cost more than a call may for nobody.
    fn is_heard(&self) -> bool {
        match self.call.observer {
            Observer::Function(_) | Observer::Waiter(_) => true,
            Observer::Late(_) if self.is_cancelled() => true,
            Observer::Late(_) | Observer::Nobody => {
                log::log_enabled!(target: "partner_center", log::Level::Warn)
            }
        }
    }

    /// Says that the call begins.
    pub(crate) fn started(&self) {
        self.lock().started = true;
        self.tell(EventName::Start, |_| ());
        // In a test build, what a bug comes to in each language.
        #[cfg(feature = "time-scale")]
        #[allow(clippy::panic)]
        if self.call.id == "0badc0de-0bad-4bad-8bad-0badc0de0bad" {
            panic!("a bug that a test asked for");
        }
    }

    /// Says that the call waits.
    pub(crate) fn waits(&self, wait: Duration, asked: bool) {
        if self.call.part.is_some() {
            // What waits for this call hears of it.
            self.update(|state| {
                let last = state.attempts.last().map(|last| last.class);
                state.throttled = (last == Some(AttemptClass::Throttled)).then_some(wait);
            });
        }
        self.tell(EventName::Wait, |event| {
            event.wait = Some(wait);
            event.asked = asked;
        });
    }

    /// Says how the call ended.
    pub(crate) fn ends(&self, outcome: Option<Outcome>, error: Option<ErrorKind>) {
        if !self.lock().started {
            return;
        }
        // That it is unknown is nothing to keep from who hears of late ends.
        let grave = outcome == Some(Outcome::Unknown);
        self.tell_of(EventName::End, grave, |event| {
            event.outcome = outcome;
            event.error = error;
        });
    }

    fn tell(&self, name: EventName, fill: impl FnOnce(&mut Event)) {
        self.tell_of(name, false, fill);
    }

    fn tell_of(&self, name: EventName, grave: bool, fill: impl FnOnce(&mut Event)) {
        let is_late = matches!(self.call.observer, Observer::Late(_));
        if !(self.is_heard() || grave && is_late) {
            return;
        }
        let mut event = Event {
            name,
            operation: self.call.operation,
            call: self.call.id.clone(),
            at: SystemTime::now(),
            elapsed: self.begun.elapsed(),
            attempt: None,
            wait: None,
            asked: false,
            outcome: None,
            error: None,
            late: self.is_cancelled(),
        };
        fill(&mut event);
        let level = if event.is_grave() {
            log::Level::Warn
        } else {
            log::Level::Debug
        };
        log::log!(target: "partner_center", level, "{event}");
        match &self.call.observer {
            Observer::Nobody => {}
            Observer::Function(function) => heard(|| function(&event)),
            Observer::Late(late) if event.late || grave => heard(|| late(&event)),
            Observer::Late(_) => {}
            Observer::Waiter(late) => {
                let asker = self.asker();
                let mut state = asker.lock();
                if state.cancelled || state.unattended || event.late {
                    drop(state);
                    heard(|| late(&event));
                } else {
                    state.notices.push_back(Notice::Event(event));
                    drop(state);
                    asker.update(|_| ());
                }
            }
        }
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

    /// Hands events that the waiting thread did not take before it left to who hears late ones.
    pub(crate) fn flush(&self) {
        let left = self.update(|state| std::mem::take(&mut state.notices));
        if let Observer::Waiter(late) = &self.call.observer {
            for notice in left {
                if let Notice::Event(event) = notice {
                    heard(|| late(&event));
                }
            }
        }
    }

    /// An event that the waiting thread has no use for.
    pub(crate) fn hear(&self, event: &Event) {
        if let Observer::Waiter(late) = &self.call.observer {
            heard(|| late(event));
        }
    }

    /// How a polled qualification stands, for the thread that waits.
    pub(crate) fn progress(&self, item: CustomerQualification) {
        self.notice(Notice::Progress(item));
    }

    /// What the thread that waits is told, unless it is the one that works.
    pub(crate) fn notice(&self, notice: Notice) {
        self.update(|state| {
            if !state.unattended {
                state.notices.push_back(notice);
            }
        });
    }

    /// Asks the waiting thread for a token.
    pub(crate) fn ask_token(
        &self,
        request: TokenRequest,
        deadline: Instant,
    ) -> Result<AccessToken, TokenFailure> {
        match self.ask(Question::Token(request), deadline)? {
            Answer::Token(token) => token.map_err(TokenFailure::Provider),
            Answer::Kept(_) => Err(TokenFailure::Provider(unanswered())),
        }
    }

    /// Asks the waiting thread to keep a new refresh token.
    pub(crate) fn ask_to_keep(
        &self,
        token: &str,
        deadline: Instant,
    ) -> Result<Result<(), TokenProviderError>, TokenFailure> {
        match self.ask(Question::Keep(token.to_owned()), deadline) {
            Ok(Answer::Kept(kept)) => Ok(kept),
            Ok(Answer::Token(_)) => Ok(Err(unanswered())),
            Err(TokenFailure::Provider(nobody)) => Ok(Err(nobody)),
            Err(failure) => Err(failure),
        }
    }

    fn ask(&self, question: Question, deadline: Instant) -> Result<Answer, TokenFailure> {
        let asker = self.asker();
        if asker.lock().unattended {
            return Err(TokenFailure::Provider(unanswered()));
        }
        let number = asker.update(|state| {
            state.asked += 1;
            state.question = Some((state.asked, question));
            state.asked
        });
        let mut state = asker.lock();
        loop {
            if state.cancelled {
                return Err(TokenFailure::Cancelled);
            }
            if let Some((_, answer)) = state.answer.take_if(|(to, _)| *to == number) {
                return Ok(answer);
            }
            let left = self.call.clock.left(deadline);
            if left.is_zero() {
                state.question = None;
                return Err(TokenFailure::Timeout);
            }
            state = asker.wait(state, left);
        }
    }

    /// The answer to the question that was last taken.
    pub(crate) fn answer(&self, answer: Answer) {
        self.update(|state| state.answer = Some((state.taken, answer)));
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
            details.outcome = left.outcome;
            details.failed = format!("{} {}", details.failed, left.state);
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
    let sends = attempts
        .iter()
        .filter(|attempt| attempt.method != Method::Get);
    if let Some(first) = sends.clone().next() {
        change.first_sent = milliseconds(first.at);
        change.correlation_ids = sends
            .map(|attempt| attempt.correlation_id.clone())
            .collect();
    }
    Some(change)
}

/// A request that could not be written down before it, and did not leave.
fn unwritten(why: &str) -> Error {
    Details::new(
        ErrorKind::Journal,
        format!("The journal could not be written: {why}."),
        "Cure what the file is on, then resume it.",
    )
    .into()
}

/// A listener that panics stops nothing.
pub(crate) fn heard(listen: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(listen)).is_err() {
        log::warn!(target: "partner_center", "a listener panicked");
    }
}

/// The answer where no thread is there to be asked.
pub(crate) fn unanswered() -> TokenProviderError {
    TokenProviderError("nobody answers for this call's credential; wait for it with step()".into())
}

#[cfg(test)]
impl Default for Control {
    fn default() -> Self {
        Self::new(Call {
            operation: "test",
            effect: Effect::Write,
            id: String::new(),
            observer: Observer::Nobody,
            clock: Clock::new(1),
            part: None,
        })
    }
}
