//! A model of the service and its truth, under all its switches.

use std::time::Duration;

use super::script::Script;
use crate::engine::write::{Answer, Observed};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Old,
    Target,
    Other,
}

/// What the service does with a request id that it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deduplication {
    Off,
    SameAnswer,
    InProgress,
}

/// The service, and the truth about one customer.
pub(super) struct Service {
    deduplication: Deduplication,
    read_lag: Duration,
    /// From when on the customer had which value.
    history: Vec<(Duration, Value)>,
    /// Requests that will be acted on later.
    late: Vec<Duration>,
    /// How often a request of ours changed something.
    pub(super) applied: u32,
    first_answer: Option<Answer>,
    /// Requests that may have changed something, as far as their sender can know.
    pub(super) sends: u32,
    old_reads_since_send: u32,
    first_at: Duration,
    /// What was answered last by more than a refusal at the door.
    last_answer: Option<Answer>,
    /// An answer that was heard said that it was done, in whatever way.
    said_done: bool,
    /// An answer that was heard rejected the only request.
    rejected: bool,
}

impl Service {
    pub(super) fn new(script: &mut Script<'_>) -> Self {
        script.at("service".to_owned());
        let repeats = [
            ("a repeat gets the same answer", Deduplication::SameAnswer),
            ("a repeat is in progress", Deduplication::InProgress),
        ];
        let firsts = [
            ("has the target at first", Value::Target),
            ("has another value at first", Value::Other),
        ];
        let lags = [
            ("reads lag 2 s", 2),
            ("reads lag 10 s", 10),
            ("reads lag 40 s", 40),
        ];
        let deduplication = script.pick(1, Deduplication::Off, &repeats);
        let first = script.pick(6, Value::Old, &firsts);
        Self {
            deduplication,
            read_lag: Duration::from_secs(script.pick(2, 0, &lags)),
            history: vec![(Duration::ZERO, first)],
            late: Vec::new(),
            applied: 0,
            first_answer: None,
            sends: 0,
            old_reads_since_send: 0,
            first_at: Duration::ZERO,
            last_answer: None,
            said_done: false,
            rejected: false,
        }
    }

    pub(super) fn value(&self) -> Value {
        self.history.last().unwrap().1
    }

    /// Nobody takes a qualification back.
    pub(super) fn set(&mut self, value: Value, at: Duration) -> bool {
        let free = self.value() == Value::Old;
        if free {
            self.history.push((at, value));
        }
        free || self.value() == value
    }

    pub(super) fn pass_time(&mut self, now: Duration) {
        let (due, later): (Vec<_>, Vec<_>) = self.late.iter().partition(|at| **at <= now);
        self.late = later;
        for at in due {
            let before = self.value();
            if self.set(Value::Target, at) && before == Value::Old {
                self.applied += 1;
            }
        }
    }

    fn apply(&mut self, now: Duration) -> bool {
        let before = self.value();
        let set = self.set(Value::Target, now);
        self.applied += u32::from(set && before == Value::Old);
        set
    }

    pub(super) fn send(
        &mut self,
        script: &mut Script<'_>,
        now: Duration,
    ) -> Result<Answer, String> {
        self.last_answer = None;
        if let Some(refusal) = refusal(script) {
            return Ok(refusal);
        }
        self.sends += 1;
        let late = now.saturating_sub(self.first_at);
        match self.sends {
            1 => self.first_at = now,
            2 if self.old_reads_since_send < 2 => return Err("a blind repeat".to_owned()),
            2 if self.said_done => return Err("a repeat of what was said to be done".to_owned()),
            2 if late > Duration::from_secs(330) => return Err("a repeat too late".to_owned()),
            2 => {}
            _ => return Err("a third request".to_owned()),
        }
        self.old_reads_since_send = 0;
        if self.sends == 2 && self.deduplication == Deduplication::InProgress {
            return Ok(Answer::Rejected {
                conflict: true,
                in_progress: true,
            });
        }
        let lost = Answer::Unknown {
            said_done: script.rarely(5, "if lost, it is said to be done"),
            asked: asked(script),
        };
        let known = self.sends == 2 && self.deduplication == Deduplication::SameAnswer;
        let mut answer = match (known, self.first_answer) {
            (true, Some(same)) => same,
            _ => match script.pick(4, Fate::Served, &FATES) {
                Fate::Late => {
                    let after = script.seconds("later by", 60);
                    self.late.push(now + after);
                    lost
                }
                Fate::Lost => lost,
                Fate::Served if self.apply(now) => Answer::Applied,
                Fate::Served => Answer::Rejected {
                    conflict: true,
                    in_progress: false,
                },
            },
        };
        self.first_answer.get_or_insert(answer);
        // Whatever it was, it may get lost on its way back.
        if script.rarely(3, "its answer is lost") {
            answer = lost;
        }
        self.said_done = false;
        self.last_answer = Some(answer);
        Ok(answer)
    }

    /// The last answer reached its sender.
    pub(super) fn heard(&mut self) {
        match self.last_answer {
            Some(Answer::Unknown { said_done, .. }) => self.said_done = said_done,
            Some(Answer::Rejected { .. }) => self.rejected = self.sends == 1,
            _ => {}
        }
    }

    /// A new process takes over. It may begin anew where the only request is known to have changed
    /// nothing.
    pub(super) fn reopened(&mut self) {
        if std::mem::take(&mut self.rejected) {
            self.sends = 0;
            self.first_answer = None;
        }
    }

    pub(super) fn read(&mut self, script: &mut Script<'_>, now: Duration) -> Observed {
        if script.rarely(5, "fails") {
            return Observed::Nothing;
        }
        let then = now.saturating_sub(self.read_lag);
        let seen = self.history.iter().rev().find(|(at, _)| *at <= then);
        match seen.map_or(self.history[0].1, |(_, value)| *value) {
            Value::Target => Observed::Target,
            Value::Other => Observed::Conflicting,
            Value::Old => {
                self.old_reads_since_send += 1;
                Observed::Old
            }
        }
    }
}

/// What becomes of a request that the service does not refuse.
#[derive(Clone, Copy)]
enum Fate {
    Served,
    /// Acted on, but later than its answer is lost.
    Late,
    /// On its way there.
    Lost,
}

const FATES: [(&str, Fate); 2] = [
    ("is acted on late, its answer is lost", Fate::Late),
    ("is lost on its way there", Fate::Lost),
];

fn refusal(script: &mut Script<'_>) -> Option<Answer> {
    let not_sent = |may_pass| Some(Answer::NotSent { may_pass });
    let auth = |curable| Some(Answer::AuthExpired { curable });
    let rejected = |conflict| {
        Some(Answer::Rejected {
            conflict,
            in_progress: false,
        })
    };
    let throttled = Some(Answer::Throttled { asked: None });
    let refusals = [
        ("is not sent", not_sent(true)),
        ("is not sent, and never will be", not_sent(false)),
        ("is refused with 401", auth(true)),
        ("is refused with 401 for good", auth(false)),
        ("is throttled", throttled),
        ("is rejected", rejected(false)),
        ("is rejected for a conflict", rejected(true)),
    ];
    let refusal = script.pick(14, None, &refusals);
    if refusal == throttled {
        return Some(Answer::Throttled {
            asked: asked(script),
        });
    }
    refusal
}

fn asked(script: &mut Script<'_>) -> Option<Duration> {
    let waits = [("asks for 20 s", 20), ("asks for 400 s", 400)];
    match script.pick(2, 0, &waits) {
        0 => None,
        20 => Some(Duration::from_secs(20) + script.seconds("and more", 10)),
        more => Some(Duration::from_secs(more)),
    }
}
