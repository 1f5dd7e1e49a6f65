//! Customers in pages and one by one, and the validation codes.

use super::*;
use std::collections::HashSet;

fn with_customers(customers: usize) -> Emulator {
    let options = EmulatorOptions {
        customers,
        ..EmulatorOptions::default()
    };
    Emulator::start(options).unwrap()
}

fn page(emulator: &Emulator, query: &str) -> Value {
    document(&call(emulator, "GET", &format!("/v1/customers{query}"), ""))
}

fn seek(emulator: &Emulator, query: &str, token: &str) -> Reply {
    let request = format!(
        "GET /v1/customers?{query} HTTP/1.1\r\nAuthorization: Bearer {}\r\n\
         MS-ContinuationToken: {token}\r\n\r\n",
        emulator.token()
    );
    raw(emulator, &request)
}

fn filter(field: &str, operator: &str, value: &str) -> String {
    let filter = json!({"Field": field, "Operator": operator, "Value": value}).to_string();
    let encoded = filter
        .replace('"', "%22")
        .replace('{', "%7B")
        .replace(' ', "%20");
    format!("filter={encoded}")
}

fn names(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    assert_eq!(page["totalCount"], items.len());
    items
        .iter()
        .map(|item| item["companyProfile"]["companyName"].as_str().unwrap())
        .collect()
}

/// Follows the next links from the first page on; the URIs met, and all names.
fn walk(emulator: &Emulator, query: &str) -> (Vec<String>, Vec<String>) {
    let (mut uris, mut all) = (Vec::new(), Vec::new());
    let mut current = page(emulator, query);
    loop {
        all.extend(names(&current).into_iter().map(str::to_owned));
        let next = &current["links"]["next"];
        if next.is_null() {
            assert_eq!(current.get("continuationToken"), None);
            return (uris, all);
        }
        assert_eq!(next["method"], "GET");
        let token = &current["continuationToken"];
        let headers = json!([{"key": "MS-ContinuationToken", "value": token}]);
        assert_eq!(next["headers"], headers);
        let uri = next["uri"].as_str().unwrap().to_owned();
        let (_, query) = uri.split_once('?').unwrap();
        current = document(&seek(emulator, query, token.as_str().unwrap()));
        uris.push(uri);
    }
}

#[test]
fn a_list_has_the_documented_envelope() {
    let emulator = emulator();
    let all = page(&emulator, "?size=0");
    let contoso = json!({
        "id": CONTOSO,
        "companyProfile": {
            "tenantId": CONTOSO,
            "domain": "contoso.onmicrosoft.com",
            "companyName": "Contoso",
            "links": {"self": {
                "uri": format!("/customers/{CONTOSO}/profiles/company"),
                "method": "GET",
                "headers": [],
            }},
            "attributes": {"objectType": "CustomerCompanyProfile"},
        },
        "relationshipToPartner": "reseller",
        "links": {"self": {
            "uri": format!("/customers/{CONTOSO}"),
            "method": "GET",
            "headers": [],
        }},
        "attributes": {"objectType": "Customer"},
    });
    assert_eq!(all["items"][0], contoso);
    assert_eq!(names(&all).len(), 5);
    let own = json!({"self": {"uri": "/customers?size=0", "method": "GET", "headers": []}});
    assert_eq!(all["links"], own);
    assert_eq!(all["attributes"], json!({"objectType": "Collection"}));
    assert_eq!(names(&page(&emulator, "")), names(&all));
    // As many as there are: there is no next page.
    assert_eq!(page(&emulator, "?size=5")["links"].get("next"), None);
}

#[test]
fn next_links_lead_to_every_customer_once_in_both_styles() {
    let emulator = with_customers(4);
    let (uris, names) = walk(&emulator, "?size=2");
    let plain = "/customers?size=2&seekOperation=Next";
    let versioned = format!("/v1{plain}");
    assert_eq!(uris, [plain, &versioned, plain, &versioned]);
    assert_eq!(names.len(), 9);
    let distinct: HashSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), 9);
    assert_eq!(names[8], "Customer 00004");
}

#[test]
fn names_are_filtered_by_their_beginning() {
    let emulator = with_customers(3);
    for value in ["Customer", "cUSTOMER", "customer 0000"] {
        let filter = filter("CompanyName", "starts_with", value);
        let (uris, names) = walk(&emulator, &format!("?size=2&{filter}"));
        assert_eq!(uris.len(), 1);
        assert_eq!(
            names,
            ["Customer 00001", "Customer 00002", "Customer 00003"]
        );
    }
    let found = page(
        &emulator,
        &format!("?{}&size=500", filter("companyname", "StartsWith", "cont")),
    );
    assert_eq!(names(&found), ["Contoso"]);
    let none = page(
        &emulator,
        &format!("?{}", filter("CompanyName", "starts_with", "oso")),
    );
    assert_eq!(names(&none), [""; 0]);
    assert_eq!(none["items"], json!([]));
}

