use super::*;

const SEED: &str = r#"{
    "customers": [
        {
            "id": "4D3CF487-70F4-4E1E-9FF1-B2BFCE8D9F04",
            "company_name": "Adventure School",
            "domain": "adventure.onmicrosoft.com",
            "country": "CH",
            "qualifications": [
                {"qualification": "StateOwnedEntity"},
                {"qualification": "Education", "vetting_status": "InReview"}
            ]
        },
        {
            "id": "aaaa0000-70f4-4e1e-9ff1-b2bfce8d9f04",
            "company_name": "Bellows College",
            "domain": "bellows.onmicrosoft.com",
            "qualifications": [
                {"qualification": "Education", "vetting_status": "Denied", "vetting_reason": "No reply"},
                {"qualification": "GovernmentCommunityCloud"}
            ]
        }
    ],
    "validation_codes": [
        {"validation_id": "invented-1", "organization_name": "Tailspin County", "max_creates": 5},
        {"validation_id": "invented-2", "organization_name": "Bellows", "max_creates": 5, "remaining_creates": 1}
    ]
}"#;
const ADVENTURE: &str = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04";
const BELLOWS: &str = "aaaa0000-70f4-4e1e-9ff1-b2bfce8d9f04";

fn seeded(text: &str, customers: usize) -> Emulator {
    let options = EmulatorOptions {
        seed: Seed::from_json(text).unwrap(),
        customers,
        ..EmulatorOptions::default()
    };
    Emulator::start(options).unwrap()
}

#[test]
fn a_file_says_who_is_there() {
    let emulator = seeded(SEED, 1);
    let names: Vec<_> = emulator
        .customers()
        .into_iter()
        .map(|one| one.company_name)
        .collect();
    assert_eq!(
        names,
        ["Adventure School", "Bellows College", "Customer 00001"]
    );
    let items = |id| document(&call(&emulator, "GET", &(path(id) + "s"), ""));
    let of = items(ADVENTURE);
    assert_eq!(of[0], json!({"qualification": "StateOwnedEntity"}));
    assert_eq!(of[1]["vettingStatus"], "InReview");
    assert!(of[1]["vettingCreateDate"].is_string());
    assert_eq!(items(BELLOWS)[0]["vettingReason"], "No reply");
    assert_eq!(value(&get(&emulator, ADVENTURE)), "none");
    assert_eq!(
        value(&get(&emulator, BELLOWS)),
        "government_community_cloud"
    );
    let left = |code| remaining(&emulator, code);
    assert_eq!((left("invented-1"), left("invented-2")), (5, 1));

    let customer = |id| document(&call(&emulator, "GET", &format!("/v1/customers/{id}"), ""));
    let profile = customer(ADVENTURE)["companyProfile"].clone();
    assert_eq!(profile["address"], json!({"country": "CH"}));
    assert_eq!(profile.get("email"), None);
    assert_eq!(customer(BELLOWS)["companyProfile"].get("address"), None);
    let found = raw(
        &emulator,
        "GET /Adventure.onmicrosoft.com/v2.0/.well-known/openid-configuration HTTP/1.1\r\n\r\n",
    );
    assert!(found.text().contains(ADVENTURE), "{found:?}");
}

#[test]
fn a_request_of_a_file_can_be_decided_and_has_cost_one_of_three() {
    let emulator = seeded(SEED, 0);
    assert!(emulator.decide(ADVENTURE, Decision::of(true, None).unwrap()));
    assert_eq!(value(&get(&emulator, ADVENTURE)), "education");
    let requests = |id: &str| {
        let customers = emulator.customers();
        let found = customers.iter().find(|one| one.id == id);
        found.unwrap().education_requests
    };
    assert_eq!((requests(ADVENTURE), requests(BELLOWS)), (1, 1));
}

#[test]
fn what_a_file_leaves_out_is_not_there() {
    let emulator = seeded("\u{feff}{}", 0);
    assert_eq!(emulator.customers().len(), 0);
    assert_eq!(emulator.validation_codes().len(), 0);
    assert_eq!(fault(&get(&emulator, CONTOSO)), (403, json!(20_002)));
}

