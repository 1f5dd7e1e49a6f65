//! A memory for texts that forgets the oldest.

use std::collections::{HashMap, VecDeque};

pub(super) struct Recent<V> {
    most: usize,
    values: HashMap<String, V>,
    /// The keys, oldest first.
    order: VecDeque<String>,
}

impl<V> Recent<V> {
    /// Keeps this many at most.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            values: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&V> {
        self.values.get(key)
    }

    /// The value of this key, or the new one if there is none.
    pub(super) fn get_or_keep(&mut self, key: &str, new: V) -> &mut V {
        if !self.values.contains_key(key) {
            if self.order.len() == self.most
                && let Some(oldest) = self.order.pop_front()
            {
                self.values.remove(&oldest);
            }
            self.order.push_back(key.to_owned());
        }
        self.values.entry(key.to_owned()).or_insert(new)
    }

    /// All of them, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        let keys = self.order.iter().map(String::as_str);
        keys.filter_map(|key| Some((key, self.values.get(key)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_stays_until_its_key_is_the_oldest() {
        let mut recent = Recent::new(2);
        assert_eq!(*recent.get_or_keep("a", 1), 1);
        assert_eq!(*recent.get_or_keep("a", 2), 1);
        *recent.get_or_keep("b", 3) += 1;
        assert_eq!(*recent.get_or_keep("c", 5), 5);
        assert_eq!(recent.get("a"), None);
        let all: Vec<_> = recent.iter().collect();
        assert_eq!(all, [("b", &4), ("c", &5)]);
    }
}
