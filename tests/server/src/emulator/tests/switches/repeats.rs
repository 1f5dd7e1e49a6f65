//! Deduplication by `MS-RequestId`.

use super::*;

fn mode(deduplication: Deduplication) -> Switches {
    Switches {
        deduplication,
        ..Switches::default()
    }
}

fn item(reply: &Reply) -> Value {
    document(reply)
}

#[test]
fn a_repeat_counts_as_new_by_default() {
    let emulator = emulator();
    for requests in 1..=3 {
        assert_eq!(ask(&emulator, CONTOSO, &id(1)).status(), 201);
        assert_eq!(emulator.customers()[0].education_requests, requests);
    }
    assert_eq!(emulator.applied(), 3);
}

#[test]
fn a_repeat_gets_the_first_answer_and_changes_nothing() {
    for deduplication in [Deduplication::Replay, Deduplication::InProgress] {
        let emulator = with(mode(deduplication));
        let first = ask(&emulator, CONTOSO, &id(1)).reply();
        assert!(emulator.decide(CONTOSO, Decision::Approved));
        let again = ask(&emulator, &CONTOSO.to_uppercase(), &id(1).to_uppercase()).reply();
        assert_eq!(again.status(), 201);
        assert_eq!(item(&again), item(&first));
        assert_eq!(
            again.header("MS-RequestId"),
            Some(id(1).to_uppercase().as_str())
        );
        assert_eq!(emulator.customers()[0].education_requests, 1);
        // Another resource, another customer, another id: these are new.
        assert_eq!(set(&emulator, CONTOSO, &id(1)).status(), 200);
        assert_eq!(ask(&emulator, FABRIKAM, &id(1)).status(), 201);
        assert_eq!(ask(&emulator, WOODGROVE_COUNTY, &id(2)).status(), 201);
        assert_eq!(emulator.applied(), 3);
    }
}

#[test]
fn reads_are_not_deduplicated() {
    let emulator = with(mode(Deduplication::Replay));
    let read = || send(&emulator, "GET", &path(CONTOSO), &id(1), "").reply();
    assert_eq!(value(&read()), "none");
    set(&emulator, CONTOSO, &id(1));
    assert_eq!(value(&read()), "education");
}

#[test]
fn rejections_are_replayed_and_refusals_are_not() {
    let emulator = with(Switches {
        unauthorized: Chance::times(1),
        ..mode(Deduplication::Replay)
    });
    let government = || set_government(&emulator, CONTOSO, &id(1), SPENT_CODE).reply();
    assert_eq!(government().status(), 401);
    assert_eq!(fault(&government()), (400, json!(600_903)));
    let repeat = set_government(&emulator, CONTOSO, &id(1), OPEN_CODE).reply();
    assert_eq!(fault(&repeat), (400, json!(600_903)));
    assert_eq!(emulator.writes_of(&id(1)).rejected, 2);
    assert_eq!(emulator.applied(), 0);
}

#[test]
fn a_repeat_is_in_progress_until_the_first_is_applied() {
    let emulator = with(Switches {
        late_ms: HOUR_MS,
        ..mode(Deduplication::InProgress)
    });
    assert_eq!(value(&set(&emulator, CONTOSO, &id(1)).reply()), "education");
    let repeat = set(&emulator, CONTOSO, &id(1)).reply();
    assert_eq!(repeat.status_line, "HTTP/1.1 409 Conflict");
    assert_eq!(fault(&repeat), (409, json!(800_060)));
    emulator.advance(hours(1));
    assert_eq!(value(&set(&emulator, CONTOSO, &id(1)).reply()), "education");
    assert_eq!(emulator.applied(), 1);
    assert_eq!(emulator.writes_of(&id(1)).arrived, 3);
}

#[test]
fn a_repeat_of_a_late_write_gets_its_answer_at_once_where_answers_are_replayed() {
    let emulator = with(Switches {
        late_ms: HOUR_MS,
        ..mode(Deduplication::Replay)
    });
    for _ in 0..2 {
        assert_eq!(value(&set(&emulator, CONTOSO, &id(1)).reply()), "education");
    }
    assert_eq!(emulator.applied(), 0);
    emulator.advance(hours(1));
    assert_eq!(emulator.applied(), 1);
}

#[test]
fn an_answer_of_500_is_replayed() {
    for (lost, applied) in [(Loss::AfterApplying, 1), (Loss::BeforeApplying, 0)] {
        let emulator = with(Switches {
            lost,
            lost_as: LostAs::ServerError,
            lost_when: Chance::times(1),
            ..mode(Deduplication::Replay)
        });
        for _ in 0..2 {
            let reply = set(&emulator, CONTOSO, &id(1)).reply();
            assert_eq!(fault(&reply), (500, json!(800_003)));
        }
        assert_eq!(emulator.applied(), applied, "{lost:?}");
        assert_eq!(set(&emulator, CONTOSO, &id(2)).status(), 200);
    }
}

#[test]
fn a_write_that_was_lost_on_its_way_is_unknown() {
    let emulator = with(Switches {
        lost: Loss::BeforeApplying,
        lost_when: Chance::times(1),
        ..mode(Deduplication::Replay)
    });
    assert!(matches!(set(&emulator, CONTOSO, &id(1)), Seen::Closed));
    assert_eq!(value(&set(&emulator, CONTOSO, &id(1)).reply()), "education");
    assert_eq!(emulator.applied(), 1);
}
