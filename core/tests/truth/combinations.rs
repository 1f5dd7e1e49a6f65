//! Each switch alone, and every pair of values of two switches; all others as they are at first.

use partner_center::{OnAmbiguous, Outcome, Qualification};
use partner_center_test_server::emulator::{Switches, seed};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::operation::{Asked, operate};

/// Every switch with its values, without the one it has at first: a pair with that is no pair.
fn values() -> Map<String, Value> {
    let (once, always) = (json!({"next": 1}), json!({"permille": 1000}));
    let all = json!({
        "seed": [7],
        "deduplication": ["replay", "in_progress"],
        "lost": ["before_applying", "after_applying"],
        "lost_as": ["reset", "server_error"],
        "lost_when": [once, {"permille": 500}],
        // Waits of seconds take milliseconds here: a little, and longer than all reads.
        "late_ms": [3, 40],
        "late_when": [once],
        "read_lag_ms": [3, 40],
        "reads_fail": ["unavailable", "closed", "reset"],
        "reads_fail_when": [{"next": 2}, {"permille": 300}],
        "code_use": ["per_request"],
        "put_answer": ["empty", "no_content"],
        "post_answer": ["ok", "array", "wrapped", "empty"],
        "throttle_every": [1, 2],
        // The second one is longer than the deadline.
        "retry_after_s": [20, 400],
        "unauthorized": [once, always],
        "unavailable": [once, always],
    });
    all.as_object().unwrap().clone()
}

/// The switches that differ from the first ones.
type Combination = Map<String, Value>;

fn combinations() -> Vec<Combination> {
    let single: Vec<(String, Value)> = values()
        .into_iter()
        .flat_map(|(name, values)| {
            let values = values.as_array().unwrap().clone();
            values.into_iter().map(move |value| (name.clone(), value))
        })
        .collect();
    let mut all: Vec<Combination> = single
        .iter()
        .cloned()
        .map(|one| [one].into_iter().collect())
        .collect();
    for (at, one) in single.iter().enumerate() {
        let others = single[at..].iter().filter(|other| other.0 != one.0);
        all.extend(others.map(|other| [one.clone(), other.clone()].into_iter().collect()));
    }
    all
}

#[test]
fn no_switch_is_left_out() {
    let first = serde_json::to_value(Switches::default()).unwrap();
    let first = first.as_object().unwrap();
    let values = values();
    assert!(first.keys().eq(values.keys()), "{first:?}");
    for (name, values) in &values {
        assert!(!values.as_array().unwrap().contains(&first[name]), "{name}");
    }
}

#[test]
fn no_pair_of_switches_makes_a_lie() {
    let combinations = combinations();
    let ways = [
        (true, Qualification::GovernmentCommunityCloud),
        (false, Qualification::GovernmentCommunityCloud),
        // What is never sent twice.
        (false, Qualification::Education),
    ];
    let count = (combinations.len() * ways.len()) as u64;
    let seen = crate::all(count, |number| {
        let at = number as usize;
        let combination = &combinations[at / ways.len()];
        let (by_put, qualification) = ways[at % ways.len()].clone();
        let text = Value::Object(combination.clone()).to_string();
        let switches = Switches::from_json(&text).unwrap();
        let code = (qualification != Qualification::Education).then_some(seed::OPEN_CODE);
        let asked = Asked {
            customer: seed::WOODGROVE_COUNTY,
            qualification,
            code,
            by_put,
            skip_if_set: false,
            on_ambiguous: OnAmbiguous::ReconcileThenResend,
            request_id: Uuid::from_u64_pair(0, number).to_string(),
        };
        operate(&switches, &asked, &text)
    });
    for outcome in [Outcome::Applied, Outcome::NotApplied, Outcome::Unknown] {
        assert!(seen.contains_key(&outcome), "{seen:?}");
    }
    println!("{} combinations: {seen:?}", combinations.len());
}
