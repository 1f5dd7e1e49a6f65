use super::seed::*;
use super::*;
use crate::testing::{REQUEST_ID, Reply, plain, read_reply};
use serde_json::{Value, json};
use std::io::Write;

mod admin;
mod authority;
mod customers;
mod qualification;
mod qualifications;
mod seeds;
mod switches;
#[cfg(feature = "tls")]
mod tls;

const MISSING: &str = "99999999-9999-4999-8999-999999999999";

fn emulator() -> Emulator {
    Emulator::start(EmulatorOptions::default()).unwrap()
}

fn port(emulator: &Emulator) -> u16 {
    emulator.url().rsplit(':').next().unwrap().parse().unwrap()
}

fn raw(emulator: &Emulator, request: &str) -> Reply {
    let mut socket = plain(port(emulator));
    socket.write_all(request.as_bytes()).unwrap();
    read_reply(&mut socket).unwrap()
}

fn call(emulator: &Emulator, method: &str, target: &str, body: &str) -> Reply {
    call_as(emulator, &emulator.token(), method, target, body)
}

fn call_as(emulator: &Emulator, token: &str, method: &str, target: &str, body: &str) -> Reply {
    let request = format!(
        "{method} {target} HTTP/1.1\r\nAuthorization: Bearer {token}\r\nContent-Length: {}\r\n\r\n{body}",
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

/// The document behind the byte order mark of a success.
fn document(reply: &Reply) -> Value {
    assert!(matches!(reply.status(), 200 | 201), "{reply:?}");
    let body = reply.body.strip_prefix(b"\xEF\xBB\xBF").unwrap();
    serde_json::from_slice(body).unwrap()
}

fn value(reply: &Reply) -> String {
    assert_eq!(reply.status(), 200, "{reply:?}");
    document(reply).as_str().unwrap().to_owned()
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
    for target in ["/v1", "/v1/customers/", "/v1/customers/x/validations"] {
        let reply = call(&emulator, "GET", target, "");
        assert_eq!(fault(&reply), (404, json!(1000)), "{target}");
    }
    let contoso = format!("/v1/customers/{CONTOSO}");
    for (method, target, allowed) in [
        ("DELETE", path(CONTOSO), "GET, PUT"),
        ("PUT", path(CONTOSO) + "s", "GET, POST"),
        ("DELETE", contoso, "GET"),
        ("POST", "/v1/customers".to_owned(), "GET"),
        ("POST", "/v1/customers/all/validations".to_owned(), "GET"),
    ] {
        let reply = call(&emulator, method, &target, "{}");
        assert_eq!(fault(&reply), (405, json!(900_141)), "{target}");
        assert_eq!(reply.header("Allow"), Some(allowed));
    }
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
            token: Some(token.to_owned()),
            ..EmulatorOptions::default()
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
        token: Some("my-token".to_owned()),
        ..EmulatorOptions::default()
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
fn mfa_is_reported_when_asked_for() {
    let emulator = emulator();
    let with = |token: &str, header: &str| {
        let path = path(CONTOSO);
        let request =
            format!("GET {path} HTTP/1.1\r\nAuthorization: Bearer {token}\r\n{header}\r\n");
        let reply = raw(&emulator, &request);
        reply.header("isMfaCompliant").map(str::to_owned)
    };
    let token = emulator.token();
    assert_eq!(
        with(&token, "ValidateMfa: true\r\n").as_deref(),
        Some("true")
    );
    assert_eq!(with(&token, "ValidateMfa: false\r\n"), None);
    assert_eq!(with(&token, ""), None);
    assert_eq!(with("wrong", "ValidateMfa: true\r\n"), None);
}

#[test]
fn no_debug_shows_a_secret() {
    let emulator = emulator();
    let shown = format!("{:?}", emulator.validation_codes());
    assert!(shown.contains("Woodgrove County"), "{shown}");
    assert!(!shown.contains(OPEN_CODE) && !shown.contains(SPENT_CODE));
    let shown = format!("{:?}", emulator.customers());
    assert!(shown.contains(CONTOSO), "{shown}");
}

#[test]
fn one_connection_serves_many_requests() {
    let emulator = emulator();
    let request = format!(
        "GET {} HTTP/1.1\r\nAuthorization: Bearer {}\r\n\r\n",
        path(CONTOSO),
        emulator.token()
    );
    let mut socket = plain(port(&emulator));
    for _ in 0..3 {
        socket.write_all(request.as_bytes()).unwrap();
        assert_eq!(value(&read_reply(&mut socket).unwrap()), "none");
    }
    assert_eq!(raw(&emulator, "nonsense\r\n\r\n").status(), 400);
}

#[test]
fn stopping_closes_the_port_and_open_connections() {
    let emulator = emulator();
    let port = port(&emulator);
    assert_eq!(emulator.url(), format!("http://127.0.0.1:{port}"));
    let mut idle = plain(port);
    idle.write_all(b"GET /v1 HTTP/1.1\r\n\r\n").unwrap();
    assert_eq!(read_reply(&mut idle).unwrap().status(), 401);
    emulator.stop();
    emulator.stop();
    assert!(read_reply(&mut idle).is_none());
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
    drop(emulator);
}

#[test]
fn the_table_says_where_everything_is_from() {
    let all = || BEHAVIOURS.iter().flat_map(|area| area.behaviours);
    for behaviour in all() {
        assert!(!behaviour.what.is_empty() && !behaviour.source.is_empty());
    }
    assert!(all().any(|behaviour| behaviour.basis == Basis::Assumed));
}
