//! What ends without a send, and what is settled later: by reads, and by the service's own log.

use std::time::Duration;

use partner_center::{
    CallOptions, Client, ErrorKind, Evidence, OnAmbiguous, Outcome, PendingOperation,
    Qualification, QualificationRequest, StaticToken, Step,
};
use partner_center_test_server::emulator::{
    Decision, Emulator, EmulatorOptions, Loss, Switches, seed,
};
use uuid::Uuid;

use crate::wire;

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
    // Nor does one that is left before it begins,
    let left = client.reconcile(&pending, false, &CallOptions::default());
    let error = left.cancel();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(error.pending(), Some(&pending));
    // or while the read is open.
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

/// A record of before the call knows nothing of what the call's own read saw.
#[test]
fn a_creation_is_settled_by_what_was_written_down_before_it() {
    let emulator = Emulator::start(EmulatorOptions::default()).unwrap();
    let client = || {
        let builder = Client::builder(StaticToken::new(emulator.token()));
        let builder = builder.base_url(emulator.url()).allow_http_loopback(true);
        builder.on_ambiguous(OnAmbiguous::Raise).build().unwrap()
    };
    let id = Uuid::new_v4().to_string();
    let asked = Qualification::Education;
    let written = client().pending_create_qualification(seed::CONTOSO, &asked, &id);
    let written = written.unwrap().to_json();
    let settled = || {
        let pending = PendingOperation::from_json(&written).unwrap();
        let call = client().reconcile(&pending, true, &CallOptions::default());
        let settled = call.wait().unwrap();
        (settled.outcome, settled.evidence, settled.observed.value)
    };
    let create = |id: &str| {
        let mut options = CallOptions::default();
        options.request_id = Some(id.to_owned());
        let request = QualificationRequest::new(asked.clone()).education_segment("K12");
        let call = client().create_qualification(seed::CONTOSO, &request, &options);
        call.wait().map(|created| created.outcome)
    };
    let unknown = |value: &str| (Outcome::Unknown, None, value.to_owned());
    assert_eq!(settled(), unknown("None"));
    // Whose it is that was denied, nobody can tell.
    create(&Uuid::new_v4().to_string()).unwrap();
    assert!(emulator.decide(seed::CONTOSO, Decision::Denied(String::new())));
    assert_eq!(settled(), unknown("Education (Denied)"));
    emulator.set_switches(Switches {
        lost: Loss::AfterApplying,
        ..Switches::default()
    });
    let error = create(&id).unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    let (outcome, evidence, _) = settled();
    assert_eq!(
        (outcome, evidence),
        (Outcome::Applied, Some(Evidence::Read))
    );
    assert_eq!(emulator.writes_of(&id).arrived, 1);
}
