//! The plural resource, its vetting, and how it goes with the singular one.

use super::*;

fn list(emulator: &Emulator, customer: &str) -> Value {
    document(&call(emulator, "GET", &plural(customer), ""))
}

fn plural(customer: &str) -> String {
    format!("/v1/customers/{customer}/qualifications")
}

fn post(emulator: &Emulator, customer: &str, body: &Value) -> Reply {
    call(emulator, "POST", &plural(customer), &body.to_string())
}

fn education() -> Value {
    json!({"qualification": "Education", "educationSegment": "K12", "website": "contoso.example"})
}

fn government(code: &str) -> Value {
    json!({"qualification": "GovernmentCommunityCloud", "validationCode": code})
}

fn denied(reply: &Reply) {
    assert_eq!(reply.status(), 400);
    assert_eq!(reply.body, b"\"Customer tagging denied.\"");
}

fn refuse(emulator: &Emulator, customer: &str) {
    let reason = Decision::Denied("Not an Academic Domain".to_owned());
    assert!(emulator.decide(customer, reason));
}

/// The item's date, which is left out of what is compared.
fn take_date(item: &mut Value) -> String {
    let date = item.as_object_mut().unwrap().remove("vettingCreateDate");
    let date = date.unwrap().as_str().unwrap().to_owned();
    assert!(
        date.len() == 24 && date.ends_with('Z') && date.contains('T'),
        "{date}"
    );
    date
}

#[test]
fn the_seeds_can_be_read() {
    let emulator = emulator();
    assert_eq!(list(&emulator, CONTOSO), json!([]));
    assert_eq!(
        list(&emulator, NORTHWIND_SCHOOL),
        json!([{"qualification": "Education", "vettingStatus": "Approved"}])
    );
    assert_eq!(
        list(&emulator, LITWARE_COUNTY),
        json!([{"qualification": "GovernmentCommunityCloud", "vettingStatus": "Approved"}])
    );
}

#[test]
fn education_is_in_review_until_it_is_decided() {
    let emulator = emulator();
    let reply = post(&emulator, CONTOSO, &education());
    assert_eq!(reply.status_line, "HTTP/1.1 201 Created");
    let mut item = document(&reply);
    let date = take_date(&mut item);
    assert_eq!(
        item,
        json!({"qualification": "Education", "vettingStatus": "InReview"})
    );
    assert_eq!(list(&emulator, CONTOSO), json!([document(&reply)]));
    assert_eq!(value(&get(&emulator, CONTOSO)), "none");
    assert_eq!(emulator.applied(), 1);

    assert!(emulator.decide(&CONTOSO.to_uppercase(), Decision::Approved));
    let expected = json!([
        {"qualification": "Education", "vettingStatus": "Approved", "vettingCreateDate": date}
    ]);
    assert_eq!(list(&emulator, CONTOSO), expected);
    assert_eq!(value(&get(&emulator, CONTOSO)), "education");
    // There is nothing left to decide, and a repeat changes nothing.
    assert!(!emulator.decide(CONTOSO, Decision::Approved));
    assert_eq!(
        document(&post(&emulator, CONTOSO, &education())),
        expected[0]
    );
    assert_eq!(emulator.applied(), 1);
    let customer = &emulator.customers()[0];
    assert_eq!(customer.education_requests, 1);
    assert_eq!(customer.qualification, Qualification::Education);
}

#[test]
fn only_what_is_in_review_can_be_decided() {
    let emulator = emulator();
    for id in [CONTOSO, NORTHWIND_SCHOOL, LITWARE_COUNTY, MISSING, "x", ""] {
        assert!(!emulator.decide(id, Decision::Approved), "{id}");
    }
}

#[test]
fn a_denied_education_can_be_asked_for_until_three_requests_are_spent() {
    let emulator = emulator();
    for _ in 0..3 {
        let mut item = document(&post(&emulator, CONTOSO, &education()));
        take_date(&mut item);
        assert_eq!(item["vettingStatus"], "InReview");
        assert_eq!(item.get("vettingReason"), None);
        refuse(&emulator, CONTOSO);
        let item = &list(&emulator, CONTOSO)[0];
        assert_eq!(item["vettingStatus"], "Denied");
        assert_eq!(item["vettingReason"], "Not an Academic Domain");
        assert_eq!(value(&get(&emulator, CONTOSO)), "none");
    }
    let fourth = post(&emulator, CONTOSO, &education());
    assert_eq!(fault(&fourth), (400, json!(600_904)));
    assert_eq!(list(&emulator, CONTOSO)[0]["vettingStatus"], "Denied");
    assert_eq!(emulator.applied(), 3);
}

#[test]
fn asking_again_during_the_review_spends_a_request() {
    let emulator = emulator();
    for requests in 1..=3 {
        let item = document(&post(&emulator, CONTOSO, &education()));
        assert_eq!(item["vettingStatus"], "InReview");
        assert_eq!(list(&emulator, CONTOSO), json!([item]));
        assert_eq!(emulator.customers()[0].education_requests, requests);
    }
    let fourth = post(&emulator, CONTOSO, &education());
    assert_eq!(fault(&fourth), (400, json!(600_904)));
    assert_eq!(emulator.applied(), 3);
}

#[test]
fn government_is_approved_at_once_and_spends_a_code() {
    let emulator = emulator();
    let reply = post(&emulator, WOODGROVE_COUNTY, &government(OPEN_CODE));
    assert_eq!(reply.status(), 201);
    let mut item = document(&reply);
    take_date(&mut item);
    assert_eq!(
        item,
        json!({"qualification": "GovernmentCommunityCloud", "vettingStatus": "Approved"})
    );
    assert_eq!(
        value(&get(&emulator, WOODGROVE_COUNTY)),
        "government_community_cloud"
    );
    // Set already: what is left of the code does not matter.
    for code in [OPEN_CODE, SPENT_CODE] {
        let again = post(&emulator, WOODGROVE_COUNTY, &government(code));
        assert_eq!(document(&again), document(&reply));
    }
    assert_eq!(remaining(&emulator, OPEN_CODE), 2);
    assert_eq!(emulator.applied(), 1);
}

