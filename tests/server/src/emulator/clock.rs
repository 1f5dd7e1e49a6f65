//! The emulator's clock, and moments as the service writes them.

use super::state::Moment;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const DAY: u64 = 24 * 60 * 60;
/// What .NET counts, in tenths of microseconds, from the year 1 to 1970.
const TICKS_TO_1970: u128 = 621_355_968_000_000_000;

/// The time since the start, which can be put forward.
pub(super) struct Clock {
    started: Instant,
    ahead: Duration,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self {
            started: Instant::now(),
            ahead: Duration::ZERO,
        }
    }

    pub(super) fn advance(&mut self, by: Duration) {
        self.ahead = self.ahead.saturating_add(by);
    }

    pub(super) fn now(&self) -> Moment {
        let since = self.started.elapsed().saturating_add(self.ahead);
        let date = SystemTime::now();
        (since, date.checked_add(self.ahead).unwrap_or(date))
    }
}

/// What a calendar said at an earlier moment since the start.
pub(super) fn back_to(earlier: Duration, (since, date): Moment) -> Moment {
    let passed = since.saturating_sub(earlier);
    (earlier, date.checked_sub(passed).unwrap_or(date))
}

/// Such as `2020-12-03T10:37:38.885Z`.
pub(super) fn rfc3339(moment: SystemTime) -> String {
    let since = since_1970(moment);
    let milliseconds = since.subsec_millis();
    format!("{}T{}.{milliseconds:03}Z", date(since), time(since))
}

/// Such as `2017-06-15T22:56:05.0589308Z`: the form of the audit log.
pub(super) fn precise(moment: SystemTime) -> String {
    let since = since_1970(moment);
    let fraction = since.subsec_nanos() / 100;
    format!("{}T{}.{fraction:07}Z", date(since), time(since))
}

/// Such as `2017-06-15`, that many days earlier.
pub(super) fn day_before(moment: SystemTime, days: u64) -> String {
    date(since_1970(moment).saturating_sub(Duration::from_secs(days.saturating_mul(DAY))))
}

/// As .NET counts.
pub(super) fn ticks(moment: SystemTime) -> u128 {
    TICKS_TO_1970 + since_1970(moment).as_nanos() / 100
}

/// Such as `2016-01-09 02:02:12Z`: the form of the sign-in authority.
pub(super) fn spaced(moment: SystemTime) -> String {
    let since = since_1970(moment);
    format!("{} {}Z", date(since), time(since))
}

/// A clock set before 1970 reads as 1970.
fn since_1970(moment: SystemTime) -> Duration {
    moment.duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn time(since: Duration) -> String {
    let seconds = since.as_secs() % DAY;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}", seconds % 60)
}

/// The Gregorian date. Years begin in March here, so that the leap day is a year's last.
fn date(since: Duration) -> String {
    let days = since.as_secs() / DAY + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, next_year) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = era * 400 + year_of_era + next_year;
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(milliseconds)
    }

    #[test]
    fn moments_are_written_as_the_documents_do() {
        assert_eq!(rfc3339(at(0)), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(at(1_606_991_858_885)), "2020-12-03T10:37:38.885Z");
        assert_eq!(rfc3339(at(951_782_399_999)), "2000-02-28T23:59:59.999Z");
        assert_eq!(rfc3339(at(951_782_400_000)), "2000-02-29T00:00:00.000Z");
        assert_eq!(rfc3339(at(951_868_800_000)), "2000-03-01T00:00:00.000Z");
        assert_eq!(rfc3339(at(1_767_225_599_001)), "2025-12-31T23:59:59.001Z");
        assert_eq!(rfc3339(at(4_107_542_400_000)), "2100-03-01T00:00:00.000Z");
        assert_eq!(
            precise(at(1_497_567_365_058)),
            "2017-06-15T22:56:05.0580000Z"
        );
        assert_eq!(day_before(at(1_497_567_365_058), 15), "2017-05-31");
        assert_eq!(day_before(at(1), 30), "1970-01-01");
        assert_eq!(ticks(at(1_599_089_179_775)), 637_346_859_797_750_000);
        assert_eq!(spaced(at(1_452_304_932_000)), "2016-01-09 02:02:12Z");
        assert_eq!(
            rfc3339(UNIX_EPOCH - Duration::from_secs(1)),
            "1970-01-01T00:00:00.000Z"
        );
    }

    #[test]
    fn the_clock_can_be_put_forward() {
        let mut clock = Clock::start();
        let day = Duration::from_secs(DAY);
        let (before, calendar) = clock.now();
        clock.advance(day);
        let now = clock.now();
        assert!(now.0 >= before + day && now.1 > calendar);
        assert_eq!(back_to(now.0 - day, now), (now.0 - day, now.1 - day));
        clock.advance(Duration::MAX);
        assert_eq!(clock.now().0, Duration::MAX);
    }
}
