use partner_center::{
    CallOptions, Change, ChangeOperation, Decision, EducationSegment, ErrorKind, Pace, Plan,
    PlanOptions, Qualification, Step,
};
use partner_center_test_server::emulator::{Chance, ReadFailure, Switches, seed};
use std::time::Duration;

use crate::{Journal, client, decisions, emulator, plan, planned, run, run_options, schools};

pub fn decides() {
    let emulator = emulator(0, Switches::default());
    let client = client(&emulator);
    let county = || {
        let gcc = Qualification::GovernmentCommunityCloud;
        Change::new(seed::WOODGROVE_COUNTY, gcc).code_name("Woodgrove")
    };
    let changes = [
        Change::new(seed::CONTOSO, Qualification::Education),
        Change::new(seed::NORTHWIND_SCHOOL, Qualification::Education),
        Change::new(seed::LITWARE_COUNTY, Qualification::Education),
        county(),
        Change::new(format!("{{{}}}", seed::CONTOSO.to_uppercase()), "education"),
        Change::new(seed::generated_id(7), Qualification::Education),
    ];
    let pending = client.plan(
        ChangeOperation::UpdateQualification,
        &changes,
        &PlanOptions::default(),
        &CallOptions::default(),
    );
    let mut heard = Vec::new();
    let plan = loop {
        match pending.step(Duration::from_secs(20)) {
            Step::Planned(one) => heard.push(one.row),
            Step::Done(plan) => break plan.unwrap(),
            other => panic!("{other:?}"),
        }
    };
    heard.sort_unstable();
    assert_eq!(heard, [0, 1, 2, 3, 5]);
    assert_eq!(
        decisions(&plan),
        [
            Decision::Set,
            Decision::AlreadySet,
            Decision::Conflict,
            Decision::Set,
            // Nobody of that id: the service refuses the read.
            Decision::Refused,
        ]
    );
    assert_eq!(plan.doubles, 1);
    assert_eq!((plan.sends(), plan.count(Decision::Conflict)), (2, 1));
    assert_eq!(plan.codes()[0].name, "Woodgrove");
    assert_eq!((plan.codes().len(), plan.codes()[0].sends), (1, 1));
    let current = |at: usize| plan.changes[at].current.as_deref();
    assert_eq!(current(2), Some("GovernmentCommunityCloud"));
    let detail = plan.changes[4].detail.as_ref().unwrap();
    assert!(detail.contains("customer"), "{detail}");
    assert!(
        emulator
            .requests()
            .iter()
            .all(|(method, _)| method == "GET")
    );
}

pub fn refuses_two_targets() {
    let emulator = emulator(2, Switches::default());
    let mut changes = schools(1, 2);
    let twice = Change::new(
        seed::generated_id(1),
        Qualification::GovernmentCommunityCloud,
    );
    changes.push(twice.code_name("Woodgrove"));
    let error = client(&emulator)
        .plan(
            ChangeOperation::UpdateQualification,
            &changes,
            &PlanOptions::default(),
            &CallOptions::default(),
        )
        .wait()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("rows 0 and 2"), "{error}");
    assert!(emulator.requests().is_empty());
}

pub fn refuses_by_rule() {
    let emulator = emulator(3, Switches::default());
    let gcc = Qualification::GovernmentCommunityCloud;
    let changes = [
        Change::new("contoso.com", Qualification::Education),
        Change::new("contoso.com", Qualification::Education),
        Change::new(seed::generated_id(1), gcc),
        Change::new(seed::generated_id(2), Qualification::None),
        Change::new(seed::generated_id(3), "Education").education_segment("K12"),
    ];
    let plan = plan(&client(&emulator), &changes);
    assert_eq!(decisions(&plan), [Decision::Refused; 5]);
    let detail = |at: usize| plan.changes[at].detail.clone().unwrap();
    assert!(detail(0).contains("GUID"));
    assert_eq!(
        plan.changes[0].customer, "",
        "what is no id is not repeated"
    );
    assert!(detail(2).contains("needs a validation_code"));
    assert!(detail(3).contains("cannot be set"));
    assert!(detail(4).contains("create_qualification"));
    assert!(emulator.requests().is_empty());
}

