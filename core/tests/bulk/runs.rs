use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use partner_center::{
    AccessToken, CallOptions, Change, ChangeEnd, ChangeOperation, Client, Credential, ErrorKind,
    Event, Outcome, Pace, Qualification, RunOptions, Step, StopReason,
};
use partner_center_test_server::emulator::{Loss, LostAs, Switches, seed};

use crate::{Journal, SECONDS, client, emulator, plan, planned, resume, run, run_options, schools};

pub fn sums_hold_in_every_way(operation: ChangeOperation) {
    let emulator = emulator(60, Switches::default());
    let client = client(&emulator);
    let gcc = || Qualification::GovernmentCommunityCloud;
    let mut changes = schools(1, 60);
    changes.extend([
        Change::new(seed::NORTHWIND_SCHOOL, "Education"),
        Change::new(seed::LITWARE_COUNTY, "Education"),
        Change::new(seed::WOODGROVE_COUNTY, gcc()).code_name("Woodgrove"),
        Change::new(seed::CONTOSO, gcc()).code_name("Litware"),
        Change::new(seed::FABRIKAM, Qualification::Nonprofit),
    ]);
    if operation == ChangeOperation::CreateQualification {
        changes = changes
            .into_iter()
            .enumerate()
            .map(|(at, change)| {
                let is_school = !(62..=63).contains(&at);
                if is_school {
                    change.education_segment("K12")
                } else {
                    change
                }
            })
            .collect();
    }
    let plan = planned(&client, operation, &changes);
    let journal = Journal::new();
    let mut options = run_options();
    options
        .codes
        .insert("Woodgrove".into(), seed::OPEN_CODE.into());
    options
        .codes
        .insert("Litware".into(), seed::SPENT_CODE.into());
    let report = run(&client, &plan, &journal, &options);
    assert_eq!(
        (
            report.planned,
            report.applied,
            report.already_set,
            report.refused
        ),
        (65, 61, 1, 2),
        "{report:#?}"
    );
    assert_eq!(
        (report.conflict, report.unknown, report.not_started),
        (1, 0, 0)
    );
    assert_eq!(report.stopped, None);
    assert_eq!(emulator.applied(), 61);
    let refused = &report.results[63];
    assert_eq!(
        (refused.end, refused.outcome),
        (ChangeEnd::Refused, Outcome::NotApplied)
    );
    assert!(refused.status.is_some() && refused.detail.is_some());
    let rows: Vec<u32> = report.results.iter().map(|result| result.row).collect();
    assert_eq!(rows, (0..65).collect::<Vec<_>>());
    // Nothing is left to do.
    let again = resume(&client, &journal, &options);
    assert_eq!(again.applied, 61);
    assert_eq!(emulator.applied(), 61);
    let each = journal.text().len() / 65;
    assert!(each <= 1024, "{each} bytes for a change");
}

pub fn sums_hold() {
    sums_hold_in_every_way(ChangeOperation::UpdateQualification);
    sums_hold_in_every_way(ChangeOperation::CreateQualification);
}

pub fn begins_with_one() {
    // A code that is refused: the first change alone finds out.
    let emulator = emulator(30, Switches::default());
    let client = client(&emulator);
    let change = |number| {
        let gcc = Qualification::GovernmentCommunityCloud;
        Change::new(seed::generated_id(number), gcc).code_name("Nobody")
    };
    let changes: Vec<Change> = (1..=30).map(change).collect();
    let mut options = run_options();
    options.codes.insert("Nobody".into(), "000000".into());
    let plan = plan(&client, &changes);
    let journal = Journal::new();
    let report = run(&client, &plan, &journal, &options);
    assert_eq!((report.refused, report.not_started), (1, 29));
    assert_eq!(report.stopped, Some(StopReason::FirstChanges));
    assert!(report.detail.unwrap().contains("none ended well"));
    let writes =
        |emulator: &partner_center_test_server::emulator::Emulator| emulator.writes().len();
    assert_eq!(writes(&emulator), 1);
    // What was refused is not asked for again; the next one is.
    let report = resume(&client, &journal, &options);
    assert_eq!((report.refused, report.not_started), (2, 28));
    assert_eq!(writes(&emulator), 2);
    // With a code that is good, one is applied, then three of the ten.
    options
        .codes
        .insert("Nobody".into(), seed::OPEN_CODE.into());
    let report = resume(&client, &journal, &options);
    assert_eq!(report.applied, 3, "{report:#?}");
    assert_eq!(report.stopped, Some(StopReason::Refusals));
}

