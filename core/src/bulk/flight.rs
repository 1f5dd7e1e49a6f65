//! The calls that are open at a time, and what wakes who waits for any of them.

use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::error::Error;
use crate::pending::{Pending, Step};

/// So many may wait because the service asked them to, beside those that count.
const MOST_WAITING: usize = 64;

/// Open calls by number, each with what its end comes to.
pub(super) struct Flight<T>(Vec<Entry<T>>);

struct Entry<T> {
    number: usize,
    call: Box<dyn Open<T>>,
    /// Whether the wait that the service asks it for was told.
    told: bool,
}

impl<T> Default for Flight<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

pub(super) trait Open<T>: Send {
    fn poll(&self, context: &mut Context<'_>) -> Poll<Result<T, Error>>;
    fn throttled(&self) -> Option<Duration>;
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
    fn poll(&self, context: &mut Context<'_>) -> Poll<Result<T, Error>> {
        loop {
            // What it asks and tells goes to the caller of the whole.
            match self.pending.poll_step(context) {
                Poll::Ready(Step::Done(end)) => return Poll::Ready(end.map(self.come)),
                Poll::Ready(_) => {}
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn throttled(&self) -> Option<Duration> {
        self.pending.throttled()
    }
}

impl<T> Flight<T> {
    pub(super) fn begin(&mut self, number: usize, call: Box<dyn Open<T>>) {
        self.0.push(Entry {
            number,
            call,
            told: false,
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is room for one more.
    pub(super) fn has_room(&self, at_once: u32) -> bool {
        let waits = |entry: &&Entry<T>| entry.call.throttled().is_some();
        let waiting = self.0.iter().filter(waits).count();
        waiting < MOST_WAITING && self.0.len() - waiting < at_once as usize
    }

    /// The longest of the waits that the service asks for since the last look.
    pub(super) fn throttled(&mut self) -> Option<Duration> {
        let mut longest = None;
        for entry in &mut self.0 {
            let asked = entry.call.throttled();
            if !std::mem::replace(&mut entry.told, asked.is_some()) {
                longest = longest.max(asked);
            }
        }
        longest
    }

    /// What has ended. Each of the others wakes once it is worth another look.
    pub(super) fn ended(&mut self, waker: &Waker) -> Vec<(usize, Result<T, Error>)> {
        let mut context = Context::from_waker(waker);
        let mut ended = Vec::new();
        self.0.retain(|entry| match entry.call.poll(&mut context) {
            Poll::Pending => true,
            Poll::Ready(end) => {
                ended.push((entry.number, end));
                false
            }
        });
        ended
    }
}
