//! How things were before they changed: what a read that lags behind shows.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

/// Earlier values. They are all kept: nothing here can change more than a few times.
pub(super) struct History<K, V>(HashMap<K, Vec<(Duration, V)>>);

impl<K: Eq + Hash, V> History<K, V> {
    pub(super) fn new() -> Self {
        Self(HashMap::new())
    }

    /// Keeps a value that is replaced at this moment since the start.
    pub(super) fn keep(&mut self, key: K, until: Duration, value: V) {
        self.0.entry(key).or_default().push((until, value));
    }

    /// The value at that moment, if it is another one than now; `None` is before the start.
    pub(super) fn as_of(&self, key: &K, moment: Option<Duration>) -> Option<&V> {
        let mut earlier = self.0.get(key)?.iter();
        earlier
            .find(|(until, _)| moment.is_none_or(|moment| *until > moment))
            .map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_holds_until_it_is_replaced() {
        let at = Duration::from_millis;
        let mut history = History::new();
        assert_eq!(history.as_of(&1, None), None);
        history.keep(1, at(10), "first");
        history.keep(1, at(20), "second");
        let cases = [
            (None, Some("first")),
            (Some(at(0)), Some("first")),
            (Some(at(10)), Some("second")),
            (Some(at(19)), Some("second")),
            (Some(at(20)), None),
        ];
        for (moment, expected) in cases {
            assert_eq!(history.as_of(&1, moment).copied(), expected, "{moment:?}");
        }
        assert_eq!(history.as_of(&2, None), None);
    }
}
