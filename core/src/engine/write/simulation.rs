//! The machine against a model of the service, under all its switches and random faults. A script
//! of bytes decides everything, so that a failing one shrinks, is printed, and can be replayed.

use std::fmt::Write as _;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};

use super::*;

/// Decisions, in order; when they run out, everything goes well.
struct Script<'a>(std::slice::Iter<'a, u8>);

impl Script<'_> {
    /// One of `count`, 0 being the harmless one.
    fn pick(&mut self, count: u8) -> u8 {
        self.0.next().map_or(0, |byte| byte % count)
    }

    /// Once in `of`.
    fn rarely(&mut self, of: u8) -> bool {
        self.pick(of) == of - 1
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
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
struct Service {
    deduplication: Deduplication,
    read_lag: Duration,
    /// From when on the customer had which value.
    history: Vec<(Duration, Value)>,
    /// Requests that will be acted on later.
    late: Vec<Duration>,
    /// How often a request of ours changed something.
    applied: u32,
    first_answer: Option<Answer>,
    /// Requests that arrived and were not refused.
    sends: u32,
    old_reads_since_send: u32,
    first_at: Duration,
    /// The first answer said that it was done, in whatever way.
    said_done: bool,
}

impl Service {
    fn new(script: &mut Script<'_>) -> Self {
        let deduplication = match script.pick(3) {
            0 => Deduplication::Off,
            1 => Deduplication::SameAnswer,
            _ => Deduplication::InProgress,
        };
        let first = match script.pick(8) {
            6 => Value::Target,
            7 => Value::Other,
            _ => Value::Old,
        };
        Self {
            deduplication,
            read_lag: Duration::from_secs([0, 0, 2, 10, 40][usize::from(script.pick(5))]),
            history: vec![(Duration::ZERO, first)],
            late: Vec::new(),
            applied: 0,
            first_answer: None,
            sends: 0,
            old_reads_since_send: 0,
            first_at: Duration::ZERO,
            said_done: false,
        }
    }

    fn value(&self) -> Value {
        self.history.last().unwrap().1
    }

    /// Nobody takes a qualification back.
    fn set(&mut self, value: Value, at: Duration) -> bool {
        let free = self.value() == Value::Old;
        if free {
            self.history.push((at, value));
        }
        free || self.value() == value
    }

    fn pass_time(&mut self, now: Duration) {
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

    fn send(&mut self, script: &mut Script<'_>, now: Duration, trace: &mut String) -> Answer {
        let refusal = match script.pick(12) {
            8 => Some(Answer::NotSent {
                may_pass: !script.rarely(4),
            }),
            9 => Some(Answer::AuthExpired {
                curable: !script.rarely(4),
            }),
            10 => Some(Answer::Throttled {
                asked: asked(script),
            }),
            11 => Some(Answer::Rejected {
                conflict: script.rarely(2),
                in_progress: false,
            }),
            _ => None,
        };
        if let Some(refusal) = refusal {
            return refusal;
        }
        self.sends += 1;
        assert!(self.sends <= 2, "a third request");
        if self.sends == 2 {
            assert!(self.old_reads_since_send >= 2, "a blind repeat");
            assert!(!self.said_done, "a repeat of what was said to be done");
            let late = now.saturating_sub(self.first_at);
            assert!(late <= Duration::from_secs(330), "a repeat too late");
        } else {
            self.first_at = now;
        }
        self.old_reads_since_send = 0;
        if self.sends == 2 && self.deduplication == Deduplication::InProgress {
            return Answer::Rejected {
                conflict: true,
                in_progress: true,
            };
        }
        let known = self.sends == 2 && self.deduplication == Deduplication::SameAnswer;
        let lost = Answer::Unknown {
            said_done: script.rarely(5),
            asked: asked(script),
        };
        let mut answer = match (known, self.first_answer) {
            (true, Some(same)) => same,
            _ => match script.pick(6) {
                // Acted on, but later than the answer, if there is one.
                4 => {
                    self.late
                        .push(now + Duration::from_secs(u64::from(script.pick(60))));
                    lost
                }
                // Lost on its way there.
                5 => lost,
                _ if self.apply(now) => Answer::Applied,
                _ => Answer::Rejected {
                    conflict: true,
                    in_progress: false,
                },
            },
        };
        let _ = write!(trace, " [{answer:?}]");
        self.first_answer.get_or_insert(answer);
        // Whatever it was, it may get lost on its way back.
        if script.rarely(3) {
            answer = lost;
        }
        self.said_done = matches!(
            answer,
            Answer::Unknown {
                said_done: true,
                ..
            }
        );
        answer
    }

    fn read(&mut self, script: &mut Script<'_>, now: Duration) -> Observed {
        if script.rarely(5) {
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

fn asked(script: &mut Script<'_>) -> Option<Duration> {
    match script.pick(4) {
        0 | 1 => None,
        2 => Some(Duration::from_secs(u64::from(script.pick(30)))),
        _ => Some(Duration::from_secs(400)),
    }
}

fn rules(script: &mut Script<'_>) -> Rules {
    Rules {
        on_ambiguous: match script.pick(4) {
            2 => OnAmbiguous::Reconcile,
            3 => OnAmbiguous::Raise,
            _ => OnAmbiguous::ReconcileThenResend,
        },
        read_first: script.rarely(2),
        may_resend: !script.rarely(3),
        deadline: Duration::from_secs([300, 300, 40, 12, 1_000][usize::from(script.pick(5))]),
        least: Duration::from_secs(10),
    }
}

/// One operation. What it promises is asserted; its course is the result.
fn operate(bytes: &[u8]) -> String {
    let mut script = Script(bytes.iter());
    let rules = rules(&mut script);
    let mut service = Service::new(&mut script);
    let mut machine = Write::new(rules);
    let mut trace = format!(
        "{rules:?} {:?} {:?}",
        service.deduplication, service.read_lag
    );
    let mut now = Duration::ZERO;
    let (mut event, mut requests, mut refused) = (Event::Begin, 0, 0);
    let mut set_before = false;
    let end = loop {
        let action = machine.next(event, now, f64::from(script.pick(255)) / 255.0);
        let _ = write!(trace, "\n{now:?}: {event:?} -> {action:?}");
        if service.value() == Value::Old && script.rarely(40) {
            service.set(Value::Other, now);
            trace.push_str(" (another writer)");
        }
        event = match action {
            Action::Done(end) => break end,
            Action::Wait { time, .. } => {
                now += time;
                Event::Tick
            }
            Action::Send => {
                requests += 1;
                service.pass_time(now);
                let answer = service.send(&mut script, now, &mut trace);
                now += Duration::from_secs(u64::from(script.pick(10)));
                refused += u32::from(matches!(
                    answer,
                    Answer::AuthExpired { .. } | Answer::Throttled { .. }
                ));
                if script.rarely(60) {
                    Event::Cancelled
                } else {
                    Event::Answered(answer)
                }
            }
            Action::Read { .. } => {
                service.pass_time(now);
                let seen = service.read(&mut script, now);
                set_before |= requests == 0 && seen != Observed::Old;
                now += Duration::from_secs(u64::from(script.pick(4)));
                if script.rarely(60) {
                    Event::Cancelled
                } else {
                    Event::Observed(seen)
                }
            }
        };
        assert!(requests <= 12, "no end\n{trace}");
    };
    assert!(
        !set_before || requests == 0,
        "sent in spite of what was read\n{trace}"
    );
    assert!(refused <= 4, "{refused} refusals\n{trace}");
    // What is still on its way arrives.
    service.pass_time(Duration::MAX);
    match end {
        End::Applied { .. } => {
            assert_eq!(service.value(), Value::Target, "not applied\n{trace}");
            assert!(service.sends > 0, "applied by nobody\n{trace}");
        }
        End::AlreadySet => {
            assert_eq!((requests, service.value()), (0, Value::Target), "{trace}");
        }
        End::Conflict { sent: false } => assert_eq!(requests, 0, "{trace}"),
        End::Refused => assert_eq!(service.applied, 0, "applied after all\n{trace}"),
        End::Conflict { sent: true } | End::Unknown => {
            assert!(service.sends > 0 || requests > 0, "{trace}");
        }
    }
    if !rules.may_resend || rules.on_ambiguous != OnAmbiguous::ReconcileThenResend {
        assert!(service.sends <= 1, "repeated\n{trace}");
    }
    trace
}

/// As many operations as `PARTNER_CENTER_OPERATIONS` says.
#[test]
fn no_end_of_an_operation_is_a_lie() {
    let count = std::env::var("PARTNER_CENTER_OPERATIONS");
    let cases = count.ok().and_then(|n| n.parse().ok()).unwrap_or(50_000);
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 100_000,
        ..Config::default()
    });
    let scripts = prop::collection::vec(any::<u8>(), 0..80);
    let run = runner.run(&scripts, |script| {
        operate(&script);
        Ok(())
    });
    if let Err(TestError::Fail(why, script)) = run {
        panic!("{why}\nreplay with operate(&{script:?})");
    }
}
