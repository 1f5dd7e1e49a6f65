//! Percent-encoding, and the forms of `application/x-www-form-urlencoded`.

/// Whether a content type, with or without parameters, is that of a form.
pub(crate) fn is_form(content_type: &str) -> bool {
    is_of("application/x-www-form-urlencoded", content_type)
}

/// Whether a content type, with or without parameters, is this one.
pub(crate) fn is_of(media_type: &str, content_type: &str) -> bool {
    let (essence, _) = content_type.split_once(';').unwrap_or((content_type, ""));
    essence.trim().eq_ignore_ascii_case(media_type)
}

/// The pairs of a form in their order, decoded; `None` when it cannot be decoded.
pub(crate) fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let decode = |part: &str| percent_decode(&part.replace('+', " "));
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name)?, decode(value)?))
        })
        .collect()
}

/// Decodes `%XX` once; `None` when it does not decode to UTF-8 text.
pub(crate) fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let (high, low) = (hex(rest.next()?)?, hex(rest.next()?)?);
            bytes.push(high * 16 + low);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Encodes everything that is not unreserved (RFC 3986).
#[cfg(feature = "tls")]
pub(crate) fn percent_encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
        encoded
    })
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
        let cases = [
            ("12%2034", Some("12 34")),
            ("%2531", Some("%31")),
            ("a+b", Some("a+b")),
            ("%C3%A9", Some("é")),
            ("%zz", None),
            ("1%2", None),
            ("%FF", None),
        ];
        for (text, expected) in cases {
            assert_eq!(percent_decode(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_form_is_decoded_into_pairs() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            pairs("a=1+2&b=%2B%26&&c&a==").unwrap(),
            [
                pair("a", "1 2"),
                pair("b", "+&"),
                pair("c", ""),
                pair("a", "=")
            ]
        );
        assert_eq!(pairs("").unwrap(), []);
        assert_eq!(pairs("a=%F"), None);
    }

    #[test]
    fn parameters_of_the_content_type_do_not_count() {
        assert!(is_form("application/x-www-form-urlencoded"));
        assert!(is_form("Application/X-WWW-Form-Urlencoded ; charset=utf-8"));
        assert!(!is_form("application/json"));
        assert!(!is_form("application/x-www-form-urlencoded-too"));
    }
}
