//! What a change does next: the rules for writes as one pure machine. Events in, actions out; it
//! knows no socket and no clock, only how much time has gone by since the operation began.
//!
//! At most two requests of an operation may have reached the service, the second one only after
//! reads that saw the old value, and all of them with one request id. See "Is it safe to retry?".

use std::time::Duration;

use super::retry::backoff;
use crate::error::OnAmbiguous;

/// What an operation may do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) on_ambiguous: OnAmbiguous,
    /// Whether the customer is read before anything is sent.
    pub(crate) read_first: bool,
    /// Whether a second request is harmless: one for Education by the current contract spends one
    /// of three verifications.
    pub(crate) may_resend: bool,
    /// The time for all of it.
    pub(crate) deadline: Duration,
    /// What a request needs at least.
    pub(crate) least: Duration,
    /// So long after the first request a second one is allowed.
    pub(crate) resend_within: Duration,
    /// What an earlier process has sent; the operation's time began with its first request.
    pub(crate) before: Option<Before>,
}

/// Requests of an earlier process for the same operation, the last of which was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Before {
    pub(crate) sends: u32,
    pub(crate) said_done: bool,
    /// What is left of the wait that the service asked for.
    pub(crate) asked: Option<Duration>,
}

/// What a request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The answer names the asked value.
    Applied,
    /// No connection. `may_pass`: another may come about.
    NotSent { may_pass: bool },
    /// 401. `curable`: by another token.
    AuthExpired { curable: bool },
    /// 425, 429.
    Throttled { asked: Option<Duration> },
    /// Any other 4xx. `conflict`: 409 or 412, where the current value says more.
    Rejected { conflict: bool, in_progress: bool },
    /// It may have been applied. `said_done`: a 2xx or 3xx, which is not asked for again.
    Unknown {
        said_done: bool,
        asked: Option<Duration>,
    },
}

/// What a read says of the asked change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Observed {
    /// The customer is in the asked state.
    Target,
    /// The customer is in a state that excludes it.
    Conflicting,
    /// The customer is as before.
    Old,
    /// The read failed.
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Begin,
    /// Of a [`Action::Send`].
    Answered(Answer),
    /// Of a [`Action::Read`].
    Observed(Observed),
    /// Of a [`Action::Wait`].
    Tick,
    Cancelled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Send the change; after a 401 with another token.
    Send,
    /// Read the customer: with patience before the change, in one attempt after it.
    Read {
        patiently: bool,
    },
    /// `asked`: by the service.
    Wait {
        time: Duration,
        asked: bool,
    },
    Done(End),
}

/// How an operation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Applied {
        by_read: bool,
    },
    /// The asked state was there before anything was sent.
    AlreadySet,
    /// Another state excludes it. `sent`: after a request whose effect is not known.
    Conflict {
        sent: bool,
    },
    /// Nothing was applied; the last answer or read says why.
    Refused,
    Unknown,
}

/// After the answer was lost.
const READS: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(7),
    Duration::from_secs(15),
];
/// So many of them must have seen the old value before a second request.
const OLD_ENOUGH: u32 = 2;
/// So long the service's own protection is trusted to know the first request (assumed).
pub(crate) const RESEND_WITHIN: Duration = Duration::from_secs(300);
const MOST_NOT_SENT: u32 = 3;
const MOST_REFUSED: u32 = 4;

pub(crate) struct Write {
    rules: Rules,
    state: State,
    /// Requests that the service may have acted on.
    sends: u32,
    not_sent: u32,
    refused: u32,
    new_token: bool,
    first_send: Option<Duration>,
    lost: Option<Lost>,
}

/// A request whose effect is not known.
#[derive(Clone, Copy)]
struct Lost {
    at: Duration,
    said_done: bool,
    asked: Option<Duration>,
    read: usize,
    saw_old: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    ReadingFirst,
    Pausing,
    Sending,
    /// For the current value beside a refusal.
    ReadingRefused,
    PausingBeforeRead,
    Reconciling,
    /// The last read after a refusal that follows a lost answer.
    ReadingLast,
    Ended,
}

impl Write {
    pub(crate) fn new(rules: Rules) -> Self {
        Self {
            rules,
            state: State::New,
            sends: 0,
            not_sent: 0,
            refused: 0,
            new_token: false,
            first_send: None,
            lost: None,
        }
    }

    pub(crate) fn resend_within(&self) -> Duration {
        self.rules.resend_within
    }

    /// What to do now. `now` is the time since the operation began; `random` is from 0 to 1. An
    /// event that does not belong ends the operation by what is known.
    pub(crate) fn next(&mut self, event: Event, now: Duration, random: f64) -> Action {
        match (self.state, event) {
            (State::Ended, _) | (_, Event::Cancelled) => self.stop(),
            (State::New, Event::Begin) if self.rules.before.is_some() => self.go_on(now),
            (State::New, Event::Begin) if self.rules.read_first => {
                self.state = State::ReadingFirst;
                Action::Read { patiently: true }
            }
            (State::New, Event::Begin) => self.send(now),
            (State::ReadingFirst, Event::Observed(seen)) => match seen {
                Observed::Target => self.done(End::AlreadySet),
                Observed::Conflicting => self.done(End::Conflict { sent: false }),
                Observed::Old => self.send(now),
                Observed::Nothing => self.done(End::Refused),
            },
            (State::Sending, Event::Answered(answer)) => self.answered(answer, now, random),
            (State::Pausing, Event::Tick) => self.send(now),
            (State::ReadingRefused, Event::Observed(_)) => self.done(End::Refused),
            (State::PausingBeforeRead, Event::Tick) => {
                self.state = State::Reconciling;
                Action::Read { patiently: false }
            }
            (State::Reconciling, Event::Observed(seen)) => self.reconciled(seen, now),
            (State::ReadingLast, Event::Observed(seen)) => {
                self.decided(seen).unwrap_or_else(|| self.stop())
            }
            _ => self.stop(),
        }
    }