pub fn stops_at_unknowns() {
    let emulator = emulator(100, Switches::default());
    let client = client(&emulator);
    let plan = plan(&client, &schools(1, 100));
    let losing = Switches {
        lost: Loss::BeforeApplying,
        lost_as: LostAs::ServerError,
        ..Switches::default()
    };
    emulator.set_switches(losing.clone());
    let journal = Journal::new();
    let report = run(&client, &plan, &journal, &run_options());
    assert_eq!(report.stopped, Some(StopReason::FirstChanges));
    assert_eq!((report.unknown, report.not_started), (1, 99));
    assert_eq!(report.results[0].end, ChangeEnd::Unknown);
    assert!(report.results[0].pending.is_some());

    // Once the first ones went well, five in a row.
    emulator.set_switches(Switches::default());
    let journal = Journal::new();
    let ended = AtomicUsize::new(0);
    let emulator = Arc::new(emulator);
    let theirs = Arc::clone(&emulator);
    let mut options = run_options();
    // One at a time, heard on the run's own thread: nothing is open meanwhile.
    options.pace = Pace::new(1, None);
    options.on_result = Some(Arc::new(move |_| {
        if ended.fetch_add(1, Ordering::SeqCst) == 30 {
            theirs.set_switches(losing.clone());
        }
    }));
    let report = run(&client, &plan, &journal, &options);
    assert_eq!(report.stopped, Some(StopReason::Unknowns));
    assert_eq!(report.unknown, 5);
    assert!(report.not_started > 50);
}

pub fn stops_at_a_used_up_code() {
    let emulator = emulator(40, Switches::default());
    let client = client(&emulator);
    let mut changes = schools(1, 30);
    for number in 31..=40 {
        let gcc = Qualification::GovernmentCommunityCloud;
        changes.push(Change::new(seed::generated_id(number), gcc).code_name("Litware"));
    }
    let mut options = run_options();
    options
        .codes
        .insert("Litware".into(), seed::SPENT_CODE.into());
    let plan = plan(&client, &changes);
    let journal = Journal::new();
    let report = run(&client, &plan, &journal, &options);
    assert_eq!(report.applied, 30);
    assert_eq!(report.stopped, Some(StopReason::Refusals));
    // Three, and what was open by then.
    assert!((3..=6).contains(&report.refused), "{}", report.refused);
    assert!(!report.detail.unwrap().contains(seed::SPENT_CODE));
}

pub fn keeps_its_pace() {
    // Real time: a second is one. Only the order of magnitude is asserted, and only from below.
    let emulator = emulator(20, Switches::default());
    let client = Client::builder(partner_center::StaticToken::new(emulator.token()))
        .base_url(emulator.url())
        .allow_http_loopback(true)
        .build()
        .unwrap();
    let plan = plan(&client, &schools(1, 20));
    let mut options = RunOptions::default();
    options.pace = Pace::new(4, Some(20.0));
    let journal = Journal::new();
    let begun = Instant::now();
    run(&client, &plan, &journal, &options);
    assert!(begun.elapsed() >= Duration::from_millis(19 * 50));
}

pub fn throttling_stalls_no_other() {
    let emulator = emulator(40, Switches::default());
    let client = client(&emulator);
    let plan = plan(&client, &schools(1, 40));
    // Every third request is told to wait for a minute; within the waits of those the others go on.
    emulator.set_switches(Switches {
        throttle_every: 3,
        retry_after_s: 60,
        ..Switches::default()
    });
    let journal = Journal::new();
    let mut most = 0;
    let mut options = run_options();
    options.pace = Pace::new(2, None);
    let report = {
        let pending = client.run(&plan, &journal.0, &options, &CallOptions::default());
        loop {
            match pending.step(SECONDS) {
                Step::Settled(result) => most = most.max(result.attempts),
                Step::Done(report) => break report.unwrap(),
                other => panic!("{other:?}"),
            }
        }
    };
    crate::sums_hold(&report);
    assert!(most > 2, "nothing was throttled");
    assert_eq!(report.applied + report.not_started, 40, "{report:#?}");
    // Which of them are told to wait, and how often, is a matter of who comes first.
    assert!(report.applied >= 20, "{}", report.applied);
    let resumed = resume(&client, &journal, &options);
    assert!(resumed.applied >= report.applied);
}