#[test]
fn a_state_owned_entity_goes_with_the_others() {
    let emulator = emulator();
    let body = json!({"qualification": "StateOwnedEntity"});
    for (id, singular) in [
        (CONTOSO, "none"),
        (NORTHWIND_SCHOOL, "education"),
        (LITWARE_COUNTY, "government_community_cloud"),
    ] {
        for _ in 0..2 {
            let reply = post(&emulator, id, &body);
            assert_eq!((reply.status(), document(&reply)), (201, body.clone()));
        }
        let items = list(&emulator, id);
        assert_eq!(items.as_array().unwrap().last(), Some(&body));
        assert_eq!(value(&get(&emulator, id)), singular);
    }
    assert_eq!(emulator.applied(), 3);
    assert_eq!(value(&put(&emulator, CONTOSO, "1")), "education");
    assert_eq!(list(&emulator, CONTOSO).as_array().unwrap().len(), 2);
}

#[test]
fn education_and_government_exclude_each_other() {
    let emulator = emulator();
    denied(&post(&emulator, LITWARE_COUNTY, &education()));
    denied(&post(&emulator, NORTHWIND_SCHOOL, &government(OPEN_CODE)));
    assert_eq!(post(&emulator, CONTOSO, &education()).status(), 201);
    denied(&post(&emulator, CONTOSO, &government(OPEN_CODE)));
    let query = format!("code={OPEN_CODE}");
    denied(&put_with(&emulator, CONTOSO, &query, "3"));
    assert_eq!(remaining(&emulator, OPEN_CODE), 3);

    // What was denied is no qualification.
    refuse(&emulator, CONTOSO);
    assert_eq!(
        post(&emulator, CONTOSO, &government(OPEN_CODE)).status(),
        201
    );
    denied(&post(&emulator, CONTOSO, &education()));
    assert_eq!(emulator.applied(), 2);
}

#[test]
fn put_sets_education_at_once_whatever_the_review() {
    let emulator = emulator();
    let approved = json!([{"qualification": "Education", "vettingStatus": "Approved"}]);
    assert_eq!(value(&put(&emulator, FABRIKAM, "1")), "education");
    assert_eq!(list(&emulator, FABRIKAM), approved);
    post(&emulator, CONTOSO, &education());
    assert_eq!(value(&put(&emulator, CONTOSO, "1")), "education");
    assert_eq!(list(&emulator, CONTOSO), approved);
    assert_eq!(emulator.customers()[1].education_requests, 0);
}

#[test]
fn members_and_values_are_read_in_any_case() {
    let emulator = emulator();
    let body = json!({
        "Qualification": "education",
        "EDUCATIONSEGMENT": "highereducation",
        "website": null,
        "other": 1,
    });
    assert_eq!(post(&emulator, CONTOSO, &body).status(), 201);
    let body = json!({
        "qualification": "government_community_cloud",
        "ValidationCode": OPEN_CODE,
    });
    assert_eq!(post(&emulator, FABRIKAM, &body).status(), 201);
}

#[test]
fn requests_that_lack_something_are_refused() {
    let emulator = emulator();
    let cases = [
        (json!({"qualification": "Education"}), 600_905),
        (
            json!({"qualification": "Education", "educationSegment": ""}),
            600_905,
        ),
        (
            json!({"qualification": "Education", "educationSegment": "Kindergarten"}),
            600_906,
        ),
        (
            json!({"qualification": "Education", "educationSegment": 1}),
            800_002,
        ),
        (
            json!({"qualification": "Education", "educationSegment": "K12", "website": []}),
            800_002,
        ),
        (
            json!({"qualification": "GovernmentCommunityCloud"}),
            600_901,
        ),
        (government(""), 600_901),
        (government("000000"), 600_902),
        (government(SPENT_CODE), 600_903),
        (
            json!({"qualification": "GovernmentCommunityCloud", "validationCode": 123_456}),
            800_002,
        ),
        (json!({"qualification": "None"}), 900_126),
        (json!({"qualification": "Nonprofit"}), 900_126),
        (json!({"qualification": "gold"}), 900_126),
        (json!({"qualification": null}), 900_126),
        (json!({"qualification": 1}), 800_002),
        (json!({}), 900_126),
        (json!([education()]), 800_002),
        (json!("Education"), 800_002),
    ];
    for (body, code) in cases {
        let reply = post(&emulator, CONTOSO, &body);
        assert_eq!(fault(&reply), (400, json!(code)), "{body}");
        assert!(!reply.text().contains("000000") && !reply.text().contains(SPENT_CODE));
    }
    for body in ["", "{", "\u{feff}{}"] {
        let reply = call(&emulator, "POST", &plural(CONTOSO), body);
        assert_eq!(fault(&reply), (400, json!(800_002)), "{body}");
    }
    assert_eq!(list(&emulator, CONTOSO), json!([]));
    assert_eq!(emulator.applied(), 0);
}

#[test]
fn strangers_are_refused() {
    let emulator = emulator();
    for reply in [
        call(&emulator, "GET", &plural(MISSING), ""),
        call(&emulator, "POST", &plural(MISSING), "nonsense"),
    ] {
        assert_eq!(fault(&reply), (403, json!(20_002)));
    }
    let reply = call(&emulator, "POST", &plural("x"), "");
    assert_eq!(fault(&reply), (400, json!(900_118)));
}
