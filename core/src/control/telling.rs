//! What the thread that waits is told, and who hears of events.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::Control;
use crate::bulk::{ChangeResult, PlannedChange};
use crate::error::{AttemptClass, ErrorKind, Outcome};
use crate::event::{Event, EventName, Observer};
use crate::model::CustomerQualification;

/// What the thread that waits is told.
pub(crate) enum Notice {
    Event(Event),
    Progress(CustomerQualification),
    Planned(Arc<PlannedChange>),
    Settled(Arc<ChangeResult>),
}

impl Control {
    /// Whether anybody hears of events: they cost more than a call may for nobody.
    pub(super) fn is_heard(&self) -> bool {
        match self.call.observer {
            Observer::Function(_) | Observer::Waiter(_) => true,
            Observer::Late(_) if self.is_left() => true,
            Observer::Late(_) | Observer::Nobody => {
                log::log_enabled!(target: "partner_center", log::Level::Warn)
            }
        }
    }

    /// Says that the call begins.
    pub(crate) fn started(&self) {
        self.lock().started = true;
        self.tell(EventName::Start, |_| ());
        // In a test build, what a bug comes to in each language.
        #[cfg(feature = "time-scale")]
        #[allow(clippy::panic)]
        if self.call.id == "0badc0de-0bad-4bad-8bad-0badc0de0bad" {
            panic!("a bug that a test asked for");
        }
    }

    /// Says that the call waits.
    pub(crate) fn waits(&self, wait: Duration, asked: bool) {
        if self.call.part.is_some() {
            // What waits for this call hears of it.
            self.update(|state| {
                let last = state.attempts.last().map(|last| last.class);
                let throttled = last == Some(AttemptClass::Throttled);
                state.throttlings += u32::from(throttled);
                state.throttled = throttled.then_some((state.throttlings, wait));
            });
        }
        self.tell(EventName::Wait, |event| {
            event.wait = Some(wait);
            event.asked = asked;
        });
    }

    /// Says how the call ended.
    pub(crate) fn ends(&self, outcome: Option<Outcome>, error: Option<ErrorKind>) {
        let mut state = self.lock();
        if !state.started {
            return;
        }
        state.end = (!state.cancelled).then_some((outcome, error));
        drop(state);
        // That it is unknown is nothing to keep from who hears of late ends.
        let grave = outcome == Some(Outcome::Unknown);
        self.tell_of(EventName::End, grave, |event| {
            event.outcome = outcome;
            event.error = error;
        });
    }

    pub(super) fn tell(&self, name: EventName, fill: impl FnOnce(&mut Event)) {
        self.tell_of(name, false, fill);
    }

    fn tell_of(&self, name: EventName, grave: bool, fill: impl FnOnce(&mut Event)) {
        let is_late = matches!(self.call.observer, Observer::Late(_));
        if !(self.is_heard() || grave && is_late) {
            return;
        }
        let mut event = Event {
            name,
            operation: self.call.operation,
            call: self.call.id.clone(),
            at: SystemTime::now(),
            elapsed: self.begun.elapsed(),
            attempt: None,
            wait: None,
            asked: false,
            outcome: None,
            error: None,
            late: self.is_left(),
        };
        fill(&mut event);
        let level = if event.is_grave() {
            log::Level::Warn
        } else {
            log::Level::Debug
        };
        log::log!(target: "partner_center", level, "{event}");
        match &self.call.observer {
            Observer::Nobody => {}
            Observer::Function(function) => heard(|| function(&event)),
            Observer::Late(late) if event.late || grave => heard(|| late(&event)),
            Observer::Late(_) => {}
            Observer::Waiter(late) => {
                let asker = self.asker();
                let mut state = asker.lock();
                if state.cancelled || state.unattended || event.late {
                    // It may have left this moment.
                    event.late |= state.cancelled;
                    drop(state);
                    heard(|| late(&event));
                } else {
                    state.notices.push_back(Notice::Event(event));
                    drop(state);
                    asker.update(|_| ());
                }
            }
        }
    }

    /// Hands events that the waiting thread did not take before it left to who hears late ones.
    pub(crate) fn flush(&self) {
        let left = self.update(|state| std::mem::take(&mut state.notices));
        if let Observer::Waiter(late) = &self.call.observer {
            for notice in left {
                if let Notice::Event(mut event) = notice {
                    event.late = true;
                    heard(|| late(&event));
                }
            }
        }
    }

    /// The caller left a call that had ended, and did not take its end: who hears of late ones has
    /// not heard of it.
    pub(crate) fn untaken(&self) {
        let end = self.update(|state| {
            state.cancelled = true;
            state.end.take()
        });
        if let (Observer::Late(_), Some((outcome, error))) = (&self.call.observer, end) {
            self.ends(outcome, error);
        }
    }

    /// An event that the waiting thread has no use for.
    pub(crate) fn hear(&self, event: &Event) {
        if let Observer::Waiter(late) = &self.call.observer {
            heard(|| late(event));
        }
    }

    /// How a polled qualification stands, for the thread that waits.
    pub(crate) fn progress(&self, item: CustomerQualification) {
        self.notice(Notice::Progress(item));
    }

    /// What the thread that waits is told, unless it is the one that works.
    pub(crate) fn notice(&self, notice: Notice) {
        self.update(|state| {
            if !state.unattended {
                state.notices.push_back(notice);
            }
        });
    }
}

/// A listener that panics stops nothing.
pub(crate) fn heard(listen: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(listen)).is_err() {
        log::warn!(target: "partner_center", "a listener panicked");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No logger is set in this program.
    #[test]
    fn an_event_is_made_for_who_hears_it() {
        let made = |observer, cancelled| {
            let control = Control::observed(observer);
            control.update(|state| state.cancelled = cancelled);
            let mut made = false;
            control.tell(EventName::Attempt, |_| made = true);
            made
        };
        assert!(!made(Observer::Nobody, false));
        assert!(!made(Observer::Late(Arc::new(|_| ())), false));
        assert!(made(Observer::Late(Arc::new(|_| ())), true));
        assert!(made(Observer::Waiter(Arc::new(|_| ())), false));
        assert!(made(Observer::Function(Arc::new(|_| ())), false));
    }
}
