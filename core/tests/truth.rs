//! What the library says happened, against what did: real requests over loopback to the emulator,
//! under random switches and faults. The emulator keeps the truth.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod wire;

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use partner_center::{
    Attempt, AttemptClass, CallOptions, Client, Error, ErrorKind, Evidence, Method, OnAmbiguous,
    Outcome, PendingOperation, Qualification, QualificationRequest, StaticToken, Step, Trace,
};
use partner_center_test_server::emulator::{
    Chance, Deduplication, Emulator, EmulatorOptions, Loss, LostAs, PostAnswer, PutAnswer,
    ReadFailure, Switches, seed,
};
use uuid::Uuid;

/// Decisions from a seed (a linear congruential generator: the same ones everywhere).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len() as u64) as usize]
    }
}

/// Waits of seconds take milliseconds here, and so do the service's own delays.
fn switches(dice: &mut Dice) -> Switches {
    Switches {
        seed: dice.roll(1 << 30),
        deduplication: dice.pick(&[
            Deduplication::Off,
            Deduplication::Replay,
            Deduplication::InProgress,
        ]),
        lost: dice.pick(&[Loss::Never, Loss::BeforeApplying, Loss::AfterApplying]),
        lost_as: dice.pick(&[LostAs::Closed, LostAs::Reset, LostAs::ServerError]),
        lost_when: dice.pick(&[Chance::ALWAYS, Chance::times(1), Chance::permille(500)]),
        late_ms: dice.pick(&[0, 0, 3, 20]),
        late_when: dice.pick(&[Chance::ALWAYS, Chance::times(1)]),
        read_lag_ms: dice.pick(&[0, 0, 5, 30]),
        reads_fail: dice.pick(&[
            ReadFailure::Never,
            ReadFailure::Unavailable,
            ReadFailure::Closed,
            ReadFailure::Reset,
        ]),
        reads_fail_when: dice.pick(&[Chance::permille(200), Chance::times(2), Chance::ALWAYS]),
        put_answer: dice.pick(&[PutAnswer::Value, PutAnswer::Empty, PutAnswer::NoContent]),
        post_answer: dice.pick(&[
            PostAnswer::Created,
            PostAnswer::Ok,
            PostAnswer::Array,
            PostAnswer::Wrapped,
            PostAnswer::Empty,
        ]),
        throttle_every: dice.pick(&[0, 0, 3]),
        unauthorized: dice.pick(&[Chance::NEVER, Chance::NEVER, Chance::permille(100)]),
        unavailable: dice.pick(&[Chance::NEVER, Chance::NEVER, Chance::permille(200)]),
        ..Switches::default()
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

/// Asks for a change in one of the ways there are.
fn change(
    client: &Client,
    dice: &mut Dice,
    customer: &str,
    request_id: &str,
) -> (End, Qualification) {
    let mut options = CallOptions::default();
    options.request_id = Some(request_id.to_owned());
    options.skip_if_set = dice.roll(2) == 0;
    let asked = dice.pick(&[0, 1, 2]);
    let by_put = dice.roll(2) == 0;
    let (qualification, code) = match asked {
        0 => (Qualification::Education, None),
        1 => (
            Qualification::GovernmentCommunityCloud,
            Some(seed::OPEN_CODE),
        ),
        _ if by_put => (Qualification::Education, None),
        _ => (Qualification::StateOwnedEntity, None),
    };
    let ended = if by_put {
        let call = client.update_qualification(customer, &qualification, code, &options);
        call.wait().map(|updated| (updated.outcome, updated.trace))
    } else {
        let mut request = QualificationRequest::new(qualification.clone());
        if qualification == Qualification::Education {
            request = request.education_segment("K12");
        }
        if let Some(code) = code {
            request = request.validation_code(code);
        }
        let call = client.create_qualification(customer, &request, &options);
        call.wait().map(|created| (created.outcome, created.trace))
    };
    (end(ended), qualification)
}

/// One change against one emulator, and what it promises.
fn operate(number: u64) -> Outcome {
    let mut dice = Dice(number);
    let switches = switches(&mut dice);
    let emulator = Emulator::start(EmulatorOptions::default()).unwrap();
    let customer = dice.pick(&[
        seed::CONTOSO,
        seed::FABRIKAM,
        seed::NORTHWIND_SCHOOL,
        seed::LITWARE_COUNTY,
    ]);
    let client = Client::builder(StaticToken::new(emulator.token()))
        .base_url(emulator.url())
        .allow_http_loopback(true)
        .on_ambiguous(dice.pick(OnAmbiguous::ALL))
        .time_scale(1_000)
        .build()
        .unwrap();
    emulator.set_switches(switches.clone());
    let request_id = Uuid::from_u64_pair(number, dice.roll(u64::MAX)).to_string();
    let (end, asked) = change(&client, &mut dice, customer, &request_id);
    // What is still on its way arrives.
    emulator.advance(Duration::from_secs(3_600));
    let why = || {
        format!(
            "operation {number}: {} {:#?}\n{switches:?}",
            end.shown, end.attempts
        )
    };
    let truth = emulator.truth();
    let by_us = truth
        .iter()
        .filter(|applied| applied.request_id == request_id)
        .count();
    let is_set = emulator
        .customers()
        .iter()
        .find(|one| one.id == customer)
        .unwrap()
        .qualifications
        .iter()
        .any(|item| item.qualification.name() == asked.as_str());
    match end.outcome {
        Outcome::Applied | Outcome::AlreadySet => assert!(is_set, "not applied: {}", why()),
        Outcome::NotApplied => assert_eq!(by_us, 0, "applied after all: {}", why()),
        _ => assert!(end.pending.is_some(), "nothing to settle it by: {}", why()),
    }
    let writes = emulator.writes();
    assert!(writes.iter().all(|(id, _)| *id == request_id), "{}", why());
    let writes = emulator.writes_of(&request_id);
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

/// As many as `PARTNER_CENTER_LOOPBACK` says.
#[test]
fn no_end_of_a_real_operation_is_a_lie() {
    let count = std::env::var("PARTNER_CENTER_LOOPBACK");
    let count: u64 = count.ok().and_then(|n| n.parse().ok()).unwrap_or(1_000);
    let seen = Mutex::new(HashMap::new());
    // They mostly wait.
    const THREADS: u64 = 8;
    std::thread::scope(|scope| {
        for first in 0..THREADS {
            let seen = &seen;
            scope.spawn(move || {
                for number in (first..count).step_by(THREADS as usize) {
                    let outcome = operate(number);
                    *seen.lock().unwrap().entry(outcome).or_insert(0_u32) += 1;
                }
            });
        }
    });
    let seen = seen.into_inner().unwrap();
    // All of them must have come up, or the test proves nothing.
    assert_eq!(seen.len(), Outcome::ALL.len(), "{seen:?}");
    println!("{seen:?}");
}

#[test]
fn a_conflict_is_not_sent_and_says_what_is_there() {
    let emulator = Emulator::start(EmulatorOptions::default()).unwrap();
    let client = Client::builder(StaticToken::new(emulator.token()))
        .base_url(emulator.url())
        .allow_http_loopback(true)
        .build()
        .unwrap();
    let mut options = CallOptions::default();
    options.skip_if_set = true;
    let call = client.update_qualification(
        seed::LITWARE_COUNTY,
        &Qualification::Education,
        None,
        &options,
    );
    let error = call.wait().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.outcome(), Outcome::NotApplied);
    assert_eq!(error.observed().unwrap().value, "GovernmentCommunityCloud");
    let school = client.update_qualification(
        seed::NORTHWIND_SCHOOL,
        &Qualification::Education,
        None,
        &options,
    );
    assert_eq!(school.wait().unwrap().outcome, Outcome::AlreadySet);
    let methods: Vec<String> = emulator
        .requests()
        .into_iter()
        .map(|(method, _)| method)
        .collect();
    assert_eq!(methods, ["GET", "GET"]);
}

/// What reconciling comes to where the customer shows nothing and the log has these records.
fn audited(status: &str, correlation_id: Option<&str>, date: &str) -> (Outcome, Option<Evidence>) {
    let date = date.to_owned();
    let correlation = Uuid::new_v4().to_string();
    let logged = correlation_id.unwrap_or(&correlation).to_owned();
    let status = status.to_owned();
    let server = wire::Listener::serving(move |request| match request.path.as_str() {
        "/v1/auditrecords" if request.query.as_deref().is_some_and(|q| q.contains("seek")) => {
            let record = serde_json::json!({
                "operationDate": date, "resourceNewValue": "\"education\"",
                "customerId": wire::CUSTOMER.to_uppercase(), "operationStatus": status,
                "operationType": "update_customer_qualification",
                "originalCorrelationId": logged,
            });
            wire::answer(200, serde_json::json!({"items": [record]}).to_string())
        }
        // The record is on the second page.
        "/v1/auditrecords" => wire::answer(
            200,
            r#"{"items":[{}],"links":{"next":{"uri":"/auditrecords?seekOperation=Next",
                "headers":[{"key":"MS-ContinuationToken","value":"A"}]}}}"#,
        ),
        _ if request.method == "PUT" => wire::answer(500, ""),
        _ => wire::answer(200, "0"),
    });
    let client = server
        .client()
        .on_ambiguous(OnAmbiguous::Raise)
        .build()
        .unwrap();
    let mut options = CallOptions::default();
    options.correlation_id = Some(correlation);
    let call =
        client.update_qualification(wire::CUSTOMER, &Qualification::Education, None, &options);
    let error = call.wait().unwrap_err();
    let pending = error.pending().unwrap();
    let call = client.reconcile(pending, true, &CallOptions::default());
    let settled = call.wait().unwrap();
    (settled.outcome, settled.evidence)
}

