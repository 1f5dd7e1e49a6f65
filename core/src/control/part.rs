//! A call that is a part of a bulk call: whom it asks and tells, and what is written down of it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Control;
use crate::error::{Details, Error, ErrorKind};
use crate::model::PendingOperation;

/// What a call of a bulk call is a part of.
#[derive(Clone)]
pub(crate) struct Part {
    /// Its caller is asked and told instead.
    pub(crate) whole: Arc<Control>,
    /// Writes down what happens to its change.
    pub(crate) recorder: Option<Arc<dyn Recorder>>,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Part")
    }
}

/// Writes down what happens to one change, so that it can be settled should this process die.
pub(crate) trait Recorder: Send + Sync {
    /// A request is about to leave; it may only once this has returned.
    fn sending(&self, change: &PendingOperation) -> Result<(), String>;
    /// The last request can have changed nothing.
    fn refused(&self);
    /// The answer to the last request is lost, or says nothing.
    fn lost(&self, said_done: bool, asked: Option<Duration>);
}

/// How far a bulk run has come that is left; once it has begun anything, something may be changed.
#[derive(Clone, Copy)]
pub(crate) struct Left {
    pub(crate) changes: usize,
    pub(crate) ended: usize,
    pub(crate) open: usize,
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            changes,
            ended,
            open,
        } = self;
        write!(
            f,
            "Of {changes} changes {ended} have ended, {open} are open."
        )
    }
}

impl Control {
    pub(super) fn recorder(&self) -> Option<&Arc<dyn Recorder>> {
        self.call.part.as_ref()?.recorder.as_ref()
    }

    /// Says that the answer to the last request for a change is lost, or says nothing.
    pub(crate) fn lost(&self, said_done: bool, asked: Option<Duration>) {
        if let Some(recorder) = self.recorder() {
            recorder.lost(said_done, asked);
        }
    }
}

/// A request that could not be written down before it, and did not leave.
pub(super) fn unwritten(why: &str) -> Error {
    Details::new(
        ErrorKind::Journal,
        format!("The journal could not be written: {why}."),
        "Cure what the file is on, then resume it.",
    )
    .into()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::SystemTime;

    use super::*;
    use crate::error::{Attempt, AttemptClass, Outcome};
    use crate::event::Observer;
    use crate::model::Qualification;
    use crate::operations::{Change as _, UpdateQualification};
    use crate::pending::lock;

    /// Somebody leaves while the disk is waited for.
    struct Left {
        whole: Arc<Control>,
        refused: AtomicBool,
    }

    impl Recorder for Left {
        fn sending(&self, _: &PendingOperation) -> Result<(), String> {
            drop(self.whole.cancel());
            Ok(())
        }
        fn refused(&self) {
            self.refused.store(true, Ordering::Relaxed);
        }
        fn lost(&self, _: bool, _: Option<Duration>) {}
    }

    #[test]
    fn what_ends_once_its_whole_was_left_is_late() {
        let whole = Arc::new(Control::default());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hear = Arc::clone(&heard);
        let observer = Observer::Waiter(Arc::new(move |event| lock(&hear).push(event.clone())));
        let part = Control::observed(observer).in_part(Part {
            whole: Arc::clone(&whole),
            recorder: None,
        });
        part.started();
        drop(whole.cancel());
        part.ends(Some(Outcome::Applied), None);
        let heard = lock(&heard);
        assert!(heard.len() == 1 && heard[0].is_grave(), "{heard:?}");
    }

    #[test]
    fn nothing_leaves_for_who_left_while_it_was_written_down() {
        let whole = Arc::new(Control::default());
        let recorder = Arc::new(Left {
            whole: Arc::clone(&whole),
            refused: AtomicBool::default(),
        });
        let customer = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04";
        let update = UpdateQualification::new(customer, &Qualification::Education, None);
        let pending = update.unwrap().pending();
        let attempt = Attempt::put(AttemptClass::Unknown, SystemTime::now());
        let begin = || {
            let part = Control::observed(Observer::Nobody).in_part(Part {
                whole: Arc::clone(&whole),
                recorder: Some(Arc::clone(&recorder) as Arc<dyn Recorder>),
            });
            part.expect(pending.clone());
            let begun = part.begin(attempt.clone());
            assert!(part.attempts().is_empty());
            begun.unwrap_err().kind()
        };
        assert_eq!(begin(), ErrorKind::Cancelled);
        assert!(recorder.refused.swap(false, Ordering::Relaxed));
        // And nothing is written down for the next one.
        assert_eq!(begin(), ErrorKind::Cancelled);
        assert!(!recorder.refused.load(Ordering::Relaxed));
    }
}
