//! The calls that are open at a time: how fast they are begun, and what wakes who waits for any of
//! them.

use std::task::{self, Poll, Waker};
use std::time::{Duration, Instant};

use super::pacing::{Pace, Pacer};
use crate::error::Error;
use crate::exchange::Context;
use crate::pending::{Pending, Step};
use crate::process::Slot;

/// So many may wait because the service asked them to, beside those that count.
const MOST_WAITING: usize = 64;

/// Open calls, each with what it is for and what its end comes to; and how fast they are begun.
pub(super) struct Flight<K, T> {
    open: Vec<Entry<K, T>>,
    at_once: u32,
    pacer: Pacer,
    begun: Instant,
    waker: Option<Waker>,
}

struct Entry<K, T> {
    key: K,
    call: Box<dyn Open<T>>,
    /// Which of its throttlings the pace has heard of.
    told: u32,
}

pub(super) trait Open<T>: Send {
    fn poll(&self, context: &mut task::Context<'_>) -> Poll<Result<T, Error>>;
    fn throttled(&self) -> Option<(u32, Duration)>;
}

struct Of<A, T> {
    pending: Pending<A>,
    come: fn(A) -> T,
}

/// A call whose end is made what the flight is of.
pub(super) fn open<A: Send + 'static, T: 'static>(
    pending: Pending<A>,
    come: fn(A) -> T,
) -> Box<dyn Open<T>> {
    Box::new(Of { pending, come })
}

impl<A: Send, T> Open<T> for Of<A, T> {
    fn poll(&self, context: &mut task::Context<'_>) -> Poll<Result<T, Error>> {
        loop {
            // What it asks and tells goes to the caller of the whole.
            match self.pending.poll_step(context) {
                Poll::Ready(Step::Done(end)) => return Poll::Ready(end.map(self.come)),
                Poll::Ready(_) => {}
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn throttled(&self) -> Option<(u32, Duration)> {
        self.pending.throttled()
    }
}

impl<K: Copy, T> Flight<K, T> {
    pub(super) fn new(pace: Pace) -> Result<Self, Error> {
        Ok(Self {
            open: Vec::new(),
            at_once: pace.at_once,
            pacer: pace.checked()?,
            begun: Instant::now(),
            waker: None,
        })
    }

    fn now(&self, context: Context<'_>) -> Duration {
        let now = context.control.clock().now();
        now.saturating_duration_since(self.begun)
    }

    /// How long until the pace allows one more.
    pub(super) fn wait(&self, context: Context<'_>) -> Duration {
        self.pacer.wait(self.now(context))
    }

    pub(super) fn begin(&mut self, context: Context<'_>, key: K, call: Box<dyn Open<T>>) {
        self.pacer.begun(self.now(context));
        self.open.push(Entry { key, call, told: 0 });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = K> {
        self.open.iter().map(|entry| entry.key)
    }

    /// Whether there is room for one more.
    pub(super) fn has_room(&self) -> bool {
        let waits = |entry: &&Entry<K, T>| entry.call.throttled().is_some();
        let waiting = self.open.iter().filter(waits).count();
        waiting < MOST_WAITING && self.open.len() - waiting < self.at_once as usize
    }

    /// What has ended; the pace hears how. Each of the others wakes the whole once it is worth
    /// another look.
    pub(super) fn ended(&mut self, context: Context<'_>) -> Vec<(K, Result<T, Error>)> {
        let waker = self
            .waker
            .get_or_insert_with(|| Slot::waker(context.live, context.slot));
        let mut look = task::Context::from_waker(waker);
        let mut ended = Vec::new();
        self.open.retain(|entry| match entry.call.poll(&mut look) {
            Poll::Pending => true,
            Poll::Ready(end) => {
                ended.push((entry.key, end));
                false
            }
        });
        let now = self.now(context);
        for (_, end) in &ended {
            match end.as_ref().err().and_then(Error::retry_after) {
                Some(asked) => self.pacer.throttled(now, asked),
                None => self.pacer.ended(now),
            }
        }
        if let Some(asked) = self.newly_throttled() {
            self.pacer.throttled(now, asked);
        }
        ended
    }

    /// The longest of the waits that the service asks for since the last look.
    fn newly_throttled(&mut self) -> Option<Duration> {
        let mut longest = None;
        for entry in &mut self.open {
            if let Some((which, asked)) = entry.call.throttled()
                && std::mem::replace(&mut entry.told, which) != which
            {
                longest = longest.max(Some(asked));
            }
        }
        longest
    }
}
