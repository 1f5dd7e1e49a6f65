use super::*;
use crate::case::{Case, Setup};
use crate::testing::{Fixtures, entry};
use serde_json::json;

fn read(fixtures: &Fixtures) -> Result<Recording, ServerError> {
    let tokens = ["first-token".to_owned(), "second-token".to_owned()];
    let values = Values {
        tokens: &tokens,
        api: "https://127.0.0.1:1",
        redirect: "https://127.0.0.1:2",
    };
    Recording::load(fixtures.path(), "one", &values)
}

fn load(entry: Value) -> Result<Recording, ServerError> {
    read(&Fixtures::with(&[entry]))
}

/// Changes the member at the JSON pointer and returns the error text.
fn broken(pointer: &str, value: Value) -> String {
    let mut entry = entry();
    *entry.pointer_mut(pointer).unwrap() = value;
    load(entry).unwrap_err().to_string()
}

#[test]
fn an_entry_is_read() {
    let recording = load(entry()).unwrap();
    let [entry] = recording.entries.as_slice() else {
        panic!("{recording:?}");
    };
    assert_eq!(entry.request.path, "/v1/customers/4d3cf487/qualification");
    assert_eq!(entry.request.query.as_deref(), Some("code=12%2034"));
    assert_eq!(entry.request.body, Some(Body::Json(json!(3))));
    assert_eq!(entry.response.reason, "Very Well");
    assert_eq!(entry.response.body, b"\xEF\xBB\xBF\"education\"");
    assert_eq!((entry.token, entry.fault), (1, None));
    let names: Vec<_> = entry
        .response
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["Content-Type", "MS-CV"]);
}

#[test]
fn another_content_encoding_is_kept() {
    let mut gzip = entry();
    gzip["response"]["headers"] = json!([{"name": "Content-Encoding", "value": "gzip"}]);
    let recording = load(gzip).unwrap();
    assert_eq!(recording.entries[0].response.headers.len(), 1);
}

#[test]
fn extensions_are_read() {
    let mut changed = entry();
    changed["_match"] = json!({"token": 2});
    changed["_fault"] = json!({"point": "answer", "action": "stall"});
    let recording = load(changed).unwrap();
    assert_eq!(recording.entries[0].token, 2);
    let fault = Fault::Unanswered(Ending::Stall);
    assert_eq!(recording.entries[0].fault, Some(fault));
}

