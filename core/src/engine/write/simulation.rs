//! The machine against a model of the service, under all its switches and random faults. A script
//! decides everything; one that fails is cut down to the fewest lines, printed, and can be replayed.

mod script;
mod service;

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use super::*;
use script::{Script, fewest, lines};
use service::{Service, Value};

fn rules(script: &mut Script<'_>) -> Rules {
    script.at("rules".to_owned());
    let ways = [
        ("reconcile", OnAmbiguous::Reconcile),
        ("raise", OnAmbiguous::Raise),
    ];
    let deadlines = [
        ("deadline 40 s", 40),
        ("deadline 12 s", 12),
        ("deadline 1000 s", 1_000),
    ];
    Rules {
        on_ambiguous: script.pick(2, OnAmbiguous::ReconcileThenResend, &ways),
        read_first: script.rarely(2, "read first"),
        may_resend: !script.rarely(3, "never resend"),
        deadline: Duration::from_secs(script.pick(2, 300, &deadlines)),
        least: Duration::from_secs(10),
        resend_within: super::RESEND_WITHIN,
        before: None,
    }
}

/// One operation: its course, and which promise it breaks, if any.
fn operate(script: &mut Script<'_>) -> (String, Result<(), String>) {
    let rules = rules(script);
    let mut service = Service::new(script);
    let mut course = String::new();
    let kept = run(script, rules, &mut service, &mut course);
    (course, kept)
}

/// What is written down of an operation, for the process after this one.
#[derive(Default)]
struct Book {
    sends: u32,
    refused: u32,
    first: Option<Duration>,
    lost: Option<(Duration, bool, Option<Duration>)>,
}

impl Book {
    fn send(&mut self, now: Duration) {
        self.sends += 1;
        self.first.get_or_insert(now);
    }

    fn answer(&mut self, answer: Answer, now: Duration) {
        match answer {
            Answer::Applied => {}
            Answer::Unknown { said_done, asked } => self.lost = Some((now, said_done, asked)),
            // Beside another one that may have been acted on, it proves nothing.
            Answer::Rejected { .. } if self.sends - self.refused > 1 => {}
            _ => self.refused += 1,
        }
    }

    /// The machine of a new process, and when its operation began.
    fn reopen(&mut self, rules: Rules, now: Duration) -> (Write, Duration) {
        let sends = self.sends - self.refused;
        let Some(first) = self.first.filter(|_| sends > 0) else {
            *self = Self::default();
            let rules = Rules {
                read_first: true,
                ..rules
            };
            return (Write::new(rules), now);
        };
        let before = Before {
            sends,
            said_done: self.lost.is_some_and(|(_, said_done, _)| said_done),
            asked: self
                .lost
                .and_then(|(at, _, asked)| Some((at + asked?).saturating_sub(now))),
        };
        let rules = Rules {
            deadline: rules.deadline + (now - first),
            before: Some(before),
            ..rules
        };
        (Write::new(rules), first)
    }
}

fn run(
    script: &mut Script<'_>,
    rules: Rules,
    service: &mut Service,
    course: &mut String,
) -> Result<(), String> {
    let mut machine = Write::new(rules);
    let (mut now, mut began, mut book) = (Duration::ZERO, Duration::ZERO, Book::default());
    let mut event = Event::Begin;
    let (mut requests, mut reads, mut waits, mut refused) = (0, 0, 0, 0);
    // Of the process that lives now.
    let mut sent_here = 0;
    let mut set_before = false;
    let end = loop {
        let random = f64::from(script.number("random", 255)) / 255.0;
        let action = machine.next(event, now - began, random);
        let _ = writeln!(course, "{now:>6.0?}  {event:?} -> {action:?}");
        let (place, number) = match action {
            Action::Done(end) => break end,
            Action::Wait { .. } => ("wait", &mut waits),
            Action::Send => ("send", &mut requests),
            Action::Read { .. } => ("read", &mut reads),
        };
        *number += 1;
        script.at(format!("{place} {number}"));
        if service.value() == Value::Old && script.rarely(40, "another writer sets another value") {
            service.set(Value::Other, now);
        }
        let dies = [("dies before", Dies::Before), ("dies after", Dies::After)];
        let dies = script.pick(60, Dies::Not, &dies);
        event = match action {
            Action::Done(end) => break end,
            Action::Wait { time, .. } => {
                now += time;
                Event::Tick
            }
            Action::Send => {
                book.send(now);
                sent_here += 1;
                if dies == Dies::Before {
                    Event::Cancelled
                } else {
                    service.pass_time(now);
                    let answer = service.send(script, now)?;
                    now += script.seconds("takes", 10);
                    refused += u32::from(matches!(
                        answer,
                        Answer::AuthExpired { .. } | Answer::Throttled { .. }
                    ));
                    if dies == Dies::Not {
                        book.answer(answer, now);
                        service.heard();
                    }
                    Event::Answered(answer)
                }
            }
            Action::Read { .. } => {
                service.pass_time(now);
                let seen = service.read(script, now);
                set_before |= sent_here == 0 && book.sends == 0 && seen != Observed::Old;
                now += script.seconds("takes", 4);
                Event::Observed(seen)
            }
        };
        if dies != Dies::Not {
            now += script.seconds("dead for", 255) * 2;
            (machine, began) = book.reopen(rules, now);
            service.reopened();
            (event, sent_here, refused) = (Event::Begin, 0, 0);
            set_before = false;
        } else if event != Event::Tick && script.rarely(60, "is left") {
            event = Event::Cancelled;
        }
        promise(requests <= 40, "no end")?;
    };
    promise(
        !set_before || sent_here == 0,
        "sent in spite of what was read",
    )?;
    promise(refused <= 4, "too many refusals")?;
    // What is still on its way arrives.
    service.pass_time(Duration::MAX);
    let value = service.value();
    match end {
        End::Applied { .. } => {
            promise(value == Value::Target, "not applied")?;
            promise(requests > 0, "applied by nobody")?;
        }
        End::AlreadySet => promise(sent_here == 0 && value == Value::Target, "not set before")?,
        End::Conflict { sent: false } => promise(sent_here == 0, "a conflict after a request")?,
        End::Refused => promise(service.applied == 0, "applied after all")?,
        End::Conflict { sent: true } | End::Unknown => {
            promise(requests > 0, "unknown without a request")?;
        }
    }
    let may = rules.may_resend && rules.on_ambiguous == OnAmbiguous::ReconcileThenResend;
    promise(may || service.sends <= 1, "repeated")
}