    fn done(&mut self, end: End) -> Action {
        self.state = State::Ended;
        Action::Done(end)
    }

    /// The end by what is known.
    fn stop(&mut self) -> Action {
        // A request that is still open may be acted on.
        let open = self.state == State::Sending;
        let end = if open || self.lost.is_some() {
            End::Unknown
        } else {
            End::Refused
        };
        self.done(end)
    }

    fn left(&self, now: Duration) -> Duration {
        self.rules.deadline.saturating_sub(now)
    }

    fn send(&mut self, now: Duration) -> Action {
        self.state = State::Sending;
        self.first_send.get_or_insert(now);
        Action::Send
    }

    fn answered(&mut self, answer: Answer, now: Duration, random: f64) -> Action {
        match answer {
            Answer::Applied => self.done(End::Applied { by_read: false }),
            Answer::Unknown { said_done, asked } => self.lose(said_done, asked, now),
            // The service says that it works on the first request.
            Answer::Rejected {
                in_progress: true, ..
            } if self.lost.is_some() => self.lose(true, None, now),
            // Once one is lost, no later refusal proves that it was not applied.
            _ if self.lost.is_some() => {
                self.state = State::ReadingLast;
                Action::Read { patiently: false }
            }
            Answer::NotSent { may_pass } => {
                self.not_sent += 1;
                let again = may_pass && self.not_sent <= MOST_NOT_SENT;
                self.pause(again, None, backoff(self.not_sent, random), now)
            }
            Answer::AuthExpired { curable } => {
                self.refused += 1;
                let may = curable && self.refused < MOST_REFUSED;
                if may && !std::mem::replace(&mut self.new_token, true) {
                    self.send(now)
                } else {
                    self.done(End::Refused)
                }
            }
            Answer::Throttled { asked } => {
                self.refused += 1;
                let again = self.refused < MOST_REFUSED;
                self.pause(again, asked, backoff(self.refused, random), now)
            }
            Answer::Rejected { conflict, .. } => {
                if conflict && self.rules.on_ambiguous != OnAmbiguous::Raise {
                    self.state = State::ReadingRefused;
                    return Action::Read { patiently: false };
                }
                self.done(End::Refused)
            }
        }
    }

    /// Waits and sends again, where that is allowed and there is time for it.
    fn pause(
        &mut self,
        again: bool,
        asked: Option<Duration>,
        own: Duration,
        now: Duration,
    ) -> Action {
        let time = asked.unwrap_or(own);
        if !again || time.saturating_add(self.rules.least) >= self.left(now) {
            return self.done(End::Refused);
        }
        self.state = State::Pausing;
        Action::Wait {
            time,
            asked: asked.is_some(),
        }
    }

    fn lose(&mut self, said_done: bool, asked: Option<Duration>, now: Duration) -> Action {
        self.sends += 1;
        self.lost = Some(Lost {
            at: now,
            said_done,
            asked,
            read: 0,
            saw_old: 0,
        });
        if self.rules.on_ambiguous == OnAmbiguous::Raise {
            return self.stop();
        }
        self.next_read(now)
    }

    /// Takes up what an earlier process left open.
    fn go_on(&mut self, now: Duration) -> Action {
        let Some(before) = self.rules.before else {
            return self.stop();
        };
        self.first_send = Some(Duration::ZERO);
        self.sends = before.sends.saturating_sub(1);
        self.lose(before.said_done, before.asked, now)
    }

    fn next_read(&mut self, now: Duration) -> Action {
        let Some(lost) = self.lost else {
            return self.stop();
        };
        let Some(after) = READS.get(lost.read) else {
            return self.resend(now);
        };
        let time = (lost.at + *after).saturating_sub(now);
        if time.saturating_add(self.rules.least) >= self.left(now) {
            return self.stop();
        }
        self.state = State::PausingBeforeRead;
        Action::Wait { time, asked: false }
    }

    /// What a read proves after a lost answer, if anything.
    fn decided(&mut self, seen: Observed) -> Option<Action> {
        match seen {
            Observed::Target => Some(self.done(End::Applied { by_read: true })),
            Observed::Conflicting => Some(self.done(End::Conflict { sent: true })),
            Observed::Old | Observed::Nothing => None,
        }
    }

    fn reconciled(&mut self, seen: Observed, now: Duration) -> Action {
        if let Some(end) = self.decided(seen) {
            return end;
        }
        if let Some(lost) = &mut self.lost {
            lost.read += 1;
            lost.saw_old += u32::from(seen == Observed::Old);
        }
        self.next_read(now)
    }

    fn resend(&mut self, now: Duration) -> Action {
        let Some(lost) = self.lost else {
            return self.stop();
        };
        let until = lost
            .asked
            .map_or(now, |asked| lost.at.saturating_add(asked))
            .max(now);
        let first = self.first_send.unwrap_or_default();
        let allowed = self.rules.on_ambiguous == OnAmbiguous::ReconcileThenResend
            && self.rules.may_resend
            && self.sends == 1
            && !lost.said_done
            && lost.saw_old >= OLD_ENOUGH
            && until.saturating_sub(first) <= self.rules.resend_within
            && until.saturating_add(self.rules.least) < self.rules.deadline;
        if !allowed {
            return self.stop();
        }
        if until > now {
            self.state = State::Pausing;
            // What is left of the asked wait: the reads took the rest.
            return Action::Wait {
                time: until - now,
                asked: false,
            };
        }
        self.send(now)
    }
}

#[cfg(test)]
mod simulation;