#[test]
fn a_bad_entry_is_named_and_no_code_repeated() {
    let customer = |more: Value| {
        let mut one = json!({"id": ADVENTURE, "company_name": "A", "domain": "a.example"});
        one.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({ "customers": [one] })
    };
    let held = |items: Value| customer(json!({ "qualifications": items }));
    let code = |more: Value| {
        let mut one =
            json!({"validation_id": "secret7", "organization_name": "O", "max_creates": 1});
        one.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({ "validation_codes": [one] })
    };
    let twice = |list: &str, of: Value| json!({ list: [of[list][0], of[list][0]] });
    let education = json!({"qualification": "Education"});
    for (seed, told) in [
        (json!([]), "the seed is not a JSON object"),
        (
            json!({"codes": []}),
            "unknown member \"codes\", expected customers or validation_codes",
        ),
        (json!({"customers": {}}), "customers is not an array"),
        (
            json!({"validation_codes": ["secret7"]}),
            "validation_codes[0]: is not an object",
        ),
        (
            customer(json!({"id": "x"})),
            "customers[0] (A): id \"x\" is not a GUID",
        ),
        (
            customer(json!({"id": seed::PARTNER_TENANT})),
            "customers[0] (A): id aaaaaaaa-0000-4000-8000-aaaaaaaaaaaa is one of the emulator's own",
        ),
        (
            customer(json!({"id": seed::generated_id(1)})),
            "customers[0] (A): id 00000000-0000-4000-8000-000000000001 is one of the emulator's own",
        ),
        (
            customer(json!({"name": "A"})),
            "customers[0] (A): unknown field `name`",
        ),
        (
            customer(json!({"company_name": " "})),
            "customers[0] ( ): company_name is empty",
        ),
        (
            customer(json!({"domain": "a b.c"})),
            "customers[0] (A): domain \"a b.c\" is not like contoso.onmicrosoft.com",
        ),
        (
            customer(json!({"domain": "localhost"})),
            "customers[0] (A): domain \"localhost\"",
        ),
        (
            customer(json!({"country": "ch"})),
            "customers[0] (A): country is not two capital letters, such as US",
        ),
        (
            held(json!([{"qualification": "Nonprofit"}])),
            "customers[0] (A): qualifications[0]: qualification \"Nonprofit\" is not Education, GovernmentCommunityCloud or StateOwnedEntity",
        ),
        (
            held(json!([education, education])),
            "customers[0] (A): qualifications[1]: Education is there twice",
        ),
        (
            held(json!([education, {"qualification": "GovernmentCommunityCloud"}])),
            "customers[0] (A): qualifications[1]: Education and GovernmentCommunityCloud exclude each other",
        ),
        (
            held(json!([{"qualification": "StateOwnedEntity", "vetting_status": "Approved"}])),
            "qualifications[0]: only Education has a vetting_status",
        ),
        (
            held(json!([{"qualification": "Education", "vetting_status": "approved"}])),
            "qualifications[0]: vetting_status \"approved\" is not InReview, Approved or Denied",
        ),
        (
            held(json!([{"qualification": "Education", "vetting_status": "Denied"}])),
            "qualifications[0]: a vetting_reason belongs to Denied, and only there",
        ),
        (
            twice("customers", customer(json!({}))),
            "customers[1]: the same id as an entry before it",
        ),
        (
            twice("validation_codes", code(json!({}))),
            "validation_codes[1]: the same validation_id as an entry before it",
        ),
        (
            code(json!({"code": "secret7"})),
            "validation_codes[0]: unknown field `code`",
        ),
        (
            code(json!({"validation_id": 7_777_777})),
            "validation_codes[0]: validation_id is not a string",
        ),
        (
            code(json!({"validation_id": "a secret7"})),
            "validation_codes[0]: validation_id is not visible ASCII without spaces",
        ),
        (
            code(json!({"max_creates": -1})),
            "validation_codes[0]: invalid value",
        ),
        (
            code(json!({"remaining_creates": 2})),
            "validation_codes[0]: remaining_creates is more than max_creates",
        ),
    ] {
        let problem = Seed::from_json(&seed.to_string()).err().unwrap();
        assert!(problem.contains(told), "{problem}\nis not\n{told}");
        assert!(
            !problem.contains("secret7") && !problem.contains("7777777"),
            "{problem}"
        );
    }
    let same_domain = json!({"customers": [
        {"id": ADVENTURE, "company_name": "A", "domain": "a.example"},
        {"id": BELLOWS, "company_name": "B", "domain": "A.example"},
    ]});
    let problem = Seed::from_json(&same_domain.to_string()).err().unwrap();
    assert_eq!(
        problem,
        "customers[1]: the same domain as an entry before it"
    );
    assert!(Seed::from_json("{").err().unwrap().contains("line 1"));
}
