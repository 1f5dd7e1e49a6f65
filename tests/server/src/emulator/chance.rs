//! Whether something strikes: the next few times, and otherwise by chance.

use serde::{Deserialize, Serialize};

/// When something happens: for certain the next few times, after that by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Chance {
    /// How many more times it happens for certain; counts down.
    pub next: u32,
    /// How many times in a thousand it happens otherwise; 1000 is always.
    pub permille: u16,
}

impl Default for Chance {
    fn default() -> Self {
        Self::NEVER
    }
}

impl Chance {
    /// Never.
    pub const NEVER: Self = Self::permille(0);
    /// Every time.
    pub const ALWAYS: Self = Self::permille(1000);

    /// The next few times, and then no more.
    pub const fn times(next: u32) -> Self {
        Self { next, permille: 0 }
    }

    /// By chance, in thousandths.
    pub const fn permille(permille: u16) -> Self {
        Self { next: 0, permille }
    }

    /// Whether it happens now, given a number below 1000.
    pub(super) fn strikes(&mut self, drawn: u16) -> bool {
        match self.next.checked_sub(1) {
            Some(left) => {
                self.next = left;
                true
            }
            None => drawn < self.permille,
        }
    }
}

/// What is drawn for; each has numbers of its own, so that one switch does not shift another's.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Unavailable,
    Unauthorized,
    ReadFails,
    Lost,
    Late,
}

/// Where chance comes from: the same seed gives the same numbers, request by request.
pub(super) struct Source {
    seed: u64,
    requests: u64,
}

/// The numbers of one request.
#[derive(Clone, Copy)]
pub(super) struct Draw {
    seed: u64,
    request: u64,
}

impl Source {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, requests: 0 }
    }

    /// Begins anew if the seed is another one. With the same seed it goes on: switches that are
    /// set before every request would draw the same number each time otherwise.
    pub(super) fn reseed(&mut self, seed: u64) {
        if seed != self.seed {
            *self = Self::new(seed);
        }
    }

    pub(super) fn draw(&mut self) -> Draw {
        self.requests += 1;
        Draw {
            seed: self.seed,
            request: self.requests,
        }
    }
}

impl Draw {
    /// A number below 1000: SplitMix64 at the place that belongs to the request and the purpose.
    pub(super) fn number(self, purpose: Purpose) -> u16 {
        let place = self.request.wrapping_mul(8).wrapping_add(purpose as u64);
        let mut mixed = self
            .seed
            .wrapping_add(place.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        u16::try_from(mixed % 1000).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(source: &mut Source, purpose: Purpose) -> Vec<u16> {
        (0..1000).map(|_| source.draw().number(purpose)).collect()
    }

    #[test]
    fn the_same_seed_draws_the_same_numbers() {
        let drawn = |seed| numbers(&mut Source::new(seed), Purpose::Lost);
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        assert_ne!(drawn(1), numbers(&mut Source::new(1), Purpose::Late));
        let mean = drawn(3).into_iter().map(u32::from).sum::<u32>() / 1000;
        assert!((450..550).contains(&mean), "{mean}");
    }

    #[test]
    fn only_another_seed_begins_anew() {
        let all = numbers(&mut Source::new(1), Purpose::Lost);
        let mut source = Source::new(1);
        source.draw();
        source.reseed(1);
        assert_eq!(source.draw().number(Purpose::Lost), all[1]);
        source.reseed(2);
        source.reseed(1);
        assert_eq!(source.draw().number(Purpose::Lost), all[0]);
    }

    #[test]
    fn it_strikes_the_next_times_and_then_by_chance() {
        let mut chance = Chance {
            next: 2,
            permille: 500,
        };
        assert!(chance.strikes(999) && chance.strikes(999));
        assert_eq!(chance, Chance::permille(500));
        assert!(chance.strikes(499) && !chance.strikes(500));
        let (mut never, mut always) = (Chance::NEVER, Chance::ALWAYS);
        assert!(!never.strikes(0) && always.strikes(999));
    }
}
