//! The endpoints: from a request to an answer.

use super::answer::{Answer, bad_input, bare, extended_fault, fault, value};
use super::state::{Qualification, Refusal, World};
use crate::http::Request;
use serde_json::Value;
use uuid::Uuid;

/// Answers one request. The token is checked before anything else is looked at.
pub(super) fn answer(world: &mut World, token: &str, request: &Request) -> Answer {
    if let Some(refused) = unauthorized(token, request) {
        return refused;
    }
    let Some(id) = customer_of(&request.path) else {
        return fault(404, 1000, "The resource was not found.");
    };
    let put = match request.method.as_str() {
        "GET" => false,
        "PUT" => true,
        _ => {
            return fault(405, 900_141, "The operation is not supported.")
                .with("Allow", "GET, PUT");
        }
    };
    if !is_guid(id) {
        return fault(400, 900_118, "The customer id is not valid.");
    }
    let Some(customer) = world.customer_mut(id) else {
        return no_relationship();
    };
    if put {
        update(world, id, request)
    } else {
        value(customer.qualification.as_str())
    }
}

fn unauthorized(token: &str, request: &Request) -> Option<Answer> {
    let refused = |description, challenge| {
        Some(fault(401, 800_001, description).with("WWW-Authenticate", challenge))
    };
    match request.values("authorization").as_slice() {
        [given] if is_bearer(given, token) => None,
        [] => refused("The partner token is missing.", "Bearer"),
        _ => refused(
            "The partner token is not valid.",
            "Bearer error=\"invalid_token\"",
        ),
    }
}

fn is_bearer(given: &str, token: &str) -> bool {
    given
        .split_once(' ')
        .is_some_and(|(scheme, text)| scheme.eq_ignore_ascii_case("bearer") && text == token)
}

/// The id part of the one path there is.
fn customer_of(path: &str) -> Option<&str> {
    path.strip_prefix("/v1/customers/")?
        .strip_suffix("/qualification")
        .filter(|id| !id.is_empty() && !id.contains('/'))
}

/// With hyphens only; what else parses as a GUID is not seen in the service's paths.
fn is_guid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

fn no_relationship() -> Answer {
    fault(403, 20_002, "No relationship between caller and account.")
}

fn update(world: &mut World, id: &str, request: &Request) -> Answer {
    let asked = match serde_json::from_slice::<Value>(&request.body) {
        Err(_) => return bad_input("The request body is not valid JSON."),
        Ok(Value::Number(number)) => number.as_u64().and_then(Qualification::from_number),
        Ok(Value::String(text)) => Qualification::from_text(&text),
        Ok(_) => None,
    };
    let Some(asked) = asked else {
        return not_settable();
    };
    let code = code_of(request.query.as_deref());
    match world.set(id, asked, code.as_deref()) {
        None => no_relationship(),
        Some(Ok(set)) => value(set.as_str()),
        Some(Err(refusal)) => refuse(refusal),
    }
}

fn not_settable() -> Answer {
    fault(400, 900_126, "The qualification could not be parsed.")
}

/// The code itself is never repeated: it is worth as much as a password.
fn refuse(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::NotSettable => not_settable(),
        Refusal::Denied => bare("Customer tagging denied."),
        Refusal::CodeMissing => extended_fault(
            600_901,
            "ValidationCodeMissing",
            "A validation code is required for this qualification.",
        ),
        Refusal::CodeUnknown => extended_fault(
            600_902,
            "ValidationCodeNotFound",
            "The validation code was not found.",
        ),
        Refusal::CodeSpent => extended_fault(
            600_903,
            "ValidationCodeExhausted",
            "The validation code has no remaining uses.",
        ),
    }
}

/// The first parameter named `code`, decoded once.
fn code_of(query: Option<&str>) -> Option<String> {
    query?
        .split('&')
        .find_map(|pair| pair.strip_prefix("code="))
        .map(percent_decode)
}

/// Decodes `%XX` once. A text that cannot be decoded stays as it is and is then an unknown code.
fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = rest.next().and_then(hex).zip(rest.next().and_then(hex));
        let Some((high, low)) = digits else {
            return text.to_owned();
        };
        bytes.push(high * 16 + low);
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_signs_are_decoded_exactly_once() {
        assert_eq!(percent_decode("12%2034"), "12 34");
        assert_eq!(percent_decode("%2531"), "%31");
        assert_eq!(percent_decode("a+b"), "a+b");
        assert_eq!(percent_decode("%C3%A9"), "é");
        assert_eq!(percent_decode("%zz"), "%zz");
        assert_eq!(percent_decode("1%2"), "1%2");
        assert_eq!(percent_decode("%FF"), "%FF");
    }

    #[test]
    fn the_code_is_found_among_other_parameters() {
        assert_eq!(code_of(Some("a=1&code=2&code=3")).as_deref(), Some("2"));
        assert_eq!(code_of(Some("validationCode=2")), None);
        assert_eq!(code_of(Some("")), None);
        assert_eq!(code_of(None), None);
    }

    #[test]
    fn only_the_one_path_has_a_customer() {
        assert_eq!(customer_of("/v1/customers/x/qualification"), Some("x"));
        for path in [
            "/v1/customers//qualification",
            "/v1/customers/x/y/qualification",
            "/v1/customers/x/qualification/",
            "/v1/customers/x/qualifications",
            "/v1/Customers/x/qualification",
        ] {
            assert_eq!(customer_of(path), None, "{path}");
        }
    }
}
