//! The time of one call: the monotonic clock, and in a test build one whose waits are short.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::pending::lock;

/// Waits are divided by `scale`; the clock moves on by all of them. Sends take their real time, so
/// that a slow machine breaks no limit. The scale is 1 but in a test build.
pub(crate) struct Clock {
    scale: u32,
    skipped: Mutex<Duration>,
}

impl Clock {
    pub(crate) fn new(scale: u32) -> Self {
        Self {
            scale: scale.max(1),
            skipped: Mutex::default(),
        }
    }

    pub(crate) fn now(&self) -> Instant {
        Instant::now() + *lock(&self.skipped)
    }

    /// How long is left until `deadline`.
    pub(crate) fn left(&self, deadline: Instant) -> Duration {
        deadline.saturating_duration_since(self.now())
    }

    /// Begins a wait: until when to sleep, by the machine's clock.
    pub(crate) fn begin_wait(&self, wait: Duration) -> Instant {
        let slept = wait / self.scale;
        *lock(&self.skipped) += wait.saturating_sub(slept);
        Instant::now() + slept
    }
}
