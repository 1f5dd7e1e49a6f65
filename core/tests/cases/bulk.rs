//! The case operation `run`: a plan, and the run of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use partner_center::{
    CallOptions, Change, ChangeOperation, ChangeResult, Client, Pace, Plan, PlanOptions, Report,
    RunOptions,
};
use serde_json::{Value, json};

use crate::operations::Ended;

/// Numbers in the order in which they are heard.
#[derive(Clone, Default)]
struct Rows(Arc<Mutex<Vec<u32>>>);

impl Rows {
    fn push(&self, row: u32) {
        self.0.lock().unwrap().push(row);
    }
}

pub fn run(client: &Client, arguments: &Value) -> Ended {
    let named = |name: &&ChangeOperation| arguments["operation"] == name.as_str();
    let operation = *ChangeOperation::ALL.iter().find(named).unwrap();
    let changes = arguments["changes"].as_array().unwrap().iter();
    let changes: Vec<Change> = changes.map(change).collect();
    // In order, as a recording is.
    let pace = Pace::new(1, None);
    let call = CallOptions::default();
    let (planned, settled) = (Rows::default(), Rows::default());
    let mut how = PlanOptions::default();
    how.pace = pace;
    let heard = planned.clone();
    how.on_planned = Some(Arc::new(move |one| heard.push(one.row)));
    let plan = client.plan(operation, &changes, &how, &call).wait()?;
    let mut how = RunOptions::default();
    how.pace = pace;
    let codes: Option<HashMap<String, String>> =
        serde_json::from_value(arguments["codes"].clone()).unwrap();
    how.codes = codes.unwrap_or_default();
    let heard = settled.clone();
    how.on_result = Some(Arc::new(move |one: &ChangeResult| heard.push(one.row)));
    let journal = std::env::temp_dir().join(format!("case-{}", uuid::Uuid::new_v4()));
    let report = client.run(&plan, &journal, &how, &call).wait();
    let _ = std::fs::remove_file(&journal);
    let mut result = planned_of(&plan);
    let report = report?;
    result["planned"] = json!(*planned.0.lock().unwrap());
    result["settled"] = json!(*settled.0.lock().unwrap());
    add(&mut result, &report);
    Ok(json!({
        "outcome": null,
        "result": result,
        "error": null,
        "request_id": null,
        "correlation_id": null,
        "ms_cv": null,
        "mfa_compliant": null,
        "attempts": [],
    }))
}

fn change(given: &Value) -> Change {
    let text = |name: &str| given[name].as_str();
    let mut change = Change::new(text("customer").unwrap(), text("qualification").unwrap());
    if let Some(segment) = text("education_segment") {
        change = change.education_segment(segment);
    }
    if let Some(website) = text("website") {
        change = change.website(website);
    }
    if let Some(name) = text("code_name") {
        change = change.code_name(name);
    }
    change
}

fn planned_of(plan: &Plan) -> Value {
    let changes = || plan.changes.iter();
    let codes = plan.codes();
    let code = |code: &partner_center::PlannedCode| json!({"name": code.name, "sends": code.sends});
    json!({
        "doubles": plan.doubles,
        "codes": codes.iter().map(code).collect::<Value>(),
        "decisions": changes().map(|one| one.decision.as_str()).collect::<Value>(),
        "currents": changes().map(|one| one.current.clone()).collect::<Value>(),
        "refusals": changes().map(|one| one.detail.clone()).collect::<Value>(),
    })
}

fn add(result: &mut Value, report: &Report) {
    result["counts"] = json!({
        "planned": report.planned,
        "applied": report.applied,
        "already_set": report.already_set,
        "refused": report.refused,
        "conflict": report.conflict,
        "unknown": report.unknown,
        "not_started": report.not_started,
    });
    result["stopped"] = json!(report.stopped.map(|reason| reason.as_str()));
    result["detail"] = json!(report.detail);
    result["torn"] = json!(report.torn);
    let results = report.results.iter().map(|result| {
        json!({
            "row": result.row,
            "customer": result.customer,
            "qualification": result.qualification.as_str(),
            "end": result.end.as_str(),
            "outcome": result.outcome.as_str(),
            "evidence": result.evidence.map(|evidence| evidence.as_str()),
            "kind": result.kind.map(|kind| kind.as_str()),
            "reason": result.reason.map(|reason| reason.as_str()),
            "status": result.status,
            "code": result.code,
            "detail": result.detail,
            "request_id": result.request_id,
            "correlation_id": result.correlation_id,
            "attempts": result.attempts,
        })
    });
    result["results"] = results.collect();
}
