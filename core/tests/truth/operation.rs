//! One change against one emulator, and what its end promises.

use std::time::Duration;

use partner_center::{
    Attempt, AttemptClass, CallOptions, Client, Error, Method, OnAmbiguous, Outcome,
    PendingOperation, Qualification, QualificationRequest, StaticToken, Trace,
};
use partner_center_test_server::emulator::{Emulator, EmulatorOptions, Switches};

/// What is asked for, and how.
#[derive(Debug)]
pub struct Asked {
    pub customer: &'static str,
    pub qualification: Qualification,
    pub code: Option<&'static str>,
    pub by_put: bool,
    pub skip_if_set: bool,
    pub on_ambiguous: OnAmbiguous,
    pub request_id: String,
}

impl Asked {
    fn call(&self, client: &Client) -> End {
        let mut options = CallOptions::default();
        options.request_id = Some(self.request_id.clone());
        options.skip_if_set = self.skip_if_set;
        let asked = &self.qualification;
        end(if self.by_put {
            let call = client.update_qualification(self.customer, asked, self.code, &options);
            call.wait().map(|updated| (updated.outcome, updated.trace))
        } else {
            let mut request = QualificationRequest::new(asked.clone());
            if *asked == Qualification::Education {
                request = request.education_segment("K12");
            }
            if let Some(code) = self.code {
                request = request.validation_code(code);
            }
            let call = client.create_qualification(self.customer, &request, &options);
            call.wait().map(|created| (created.outcome, created.trace))
        })
    }
}

/// What a call came to.
struct End {
    outcome: Outcome,
    attempts: Vec<Attempt>,
    pending: Option<PendingOperation>,
    shown: String,
}

fn end(result: Result<(Outcome, Trace), Error>) -> End {
    match result {
        Ok((outcome, trace)) => End {
            outcome,
            shown: outcome.to_string(),
            attempts: trace.attempts,
            pending: None,
        },
        Err(error) => End {
            outcome: error.outcome(),
            attempts: error.attempts().to_vec(),
            pending: error.pending().cloned(),
            shown: format!("{}: {error}", error.kind()),
        },
    }
}

/// Makes the change, and asserts what its end promises. `name` is for a failure's text.
pub fn operate(switches: &Switches, asked: &Asked, name: &str) -> Outcome {
    let emulator = Emulator::start(EmulatorOptions::default()).unwrap();
    let client = Client::builder(StaticToken::new(emulator.token()))
        .base_url(emulator.url())
        .allow_http_loopback(true)
        .on_ambiguous(asked.on_ambiguous)
        .time_scale(1_000)
        .build()
        .unwrap();
    emulator.set_switches(switches.clone());
    let end = asked.call(&client);
    // What is still on its way arrives.
    emulator.advance(Duration::from_secs(3_600));
    let why = || {
        format!(
            "{name}: {} {:#?}\n{asked:?}\n{switches:?}",
            end.shown, end.attempts
        )
    };
    let truth = emulator.truth();
    let by_us = truth
        .iter()
        .filter(|applied| applied.request_id == asked.request_id)
        .count();
    let is_set = emulator
        .customers()
        .iter()
        .find(|one| one.id == asked.customer)
        .unwrap()
        .qualifications
        .iter()
        .any(|item| item.qualification.name() == asked.qualification.as_str());
    match end.outcome {
        Outcome::Applied | Outcome::AlreadySet => assert!(is_set, "not applied: {}", why()),
        Outcome::NotApplied => assert_eq!(by_us, 0, "applied after all: {}", why()),
        _ => assert!(end.pending.is_some(), "nothing to settle it by: {}", why()),
    }
    let writes = emulator.writes();
    assert!(
        writes.iter().all(|(id, _)| *id == asked.request_id),
        "{}",
        why()
    );
    let writes = emulator.writes_of(&asked.request_id);
    let sends = writes.arrived - writes.refused;
    assert!(sends <= 2, "{sends} sends: {}", why());
    assert!(writes.refused <= 4, "{} refused: {}", writes.refused, why());
    assert_read_between(&end.attempts, &why);
    if end.outcome == Outcome::AlreadySet {
        assert_eq!(sends, 0, "{}", why());
    }
    settle(&emulator, &client, &end, is_set, &why);
    end.outcome
}

/// A second request follows at least two good reads, or refusals only.
fn assert_read_between(attempts: &[Attempt], why: &impl Fn() -> String) {
    let mut since_lost: Option<usize> = None;
    for attempt in attempts {
        match (attempt.method, attempt.class) {
            (Method::Get, AttemptClass::Answered) => {
                since_lost = since_lost.map(|reads| reads + 1);
            }
            (Method::Get, _) => {}
            (_, class) => {
                assert!(
                    since_lost.is_none_or(|reads| reads >= 2),
                    "blindly: {}",
                    why()
                );
                if class == AttemptClass::Unknown {
                    since_lost = Some(0);
                }
            }
        }
    }
}

/// What stayed unknown is settled later, by reads alone.
fn settle(
    emulator: &Emulator,
    client: &Client,
    end: &End,
    is_set: bool,
    why: &impl Fn() -> String,
) {
    let Some(pending) = &end.pending else { return };
    emulator.set_switches(Switches::default());
    let before = emulator.requests().len();
    let again = PendingOperation::from_json(&pending.to_json()).unwrap();
    let settled = client
        .reconcile(&again, true, &CallOptions::default())
        .wait();
    let settled = settled.unwrap_or_else(|error| panic!("{error}: {}", why()));
    let expected = is_set.then_some(Outcome::Applied);
    assert_eq!(
        expected.unwrap_or(settled.outcome),
        settled.outcome,
        "{settled:?}: {}",
        why()
    );
    assert!(
        is_set || settled.outcome != Outcome::Applied,
        "{settled:?}: {}",
        why()
    );
    let requests = emulator.requests();
    let new = requests.iter().skip(before);
    assert!(new.clone().all(|(method, _)| method == "GET"), "{}", why());
}
