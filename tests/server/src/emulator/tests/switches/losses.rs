//! Answers that are lost, and writes that are applied late.

use super::*;

fn losing(lost: Loss, lost_when: Chance) -> Switches {
    Switches {
        lost,
        lost_when,
        ..Switches::default()
    }
}

#[test]
fn the_answer_to_the_next_writes_is_lost_after_they_are_applied() {
    let emulator = with(losing(Loss::AfterApplying, Chance::times(2)));
    for customer in [CONTOSO, FABRIKAM] {
        assert!(matches!(set(&emulator, customer, &id(1)), Seen::Closed));
        assert_eq!(read(&emulator, customer), "education");
    }
    assert_eq!(emulator.switches().lost_when, Chance::NEVER);
    assert_eq!(set(&emulator, CONTOSO, &id(2)).status(), 200);
    assert_eq!(emulator.applied(), 2);
    assert_eq!(emulator.writes_of(&id(1)).arrived, 2);
}

#[test]
fn a_write_that_is_lost_before_it_is_applied_never_is() {
    let emulator = with(losing(Loss::BeforeApplying, Chance::ALWAYS));
    assert!(matches!(set(&emulator, CONTOSO, &id(1)), Seen::Closed));
    assert!(matches!(ask(&emulator, CONTOSO, &id(1)), Seen::Closed));
    emulator.advance(hours(1));
    assert_eq!(read(&emulator, CONTOSO), "none");
    assert_eq!(emulator.applied(), 0);
    let seen = Writes {
        arrived: 2,
        ..Writes::default()
    };
    assert_eq!(emulator.writes_of(&id(1)), seen);
}

#[test]
fn a_loss_is_a_close_a_reset_or_a_500() {
    let emulator = emulator();
    for (customer, lost_as) in [
        (CONTOSO, LostAs::Closed),
        (FABRIKAM, LostAs::Reset),
        (WOODGROVE_COUNTY, LostAs::ServerError),
    ] {
        emulator.set_switches(Switches {
            lost_as,
            ..losing(Loss::AfterApplying, Chance::times(1))
        });
        let seen = set(&emulator, customer, &id(1));
        match lost_as {
            LostAs::Closed => assert!(matches!(seen, Seen::Closed), "{seen:?}"),
            LostAs::Reset => assert!(matches!(seen, Seen::Reset), "{seen:?}"),
            LostAs::ServerError => assert_eq!(fault(&seen.reply()), (500, json!(800_003))),
        }
        assert_eq!(read(&emulator, customer), "education");
    }
}

#[test]
fn answers_are_lost_by_chance() {
    let emulator = with(losing(Loss::AfterApplying, Chance::permille(500)));
    let lost = (0..100)
        .filter(|number| matches!(set(&emulator, CONTOSO, &id(*number)), Seen::Closed))
        .count();
    assert!((30..70).contains(&lost), "{lost}");
    emulator.set_switches(losing(Loss::Never, Chance::ALWAYS));
    assert_eq!(set(&emulator, CONTOSO, &id(1)).status(), 200);
}

#[test]
fn rejections_are_lost_too_and_the_truth_knows_them() {
    let emulator = with(losing(Loss::AfterApplying, Chance::ALWAYS));
    assert!(matches!(
        set(&emulator, LITWARE_COUNTY, &id(1)),
        Seen::Closed
    ));
    let seen = Writes {
        arrived: 1,
        refused: 0,
        rejected: 1,
    };
    assert_eq!(emulator.writes_of(&id(1)), seen);
}

#[test]
fn a_late_write_is_answered_first_and_applied_then() {
    let emulator = with(Switches {
        late_ms: HOUR_MS,
        ..Switches::default()
    });
    let reply = ask(&emulator, CONTOSO, &id(1)).reply();
    assert_eq!(document(&reply)["vettingStatus"], "InReview");
    let list = || document(&call(&emulator, "GET", &plural(CONTOSO), ""));
    emulator.advance(hours(1) / 2);
    assert_eq!(list(), json!([]));
    assert_eq!(emulator.truth(), []);
    emulator.advance(hours(1) / 2);
    assert_eq!(list()[0]["vettingStatus"], "InReview");
    assert_eq!(emulator.truth()[0].request_id, id(1));
}

