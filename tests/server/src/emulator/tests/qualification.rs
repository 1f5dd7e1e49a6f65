//! The singular resource.

use super::*;

#[test]
fn the_seeds_can_be_read() {
    let emulator = emulator();
    let expected = [
        (CONTOSO, "none"),
        (FABRIKAM, "none"),
        (WOODGROVE_COUNTY, "none"),
        (NORTHWIND_SCHOOL, "education"),
        (LITWARE_COUNTY, "government_community_cloud"),
    ];
    for (id, text) in expected {
        assert_eq!(value(&get(&emulator, id)), text);
        assert_eq!(value(&get(&emulator, &id.to_uppercase())), text);
    }
    let ids: Vec<_> = emulator.customers().into_iter().map(|c| c.id).collect();
    assert_eq!(ids, expected.map(|(id, _)| id));
    assert_eq!(remaining(&emulator, OPEN_CODE), 3);
    assert_eq!(remaining(&emulator, SPENT_CODE), 0);
    assert_eq!(emulator.applied(), 0);
    let customer = serde_json::to_value(&emulator.customers()[4]).unwrap();
    assert_eq!(customer["qualification"], "government_community_cloud");
}

#[test]
fn education_is_set_once_in_any_spelling() {
    for body in ["1", "\"education\"", "\"Education\"", "\"EDU_CATION\""] {
        let emulator = emulator();
        assert_eq!(value(&put(&emulator, CONTOSO, body)), "education");
        assert_eq!(value(&put(&emulator, CONTOSO, body)), "education");
        assert_eq!(value(&get(&emulator, CONTOSO)), "education");
        assert_eq!(value(&get(&emulator, FABRIKAM)), "none");
        assert_eq!(emulator.applied(), 1);
    }
}

#[test]
fn government_spends_a_code_once() {
    let emulator = emulator();
    let query = format!("code={OPEN_CODE}");
    for _ in 0..2 {
        let reply = put_with(&emulator, WOODGROVE_COUNTY, &query, "3");
        assert_eq!(value(&reply), "government_community_cloud");
        assert_eq!(remaining(&emulator, OPEN_CODE), 2);
    }
    assert_eq!(emulator.applied(), 1);
    // Set already: what is left of the code does not matter.
    let query = format!("code={SPENT_CODE}");
    let reply = put_with(
        &emulator,
        LITWARE_COUNTY,
        &query,
        "\"GovernmentCommunityCloud\"",
    );
    assert_eq!(value(&reply), "government_community_cloud");
}

#[test]
fn a_code_runs_out() {
    let emulator = emulator();
    let query = format!("code={OPEN_CODE}");
    for id in [CONTOSO, FABRIKAM, WOODGROVE_COUNTY] {
        assert_eq!(put_with(&emulator, id, &query, "3").status(), 200);
    }
    assert_eq!(remaining(&emulator, OPEN_CODE), 0);
}

#[test]
fn the_code_is_decoded_exactly_once() {
    let emulator = emulator();
    let twice = put_with(&emulator, WOODGROVE_COUNTY, "code=%2531%32%33456", "3");
    assert_eq!(fault(&twice), (400, json!(600_902)));
    let once = put_with(&emulator, WOODGROVE_COUNTY, "code=%31%32%33456", "3");
    assert_eq!(once.status(), 200);
}

#[test]
fn government_without_a_good_code_is_refused() {
    let emulator = emulator();
    let spent = format!("code={SPENT_CODE}");
    let cases = [
        ("", 600_901),
        ("code=", 600_901),
        ("validationCode=123456", 600_901),
        ("code=000000", 600_902),
        (spent.as_str(), 600_903),
    ];
    for (query, code) in cases {
        let reply = put_with(&emulator, WOODGROVE_COUNTY, query, "3");
        assert_eq!(fault(&reply), (400, json!(code)), "{query}");
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(body["message"], body["description"]);
        assert_eq!(body["isRetryable"], false);
        assert!(body["errorName"].is_string());
        assert!(!reply.text().contains("000000") && !reply.text().contains(SPENT_CODE));
    }
    assert_eq!(value(&get(&emulator, WOODGROVE_COUNTY)), "none");
    assert_eq!(emulator.applied(), 0);
}

#[test]
fn another_qualification_is_denied() {
    let emulator = emulator();
    let query = format!("code={OPEN_CODE}");
    let replies = [
        put_with(&emulator, NORTHWIND_SCHOOL, &query, "3"),
        put(&emulator, LITWARE_COUNTY, "1"),
    ];
    for reply in replies {
        assert_eq!(reply.status(), 400);
        assert_eq!(reply.body, b"\"Customer tagging denied.\"");
    }
    assert_eq!(remaining(&emulator, OPEN_CODE), 3);
    assert_eq!(emulator.applied(), 0);
}

#[test]
fn values_that_cannot_be_set_are_refused() {
    let emulator = emulator();
    for body in [
        "0",
        "2",
        "4",
        "5",
        "-1",
        "1.0",
        "true",
        "null",
        "{}",
        "[1]",
        "\"\"",
        "\"none\"",
        "\"Nonprofit\"",
        "\"StateOwnedEntity\"",
        "\"gold\"",
        "\"1\"",
    ] {
        let reply = put(&emulator, CONTOSO, body);
        assert_eq!(fault(&reply), (400, json!(900_126)), "{body}");
    }
    for body in ["", "{", "education", "1 1", "\u{feff}1"] {
        let reply = put(&emulator, CONTOSO, body);
        assert_eq!(fault(&reply), (400, json!(800_002)), "{body}");
    }
    assert_eq!(emulator.applied(), 0);
}
