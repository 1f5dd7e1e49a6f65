//! What success looks like, and what a code costs.

use super::*;

#[test]
fn a_put_is_answered_with_or_without_the_value() {
    let emulator = emulator();
    for (put_answer, status, body) in [
        (PutAnswer::Value, 200, "\u{feff}\"education\""),
        (PutAnswer::Empty, 200, ""),
        (PutAnswer::NoContent, 204, ""),
    ] {
        emulator.set_switches(Switches {
            put_answer,
            ..Switches::default()
        });
        let reply = set(&emulator, CONTOSO, &id(1)).reply();
        assert_eq!((reply.status(), reply.text().as_str()), (status, body));
        assert_eq!(reply.header("MS-RequestId"), Some(id(1).as_str()));
        // A refusal is said as ever.
        assert_eq!(set(&emulator, LITWARE_COUNTY, &id(1)).status(), 400);
    }
    assert_eq!(emulator.applied(), 1);
}

#[test]
fn a_post_is_answered_in_one_of_five_forms() {
    let emulator = emulator();
    let entity = json!({"qualification": "StateOwnedEntity"});
    let education = json!({"qualification": "Education", "vettingStatus": "Approved"});
    let both = json!([education, entity]);
    for (post_answer, status, expected) in [
        (PostAnswer::Created, 201, Some(entity.clone())),
        (PostAnswer::Ok, 200, Some(entity.clone())),
        (PostAnswer::Array, 201, Some(both.clone())),
        (
            PostAnswer::Wrapped,
            200,
            Some(json!({"qualifications": both})),
        ),
        (PostAnswer::Empty, 201, None),
    ] {
        emulator.set_switches(Switches {
            post_answer,
            ..Switches::default()
        });
        let target = plural(NORTHWIND_SCHOOL);
        let body = entity.to_string();
        let reply = send(&emulator, "POST", &target, &id(1), &body).reply();
        assert_eq!(reply.status(), status, "{post_answer:?}");
        match expected {
            Some(expected) => assert_eq!(document(&reply), expected),
            None => assert_eq!(reply.body, b""),
        }
    }
}

fn per_request() -> Switches {
    Switches {
        code_use: CodeUse::PerRequest,
        ..Switches::default()
    }
}

#[test]
fn every_request_may_cost_a_use_of_the_code() {
    let emulator = with(per_request());
    let government =
        |customer: &str, code: &str| set_government(&emulator, customer, &id(1), code).reply();
    assert_eq!(government(WOODGROVE_COUNTY, OPEN_CODE).status(), 200);
    assert_eq!(remaining(&emulator, OPEN_CODE), 2);
    // A denial costs one, and so does what is set already.
    assert_eq!(government(NORTHWIND_SCHOOL, OPEN_CODE).status(), 400);
    assert_eq!(government(WOODGROVE_COUNTY, OPEN_CODE).status(), 200);
    assert_eq!(remaining(&emulator, OPEN_CODE), 0);
    let fourth = government(WOODGROVE_COUNTY, OPEN_CODE);
    assert_eq!(fault(&fourth), (400, json!(600_903)));
    assert_eq!(fault(&government(CONTOSO, "000000")), (400, json!(600_902)));
    // Education needs none.
    assert_eq!(set(&emulator, CONTOSO, &id(1)).status(), 200);
    assert_eq!(emulator.applied(), 2);
}

#[test]
fn a_lost_request_costs_a_use_and_one_that_is_not_let_in_none() {
    let emulator = with(Switches {
        lost: Loss::BeforeApplying,
        throttle_every: 2,
        ..per_request()
    });
    let body = json!({
        "qualification": "GovernmentCommunityCloud",
        "validationCode": OPEN_CODE,
    });
    let target = plural(WOODGROVE_COUNTY);
    let post = || send(&emulator, "POST", &target, &id(1), &body.to_string());
    assert!(matches!(post(), Seen::Closed));
    assert_eq!(post().status(), 429);
    assert_eq!(remaining(&emulator, OPEN_CODE), 2);
    assert_eq!(emulator.applied(), 0);
}

#[test]
fn a_late_write_costs_its_use_when_it_arrives_or_when_it_is_applied() {
    for (code_use, at_first) in [(CodeUse::PerRequest, 2), (CodeUse::PerSuccess, 3)] {
        let emulator = with(Switches {
            code_use,
            late_ms: HOUR_MS,
            ..Switches::default()
        });
        set_government(&emulator, WOODGROVE_COUNTY, &id(1), OPEN_CODE);
        assert_eq!(remaining(&emulator, OPEN_CODE), at_first);
        emulator.advance(hours(1));
        assert_eq!(remaining(&emulator, OPEN_CODE), 2);
    }
}

#[test]
fn a_replayed_answer_costs_nothing() {
    let emulator = with(Switches {
        deduplication: Deduplication::Replay,
        ..per_request()
    });
    for _ in 0..5 {
        let seen = set_government(&emulator, WOODGROVE_COUNTY, &id(1), OPEN_CODE);
        assert_eq!(seen.status(), 200);
    }
    assert_eq!(remaining(&emulator, OPEN_CODE), 2);
}
