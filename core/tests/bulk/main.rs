//! Plans, runs and journals against the emulator, which keeps the truth; and runs that are killed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod journals;
mod killed;
mod left;
mod plans;
mod runs;

use std::path::PathBuf;
use std::time::Duration;

use libtest_mimic::{Arguments, Trial};
use partner_center::{
    CallOptions, Change, ChangeOperation, Client, ClientBuilder, Decision, Pace, Plan, PlanOptions,
    Report, RunOptions, StaticToken,
};
use partner_center_test_server::emulator::{Emulator, EmulatorOptions, Switches, seed};

fn main() {
    // This program is also what gets killed.
    if std::env::var_os(killed::CHILD).is_some() {
        return killed::child();
    }
    let tests: &[(&str, fn())] = &[
        ("plans::decides", plans::decides),
        ("plans::refuses_two_targets", plans::refuses_two_targets),
        ("plans::refuses_by_rule", plans::refuses_by_rule),
        ("plans::knows_itself", plans::knows_itself),
        ("plans::comes_in_shards", plans::comes_in_shards),
        (
            "plans::of_the_current_contract",
            plans::of_the_current_contract,
        ),
        (
            "plans::ends_where_nothing_can_be_read",
            plans::ends_where_nothing_can_be_read,
        ),
        (
            "plans::leaves_open_what_fails_in_passing",
            plans::leaves_open_what_fails_in_passing,
        ),
        ("runs::sums_hold", runs::sums_hold),
        ("runs::begins_with_one", runs::begins_with_one),
        ("runs::stops_at_unknowns", runs::stops_at_unknowns),
        (
            "runs::stops_at_a_used_up_code",
            runs::stops_at_a_used_up_code,
        ),
        ("runs::keeps_its_pace", runs::keeps_its_pace),
        (
            "runs::throttling_stalls_no_other",
            runs::throttling_stalls_no_other,
        ),
        ("runs::asks_who_waits", runs::asks_who_waits),
        ("runs::shows_no_code", runs::shows_no_code),
        (
            "runs::needs_its_plan_and_codes",
            runs::needs_its_plan_and_codes,
        ),
        ("left::can_be_left", left::can_be_left),
        (
            "left::begins_nothing_once_left",
            left::begins_nothing_once_left,
        ),
        (
            "journals::refuses_what_is_none",
            journals::refuses_what_is_none,
        ),
        ("journals::has_one_writer", journals::has_one_writer),
        (
            "journals::tolerates_a_torn_line",
            journals::tolerates_a_torn_line,
        ),
        (
            "journals::a_full_disk_sends_nothing",
            journals::a_full_disk_sends_nothing,
        ),
        (
            "journals::settles_what_was_open",
            journals::settles_what_was_open,
        ),
        ("journals::asks_for_a_flag", journals::asks_for_a_flag),
        (
            "journals::goes_on_once_its_code_is_there",
            journals::goes_on_once_its_code_is_there,
        ),
        (
            "journals::never_repeats_what_was_answered",
            journals::never_repeats_what_was_answered,
        ),
        (
            "journals::a_rejected_repeat_frees_no_third",
            journals::a_rejected_repeat_frees_no_third,
        ),
        (
            "journals::keeps_what_a_resume_learns_nothing_of",
            journals::keeps_what_a_resume_learns_nothing_of,
        ),
        (
            "journals::begins_with_what_has_not_failed",
            journals::begins_with_what_has_not_failed,
        ),
        (
            "journals::goes_past_what_stays_unknown",
            journals::goes_past_what_stays_unknown,
        ),
        ("killed::in_many_places", killed::in_many_places),
    ];
    let trial = |(name, test): &(&str, fn())| {
        let test = *test;
        Trial::test(*name, move || {
            test();
            Ok(())
        })
    };
    libtest_mimic::run(&Arguments::from_args(), tests.iter().map(trial).collect()).exit();
}

pub(crate) const SECONDS: Duration = Duration::from_secs(20);

/// A file that goes away with the test.
pub(crate) struct Journal(pub(crate) PathBuf);

impl Journal {
    pub(crate) fn new() -> Self {
        let name = format!("journal-{}", uuid::Uuid::new_v4());
        Self(std::env::temp_dir().join(name))
    }

    pub(crate) fn text(&self) -> String {
        std::fs::read_to_string(&self.0).unwrap()
    }

    pub(crate) fn append(&self, text: &str) {
        use std::io::Write;
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .open(&self.0)
            .unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

pub(crate) fn emulator(customers: usize, switches: Switches) -> Emulator {
    Emulator::start(EmulatorOptions {
        customers,
        switches,
        ..EmulatorOptions::default()
    })
    .unwrap()
}

pub(crate) fn builder(emulator: &Emulator) -> ClientBuilder {
    Client::builder(StaticToken::new(emulator.token()))
        .base_url(emulator.url())
        .allow_http_loopback(true)
        .time_scale(1_000)
}

pub(crate) fn client(emulator: &Emulator) -> Client {
    builder(emulator).build().unwrap()
}

/// As fast as they end.
pub(crate) fn unpaced() -> Pace {
    Pace::new(4, None)
}

pub(crate) fn run_options() -> RunOptions {
    let mut run = RunOptions::default();
    run.pace = unpaced();
    run
}

/// Education for generated customers, from the first to the last of these numbers.
pub(crate) fn schools(from: usize, to: usize) -> Vec<Change> {
    (from..=to)
        .map(|number| Change::new(seed::generated_id(number), "Education"))
        .collect()
}

pub(crate) fn plan(client: &Client, changes: &[Change]) -> Plan {
    planned(client, ChangeOperation::UpdateQualification, changes)
}

pub(crate) fn planned(client: &Client, operation: ChangeOperation, changes: &[Change]) -> Plan {
    let mut options = PlanOptions::default();
    options.pace = unpaced();
    client
        .plan(operation, changes, &options, &CallOptions::default())
        .wait()
        .unwrap()
}

pub(crate) fn run(client: &Client, plan: &Plan, journal: &Journal, run: &RunOptions) -> Report {
    let report = client
        .run(plan, &journal.0, run, &CallOptions::default())
        .wait()
        .unwrap();
    sums_hold(&report);
    report
}

pub(crate) fn resume(client: &Client, journal: &Journal, run: &RunOptions) -> Report {
    let report = client
        .resume(&journal.0, run, &CallOptions::default())
        .wait()
        .unwrap();
    sums_hold(&report);
    report
}

pub(crate) fn sums_hold(report: &Report) {
    let sum = report.applied
        + report.already_set
        + report.refused
        + report.conflict
        + report.unknown
        + report.not_started;
    assert_eq!(report.planned, sum, "{report:?}");
    assert_eq!(report.planned as usize, report.results.len());
}

pub(crate) fn decisions(plan: &Plan) -> Vec<Decision> {
    plan.changes.iter().map(|one| one.decision).collect()
}
