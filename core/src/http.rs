//! Requests and responses as plain data. No I/O.

use std::borrow::Cow;

use crate::error::Reason;
use crate::names::names;

names! {
    /// An HTTP method that this library uses.
    Method {
        /// Reads.
        Get = "GET",
        /// Sets a qualification by the synchronous contract.
        Put = "PUT",
        /// Asks for a qualification by the current contract.
        Post = "POST",
    }
}

impl Method {
    pub(crate) const fn effect(self) -> Effect {
        match self {
            Self::Get => Effect::Read,
            Self::Put | Self::Post => Effect::Write,
        }
    }
}

/// Whom a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    Api,
    /// The sign-in authority. It never gets the API's token.
    Authority,
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
    pub(crate) host: Host,
    pub(crate) method: Method,
    /// Made of literals and parsed ids only.
    pub(crate) path: String,
    /// Name and raw value; encoded by [`Request::target`].
    pub(crate) query: Vec<(Cow<'static, str>, String)>,
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
    pub(crate) body: Option<Vec<u8>>,
}

impl Request {
    /// A read of the API.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            host: Host::Api,
            method: Method::Get,
            path: path.into(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// A change, with a JSON body.
    pub(crate) fn write(method: Method, path: String, json: Vec<u8>) -> Self {
        Self {
            method,
            headers: vec![("Content-Type".into(), "application/json".to_owned())],
            body: Some(json),
            ..Self::get(path)
        }
    }

    /// Path and query as they go on the wire, each value encoded exactly once.
    pub(crate) fn target(&self) -> String {
        self.target_with(percent_encoded)
    }

    /// Path and query, each value as `shown`.
    pub(crate) fn target_with(&self, shown: impl Fn(&str) -> String) -> String {
        let mut target = self.path.clone();
        for (index, (name, value)) in self.query.iter().enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            target.push_str(&percent_encoded(name));
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

impl Cut {
    pub(crate) const fn reason(self) -> Reason {
        match self {
            Self::TooLarge => Reason::TooLarge,
            Self::Timeout => Reason::Timeout,
            Self::Lost => Reason::ConnectionLost,
        }
    }
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

    /// The body without the byte order mark that the service has sent as a rule.
    pub(crate) fn json(&self) -> &[u8] {
        self.body
            .strip_prefix(b"\xEF\xBB\xBF")
            .unwrap_or(&self.body)
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
            query: vec![("code".into(), "A&B#C+D%41 ä/~".into())],
            ..Request::get("/v1/x")
        };
        assert_eq!(
            request.target(),
            "/v1/x?code=A%26B%23C%2BD%2541%20%C3%A4%2F~"
        );
    }
}