#[test]
fn a_delay_also_passes_by_itself() {
    let emulator = with(Switches {
        late_ms: 5,
        ..Switches::default()
    });
    assert_eq!(set(&emulator, CONTOSO, &id(1)).status(), 200);
    std::thread::sleep(Duration::from_millis(5));
    assert_eq!(read(&emulator, CONTOSO), "education");
}

#[test]
fn the_first_write_may_come_after_its_repeat() {
    let emulator = with(Switches {
        late_ms: HOUR_MS,
        late_when: Chance::times(1),
        ..losing(Loss::AfterApplying, Chance::times(1))
    });
    assert!(matches!(ask(&emulator, CONTOSO, &id(1)), Seen::Closed));
    assert_eq!(emulator.applied(), 0);
    assert_eq!(ask(&emulator, CONTOSO, &id(1)).status(), 201);
    assert_eq!(emulator.applied(), 1);
    emulator.advance(hours(1));
    // It is still a write: it spends another one of three requests.
    assert_eq!(emulator.customers()[0].education_requests, 2);
    let orders: Vec<_> = emulator
        .truth()
        .iter()
        .map(|change| change.at_order)
        .collect();
    assert_eq!(orders, [1, 2]);
}

#[test]
fn a_late_write_keeps_to_the_rules_of_then() {
    let emulator = with(Switches {
        late_ms: HOUR_MS,
        late_when: Chance::times(1),
        ..Switches::default()
    });
    let first = set_government(&emulator, CONTOSO, &id(1), OPEN_CODE).reply();
    assert_eq!(value(&first), "government_community_cloud");
    assert_eq!(value(&set(&emulator, CONTOSO, &id(2)).reply()), "education");
    emulator.advance(hours(1));
    assert_eq!(read(&emulator, CONTOSO), "education");
    assert_eq!(remaining(&emulator, OPEN_CODE), 3);
    assert_eq!(emulator.truth().len(), 1);
}

#[test]
fn what_is_refused_now_is_not_promised_for_later() {
    let emulator = with(Switches {
        late_ms: HOUR_MS,
        ..Switches::default()
    });
    assert_eq!(set(&emulator, LITWARE_COUNTY, &id(1)).status(), 400);
    emulator.set_switches(Switches::default());
    let many = set_government(&emulator, CONTOSO, &id(2), SPENT_CODE).reply();
    assert_eq!(fault(&many), (400, json!(600_903)));
    emulator.advance(hours(1));
    assert_eq!(emulator.applied(), 0);
}

#[cfg(feature = "tls")]
#[test]
fn answers_are_lost_over_tls_as_well() {
    let authority = Authority::new().unwrap();
    let options = |lost_as| EmulatorOptions {
        switches: Switches {
            lost_as,
            ..losing(Loss::AfterApplying, Chance::times(1))
        },
        ..EmulatorOptions::default()
    };
    for lost_as in [LostAs::Closed, LostAs::Reset, LostAs::ServerError] {
        let emulator = Emulator::start_tls(options(lost_as), &authority).unwrap();
        let exchange = || {
            let port = port(&emulator);
            let pem = authority.pem();
            let mut stream = crate::testing::tls::connect(pem, "localhost", "http/1.1", port);
            let request = text(&emulator, "PUT", &path(CONTOSO), &id(1), "1");
            stream.write_all(request.as_bytes()).unwrap();
            see(&mut stream)
        };
        let seen = exchange();
        match lost_as {
            LostAs::Closed => assert!(matches!(seen, Seen::Closed), "{seen:?}"),
            LostAs::Reset => assert!(matches!(seen, Seen::Reset), "{seen:?}"),
            LostAs::ServerError => assert_eq!(seen.status(), 500),
        }
        assert_eq!(emulator.applied(), 1);
        assert_eq!(exchange().status(), 200);
    }
}
