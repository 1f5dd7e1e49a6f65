//! What differs between a request and the entry that is due.

use crate::har::Expected;
use crate::http::Request;
use serde_json::Value;

/// The most characters that a failure shows; a body may be far longer.
const SHOWN: usize = 2000;

/// Every difference but the token's, in words.
pub(super) fn differences(expected: &Expected, request: &Request) -> Vec<String> {
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
    found.extend(body_difference(expected.body.as_ref(), &request.body));
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

fn body_difference(expected: Option<&Value>, body: &[u8]) -> Option<String> {
    let same = match expected {
        None => body.is_empty(),
        Some(value) => serde_json::from_slice::<Value>(body).is_ok_and(|got| got == *value),
    };
    if same {
        return None;
    }
    let expected = expected.map_or_else(|| "none".to_owned(), Value::to_string);
    let got = if body.is_empty() {
        "none".to_owned()
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
    let got = match request.values("authorization").as_slice() {
        [] => "none".to_owned(),
        [value] => match value.strip_prefix("Bearer ") {
            None => "a value that is not a bearer token".to_owned(),
            Some(text)
                if tokens
                    .get(position.wrapping_sub(1))
                    .is_some_and(|t| t == text) =>
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
    let due = named(position.wrapping_sub(1));
    Some(differs("header authorization", &due, &got))
}

fn named(index: usize) -> String {
    format!("the token of position {}", index.wrapping_add(1))
}

/// Takes the tokens out of a text that holds parts of a request, and shortens it afterwards, so
/// that no half of a token stays behind.
pub(super) fn scrub(text: &str, tokens: &[String]) -> String {
    let mut named_tokens: Vec<(usize, &String)> = tokens.iter().enumerate().collect();
    // A token may be part of another one.
    named_tokens.sort_by_key(|(_, token)| std::cmp::Reverse(token.len()));
    let mut text = text.to_owned();
    for (index, token) in named_tokens {
        if text.contains(token.as_str()) {
            text = text.replace(token.as_str(), &named(index));
        }
    }
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => {
            text.truncate(end);
            text + "…"
        }
        None => text,
    }
}
