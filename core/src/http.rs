//! Requests and responses as plain data. No I/O.

/// The methods this library uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Put,
}

impl Method {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
        }
    }
}

/// Whether a call asks for a change. Only a write can have an outcome other than `not_applied`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Read,
    Write,
}

/// What to send, before the headers that every request carries. No `Debug`: the query is secret.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Begins with `/v1/`; made of literals and parsed ids only.
    pub(crate) path: String,
    /// Name and raw value; encoded by [`Request::target`].
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Vec<u8>>,
}

impl Request {
    /// Path and query as they go on the wire, each value encoded exactly once.
    pub(crate) fn target(&self) -> String {
        self.target_with(percent_encoded)
    }

    /// Path and query, each value as `shown`.
    pub(crate) fn target_with(&self, shown: impl Fn(&str) -> String) -> String {
        let mut target = self.path.clone();
        for (index, (name, value)) in self.query.iter().enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            target.push_str(name);
            target.push('=');
            target.push_str(&shown(value));
        }
        target
    }
}

/// Everything but RFC 3986's unreserved characters: no value can end its query parameter.
pub(crate) fn percent_encoded(text: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    utf8_percent_encode(text, RESERVED).to_string()
}

/// An answer whose status line and headers arrived.
pub(crate) struct Response {
    pub(crate) status: u16,
    /// The server's own words behind the status, where they are not the standard ones.
    pub(crate) reason_phrase: Option<String>,
    /// Names in lower case, in the order of arrival.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Why `body` is not all of it.
    pub(crate) cut: Option<Cut>,
}

/// Why a body is incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    TooLarge,
    Timeout,
    Lost,
}

impl Response {
    /// The first header of that name (lower case).
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every header of that name (lower case).
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as text, without a byte order mark.
    pub(crate) fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()
    }

    /// Whether this is a page for a person, whatever the content type says.
    pub(crate) fn is_html(&self) -> bool {
        self.text().trim_start().starts_with('<')
            || self
                .header("content-type")
                .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_encoded_exactly_once_and_cannot_leave_its_parameter() {
        let request = Request {
            method: Method::Put,
            path: "/v1/x".into(),
            query: vec![("code", "A&B#C+D%41 ä/~".into())],
            headers: Vec::new(),
            body: None,
        };
        assert_eq!(
            request.target(),
            "/v1/x?code=A%26B%23C%2BD%2541%20%C3%A4%2F~"
        );
    }
}
