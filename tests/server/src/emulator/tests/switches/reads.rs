//! Reads that lag behind or fail.

use super::*;

fn lag(read_lag_ms: u64) -> Switches {
    Switches {
        read_lag_ms,
        ..Switches::default()
    }
}

#[test]
fn reads_show_what_was_so_some_time_ago() {
    let emulator = with(lag(HOUR_MS));
    let list = || document(&call(&emulator, "GET", &plural(CONTOSO), ""));
    let codes = || {
        let codes = document(&call(&emulator, "GET", "/v1/customers/all/validations", ""));
        codes[0]["remainingCreates"].clone()
    };
    assert_eq!(read(&emulator, NORTHWIND_SCHOOL), "education");
    assert_eq!(ask(&emulator, CONTOSO, &id(1)).status(), 201);
    set_government(&emulator, WOODGROVE_COUNTY, &id(2), OPEN_CODE);
    assert_eq!((list(), codes()), (json!([]), json!(3)));
    assert_eq!(read(&emulator, WOODGROVE_COUNTY), "none");
    assert_eq!(emulator.applied(), 2);

    emulator.advance(hours(1) / 2);
    assert!(emulator.decide(CONTOSO, Decision::Approved));
    assert_eq!(list(), json!([]));
    emulator.advance(hours(1) / 2);
    assert_eq!(list()[0]["vettingStatus"], "InReview");
    assert_eq!(codes(), 2);
    assert_eq!(
        read(&emulator, WOODGROVE_COUNTY),
        "government_community_cloud"
    );
    assert_eq!(read(&emulator, CONTOSO), "none");
    emulator.advance(hours(1) / 2);
    assert_eq!(list()[0]["vettingStatus"], "Approved");
    assert_eq!(read(&emulator, CONTOSO), "education");
}

#[test]
fn a_lag_can_be_switched_on_and_off_at_any_time() {
    let emulator = emulator();
    emulator.advance(hours(2));
    set(&emulator, CONTOSO, &id(1));
    emulator.set_switches(lag(HOUR_MS));
    assert_eq!(read(&emulator, CONTOSO), "none");
    emulator.set_switches(lag(0));
    assert_eq!(read(&emulator, CONTOSO), "education");
}

#[test]
fn what_is_applied_late_is_seen_later_still() {
    let emulator = with(Switches {
        late_ms: HOUR_MS,
        ..lag(HOUR_MS)
    });
    set(&emulator, CONTOSO, &id(1));
    // Both moments are those of the write, whenever somebody looks.
    emulator.advance(hours(2) - Duration::from_secs(60));
    assert_eq!(read(&emulator, CONTOSO), "none");
    assert_eq!(emulator.applied(), 1);
    emulator.advance(Duration::from_secs(60));
    assert_eq!(read(&emulator, CONTOSO), "education");
}

#[test]
fn reads_fail_and_writes_do_not() {
    let emulator = emulator();
    for reads_fail in [
        ReadFailure::Unavailable,
        ReadFailure::Closed,
        ReadFailure::Reset,
    ] {
        emulator.set_switches(Switches {
            reads_fail,
            reads_fail_when: Chance::times(2),
            ..Switches::default()
        });
        assert_eq!(set(&emulator, CONTOSO, &id(1)).status(), 200);
        for target in [path(CONTOSO), "/v1/customers?size=1".to_owned()] {
            let seen = send(&emulator, "GET", &target, &id(2), "");
            match reads_fail {
                ReadFailure::Closed => assert!(matches!(seen, Seen::Closed), "{seen:?}"),
                ReadFailure::Reset => assert!(matches!(seen, Seen::Reset), "{seen:?}"),
                _ => assert_eq!(seen.status(), 503),
            }
        }
        assert_eq!(read(&emulator, CONTOSO), "education");
    }
}

#[test]
fn reads_fail_always_or_by_chance() {
    let failing = |reads_fail_when| Switches {
        reads_fail: ReadFailure::Unavailable,
        reads_fail_when,
        ..Switches::default()
    };
    let emulator = with(failing(Chance::ALWAYS));
    let failed = || {
        let statuses = (0..100).map(|_| get(&emulator, CONTOSO).status());
        statuses.filter(|status| *status == 503).count()
    };
    assert_eq!(failed(), 100);
    emulator.set_switches(failing(Chance::permille(500)));
    let some = failed();
    assert!((30..70).contains(&some), "{some}");
}
