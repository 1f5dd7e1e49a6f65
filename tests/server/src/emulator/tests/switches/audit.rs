//! The audit log.

use super::*;

fn page(emulator: &Emulator, query: &str) -> Value {
    document(&call(
        emulator,
        "GET",
        &format!("/v1/auditrecords{query}"),
        "",
    ))
}

fn correlations(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    assert_eq!(page["totalCount"], items.len());
    items
        .iter()
        .map(|item| item["originalCorrelationId"].as_str().unwrap())
        .map(|text| text.strip_prefix("of-").unwrap())
        .collect()
}

#[test]
fn changes_and_rejections_are_recorded() {
    let emulator = emulator();
    set(&emulator, CONTOSO, &id(1));
    let failed = set_government(&emulator, CONTOSO, &id(2), OPEN_CODE);
    assert_eq!(failed.status(), 400);
    let log = page(&emulator, "");
    assert_eq!(correlations(&log), [id(2), id(1)]);
    let mut item = log["items"][1].clone();
    let mut take = |name: &str| {
        let taken = item.as_object_mut().unwrap().remove(name).unwrap();
        taken.as_str().unwrap().to_owned()
    };
    let (date, own_id) = (take("operationDate"), take("id"));
    assert!(date.len() == 28 && date.ends_with('Z'), "{date}");
    let stem = format!("{PARTNER_TENANT}_{CONTOSO}_updatecustomerqualification_");
    let ticks: u64 = own_id.strip_prefix(&stem).unwrap().parse().unwrap();
    assert!(ticks > 637_346_859_797_753_934, "{ticks}");
    assert_eq!(
        item,
        json!({
            "partnerId": PARTNER_TENANT,
            "participants": [PARTNER_TENANT],
            "customerId": CONTOSO,
            "customerName": "Contoso",
            "userPrincipalName": "admin@partner.onmicrosoft.com",
            "applicationId": CLIENT_ID,
            "resourceType": "customer",
            "resourceNewValue": "{\"Qualification\":\"Education\"}",
            "operationType": "update_customer_qualification",
            "originalCorrelationId": format!("of-{}", id(1)),
            "operationStatus": "succeeded",
            "customizedData": [],
            "attributes": {"objectType": "AuditRecord"},
        })
    );
    let failed = &log["items"][0];
    assert_eq!(failed["operationStatus"], "failed");
    let asked = "{\"Qualification\":\"GovernmentCommunityCloud\"}";
    assert_eq!(failed["resourceNewValue"], asked);
    assert!(!log.to_string().contains(OPEN_CODE));
    let own = json!({"self": {"uri": "/auditrecords", "method": "GET", "headers": []}});
    assert_eq!(log["links"], own);
    assert_eq!(log["attributes"], json!({"objectType": "Collection"}));
}

#[test]
fn what_changes_nothing_is_not_recorded() {
    let emulator = with(Switches {
        unauthorized: Chance::times(1),
        ..Switches::default()
    });
    set(&emulator, CONTOSO, &id(1));
    set(&emulator, NORTHWIND_SCHOOL, &id(2));
    set(&emulator, MISSING, &id(3));
    send(&emulator, "PUT", &path(CONTOSO), &id(4), "nonsense");
    assert_eq!(page(&emulator, "")["items"], json!([]));
    assert_eq!(
        call(&emulator, "POST", "/v1/auditrecords", "").status(),
        405
    );
}

#[test]
fn the_log_tells_the_truth_about_lost_and_late_writes() {
    let emulator = with(Switches {
        lost: Loss::AfterApplying,
        late_ms: HOUR_MS,
        late_when: Chance::times(2),
        ..Switches::default()
    });
    // The second one is promised, and refused when its time has come.
    ask(&emulator, CONTOSO, &id(1));
    set_government(&emulator, CONTOSO, &id(2), OPEN_CODE);
    ask(&emulator, FABRIKAM, &id(3));
    assert_eq!(correlations(&page(&emulator, "")), [id(3)]);
    emulator.advance(hours(1));
    let log = page(&emulator, "");
    assert_eq!(correlations(&log), [id(2), id(1), id(3)]);
    let statuses = [0, 1, 2].map(|at| log["items"][at]["operationStatus"].clone());
    assert_eq!(statuses, ["failed", "succeeded", "succeeded"]);
    emulator.set_switches(Switches {
        lost: Loss::BeforeApplying,
        ..Switches::default()
    });
    ask(&emulator, WOODGROVE_COUNTY, &id(4));
    assert_eq!(page(&emulator, "")["totalCount"], 3);
}

