//! When a read is tried again. A write is not: see the rules for writes.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How often a read is sent at most; one refused for its token does not count.
pub(crate) const MOST_SENDS: u32 = 4;

/// The pause after the n-th send (from 1) where the service asks for none: full jitter, so that
/// those who failed together do not come back together.
pub(crate) fn backoff(sends: u32, random: f64) -> Duration {
    const FIRST: Duration = Duration::from_millis(800);
    const LONGEST: Duration = Duration::from_secs(20);
    let most = FIRST.saturating_mul(1 << sends.saturating_sub(1).min(8));
    most.min(LONGEST).mul_f64(random)
}

/// What the reads of one client may spend on further attempts: an outage must not be answered with
/// more load. A further attempt costs one, a success gives a tenth back.
pub(crate) struct Budget(AtomicU32);

/// In tenths of an attempt.
const FULL: u32 = 100;
const ATTEMPT: u32 = 10;

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU32::new(FULL))
    }
}

impl Budget {
    /// Takes one further attempt, if there is one.
    pub(crate) fn spend(&self) -> bool {
        let take = |left: u32| left.checked_sub(ATTEMPT);
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
            .is_ok()
    }

    pub(crate) fn earn(&self) {
        let give = |left: u32| (left < FULL).then_some(left + 1);
        // Full already: nothing to give.
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_doubles_up_to_its_cap() {
        let longest: Vec<u128> = (1..8).map(|n| backoff(n, 1.0).as_millis()).collect();
        assert_eq!(longest, [800, 1_600, 3_200, 6_400, 12_800, 20_000, 20_000]);
        assert_eq!(backoff(u32::MAX, 1.0).as_secs(), 20);
        assert_eq!(backoff(3, 0.0), Duration::ZERO);
    }

    #[test]
    fn ten_further_attempts_then_one_for_ten_successes() {
        let budget = Budget::default();
        assert_eq!((0..100).filter(|_| budget.spend()).count(), 10);
        (0..9).for_each(|_| budget.earn());
        assert!(!budget.spend());
        budget.earn();
        assert!(budget.spend());
        (0..1_000).for_each(|_| budget.earn());
        assert_eq!((0..100).filter(|_| budget.spend()).count(), 10);
    }
}
