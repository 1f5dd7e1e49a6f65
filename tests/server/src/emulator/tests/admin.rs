//! What is asked of the emulator itself, and by whom.

use super::*;

const JSON: &str = "Content-Type: application/json\r\n";

/// With these header lines, after the right `Host`.
fn admin(emulator: &Emulator, method: &str, target: &str, headers: &str, body: &str) -> Reply {
    let url = emulator.url();
    let (_, host) = url.split_once("://").unwrap();
    let length = body.len();
    raw(
        emulator,
        &format!(
            "{method} {target} HTTP/1.1\r\nHost: {host}\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
        ),
    )
}

fn told(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

fn state(emulator: &Emulator, query: &str) -> Value {
    let reply = admin(emulator, "GET", &format!("/emulator/state{query}"), "", "");
    assert_eq!(reply.status(), 200, "{reply:?}");
    told(&reply)
}

fn change(emulator: &Emulator, method: &str, call: &str, body: &Value) -> (u16, Value) {
    let target = format!("/emulator/{call}");
    let reply = admin(emulator, method, &target, JSON, &body.to_string());
    (reply.status(), told(&reply))
}

#[test]
fn the_state_shows_what_is_so_and_no_secret() {
    let emulator = emulator();
    put_with(&emulator, CONTOSO, "code=123456&%31&x=2", "1");
    let first = state(&emulator, "");
    assert_eq!(first["url"], emulator.url());
    assert_eq!(first["applied"], 1);
    assert_eq!(
        (&first["customers_in_all"], &first["customers_found"]),
        (&json!(5), &json!(5))
    );
    let contoso = &first["customers"][0];
    assert_eq!(contoso["company_name"], "Contoso");
    assert_eq!(contoso["qualification"], "Education");
    let item =
        json!({"qualification": "Education", "vetting_status": "Approved", "vetting_reason": null});
    assert_eq!(contoso["qualifications"], json!([item]));
    let code = json!({"masked": "••••56", "organization_name": "Woodgrove County", "max_creates": 3, "remaining_creates": 3});
    assert_eq!(first["validation_codes"][0], code);
    assert_eq!(first["switches"], json!(emulator.switches()));
    let request = &first["requests"][0];
    assert_eq!(
        (&request["number"], &request["method"], &request["status"]),
        (&json!(1), &json!("PUT"), &json!(200))
    );
    assert_eq!(request["path"], json!(path(CONTOSO)));
    assert_eq!(request["parameters"], json!(["code", "x"]));
    for id in ["request_id", "correlation_id"] {
        assert!(
            Uuid::try_parse(request[id].as_str().unwrap()).is_ok(),
            "{request}"
        );
    }
    let all = first.to_string();
    for secret in [
        "123456",
        &emulator.token(),
        &emulator.client_secret(),
        &emulator.refresh_token(),
    ] {
        assert!(!all.contains(secret), "{secret}");
    }
    let shown = state(&emulator, "?show=codes");
    assert_eq!(shown["validation_codes"][0]["validation_id"], OPEN_CODE);
    // Looking is neither a request of the service's nor one that counts.
    assert_eq!(emulator.requests().len(), 1);
}

#[test]
fn a_request_without_an_answer_is_shown_too() {
    let emulator = emulator();
    emulator.set_switches(Switches {
        reads_fail: ReadFailure::Closed,
        ..Switches::default()
    });
    let mut socket = plain(port(&emulator));
    let token = emulator.token();
    let path = path(CONTOSO);
    let head = format!(
        "GET {path} HTTP/1.1\r\nAuthorization: Bearer {token}\r\nMS-RequestId: {REQUEST_ID}\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).unwrap();
    assert!(read_reply(&mut socket).is_none());
    let request = &state(&emulator, "")["requests"][0];
    assert_eq!(
        (&request["status"], &request["request_id"]),
        (&Value::Null, &json!(REQUEST_ID))
    );
}

#[test]
fn customers_are_found_by_name_domain_or_id() {
    let emulator = Emulator::start(EmulatorOptions {
        customers: 200,
        ..EmulatorOptions::default()
    })
    .unwrap();
    let found = |text: &str| {
        let state = state(&emulator, &format!("?find={text}"));
        let shown = state["customers"].as_array().unwrap().len();
        (state["customers_found"].as_u64().unwrap(), shown)
    };
    assert_eq!(found(""), (205, 100));
    assert_eq!(found("%20Wood"), (1, 1));
    assert_eq!(found("customer0012"), (10, 10));
    assert_eq!(found(CONTOSO), (1, 1));
    assert_eq!(found("nobody"), (0, 0));
}

#[test]
fn switches_are_replaced_or_changed() {
    let emulator = emulator();
    let (status, now) = change(
        &emulator,
        "PUT",
        "switches",
        &json!({"lost": "after_applying", "lost_when": {"next": 1}}),
    );
    assert_eq!((status, &now["lost"]), (200, &json!("after_applying")));
    assert_eq!(emulator.switches().lost_when, Chance::times(1));
    change(&emulator, "PATCH", "switches", &json!({"late_ms": 5}));
    assert_eq!(
        (emulator.switches().late_ms, emulator.switches().lost),
        (5, Loss::AfterApplying)
    );
    for wrong in [
        json!({"lose": 1}),
        json!({"lost": "always"}),
        json!([]),
        json!(1),
    ] {
        let (status, told) = change(&emulator, "PATCH", "switches", &wrong);
        assert!(status == 400 && told["error"].is_string(), "{wrong}");
    }
    assert_eq!(emulator.switches().late_ms, 5);
    assert_eq!(change(&emulator, "PUT", "switches", &json!({})).0, 200);
    assert_eq!(emulator.switches(), Switches::default());
}

#[test]
fn a_vetting_is_decided() {
    let emulator = emulator();
    let ask = json!({"qualification": "Education", "educationSegment": "K12"});
    let due = |customer: &str| call(&emulator, "POST", &(path(customer) + "s"), &ask.to_string());
    due(CONTOSO);
    due(FABRIKAM);
    let decide = |body: Value| change(&emulator, "POST", "decide", &body);
    assert_eq!(
        decide(json!({"customer": CONTOSO, "status": "Approved"})),
        (200, json!({}))
    );
    assert_eq!(value(&get(&emulator, CONTOSO)), "education");
    assert_eq!(
        decide(json!({"customer": FABRIKAM, "status": "Denied"})).0,
        200
    );
    assert_eq!(
        state(&emulator, "")["customers"][1]["qualifications"][0]["vetting_reason"],
        "Not an Education Customer"
    );
    for (status, body) in [
        (404, json!({"customer": CONTOSO, "status": "Approved"})),
        (404, json!({"customer": "x", "status": "Denied"})),
        (400, json!({"customer": CONTOSO, "status": "InReview"})),
        (
            400,
            json!({"customer": CONTOSO, "status": "Approved", "reason": "x"}),
        ),
        (400, json!({"customer": CONTOSO, "approved": true})),
    ] {
        let (have, told) = decide(body.clone());
        assert!(have == status && told["error"].is_string(), "{body}");
    }
}

#[test]
fn the_token_expires_and_everything_begins_anew() {
    let emulator = emulator();
    put(&emulator, CONTOSO, "1");
    emulator.set_switches(Switches {
        late_ms: 9,
        ..Switches::default()
    });
    let before = emulator.token();
    let (status, told) = change(&emulator, "POST", "expire-token", &json!({}));
    assert_eq!((status, &told["token"]), (200, &json!(emulator.token())));
    assert_ne!(emulator.token(), before);
    let kept = emulator.token();
    assert_eq!(
        change(&emulator, "POST", "reset", &json!({})),
        (200, json!({}))
    );
    assert_eq!(value(&get(&emulator, CONTOSO)), "none");
    assert_eq!((emulator.applied(), emulator.requests().len()), (0, 1));
    assert_eq!(
        (emulator.switches(), emulator.token()),
        (Switches::default(), kept)
    );
    emulator.reset();
    assert_eq!(emulator.requests().len(), 0);
}

#[test]
fn what_is_known_is_told() {
    let emulator = emulator();
    let known = told(&admin(&emulator, "GET", "/emulator/behaviours", "", ""));
    assert_eq!(known["areas"].as_array().unwrap().len(), BEHAVIOURS.len());
    assert_eq!(known["areas"][0]["behaviours"][0]["basis"], "assumed");
    assert_eq!(
        known["switches"][1]["values"],
        json!(["off", "replay", "in_progress"])
    );
    assert_eq!(known["usual"], json!(Switches::default()));
}

#[test]
fn only_programs_of_this_machine_and_the_own_page_are_answered() {
    let emulator = emulator();
    let url = emulator.url();
    let port = port(&emulator);
    let status = |request: &str| raw(&emulator, request).status();
    let get =
        |target: &str, headers: &str| status(&format!("GET {target} HTTP/1.1\r\n{headers}\r\n"));
    let host = format!("Host: 127.0.0.1:{port}\r\n");
    for target in ["/", "/emulator/page.js", "/emulator/state"] {
        assert_eq!(get(target, &host), 200, "{target}");
        assert_eq!(
            get(target, &format!("Host: LocalHost:{port}\r\n")),
            200,
            "{target}"
        );
        // A name that somebody else lets lead here, another port, none, or two of them.
        for other in [
            format!("Host: attacker.example:{port}\r\n"),
            "Host: 127.0.0.1\r\n".to_owned(),
            "Host: 127.0.0.1:1\r\n".to_owned(),
            String::new(),
            format!("{host}{host}"),
            format!("{host}Origin: http://attacker.example\r\n"),
            format!("{host}Origin: null\r\n"),
            format!("{host}Origin: http://localhost:{port}\r\n"),
        ] {
            assert_eq!(get(target, &other), 403, "{target} {other}");
        }
    }
    let from = |site: &str| format!("{host}Sec-Fetch-Site: {site}\r\n");
    for (site, page, others) in [
        ("same-origin", 200, 200),
        ("none", 200, 200),
        ("cross-site", 200, 403),
        ("same-site", 200, 403),
    ] {
        assert_eq!(get("/", &from(site)), page);
        assert_eq!(get("/emulator/state", &from(site)), others);
        assert_eq!(get("/emulator/page.js", &from(site)), others);
    }

    let before = emulator.token();
    let post = |headers: &str| admin(&emulator, "POST", "/emulator/expire-token", headers, "{}");
    for (status, headers) in [
        (415, String::new()),
        (415, "Content-Type: text/plain\r\n".to_owned()),
        (
            415,
            "Content-Type: application/x-www-form-urlencoded\r\n".to_owned(),
        ),
        (403, format!("{JSON}Origin: https://attacker.example\r\n")),
        (403, format!("{JSON}Sec-Fetch-Site: cross-site\r\n")),
    ] {
        assert_eq!(post(&headers).status(), status, "{headers}");
    }
    assert_eq!(emulator.token(), before);
    // The browser asks first, and is never told that it may.
    let asked = admin(
        &emulator,
        "OPTIONS",
        "/emulator/expire-token",
        "Origin: https://attacker.example\r\n",
        "",
    );
    assert_eq!(asked.status(), 403);
    let allowed = post(&format!(
        "{JSON}Origin: {url}\r\nSec-Fetch-Site: same-origin\r\n"
    ));
    assert_eq!(allowed.status(), 200);
    for reply in [asked, allowed] {
        let cors = |name: &str| name.to_ascii_lowercase().starts_with("access-control");
        assert!(
            !reply.headers.iter().any(|(name, _)| cors(name)),
            "{reply:?}"
        );
    }
}

#[test]
fn other_calls_and_methods_are_refused() {
    let emulator = emulator();
    for (method, target, status) in [
        ("GET", "/emulator/nothing", 404),
        ("GET", "/emulator/", 404),
        ("POST", "/emulator/page.js", 404),
        ("POST", "/emulator/state", 405),
        ("GET", "/emulator/reset", 405),
        ("DELETE", "/emulator/switches", 405),
    ] {
        let reply = admin(&emulator, method, target, JSON, "{}");
        assert!(
            reply.status() == status && told(&reply)["error"].is_string(),
            "{target}"
        );
    }
    // These are the service's.
    for (method, target) in [
        ("GET", "/emulator"),
        ("PUT", "/"),
        ("GET", "/Emulator/state"),
    ] {
        assert_eq!(
            fault(&admin(&emulator, method, target, "", "")),
            (401, json!(800_001))
        );
    }
}

#[test]
fn the_page_takes_nothing_from_elsewhere() {
    let emulator = emulator();
    for (target, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/emulator/page.css", "text/css; charset=utf-8"),
        ("/emulator/page.js", "text/javascript; charset=utf-8"),
        ("/emulator/icon.svg", "image/svg+xml"),
    ] {
        let reply = admin(&emulator, "GET", target, "", "");
        assert_eq!(reply.status_line, "HTTP/1.1 200 OK");
        assert_eq!(reply.header("Content-Type"), Some(kind));
        assert_eq!(reply.header("X-Content-Type-Options"), Some("nosniff"));
        let policy = reply.header("Content-Security-Policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("  "));
        let text = reply.text().replace("http://www.w3.org/2000/svg", "");
        assert!(!text.contains("://"), "{target}");
    }
}
