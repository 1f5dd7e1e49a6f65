//! Wakes the task that awaits a call when the call's deadline passes and nothing else happened: it
//! may wait in line, or for a credential that does not return.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Instant;

use crate::control::Control;
use crate::pending::lock;

/// One client's alarms, and the thread that keeps them, started with the first. None of the threads
/// that run calls could: credentials may hold all of them.
#[derive(Default)]
pub(crate) struct Alarms(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    due: BTreeMap<(Instant, u64), Weak<Control>>,
    count: u64,
    kept: bool,
    closed: bool,
}

/// An alarm of one call. Dropped, it does not ring.
pub(crate) struct Alarm {
    shared: Arc<Shared>,
    key: (Instant, u64),
}

impl Alarms {
    /// Wakes who awaits that call, then.
    pub(crate) fn set(&self, at: Instant, control: &Arc<Control>) -> Alarm {
        let mut state = lock(&self.0.state);
        state.count += 1;
        let key = (at, state.count);
        let is_next = state
            .due
            .first_key_value()
            .is_none_or(|(next, _)| key < *next);
        state.due.insert(key, Arc::downgrade(control));
        if !state.kept {
            let shared = Arc::clone(&self.0);
            let keeper = std::thread::Builder::new().name("partner-center".into());
            // Without it a deadline is seen at the call's next event only.
            state.kept = keeper.spawn(move || shared.keep()).is_ok();
        } else if is_next {
            self.0.changed.notify_one();
        }
        drop(state);
        Alarm {
            shared: Arc::clone(&self.0),
            key,
        }
    }
}

impl Drop for Alarms {
    fn drop(&mut self) {
        lock(&self.0.state).closed = true;
        self.0.changed.notify_one();
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        lock(&self.shared.state).due.remove(&self.key);
    }
}

impl Shared {
    fn keep(&self) {
        let mut state = lock(&self.state);
        while !state.closed {
            let next = state.due.first_key_value().map(|((at, _), _)| *at);
            let left = next.map(|at| at.saturating_duration_since(Instant::now()));
            state = match left {
                None => self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(left) if left.is_zero() => {
                    let rung = state.due.pop_first();
                    drop(state);
                    if let Some(control) = rung.and_then(|(_, control)| control.upgrade()) {
                        control.update(|_| ());
                    }
                    lock(&self.state)
                }
                Some(left) => {
                    self.changed
                        .wait_timeout(state, left)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
            };
        }
    }
}