#[test]
fn the_audit_log_is_a_second_witness() {
    let audit = Some(Evidence::Audit);
    let later = "2099-01-01T00:00:00.000Z";
    assert_eq!(audited("succeeded", None, later), (Outcome::Applied, audit));
    assert_eq!(audited("failed", None, later), (Outcome::NotApplied, audit));
    let unknown = (Outcome::Unknown, None);
    assert_eq!(audited("in_progress", None, later), unknown);
    let other = "7d2456fd-2d79-46d0-9f8e-5d7ecd5f8745";
    assert_eq!(audited("succeeded", Some(other), later), unknown);
    // Of an earlier call with the same id, or of nobody knows when.
    for date in ["2020-12-04T20:54:24Z", "soon"] {
        assert_eq!(audited("succeeded", None, date), unknown);
        assert_eq!(audited("failed", None, date), unknown);
    }
}

#[test]
fn a_reconciliation_that_fails_settles_nothing() {
    let server = wire::Listener::serving(|_| wire::answer(403, ""));
    let client = server.client().build().unwrap();
    let id = Uuid::new_v4().to_string();
    let asked = Qualification::Education;
    let pending = client.pending_update_qualification(wire::CUSTOMER, &asked, &id);
    let pending = pending.unwrap();
    let call = client.reconcile(&pending, false, &CallOptions::default());
    let error = call.wait().unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(error.pending(), Some(&pending));
    // Nor does one that is left while the read is open.
    let stalling = wire::Listener::stalling();
    let client = stalling.client().build().unwrap();
    let pending = client
        .pending_update_qualification(wire::CUSTOMER, &asked, &id)
        .unwrap();
    let left = client.reconcile(&pending, false, &CallOptions::default());
    assert!(matches!(
        left.step(Duration::from_millis(500)),
        Step::Waiting
    ));
    let error = left.cancel();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(error.pending(), Some(&pending));
}
