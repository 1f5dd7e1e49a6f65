//! What must not cross `fork`: threads, sockets, the token cache, and every lock around them.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Wake, Waker};
use std::time::Instant;

use arc_swap::ArcSwap;

use crate::alarm::{Alarm, Alarms};
use crate::control::Control;
use crate::credential::{Credential, Tokens};
use crate::engine::Budget;
use crate::error::Error;
use crate::pending::lock;
use crate::transport::{Route, Transport, in_async_runtime};

/// The most calls that run at once; more wait in line, and their deadline runs meanwhile.
const MAX_THREADS: usize = 64;

/// How to start over in a child process.
pub(crate) struct Origin {
    pub(crate) client: u64,
    pub(crate) route: Route,
    pub(crate) credential: Credential,
    /// The audience of the tokens: the API's base URL.
    pub(crate) audience: String,
}

/// The moving parts of one client in one process.
pub(crate) struct Live {
    pub(crate) transport: Transport,
    pub(crate) tokens: Tokens,
    /// What the reads of this client may still spend on attempts beyond their first.
    pub(crate) budget: Budget,
    threads: Threads,
    alarms: Alarms,
}

impl Live {
    /// Runs it on a standing thread.
    pub(crate) fn run(&self, slot: &Arc<Slot>) {
        self.threads.run(slot);
    }

    /// Wakes who awaits that call, then.
    pub(crate) fn wake(&self, at: Instant, control: &Arc<Control>) -> Alarm {
        self.alarms.set(at, control)
    }
}

/// The moving parts, and the process they belong to.
pub(crate) struct Process {
    pid: u32,
    live: Option<Arc<Live>>,
}

impl Process {
    pub(crate) fn start(origin: &Origin) -> Result<Self, Error> {
        Ok(Self {
            pid: std::process::id(),
            live: Some(Arc::new(Live {
                transport: transport(&origin.route)?,
                tokens: Tokens::new(
                    origin.client,
                    origin.credential.clone(),
                    origin.audience.clone(),
                ),
                budget: Budget::default(),
                threads: Threads::default(),
                alarms: Alarms::default(),
            })),
        })
    }

    fn live_here(&self) -> Option<Arc<Live>> {
        self.live
            .as_ref()
            .filter(|_| self.pid == std::process::id())
            .map(Arc::clone)
    }
}

impl Drop for Process {
    /// Inherited over `fork`, its threads do not exist here and its sockets belong to the parent:
    /// dropping it would join the one and write into the other.
    fn drop(&mut self) {
        if self.pid != std::process::id() {
            std::mem::forget(self.live.take());
        }
    }
}

