use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::http::Response;

/// What the service wants of the next token, as JSON, where a 401 says so.
///
/// Source: Learn, "Claims challenges, claims requests, and client capabilities": a Bearer challenge
/// with `error="insufficient_claims"` and `claims` in base64.
pub(crate) fn claims(response: &Response) -> Option<String> {
    response.all("www-authenticate").find_map(|challenge| {
        if parameter(challenge, "error")? != "insufficient_claims" {
            return None;
        }
        let claims = parameter(challenge, "claims")?;
        let decoded = decoded(&claims).unwrap_or(claims);
        serde_json::from_str::<serde_json::Map<_, _>>(&decoded)
            .is_ok()
            .then_some(decoded)
    })
}

/// Both alphabets are in use, with padding and without.
fn decoded(claims: &str) -> Option<String> {
    let bare = claims.trim_end_matches('=');
    let bytes = URL_SAFE_NO_PAD
        .decode(bare)
        .or_else(|_| STANDARD_NO_PAD.decode(bare))
        .ok()?;
    String::from_utf8(bytes).ok()
}

/// A parameter of a challenge (RFC 9110, 11.2): a token or a quoted string.
fn parameter(challenge: &str, wanted: &str) -> Option<String> {
    let mut rest = challenge;
    while let Some((before, after)) = rest.split_once('=') {
        let name = before
            .rsplit(|c: char| c == ',' || c.is_whitespace())
            .find(|part| !part.is_empty())
            .unwrap_or_default();
        let (value, tail) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let end = after.find([',', ' ']).unwrap_or(after.len());
                let (value, tail) = after.split_at(end);
                (value.to_owned(), tail)
            }
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = tail;
    }
    None
}

/// The text up to the closing quote, and what follows it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, text.get(at + 1..)?)),
            '\\' => value.push(chars.next()?.1),
            _ => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(challenge: &str) -> Option<String> {
        claims(&Response {
            status: 401,
            reason_phrase: None,
            headers: vec![("www-authenticate".into(), challenge.into())],
            body: Vec::new(),
            cut: None,
        })
    }

    #[test]
    fn only_a_claims_challenge_asks_for_claims() {
        let json = r#"{"access_token":{"nbf":{"essential":true}}}"#;
        let base64 = URL_SAFE_NO_PAD.encode(json);
        for challenge in [
            format!("Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{base64}\""),
            format!("Bearer claims=\"{base64}==\",error=insufficient_claims"),
            format!(
                "Bearer error=\"insufficient_claims\", claims=\"{}\"",
                json.replace('"', "\\\"")
            ),
        ] {
            assert_eq!(asked(&challenge).as_deref(), Some(json), "{challenge}");
        }
        for challenge in [
            "Bearer",
            "Bearer error=\"invalid_token\"",
            "Bearer error=\"insufficient_claims\"",
            "Bearer error=\"insufficient_claims\", claims=\"bm8ganNvbg\"",
            "Bearer error=\"insufficient_claims\", claims=\"",
            "=\"\"==,,\"",
            &format!("Bearer error=\"invalid_token\", claims=\"{base64}\""),
        ] {
            assert_eq!(asked(challenge), None, "{challenge}");
        }
    }
}