/// When the process dies, if it does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dies {
    Not,
    /// Before the request leaves, which is written down.
    Before,
    /// Before what came of it is written down.
    After,
}

fn promise(kept: bool, otherwise: &str) -> Result<(), String> {
    kept.then_some(()).ok_or_else(|| otherwise.to_owned())
}

/// What is wrong with the operation of these lines, if anything.
fn wrong(lines: &[String]) -> Option<String> {
    let ran = catch_unwind(|| operate(&mut Script::written(lines)).1);
    ran.unwrap_or_else(|_| Err("panicked".to_owned())).err()
}

/// As many operations as `PARTNER_CENTER_OPERATIONS` says; or the one of `PARTNER_CENTER_SCRIPT`.
#[test]
fn no_end_of_an_operation_is_a_lie() {
    if let Ok(text) = std::env::var("PARTNER_CENTER_SCRIPT") {
        return replay(&text);
    }
    let count = std::env::var("PARTNER_CENTER_OPERATIONS");
    let cases = count.ok().and_then(|n| n.parse().ok()).unwrap_or(50_000);
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        // The lines are cut down instead.
        max_shrink_iters: 0,
        ..Config::default()
    });
    let scripts = prop::collection::vec(any::<u8>(), 0..80);
    let run = runner.run(&scripts, |bytes| {
        let (_, kept) = operate(&mut Script::drawn(&bytes));
        kept.map_err(TestCaseError::fail)
    });
    if let Err(TestError::Fail(_, bytes)) = &run {
        let mut script = Script::drawn(bytes);
        // Also one that panics has decided something.
        let _ = catch_unwind(AssertUnwindSafe(|| operate(&mut script)));
        replay(&fewest(script.lines(), |lines| wrong(lines).is_some()).join("; "));
    }
    run.unwrap();
}

/// Runs a script, shows it, and fails as it does.
fn replay(text: &str) {
    let lines = lines(text);
    println!("{}\n", lines.join("\n"));
    let (course, kept) = operate(&mut Script::written(&lines));
    println!("{course}");
    if let Err(why) = kept {
        panic!("{why}; replay with PARTNER_CENTER_SCRIPT='{text}'");
    }
}

/// Else a script that was printed would prove nothing.
#[test]
fn a_written_script_runs_as_the_drawn_one_did() {
    let scripts = prop::collection::vec(any::<u8>(), 0..80);
    proptest!(ProptestConfig::with_cases(2_000), |(bytes in scripts)| {
        let mut drawn = Script::drawn(&bytes);
        let course = operate(&mut drawn);
        let text = drawn.lines().join("; ");
        prop_assert_eq!(course, operate(&mut Script::written(&lines(&text))), "{}", text);
    });
}

#[test]
fn a_script_is_cut_down_to_what_it_needs() {
    let all =
        lines("read 1 -> fails; send 1 -> its answer is lost; read 2 -> takes, in seconds: 3");
    let lost = |lines: &[String]| lines.iter().any(|line| line.starts_with("send 1"));
    assert_eq!(fewest(all, lost), ["send 1 -> its answer is lost"]);
}