/// Builds it on a thread of its own where this one belongs to an async runtime.
fn transport(route: &Route) -> Result<Transport, Error> {
    if !in_async_runtime() {
        return Transport::new(route);
    }
    std::thread::scope(|scope| {
        let built = scope.spawn(|| Transport::new(route)).join();
        built.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// This process's moving parts; a child of `fork` starts over. No lock is shared across the fork.
pub(crate) fn here(current: &ArcSwap<Process>, origin: &Origin) -> Result<Arc<Live>, Error> {
    loop {
        let seen = current.load_full();
        if let Some(live) = seen.live_here() {
            return Ok(live);
        }
        // A race lost here drops a fresh one of this process, and looks again.
        let fresh = Arc::new(Process::start(origin)?);
        current.compare_and_swap(&seen, fresh);
    }
}

/// What a turn of a call came to.
pub(crate) enum Turn {
    Ended,
    /// It waits, and its next turn comes then.
    At(Instant),
    /// Its next turn comes once it is woken.
    Idle,
}

type Job = Box<dyn FnMut() -> Turn + Send>;

/// Where a call lies between its turns. Whoever waits for the call owns it: once dropped, the call
/// has no further turn.
#[derive(Default)]
pub(crate) struct Slot(Mutex<Rest>);

#[derive(Default)]
struct Rest {
    job: Option<Job>,
    /// Woken since its last turn began: what woke it, that turn may not have seen.
    woken: bool,
}

impl Slot {
    /// A panic ends its own call as a bug, and not the thread.
    pub(crate) fn set(&self, mut job: impl FnMut() -> Turn + Send + 'static) {
        lock(&self.0).job = Some(Box::new(move || {
            catch_unwind(AssertUnwindSafe(&mut job)).unwrap_or(Turn::Ended)
        }));
    }

    /// What gives the call its next turn at once.
    pub(crate) fn waker(live: &Arc<Live>, slot: &Weak<Self>) -> Waker {
        Waker::from(Arc::new(Bell {
            live: Arc::clone(live),
            slot: Weak::clone(slot),
        }))
    }

    fn take(&self) -> Option<Job> {
        let mut rest = lock(&self.0);
        let job = rest.job.take()?;
        rest.woken = false;
        Some(job)
    }

    /// Puts it back until its next turn; whether that is due already.
    fn put(&self, job: Job) -> bool {
        let mut rest = lock(&self.0);
        rest.job = Some(job);
        std::mem::take(&mut rest.woken)
    }

    /// Ends the call without a turn.
    fn give_up(&self) {
        drop(self.take());
    }

    /// A turn on this thread.
    pub(crate) fn turn(&self) -> Turn {
        let Some(mut job) = self.take() else {
            return Turn::Ended;
        };
        let turn = job();
        if matches!(turn, Turn::At(_)) {
            self.put(job);
        }
        turn
    }
}

/// Wakes a call that waits for others.
struct Bell {
    live: Arc<Live>,
    slot: Weak<Slot>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        if let Some(slot) = self.slot.upgrade() {
            lock(&slot.0).woken = true;
            self.live.run(&slot);
        }
    }
}

/// Standing threads, started on demand. Handing a call to one costs a fraction of a new thread. A
/// call that waits between two turns occupies none.
#[derive(Default)]
struct Threads(Arc<Line>);

#[derive(Default)]
struct Line {
    state: Mutex<LineState>,
    changed: Condvar,
}

#[derive(Default)]
struct LineState {
    ready: VecDeque<Weak<Slot>>,
    waiting: BinaryHeap<Due>,
    threads: usize,
    idle: usize,
    /// One idle thread looks at the clock for all that waits.
    watched: bool,
    closed: bool,
}

/// When a call's next turn comes.
struct Due(Instant, Weak<Slot>);

impl Ord for Due {
    /// The earliest is the greatest.
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.cmp(&self.0)
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Due {}

impl Threads {
    fn run(&self, slot: &Arc<Slot>) {
        let mut state = lock(&self.0.state);
        state.ready.push_back(Arc::downgrade(slot));
        if state.idle < state.ready.len() {
            Line::start(&self.0, &mut state);
        }
        // Without a new thread the call waits for one of the others; without any, it ends here.
        let stranded = state.threads == 0;
        if stranded {
            state.ready.clear();
        }
        drop(state);
        if stranded {
            slot.give_up();
        }
        self.0.changed.notify_one();
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        lock(&self.0.state).closed = true;
        self.0.changed.notify_all();
    }
}

impl LineState {
    fn is_clear(&self) -> bool {
        self.ready.is_empty() && self.waiting.is_empty()
    }

    /// The next turn that is due.
    fn next(&mut self) -> Option<Weak<Slot>> {
        let is_due = |due: &Due| due.0 <= Instant::now();
        if self.waiting.peek().is_some_and(is_due) {
            return self.waiting.pop().map(|Due(_, slot)| slot);
        }
        self.ready.pop_front()
    }
}

impl Line {
    /// Another thread, where there may be one.
    fn start(this: &Arc<Self>, state: &mut LineState) {
        if state.threads < MAX_THREADS {
            let line = Arc::clone(this);
            let started = std::thread::Builder::new()
                .name("partner-center".into())
                .spawn(move || line.work());
            state.threads += usize::from(started.is_ok());
        }
    }

    fn work(self: &Arc<Self>) {
        let mut state = lock(&self.state);
        loop {
            if let Some(slot) = state.next() {
                // This thread is taken now: what else is ready, or becomes so, needs another.
                if !state.is_clear() {
                    if state.idle == 0 {
                        Self::start(self, &mut state);
                    } else {
                        self.changed.notify_one();
                    }
                }
                drop(state);
                self.turn(&slot);
                state = lock(&self.state);
            } else if state.closed {
                return;
            } else {
                state.idle += 1;
                state = self.idle(state);
                state.idle -= 1;
            }
        }
    }

    fn idle<'a>(&'a self, mut state: MutexGuard<'a, LineState>) -> MutexGuard<'a, LineState> {
        let until = state.waiting.peek().map(|due| due.0);
        let Some(until) = until.filter(|_| !state.watched) else {
            return self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        };
        state.watched = true;
        let left = until.saturating_duration_since(Instant::now());
        let mut state = self
            .changed
            .wait_timeout(state, left)
            .unwrap_or_else(PoisonError::into_inner)
            .0;
        state.watched = false;
        state
    }

    /// A turn of a call, unless nobody waits for it any more.
    fn turn(&self, slot: &Weak<Slot>) {
        let job = slot.upgrade().and_then(|slot| slot.take());
        let Some(mut job) = job else { return };
        let turn = job();
        if matches!(turn, Turn::Ended) {
            return;
        }
        let Some(owned) = slot.upgrade() else { return };
        let is_due = owned.put(job);
        let mut state = lock(&self.state);
        match turn {
            _ if is_due => state.ready.push_back(Weak::clone(slot)),
            Turn::At(until) => state.waiting.push(Due(until, Weak::clone(slot))),
            Turn::Ended | Turn::Idle => return,
        }
        drop(state);
        // The thread that watches may have to look earlier.
        self.changed.notify_all();
    }
}
