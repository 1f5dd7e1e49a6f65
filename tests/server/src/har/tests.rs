use super::*;
use crate::case::Case;
use crate::testing::{Fixtures, entry};
use serde_json::json;

fn read(fixtures: &Fixtures) -> Result<Recording, ServerError> {
    let tokens = ["first-token".to_owned(), "second-token".to_owned()];
    let values = Values {
        tokens: &tokens,
        api: "https://127.0.0.1:1",
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
    assert_eq!(recording.entries[0].fault, Some(Fault::StallAnswer));
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
            json!({"point": "head", "action": "stall"}),
            "_fault.point: must be answer",
        ),
        (
            "_fault",
            json!({"point": "answer", "action": "reset"}),
            "_fault.action: must be stall",
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
    fixtures.case("put/one", None);
    assert_eq!(
        Case::load(fixtures.path(), "put/one").unwrap().recording,
        None
    );
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