pub fn asks_who_waits() {
    let emulator = emulator(30, Switches::default());
    let heard: Arc<Mutex<Vec<Event>>> = Arc::default();
    let late = Arc::clone(&heard);
    let client = Client::builder(Credential::waiter())
        .base_url(emulator.url())
        .allow_http_loopback(true)
        .time_scale(1_000)
        .events_to_waiter(move |event| late.lock().unwrap().push(event.clone()))
        .build()
        .unwrap();
    let tokens = AtomicUsize::new(0);
    let this = std::thread::current().id();
    let give = || {
        tokens.fetch_add(1, Ordering::SeqCst);
        assert_eq!(std::thread::current().id(), this);
        Ok(AccessToken::new(emulator.token(), None))
    };
    let changes = schools(1, 30);
    let pending = client.plan(
        ChangeOperation::UpdateQualification,
        &changes,
        &Default::default(),
        &CallOptions::default(),
    );
    let mut events = Vec::new();
    let plan = loop {
        match pending.step(SECONDS) {
            Step::TokenWanted(_) => pending.answer(give),
            Step::Event(event) => events.push(event.operation),
            Step::Done(plan) => break plan.unwrap(),
            Step::Planned(_) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        tokens.load(Ordering::SeqCst),
        1,
        "one token for thirty reads"
    );
    let reads = events.iter().filter(|name| **name == "get_qualification");
    assert!(reads.count() >= 60, "{events:?}");
    emulator.expire_token();
    let journal = Journal::new();
    let pending = client.run(&plan, &journal.0, &run_options(), &CallOptions::default());
    let report = loop {
        match pending.step(SECONDS) {
            Step::TokenWanted(_) => pending.answer(give),
            Step::Done(report) => break report.unwrap(),
            Step::Event(_) | Step::Settled(_) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(report.applied, 30, "{report:#?}");
    assert_eq!(
        tokens.load(Ordering::SeqCst),
        2,
        "one more after the first was refused"
    );
    assert!(heard.lock().unwrap().is_empty(), "nobody left");
}

pub fn shows_no_code() {
    let emulator = emulator(1, Switches::default());
    let client = client(&emulator);
    let gcc = Qualification::GovernmentCommunityCloud;
    let change = Change::new(seed::WOODGROVE_COUNTY, gcc).code_name("Woodgrove");
    let plan = plan(&client, &[change]);
    let mut options = run_options();
    options
        .codes
        .insert("Woodgrove".into(), seed::OPEN_CODE.into());
    let journal = Journal::new();
    let report = run(&client, &plan, &journal, &options);
    assert_eq!(report.applied, 1);
    let texts = [
        journal.text(),
        plan.to_json(),
        format!("{plan:?} {options:?} {report:?}"),
    ];
    for text in texts {
        assert!(!text.contains(seed::OPEN_CODE), "{text}");
        assert!(!text.contains(&emulator.token()), "{text}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&journal.0).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

pub fn needs_its_plan_and_codes() {
    let emulator = emulator(3, Switches::default());
    let client = client(&emulator);
    let gcc = Qualification::GovernmentCommunityCloud;
    let changes = [Change::new(seed::WOODGROVE_COUNTY, gcc).code_name("Woodgrove")];
    let good = plan(&client, &changes);
    let refused = |client: &Client, plan: &partner_center::Plan, run: &RunOptions| {
        let journal = Journal::new();
        let error = client
            .run(plan, &journal.0, run, &CallOptions::default())
            .wait();
        let error = error.unwrap_err();
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::InvalidArgument, Outcome::NotApplied)
        );
        assert!(!journal.0.exists());
        error.to_string()
    };
    assert!(refused(&client, &good, &run_options()).contains("\"Woodgrove\""));
    let mut options = run_options();
    options.codes.insert("Woodgrove".into(), " ".into());
    assert!(refused(&client, &good, &options).contains("white space"));
    options
        .codes
        .insert("Woodgrove".into(), seed::OPEN_CODE.into());
    let mut altered = good.clone();
    altered.changes[0].customer = seed::CONTOSO.into();
    assert!(refused(&client, &altered, &options).contains("altered"));
    let other = crate::emulator(0, Switches::default());
    assert!(refused(&crate::client(&other), &good, &options).contains("base_url"));
    options.pace = Pace::new(0, None);
    assert!(refused(&client, &good, &options).contains("at_once"));
}