#[test]
fn lists_that_make_no_sense_are_refused() {
    let emulator = with_customers(1);
    let cases = [
        ("size=x".to_owned(), 800_002),
        ("size=-1".to_owned(), 800_002),
        ("size=".to_owned(), 800_002),
        ("filter=x".to_owned(), 800_002),
        ("filter=[]".to_owned(), 800_002),
        ("filter={}".to_owned(), 2000),
        (filter("Domain", "starts_with", "c"), 2000),
        (filter("CompanyName", "contains", "c"), 2000),
        ("seekOperation=Next".to_owned(), 800_002),
        ("seekOperation=Previous".to_owned(), 800_002),
    ];
    for (query, code) in cases {
        let reply = call(&emulator, "GET", &format!("/v1/customers?{query}"), "");
        assert_eq!(fault(&reply), (400, json!(code)), "{query}");
    }
}

#[test]
fn a_token_of_another_emulator_is_unknown() {
    let (one, other) = (with_customers(4), with_customers(4));
    let first = page(&one, "?size=2");
    let token = first["continuationToken"].as_str().unwrap();
    for query in [
        "seekOperation=Next",
        "seekOperation=next&size=7",
        "seekOperation=0",
    ] {
        let second = document(&seek(&one, query, token));
        assert_eq!(names(&second), ["Woodgrove County", "Northwind School"]);
    }
    // Without the operation, the header says nothing.
    assert_eq!(
        names(&document(&seek(&one, "size=2", token))),
        names(&first)
    );
    for token in [token, "AQAAAA==", "nonsense", "e30=", ""] {
        let reply = seek(&other, "size=2&seekOperation=Next", token);
        assert_eq!(fault(&reply), (404, json!(1000)), "{token}");
    }
}

#[test]
fn a_customer_is_read_with_its_domains() {
    let emulator = with_customers(1);
    let read = |id: &str| document(&call(&emulator, "GET", &format!("/v1/customers/{id}"), ""));
    let contoso = read(&CONTOSO.to_uppercase());
    assert_eq!(contoso["id"], CONTOSO);
    assert_eq!(contoso["customDomains"], json!(["contoso.example"]));
    assert_eq!(contoso["allowDelegatedAccess"], true);
    assert_eq!(contoso["relationshipToPartner"], "reseller");
    let profile = &contoso["companyProfile"];
    assert_eq!(profile["tenantId"], CONTOSO);
    assert_eq!(profile["domain"], "contoso.onmicrosoft.com");
    assert_eq!(profile["email"], "admin@contoso.example");
    let commerce = Uuid::try_parse(contoso["commerceId"].as_str().unwrap()).unwrap();
    assert_ne!(commerce.to_string(), CONTOSO);
    assert_eq!(read(CONTOSO), contoso);

    let generated = read(&generated_id(1));
    assert_eq!(generated["id"], "00000000-0000-4000-8000-000000000001");
    assert_eq!(generated["companyProfile"]["companyName"], "Customer 00001");
    assert_eq!(generated["customDomains"], json!([]));
    assert_eq!(generated["companyProfile"].get("email"), None);

    for (id, expected) in [
        (MISSING, (403, json!(20_002))),
        ("x", (400, json!(900_118))),
        ("all", (400, json!(900_118))),
    ] {
        let reply = call(&emulator, "GET", &format!("/v1/customers/{id}"), "");
        assert_eq!(fault(&reply), expected, "{id}");
    }
}

#[test]
fn ten_thousand_customers_are_there_to_be_used() {
    let emulator = with_customers(10_000);
    assert_eq!(names(&page(&emulator, "?size=0")).len(), 10_005);
    let (uris, names) = walk(&emulator, "?size=500");
    assert_eq!((uris.len(), names.len()), (20, 10_005));
    assert_eq!(names[10_004], "Customer 10000");
    let last = generated_id(10_000);
    assert_eq!(value(&put(&emulator, &last, "1")), "education");
    let changed = emulator.customers().pop().unwrap();
    assert_eq!(
        (changed.id, changed.qualification),
        (last, Qualification::Education)
    );

    let options = EmulatorOptions {
        customers: 1_000_001,
        ..EmulatorOptions::default()
    };
    assert!(Emulator::start(options).is_err());
}

#[test]
fn the_validation_codes_are_listed_with_their_budget() {
    let emulator = emulator();
    let list = || document(&call(&emulator, "GET", "/v1/customers/all/validations", ""));
    let tag = |list: &Value| {
        let tag = list[0]["eTag"].as_str().unwrap().to_owned();
        assert!(
            tag.starts_with("W/\"datetime'20") && tag.ends_with("Z'\""),
            "{tag}"
        );
        assert!(tag.contains("%3A") && !tag.contains(':'), "{tag}");
        tag
    };
    let before = list();
    let expected = json!([
        {
            "partnerId": PARTNER_TENANT,
            "organizationName": "Woodgrove County",
            "validationId": OPEN_CODE,
            "maxCreates": 3,
            "remainingCreates": 3,
            "eTag": tag(&before),
        },
        {
            "partnerId": PARTNER_TENANT,
            "organizationName": "Litware County",
            "validationId": SPENT_CODE,
            "maxCreates": 1,
            "remainingCreates": 0,
            "eTag": tag(&before),
        },
    ]);
    assert_eq!(before, expected);
    let query = format!("code={OPEN_CODE}");
    put_with(&emulator, WOODGROVE_COUNTY, &query, "3");
    let after = list();
    assert_eq!(after[0]["remainingCreates"], 2);
    assert_eq!(after[1], before[1]);
    tag(&after);
}
