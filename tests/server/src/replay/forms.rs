//! What differs between two forms, without a word of what may be secret in them.

use crate::form;
use crate::http::Request;
use std::collections::BTreeSet;

type Pairs = [(String, String)];

/// The parameters of a sign-in that are no secret.
const OPEN: [&str; 4] = ["grant_type", "client_id", "scope", "claims"];

pub(super) fn may_be_secret(name: &str) -> bool {
    !OPEN.contains(&name)
}

/// The difference between the form due and the body that came. The order does not count.
pub(super) fn difference(due: &Pairs, body: &[u8]) -> Option<String> {
    let got = std::str::from_utf8(body).ok().and_then(form::pairs);
    let Some(got) = got else {
        return Some("body: expected a form, got what cannot be read as one".to_owned());
    };
    let names: BTreeSet<&str> = due
        .iter()
        .chain(&got)
        .map(|(name, _)| name.as_str())
        .collect();
    let found: Vec<String> = names
        .into_iter()
        .filter_map(|name| parameter_difference(name, &values(due, name), &values(&got, name)))
        .collect();
    (!found.is_empty()).then(|| format!("body: {}", found.join("; ")))
}

fn parameter_difference(name: &str, due: &[&str], got: &[&str]) -> Option<String> {
    let shown = shown_name(name);
    if due == got {
        None
    } else if due.is_empty() {
        Some(format!("form parameter {shown}: expected none"))
    } else if got.is_empty() {
        Some(format!("form parameter {shown}: missing"))
    } else if may_be_secret(name) {
        Some(format!("form parameter {shown}: another value"))
    } else {
        let (due, got) = (due.join(" and "), got.join(" and "));
        Some(format!("form parameter {shown}: expected {due}, got {got}"))
    }
}

/// The values of one name, sorted: several may come in any order.
fn values<'a>(pairs: &'a Pairs, name: &str) -> Vec<&'a str> {
    let mut values: Vec<&str> = pairs
        .iter()
        .filter(|(have, _)| have == name)
        .map(|(_, value)| value.as_str())
        .collect();
    values.sort_unstable();
    values
}

/// A body that is a form, by the names of its parameters; `None` when it is something else.
pub(super) fn shown(request: &Request) -> Option<String> {
    let body = String::from_utf8_lossy(&request.body);
    let says_so = request.header("content-type").is_some_and(form::is_form);
    if !says_so && !body.contains("grant_type=") {
        return None;
    }
    let names: BTreeSet<&str> = body
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, _)| shown_name(name))
        .collect();
    let names: Vec<&str> = names.into_iter().collect();
    Some(format!("a form of {}", names.join(", ")))
}

/// A name as a sign-in has them; anything else could be a value in the wrong place.
fn shown_name(name: &str) -> &str {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    if name.len() <= 32 && name.bytes().all(plain) {
        name
    } else {
        "of another name"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due() -> Vec<(String, String)> {
        form::pairs("grant_type=refresh_token&refresh_token=due-secret&scope=a").unwrap()
    }

    #[test]
    fn order_and_encoding_do_not_count() {
        let got = b"scope=%61&refresh_token=due%2Dsecret&grant_type=refresh_token";
        assert_eq!(difference(&due(), got), None);
        assert_eq!(difference(&[], b""), None);
    }

    #[test]
    fn a_difference_names_the_parameter_and_no_secret() {
        let cases = [
            (
                "grant_type=x&refresh_token=due-secret&scope=a",
                "body: form parameter grant_type: expected refresh_token, got x",
            ),
            (
                "grant_type=refresh_token&refresh_token=got-secret&scope=a",
                "body: form parameter refresh_token: another value",
            ),
            (
                "grant_type=refresh_token&scope=a",
                "body: form parameter refresh_token: missing",
            ),
            (
                "grant_type=refresh_token&refresh_token=due-secret&scope=a&scope=a",
                "body: form parameter scope: expected a, got a and a",
            ),
            (
                "grant_type=refresh_token&refresh_token=due-secret&scope=a&client_secret=got-secret",
                "body: form parameter client_secret: expected none",
            ),
            (
                "grant_type=refresh_token&refresh_token=due-secret&scope=a&got-secret",
                "body: form parameter of another name: expected none",
            ),
            (
                "got-secret=%",
                "body: expected a form, got what cannot be read as one",
            ),
        ];
        for (got, expected) in cases {
            assert_eq!(difference(&due(), got.as_bytes()).unwrap(), expected);
        }
        assert!(difference(&due(), b"\xFF").is_some());
    }

    #[test]
    fn a_form_where_none_is_due_is_shown_by_its_names() {
        let mut request = Request {
            method: String::new(),
            path: String::new(),
            query: None,
            headers: Vec::new(),
            body: b"client_secret=got-secret&grant_type=x&got-secret".to_vec(),
            keep_alive: false,
        };
        let form = "a form of client_secret, grant_type";
        assert_eq!(shown(&request).unwrap(), form);
        request.body = b"password=got-secret".to_vec();
        assert_eq!(shown(&request), None);
        let form = "application/x-www-form-urlencoded; charset=utf-8".to_owned();
        request.headers.push(("Content-Type".to_owned(), form));
        assert_eq!(shown(&request).unwrap(), "a form of password");
    }
}
