use super::seed::*;
use super::*;
use crate::testing::{REQUEST_ID, Reply, plain, read_reply};
use serde_json::{Value, json};
use std::io::Write;

const MISSING: &str = "99999999-9999-4999-8999-999999999999";

fn emulator() -> Emulator {
    Emulator::start(EmulatorOptions::default()).unwrap()
}

fn raw(emulator: &Emulator, request: &str) -> Reply {
    let mut socket = plain(emulator.listener.port());
    socket.write_all(request.as_bytes()).unwrap();
    read_reply(&mut socket).unwrap()
}

fn call(emulator: &Emulator, method: &str, target: &str, body: &str) -> Reply {
    let request = format!(
        "{method} {target} HTTP/1.1\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n{body}",
        emulator.token(),
        body.len()
    );
    raw(emulator, &request)
}

fn path(customer: &str) -> String {
    format!("/v1/customers/{customer}/qualification")
}

fn get(emulator: &Emulator, customer: &str) -> Reply {
    call(emulator, "GET", &path(customer), "")
}

fn put(emulator: &Emulator, customer: &str, body: &str) -> Reply {
    call(emulator, "PUT", &path(customer), body)
}

fn put_with(emulator: &Emulator, customer: &str, query: &str, body: &str) -> Reply {
    call(
        emulator,
        "PUT",
        &format!("{}?{query}", path(customer)),
        body,
    )
}

fn fault(reply: &Reply) -> (u16, Value) {
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    assert!(body["description"].is_string(), "{body}");
    (reply.status(), body["code"].clone())
}

fn remaining(emulator: &Emulator, code: &str) -> u32 {
    let codes = emulator.validation_codes();
    let found = codes.iter().find(|have| have.validation_id == code);
    found.unwrap().remaining_creates
}