pub fn knows_itself() {
    let emulator = emulator(3, Switches::default());
    let plan = plan(&client(&emulator), &schools(1, 3));
    let text = plan.to_json();
    assert_eq!(Plan::from_json(&text).unwrap(), plan);
    let id = seed::generated_id(2);
    for (from, to) in [
        (id.as_str(), seed::CONTOSO),
        ("\"doubles\":0", "\"doubles\":1"),
        ("update_qualification", "create_qualification"),
    ] {
        assert!(text.contains(from), "{text}");
        let error = Plan::from_json(&text.replace(from, to)).unwrap_err();
        assert!(error.to_string().contains("altered"), "{error}");
    }
    assert!(Plan::from_json("{}").is_err());
}

pub fn comes_in_shards() {
    let emulator = emulator(10, Switches::default());
    let client = client(&emulator);
    let mut changes = schools(1, 10);
    changes.extend(schools(1, 1));
    let whole = plan(&client, &changes);
    for count in [1, 3, 10, 12] {
        let shards = whole.shards(count).unwrap();
        assert_eq!(shards.len(), (count as usize).min(10));
        let mut together: Vec<_> = shards.iter().flat_map(|one| one.changes.clone()).collect();
        together.sort_by_key(|one| one.row);
        assert_eq!(together, whole.changes);
        assert_eq!(shards.iter().map(|one| one.doubles).sum::<u32>(), 1);
        let mut applied = 0;
        for shard in &shards {
            assert_eq!(Plan::from_json(&shard.to_json()).unwrap(), *shard);
            let report = run(&client, shard, &Journal::new(), &run_options());
            assert_eq!(report.fingerprint, shard.fingerprint);
            applied += report.applied + report.already_set;
        }
        assert_eq!(applied, 10);
    }
    assert_eq!(whole.shards(1).unwrap(), std::slice::from_ref(&whole));
    assert_eq!(emulator.applied(), 10);
    let error = whole.shards(0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(whole.shards(u32::MAX).unwrap().len(), whole.changes.len());
    let mut altered = whole;
    altered.changes[3].customer = seed::CONTOSO.into();
    assert!(
        altered
            .shards(2)
            .unwrap_err()
            .to_string()
            .contains("altered")
    );
}

pub fn of_the_current_contract() {
    let emulator = emulator(3, Switches::default());
    let client = client(&emulator);
    let school = |customer: &str| {
        Change::new(customer, Qualification::Education).education_segment(EducationSegment::K12)
    };
    let changes = [
        school(&seed::generated_id(1)),
        school(seed::NORTHWIND_SCHOOL),
        school(seed::LITWARE_COUNTY),
        Change::new(seed::generated_id(2), Qualification::StateOwnedEntity),
        Change::new(seed::generated_id(3), Qualification::Education),
    ];
    let plan = planned(&client, ChangeOperation::CreateQualification, &changes);
    assert_eq!(
        decisions(&plan),
        [
            Decision::Set,
            Decision::AlreadySet,
            Decision::Conflict,
            Decision::Set,
            Decision::Refused,
        ]
    );
}

pub fn ends_where_nothing_can_be_read() {
    let emulator = emulator(20, Switches::default());
    let client = client(&emulator);
    let plan = |client: &partner_center::Client| {
        let plan = PlanOptions::default();
        let call = CallOptions::default();
        let operation = ChangeOperation::UpdateQualification;
        client.plan(operation, &schools(1, 20), &plan, &call).wait()
    };
    emulator.expire_token();
    assert_eq!(plan(&client).unwrap_err().kind(), ErrorKind::Authentication);
    emulator.set_switches(Switches {
        unavailable: Chance::ALWAYS,
        ..Switches::default()
    });
    let error = plan(&crate::client(&emulator)).unwrap_err();
    assert_eq!(error.status(), Some(503));
    // Three refusals for one cause, with four at once and four attempts each.
    assert!(
        emulator.requests().len() <= 32,
        "{}",
        emulator.requests().len()
    );
}

pub fn leaves_open_what_fails_in_passing() {
    let emulator = emulator(3, Switches::default());
    emulator.set_switches(Switches {
        reads_fail: ReadFailure::Unavailable,
        // Each attempt on the first customer.
        reads_fail_when: Chance::times(4),
        ..Switches::default()
    });
    let mut options = PlanOptions::default();
    options.pace = Pace::new(1, None);
    let operation = ChangeOperation::UpdateQualification;
    let call = CallOptions::default();
    let client = client(&emulator);
    let plan = client.plan(operation, &schools(1, 3), &options, &call);
    let plan = plan.wait().unwrap();
    assert_eq!(
        decisions(&plan),
        [Decision::Unread, Decision::Set, Decision::Set]
    );
    assert!(plan.changes[0].detail.as_ref().unwrap().contains("503"));
    assert_eq!(plan.sends(), 3);
}
