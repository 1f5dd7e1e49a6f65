//! What must not cross `fork`: threads, sockets, the token cache, and every lock around them.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use arc_swap::ArcSwap;

use crate::credential::{Credential, Tokens};
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
    pub(crate) scope: String,
}

/// The moving parts of one client in one process.
pub(crate) struct Live {
    pub(crate) transport: Transport,
    pub(crate) tokens: Tokens,
    threads: Threads,
}

impl Live {
    /// Runs it on a standing thread.
    pub(crate) fn run(&self, job: Job) {
        self.threads.run(job);
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
                    origin.scope.clone(),
                ),
                threads: Threads::default(),
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

/// A call, ready to run. It never panics: see [`contained`].
pub(crate) type Job = Box<dyn FnOnce() + Send>;

/// A job whose panic ends its own call as a bug, and not the thread.
pub(crate) fn contained(job: impl FnOnce() + Send + 'static) -> Job {
    Box::new(|| drop(catch_unwind(AssertUnwindSafe(job))))
}

/// Standing threads, started on demand. Handing a call to one costs a fraction of a new thread.
#[derive(Default)]
struct Threads(Arc<Line>);

#[derive(Default)]
struct Line {
    state: Mutex<LineState>,
    changed: Condvar,
}

#[derive(Default)]
struct LineState {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
    closed: bool,
}

impl Threads {
    fn run(&self, job: Job) {
        let mut state = lock(&self.0.state);
        state.jobs.push_back(job);
        if state.idle < state.jobs.len() && state.threads < MAX_THREADS {
            let line = Arc::clone(&self.0);
            let started = std::thread::Builder::new()
                .name("partner-center".into())
                .spawn(move || line.work());
            // Without a new thread the job waits for one of the others; without any, it ends here.
            state.threads += usize::from(started.is_ok());
            if state.threads == 0 {
                state.jobs.clear();
            }
        }
        drop(state);
        self.0.changed.notify_one();
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        lock(&self.0.state).closed = true;
        self.0.changed.notify_all();
    }
}

impl Line {
    fn work(&self) {
        let mut state = lock(&self.state);
        loop {
            if let Some(job) = state.jobs.pop_front() {
                drop(state);
                job();
                state = lock(&self.state);
            } else if state.closed {
                return;
            } else {
                state.idle += 1;
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
                state.idle -= 1;
            }
        }
    }
}
