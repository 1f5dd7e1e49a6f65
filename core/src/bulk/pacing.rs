//! How fast changes are begun. Pure: it knows how much time has gone by, and no clock.

use std::time::Duration;

use crate::error::Error;

/// How fast a plan is read and a run goes.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Pace {
    /// How many are open at a time, 1 to 32; 4 by default. One that waits because the service asked
    /// it to does not count.
    pub at_once: u32,
    /// How many are begun in a second, at most; 5 by default. None: as fast as they end.
    pub per_second: Option<f64>,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            at_once: 4,
            per_second: Some(5.0),
        }
    }
}

impl Pace {
    /// So many open at a time, so many begun in a second.
    pub fn new(at_once: u32, per_second: Option<f64>) -> Self {
        Self {
            at_once,
            per_second,
        }
    }

    pub(super) fn checked(&self) -> Result<Pacer, Error> {
        if !(1..=32).contains(&self.at_once) {
            return Err(Error::invalid("at_once must be 1 to 32"));
        }
        let own = match self.per_second {
            None => Duration::ZERO,
            Some(rate) if (0.001..=1_000.0).contains(&rate) => Duration::from_secs_f64(1.0 / rate),
            Some(_) => return Err(Error::invalid("per_second must be 0.001 to 1000")),
        };
        Ok(Pacer {
            own,
            interval: own,
            next: Duration::ZERO,
            slow_until: Duration::ZERO,
            slowed: None,
        })
    }
}

/// The interval from one begin to the next: doubled by a throttling, kept while the longest wait
/// that the service asked for lasts, and shortened again by what ends well after it.
pub(super) struct Pacer {
    own: Duration,
    interval: Duration,
    next: Duration,
    slow_until: Duration,
    slowed: Option<Duration>,
}

/// Where there is no pace of its own, a throttling makes one.
const FIRST: Duration = Duration::from_millis(100);
const SLOWEST: Duration = Duration::from_secs(60);
/// Several refusals within it are one throttling.
const ONE: Duration = Duration::from_secs(1);

impl Pacer {
    /// How long until the next may begin.
    pub(super) fn wait(&self, now: Duration) -> Duration {
        self.next.saturating_sub(now)
    }

    pub(super) fn begun(&mut self, now: Duration) {
        self.next = now + self.interval;
    }

    /// The service said that it is too much, and how long to wait.
    pub(super) fn throttled(&mut self, now: Duration, asked: Duration) {
        self.slow_until = self.slow_until.max(now.saturating_add(asked));
        if self.slowed.is_some_and(|at| now.saturating_sub(at) < ONE) {
            return;
        }
        self.slowed = Some(now);
        // A pace of its own may be slower than the slowest that it is made.
        self.interval = (self.interval * 2).clamp(FIRST, SLOWEST.max(self.own));
        self.next = self.next.max(now + self.interval);
    }

    /// One ended without a throttling.
    pub(super) fn ended(&mut self, now: Duration) {
        if self.interval > self.own && now >= self.slow_until {
            let shorter = self.interval.mul_f64(0.8);
            // No pace of its own is reached by halves only in the limit.
            let is_there = self.own.is_zero() && shorter < FIRST;
            self.interval = if is_there {
                self.own
            } else {
                shorter.max(self.own)
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn five_a_second_are_begun_and_no_more() {
        let mut pacer = Pace::default().checked().unwrap();
        let mut now = Duration::ZERO;
        for _ in 0..50 {
            now += pacer.wait(now);
            pacer.begun(now);
        }
        assert_eq!(now, Duration::from_millis(200) * 49);
    }

    #[test]
    fn a_throttling_slows_until_the_longest_asked_wait_is_over_and_then_it_recovers() {
        let mut pacer = Pace::default().checked().unwrap();
        pacer.throttled(SECOND, SECOND * 30);
        pacer.throttled(SECOND + SECOND / 2, SECOND * 10);
        assert_eq!(pacer.interval, Duration::from_millis(400));
        pacer.throttled(SECOND * 3, SECOND);
        assert_eq!(pacer.interval, Duration::from_millis(800));
        pacer.ended(SECOND * 30);
        assert_eq!(pacer.interval, Duration::from_millis(800), "too early");
        for _ in 0..20 {
            pacer.ended(SECOND * 31);
        }
        assert_eq!(pacer.interval, Duration::from_millis(200));
    }

    #[test]
    fn without_a_pace_a_throttling_makes_one_that_ends() {
        let mut pacer = Pace::new(4, None).checked().unwrap();
        assert_eq!(pacer.wait(SECOND), Duration::ZERO);
        pacer.throttled(SECOND, SECOND);
        pacer.begun(SECOND);
        assert_eq!(pacer.wait(SECOND), FIRST);
        for _ in 0..20 {
            pacer.ended(SECOND * 2);
        }
        pacer.begun(SECOND * 2);
        assert_eq!(pacer.wait(SECOND * 2), Duration::ZERO);
    }

    #[test]
    fn a_throttling_makes_no_pace_faster() {
        let mut pacer = Pace::new(1, Some(0.001)).checked().unwrap();
        pacer.throttled(SECOND, SECOND);
        pacer.begun(SECOND);
        assert_eq!(pacer.wait(SECOND), SECOND * 1_000);
    }

    #[test]
    fn a_pace_that_cannot_be_kept_is_refused() {
        for (at_once, per_second) in [
            (0, None),
            (33, None),
            (4, Some(0.0)),
            (4, Some(-1.0)),
            (4, Some(f64::NAN)),
            (4, Some(f64::INFINITY)),
        ] {
            assert!(Pace::new(at_once, per_second).checked().is_err());
        }
    }
}