fn value(reply: &Reply) -> String {
    assert_eq!(reply.status(), 200, "{reply:?}");
    let body = reply.body.strip_prefix(b"\xEF\xBB\xBF").unwrap();
    serde_json::from_slice(body).unwrap()
}

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
fn success_has_the_services_form() {
    let emulator = emulator();
    let request = format!(
        "GET {} HTTP/1.1\r\nAuthorization: bearer {}\r\nMS-RequestId: {REQUEST_ID}\r\n\r\n",
        path(NORTHWIND_SCHOOL),
        emulator.token()
    );
    let reply = raw(&emulator, &request);
    assert_eq!(reply.status_line, "HTTP/1.1 200 OK");
    assert_eq!(reply.body, b"\xEF\xBB\xBF\"education\"");
    assert_eq!(reply.header("Content-Length"), Some("14"));
    assert_eq!(reply.header("MS-RequestId"), Some(REQUEST_ID));
    let made_up = reply.header("MS-CorrelationId").unwrap();
    assert!(Uuid::try_parse(made_up).is_ok());
    assert!(reply.header("MS-CV").unwrap().ends_with(".0"));
    assert!(reply.header("MS-ServerId").is_some());
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

#[test]
fn strangers_and_odd_paths_are_refused() {
    let emulator = emulator();
    for reply in [get(&emulator, MISSING), put(&emulator, MISSING, "1")] {
        assert_eq!(fault(&reply), (403, json!(20_002)));
        assert!(
            reply
                .text()
                .contains("No relationship between caller and account.")
        );
        assert!(reply.text().contains("\"source\":\"PartnerFD\""));
    }
    for id in ["x", "{11111111-aaaa-4aaa-8aaa-111111111111}", "%31"] {
        assert_eq!(fault(&get(&emulator, id)), (400, json!(900_118)), "{id}");
    }
    for target in ["/", "/v1/customers", "/v1/customers/x/qualifications"] {
        let reply = call(&emulator, "GET", target, "");
        assert_eq!(fault(&reply), (404, json!(1000)), "{target}");
    }
    let reply = call(&emulator, "DELETE", &path(CONTOSO), "");
    assert_eq!(reply.status(), 405);
    assert_eq!(reply.header("Allow"), Some("GET, PUT"));
}

#[test]
fn a_missing_or_wrong_token_is_refused_first() {
    let emulator = emulator();
    let with = |header: &str| {
        raw(
            &emulator,
            &format!("PUT /nowhere HTTP/1.1\r\n{header}Content-Length: 1\r\n\r\n1"),
        )
    };
    let missing = with("");
    assert_eq!(fault(&missing), (401, json!(800_001)));
    assert_eq!(missing.header("WWW-Authenticate"), Some("Bearer"));
    let token = emulator.token();
    for header in [
        "Authorization: Bearer wrong\r\n".to_owned(),
        format!("Authorization: Basic {token}\r\n"),
        format!("Authorization: {token}\r\n"),
        format!("Authorization: Bearer {token}\r\nAuthorization: Bearer {token}\r\n"),
    ] {
        let wrong = with(&header);
        assert_eq!(fault(&wrong), (401, json!(800_001)), "{header}");
        let challenge = wrong.header("WWW-Authenticate");
        assert_eq!(challenge, Some("Bearer error=\"invalid_token\""));
    }
}

#[test]
fn a_token_is_random_or_given_and_can_expire() {
    assert_ne!(emulator().token(), emulator().token());
    let given = |token: &str| {
        Emulator::start(EmulatorOptions {
            port: 0,
            token: Some(token.to_owned()),
        })
    };
    let emulator = given("my-token").unwrap();
    assert_eq!(emulator.token(), "my-token");
    assert_eq!(get(&emulator, CONTOSO).status(), 200);
    let new = emulator.expire_token();
    assert_eq!(emulator.token(), new);
    let old = format!(
        "GET {} HTTP/1.1\r\nAuthorization: Bearer my-token\r\n\r\n",
        path(CONTOSO)
    );
    assert_eq!(raw(&emulator, &old).status(), 401);
    assert_eq!(get(&emulator, CONTOSO).status(), 200);
    for bad in ["", "a b", "a\r\nb", "é"] {
        assert!(given(bad).is_err(), "{bad}");
    }
    let options = EmulatorOptions {
        port: 0,
        token: Some("my-token".to_owned()),
    };
    assert!(!format!("{options:?}").contains("my-token"));
}

#[test]
fn requests_are_logged_without_secrets() {
    let emulator = emulator();
    put_with(&emulator, CONTOSO, "code=123456", "1");
    raw(&emulator, "GET /nowhere HTTP/1.1\r\n\r\n");
    let logged = emulator.requests();
    let expected = [("PUT", path(CONTOSO)), ("GET", "/nowhere".to_owned())];
    assert_eq!(
        logged,
        expected.map(|(method, path)| (method.to_owned(), path))
    );
}

#[test]
fn one_connection_serves_many_requests() {
    let emulator = emulator();
    let request = format!(
        "GET {} HTTP/1.1\r\nAuthorization: Bearer {}\r\n\r\n",
        path(CONTOSO),
        emulator.token()
    );
    let mut socket = plain(emulator.listener.port());
    for _ in 0..3 {
        socket.write_all(request.as_bytes()).unwrap();
        assert_eq!(value(&read_reply(&mut socket).unwrap()), "none");
    }
    assert_eq!(raw(&emulator, "nonsense\r\n\r\n").status(), 400);
}

#[test]
fn stopping_closes_the_port_and_open_connections() {
    let emulator = emulator();
    let port = emulator.listener.port();
    assert_eq!(emulator.url(), format!("http://127.0.0.1:{port}"));
    let mut idle = plain(port);
    idle.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    assert_eq!(read_reply(&mut idle).unwrap().status(), 401);
    emulator.stop();
    emulator.stop();
    assert!(read_reply(&mut idle).is_none());
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
    drop(emulator);
}

#[test]
fn the_table_says_where_everything_is_from() {
    for behaviour in BEHAVIOURS {
        assert!(!behaviour.what.is_empty() && !behaviour.source.is_empty());
    }
    assert!(BEHAVIOURS.iter().any(|b| b.basis == Basis::Assumed));
}
