//! The time of one call: the monotonic clock, and in a test build one whose waits are short.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::pending::lock;

/// Waits are divided by `scale`; the clock moves on by all of them. Sends take their real time, so
/// that a slow machine breaks no limit. The scale is 1 but in a test build.
pub(crate) struct Clock {
    scale: u32,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    skipped: Duration,
    /// When the wait began, and how long it is.
    wait: Option<(Instant, Duration)>,
}

impl Clock {
    pub(crate) fn new(scale: u32) -> Self {
        Self {
            scale: scale.max(1),
            state: Mutex::default(),
        }
    }

    pub(crate) fn now(&self) -> Instant {
        Instant::now() + lock(&self.state).skipped
    }

    /// How long is left until `deadline`.
    pub(crate) fn left(&self, deadline: Instant) -> Duration {
        deadline.saturating_duration_since(self.now())
    }

    /// Begins a wait: until when to sleep, by the machine's clock.
    pub(crate) fn begin_wait(&self, wait: Duration) -> Instant {
        let now = Instant::now();
        lock(&self.state).wait = Some((now, wait));
        now + wait / self.scale
    }

    /// The wait is over, or was broken off: then only what has passed of it counts.
    pub(crate) fn end_wait(&self) {
        let mut state = lock(&self.state);
        if let Some((begun, wait)) = state.wait.take() {
            let slept = begun.elapsed().min(wait / self.scale);
            state.skipped += slept.saturating_mul(self.scale).min(wait) - slept;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_of_a_wait_counts() {
        let clock = Clock::new(1_000);
        let deadline = Instant::now() + Duration::from_secs(3_600);
        let until = clock.begin_wait(Duration::from_secs(60));
        std::thread::sleep(until.saturating_duration_since(Instant::now()));
        clock.end_wait();
        let left = clock.left(deadline);
        assert!(left <= Duration::from_secs(3_540), "{left:?}");

        // Broken off at once.
        clock.begin_wait(Duration::from_secs(1_000_000));
        clock.end_wait();
        assert!(clock.left(deadline) > Duration::ZERO);
    }
}