#[test]
fn a_fault_of_the_body_needs_one() {
    let fault = |action: &str, status: u16, body: &str| {
        let mut changed = entry();
        changed["_fault"] = json!({"point": "body", "action": action});
        changed["response"]["status"] = json!(status);
        changed["response"]["content"] = json!({"text": body});
        load(changed).map(|recording| recording.entries[0].fault.unwrap().to_string())
    };
    assert_eq!(fault("drip", 500, "x").unwrap(), "body/drip");
    assert_eq!(fault("gzip", 200, "").unwrap(), "body/gzip");
    for (action, status, body, problem) in [
        ("stall", 200, "", "_fault: needs an answer with a body"),
        ("endless", 204, "x", "_fault: needs an answer whose status"),
        ("gzip", 304, "", "_fault: needs an answer whose status"),
    ] {
        let error = fault(action, status, body).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn headers_of_an_answer_may_name_the_server_and_where_nobody_may_go() {
    let mut changed = entry();
    changed["response"]["headers"] = json!([
        {"name": "Location", "value": "${redirect}/v1/x"},
        {"name": "Link", "value": "<${api}/v1/y>"},
    ]);
    let recording = load(changed.clone()).unwrap();
    let values: Vec<_> = recording.entries[0].response.headers.iter().collect();
    assert_eq!(values[0].1, "https://127.0.0.1:2/v1/x");
    assert_eq!(values[1].1, "<https://127.0.0.1:1/v1/y>");
    changed["response"]["headers"][0]["value"] = json!("${elsewhere}");
    let error = load(changed).unwrap_err().to_string();
    assert!(error.contains("response.headers: contains a placeholder other"));
}

#[test]
fn token_0_says_that_there_is_none() {
    let mut changed = entry();
    changed["_match"] = json!({"token": 0});
    assert_eq!(load(changed).unwrap().entries[0].token, 0);
}

#[test]
fn tokens_and_the_base_url_are_filled_into_texts() {
    let mut changed = entry();
    let text = r#"{"access_token":"${token:2}","issuer":"${api}/x"}"#;
    changed["response"]["content"] = json!({"text": text});
    let recording = load(changed.clone()).unwrap();
    let expected = r#"{"access_token":"second-token","issuer":"https://127.0.0.1:1/x"}"#;
    assert_eq!(recording.entries[0].response.body, expected.as_bytes());
    assert!(!format!("{recording:?}").contains("second-token"));

    // What is base64 stays as it is.
    changed["response"]["content"] = json!({"encoding": "base64", "text": "JHt0b2tlbjoxfQ=="});
    let recording = load(changed).unwrap();
    assert_eq!(recording.entries[0].response.body, b"${token:1}");
}

#[test]
fn a_form_is_read_as_its_pairs() {
    for scope in ["${api}%2F.default", "%24%7Bapi%7D/.default"] {
        let mut changed = entry();
        changed["request"]["postData"] = json!({
            "mimeType": "application/x-www-form-urlencoded; charset=utf-8",
            "text": format!("grant_type=client_credentials&client_secret=a%2Bb&scope={scope}"),
        });
        let recording = load(changed).unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let expected = Body::Form(vec![
            pair("grant_type", "client_credentials"),
            pair("client_secret", "a+b"),
            pair("scope", "https://127.0.0.1:1/.default"),
        ]);
        assert_eq!(recording.entries[0].request.body, Some(expected));
        let shown = format!("{recording:?}");
        assert!(shown.contains("client_secret") && !shown.contains("a+b"));
    }
}

#[test]
fn an_error_names_the_file_and_the_member() {
    let whole = broken("/response/status", json!("200"));
    assert_eq!(
        whole,
        "recordings/one.har: log.entries[0].response.status: must be a whole number, not negative"
    );
    let cases = [
        (
            "/request/url",
            json!("/v1/x"),
            "request.url: must be a whole URL",
        ),
        (
            "/request/url",
            json!("https://h/x#y"),
            "request.url: must be",
        ),
        (
            "/request/method",
            json!(1),
            "request.method: must be a text",
        ),
        (
            "/request/headers/0/name",
            json!("AUTHORIZATION"),
            "request.headers: must not contain Authorization",
        ),
        (
            "/request/headers/1/name",
            json!("a b"),
            "request.headers[1].name: is not the name",
        ),
        (
            "/request/postData/text",
            json!("{"),
            "request.postData.text: is not JSON",
        ),
        ("/request/postData", json!({}), "postData.text: is missing"),
        (
            "/response/status",
            json!(101),
            "response.status: must be a final status",
        ),
        (
            "/response/statusText",
            json!("a\r\nb"),
            "response.statusText: must not contain control",
        ),
        (
            "/response/content/text",
            json!("*"),
            "content.text: is not base64",
        ),
        (
            "/response/content",
            json!({"text": "${token:3}"}),
            "content.text: ${token:N} must be 1 to 2",
        ),
        (
            "/request/postData",
            json!({"mimeType": "application/x-www-form-urlencoded", "text": "a=%"}),
            "postData.text: is not a form",
        ),
        (
            "/request/postData",
            json!({"mimeType": "application/x-www-form-urlencoded", "text": "a=${b}"}),
            "postData.text: contains a placeholder",
        ),
        (
            "/response/content/encoding",
            json!("utf-8"),
            "content.encoding: must be base64",
        ),
        ("/response/content", json!([]), "content: must be an object"),
    ];
    for (pointer, value, expected) in cases {
        let text = broken(pointer, value);
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn unknown_extensions_are_refused() {
    let cases = [
        (
            "_match",
            json!({"tokens": 1}),
            "_match.tokens: is not a known",
        ),
        (
            "_match",
            json!({"token": -1}),
            "_match.token: must be a whole number",
        ),
        (
            "_match",
            json!({"token": 3}),
            "_match.token: must be 0 to 2",
        ),
        (
            "_fault",
            json!({"point": "tail", "action": "stall"}),
            "_fault.point: must be one of connection, head, request, answer, status, headers",
        ),
        (
            "_fault",
            json!({"point": "answer", "action": "reset"}),
            "_fault.action: must be one of stall",
        ),
        (
            "_fault",
            json!({"point": "request", "action": "stall"}),
            "_fault.action: must be one of close, reset",
        ),
        (
            "_fault",
            json!({"point": "idle", "action": "close", "after": 1}),
            "_fault.after: is not a known",
        ),
        ("_fault", json!({}), "_fault.point: is missing"),
    ];
    for (name, value, expected) in cases {
        let mut changed = entry();
        changed[name] = value;
        let text = load(changed).unwrap_err().to_string();
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn a_file_that_is_no_recording_is_refused() {
    let fixtures = Fixtures::new();
    let text = |content: &str| {
        fixtures.write("recordings/one.har", content);
        read(&fixtures).unwrap_err().to_string()
    };
    assert!(text("{").starts_with("recordings/one.har: is not JSON"));
    assert!(text("{}").starts_with("recordings/one.har: log: is missing"));
    assert!(text(r#"{"log":{"version":"1.1"}}"#).contains("log.version: must be 1.2"));
    assert!(text(r#"{"log":{"version":"1.2"}}"#).contains("log.entries: is missing"));
    let error = read(&Fixtures::new()).unwrap_err();
    assert!(error.to_string().contains("one.har: cannot be read"));
}

#[test]
fn a_case_is_read() {
    let fixtures = Fixtures::with(&[]);
    let case = Case::load(fixtures.path(), "put/one").unwrap();
    assert_eq!(case.tokens, ["first-token", "second-token"]);
    assert_eq!(case.recording.as_deref(), Some("one"));
    assert_eq!(case.server, None);
    fixtures.server_case("put/one", "tls_1_1", None);
    let case = Case::load(fixtures.path(), "put/one").unwrap();
    assert_eq!((case.recording, case.server), (None, Some(Setup::Tls11)));
    fixtures.server_case("put/one", "proxy", Some("one"));
    let case = Case::load(fixtures.path(), "put/one").unwrap();
    assert_eq!(case.recording.as_deref(), Some("one"));
    assert_eq!(case.server.unwrap().to_string(), "proxy");
}

#[test]
fn a_case_that_is_wrong_is_refused() {
    let fixtures = Fixtures::new();
    let text = |content: &str| {
        fixtures.write("cases/put/one.json", content);
        match Case::load(fixtures.path(), "put/one") {
            Ok(_) => "read".to_owned(),
            Err(error) => error.to_string(),
        }
    };
    let file = "cases/put/one.json";
    assert_eq!(
        text(r#"{"id":"put/two"}"#),
        format!("{file}: id: must be \"put/one\", as the file is named")
    );
    assert!(text(r#"{"id":"put/one"}"#).contains("tokens: is missing"));
    assert!(text(r#"{"id":"put/one","tokens":[]}"#).contains("tokens: must not be empty"));
    assert!(text(r#"{"id":"put/one","tokens":[""]}"#).contains("tokens[0]: must not"));
    assert!(text(r#"{"id":"put/one","tokens":["a"]}"#).contains("recording: is missing"));
    let server = |name: &str| format!(r#"{{"id":"put/one","tokens":["a"],"server":{name},"#);
    assert!(text(&(server("1") + r#""recording":null}"#)).contains("server: must be a text"));
    let unknown = text(&(server("\"good\"") + r#""recording":null}"#));
    assert!(unknown.contains("server: must be one of refusing, backlog_full, untrusted"));
    let recorded = text(&(server("\"plaintext\"") + r#""recording":"one"}"#));
    assert!(recorded.contains("recording: must be null: the server is plaintext"));
}

#[test]
fn names_stay_below_the_fixtures() {
    let fixtures = Fixtures::new();
    for name in ["../x", "/etc/x", "a//b", "", "a/.b", "a\\b", "a/../../b"] {
        let Err(error) = Case::load(fixtures.path(), name) else {
            panic!("{name}");
        };
        assert!(matches!(error, ServerError::Name(_)), "{name}: {error}");
    }
}
