//! What differs between a request and the entry that is due.

use super::forms;
use super::secrets::named;
use crate::har::{Body, Expected};
use crate::http::Request;
use serde_json::Value;

/// Every difference but the token's, in words.
pub(super) fn differences(expected: &Expected, request: &Request) -> Vec<String> {
    let mut found = head_differences(expected, request);
    found.extend(body_difference(expected.body.as_ref(), request));
    found
}

/// Those that show before the body is read.
pub(super) fn head_differences(expected: &Expected, request: &Request) -> Vec<String> {
    let mut found = Vec::new();
    if expected.method != request.method {
        found.push(differs("method", &expected.method, &request.method));
    }
    if expected.path != request.path {
        found.push(differs("path", &expected.path, &request.path));
    }
    if expected.query != request.query {
        let shown = |query: &Option<String>| query.clone().unwrap_or_else(|| "none".to_owned());
        found.push(differs(
            "query",
            &shown(&expected.query),
            &shown(&request.query),
        ));
    }
    found.extend(header_differences(expected, request));
    found
}

fn differs(what: &str, expected: &str, got: &str) -> String {
    format!("{what}: expected {expected}, got {got}")
}

/// A header given twice must come twice, in the same order.
fn header_differences(expected: &Expected, request: &Request) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in &expected.headers {
        let name = name.to_ascii_lowercase();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
        .iter()
        .filter_map(|name| {
            let due: Vec<&str> = expected
                .headers
                .iter()
                .filter(|(have, _)| have.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.as_str())
                .collect();
            let got = request.values(name);
            (due != got).then(|| {
                let got = match got.as_slice() {
                    [] => "none".to_owned(),
                    values => values.join(" and "),
                };
                differs(&format!("header {name}"), &due.join(" and "), &got)
            })
        })
        .collect()
}

fn body_difference(expected: Option<&Body>, request: &Request) -> Option<String> {
    let body = request.body.as_slice();
    let (same, expected) = match expected {
        Some(Body::Form(pairs)) => return forms::difference(pairs, body),
        None => (body.is_empty(), "none".to_owned()),
        Some(Body::Json(value)) => {
            let same = serde_json::from_slice::<Value>(body).is_ok_and(|got| got == *value);
            (same, value.to_string())
        }
    };
    if same {
        return None;
    }
    let got = if body.is_empty() {
        "none".to_owned()
    } else if let Some(form) = forms::shown(request) {
        form
    } else {
        String::from_utf8_lossy(body).into_owned()
    };
    Some(differs("body", &expected, &got))
}

/// The difference between the token due and the one that came, naming both by position.
pub(super) fn token_difference(
    position: usize,
    request: &Request,
    tokens: &[String],
) -> Option<String> {
    let due = position.checked_sub(1);
    let got = match request.values("authorization").as_slice() {
        [] if due.is_none() => return None,
        [] => "none".to_owned(),
        [value] => match value.strip_prefix("Bearer ") {
            None => "a value that is not a bearer token".to_owned(),
            Some(text)
                if due
                    .and_then(|index| tokens.get(index))
                    .is_some_and(|token| token == text) =>
            {
                return None;
            }
            Some(text) => match tokens.iter().position(|token| token == text) {
                Some(index) => named(index),
                None => "a token that the case does not have".to_owned(),
            },
        },
        _ => "several values".to_owned(),
    };
    let due = due.map_or_else(|| "none".to_owned(), named);
    Some(differs("header authorization", &due, &got))
}