#[test]
fn the_log_lags_with_the_other_reads() {
    let emulator = with(Switches {
        read_lag_ms: HOUR_MS,
        ..Switches::default()
    });
    set(&emulator, CONTOSO, &id(1));
    assert_eq!(page(&emulator, "")["items"], json!([]));
    emulator.advance(hours(1));
    assert_eq!(correlations(&page(&emulator, "")), [id(1)]);
}

#[test]
fn next_links_lead_to_every_record_once() {
    let emulator = emulator();
    for number in 1..=5 {
        set(&emulator, LITWARE_COUNTY, &id(number));
    }
    let mut current = page(&emulator, "?size=2");
    let mut met: Vec<_> = correlations(&current)
        .into_iter()
        .map(str::to_owned)
        .collect();
    for uri in [
        "/auditrecords?size=2&seekOperation=Next",
        "/v1/auditrecords?size=2&seekOperation=Next",
    ] {
        // What is recorded meanwhile belongs to no later page.
        set(&emulator, LITWARE_COUNTY, &id(6));
        let next = &current["links"]["next"];
        assert_eq!(next["uri"], uri);
        let request = format!(
            "GET /v1/auditrecords?seekOperation=Next HTTP/1.1\r\nAuthorization: Bearer {}\r\n\
             {}: {}\r\n\r\n",
            emulator.token(),
            next["headers"][0]["key"].as_str().unwrap(),
            next["headers"][0]["value"].as_str().unwrap()
        );
        current = document(&raw(&emulator, &request));
        met.extend(correlations(&current).into_iter().map(str::to_owned));
    }
    assert_eq!(met, [5, 4, 3, 2, 1].map(id));
    assert_eq!(current["links"].get("next"), None);
}

#[test]
fn a_token_of_another_list_is_unknown() {
    let emulator = emulator();
    let customers = document(&call(&emulator, "GET", "/v1/customers?size=1", ""));
    let request = format!(
        "GET /v1/auditrecords?seekOperation=Next HTTP/1.1\r\nAuthorization: Bearer {}\r\n\
         MS-ContinuationToken: {}\r\n\r\n",
        emulator.token(),
        customers["continuationToken"].as_str().unwrap()
    );
    assert_eq!(raw(&emulator, &request).status(), 404);
}

#[test]
fn dates_and_filters_choose_records() {
    let emulator = emulator();
    set(&emulator, CONTOSO, &id(1));
    let first = page(&emulator, "")["items"][0]["operationDate"].clone();
    let first = first.as_str().unwrap();
    let (day, second) = (&first[..10], &first[..19]);
    emulator.advance(hours(48));
    set(&emulator, FABRIKAM, &id(2));
    let filter = |field: &str, operator: &str, value: &str| {
        format!(
            "filter=%7B%22Field%22:%22{field}%22,%22Value%22:%22{value}%22,\
             %22Operator%22:%22{operator}%22%7D"
        )
    };
    let both = vec![id(2), id(1)];
    for (query, expected) in [
        (format!("startDate={day}"), both.clone()),
        (format!("startDate={day}&endDate={day}"), vec![id(1)]),
        (format!("endDate={second}"), vec![id(1)]),
        (format!("startDate={second}Z"), both.clone()),
        (format!("startDate={first}&endDate={first}"), vec![id(1)]),
        ("startDate=9999-12-31".to_owned(), vec![]),
        (
            filter("CustomerId", "equals", &CONTOSO.to_uppercase()),
            vec![id(1)],
        ),
        (filter("CompanyName", "substring", "ABRI"), vec![id(2)]),
        (filter("ResourceType", "equals", "Customer"), both.clone()),
        (filter("ResourceType", "equals", "order"), vec![]),
    ] {
        let found = page(&emulator, &format!("?{query}"));
        assert_eq!(correlations(&found), expected, "{query}");
    }
    for (query, code) in [
        ("startDate=2017-06-01".to_owned(), 800_002),
        ("startDate=6/1/2017%2012:00:00%20AM".to_owned(), 800_002),
        ("endDate=".to_owned(), 800_002),
        ("endDate=2020-09-02T10:00".to_owned(), 800_002),
        ("size=-1".to_owned(), 800_002),
        (filter("CustomerId", "substring", "1"), 2000),
    ] {
        let reply = call(&emulator, "GET", &format!("/v1/auditrecords?{query}"), "");
        assert_eq!(fault(&reply), (400, json!(code)), "{query}");
    }
    // Nobody asks: the last 30 days.
    emulator.advance(hours(24 * 31));
    assert_eq!(page(&emulator, "")["items"], json!([]));
    let asked = page(&emulator, &format!("?startDate={day}"));
    assert_eq!(correlations(&asked), both);
}
