//! Recordings: HAR 1.2 with the extensions `_match` and `_fault`.

use crate::error::ServerError;
use crate::form;
use crate::http::Response;
use crate::member::{Document, Member};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::fmt;
use std::path::Path;

mod fault;
mod placeholder;

pub use fault::{Ending, Fault};
pub use placeholder::Values;

/// A recording: its exchanges in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// The exchanges.
    pub entries: Vec<Entry>,
}

/// One exchange.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What the client must send.
    pub request: Expected,
    /// What it is answered; framing headers are already left out.
    pub response: Response,
    /// The position of the token that the request must carry, counted from 1; 0: it must carry no
    /// `Authorization` at all.
    pub token: usize,
    /// What goes wrong on purpose.
    pub fault: Option<Fault>,
}

/// What a request must look like.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// The method.
    pub method: String,
    /// The path of the recorded URL.
    pub path: String,
    /// The raw text after `?`.
    pub query: Option<String>,
    /// The headers that must be there with these values. Others may be there too.
    pub headers: Vec<(String, String)>,
    /// The body; `None`: an empty one.
    pub body: Option<Body>,
}

/// A request body, as far as it counts.
#[derive(Clone, PartialEq)]
pub enum Body {
    /// A JSON document, however it is written.
    Json(Value),
    /// The decoded names and values of a form, in any order.
    Form(Vec<(String, String)>),
}

impl fmt::Debug for Body {
    /// Says nothing of a form's values: they hold the secrets of a sign-in.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(value) => f.debug_tuple("Json").field(value).finish(),
            Self::Form(pairs) => f
                .debug_list()
                .entries(pairs.iter().map(|(name, _)| name))
                .finish(),
        }
    }
}

impl Recording {
    /// Reads `recordings/NAME.har` below `fixtures` and fills in its placeholders.
    pub fn load(fixtures: &Path, name: &str, values: &Values<'_>) -> Result<Self, ServerError> {
        Self::of(
            &Document::read(fixtures, "recordings", name, "har")?,
            values,
        )
    }

    /// The same of a file's bytes; `file` is for the error's text.
    pub fn parse(file: &str, bytes: &[u8], values: &Values<'_>) -> Result<Self, ServerError> {
        Self::of(&Document::parse(file.to_owned(), bytes)?, values)
    }

    fn of(document: &Document, values: &Values<'_>) -> Result<Self, ServerError> {
        let log = document.root().get("log")?;
        let version = log.get("version")?;
        if version.text()? != "1.2" {
            return Err(version.wrong("must be 1.2"));
        }
        let entries = log
            .get("entries")?
            .items()?
            .iter()
            .map(|item| entry(item, values))
            .collect::<Result<_, _>>()?;
        Ok(Self { entries })
    }
}

fn entry(item: &Member<'_>, values: &Values<'_>) -> Result<Entry, ServerError> {
    let response = response(&item.get("response")?, values)?;
    let fault = item.optional("_fault")?;
    Ok(Entry {
        request: expected(&item.get("request")?, values)?,
        token: token(item.optional("_match")?, values.tokens.len())?,
        fault: fault
            .map(|fault| fault::read(&fault, &response))
            .transpose()?,
        response,
    })
}

fn expected(request: &Member<'_>, values: &Values<'_>) -> Result<Expected, ServerError> {
    let url = request.get("url")?;
    let (path, query) = target(url.text()?)
        .ok_or_else(|| url.wrong("must be a whole URL with a path and without a fragment"))?;
    let headers = headers(&request.get("headers")?)?;
    if headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("authorization"))
    {
        return Err(request
            .get("headers")?
            .wrong("must not contain Authorization; `_match.token` says which token is due"));
    }
    let body = request.optional("postData")?;
    Ok(Expected {
        method: request.get("method")?.line()?.to_owned(),
        path,
        query,
        headers,
        body: body.map(|data| body_of(&data, values)).transpose()?,
    })
}

fn body_of(data: &Member<'_>, values: &Values<'_>) -> Result<Body, ServerError> {
    let text = data.get("text")?;
    let mime_type = data.optional("mimeType")?;
    let is_form = match mime_type {
        None => false,
        Some(mime_type) => form::is_form(mime_type.text()?),
    };
    if !is_form {
        return serde_json::from_str(text.text()?)
            .map(Body::Json)
            .map_err(|error| text.wrong(format!("is not JSON: {error}")));
    }
    // Filled in after decoding, so that it does not matter whether `${api}` itself is encoded.
    form::pairs(text.text()?)
        .ok_or_else(|| text.wrong("is not a form"))?
        .into_iter()
        .map(|(name, value)| Ok((name, values.fill(&value).map_err(|why| text.wrong(why))?)))
        .collect::<Result<_, _>>()
        .map(Body::Form)
}

/// Path and query of an absolute URL.
fn target(url: &str) -> Option<(String, Option<String>)> {
    let (_, rest) = url.split_once("://")?;
    let start = rest.find('/')?;
    let target = rest.get(start..)?;
    if target.contains('#') {
        return None;
    }
    Some(match target.split_once('?') {
        Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
        None => (target.to_owned(), None),
    })
}

fn headers(list: &Member<'_>) -> Result<Vec<(String, String)>, ServerError> {
    list.items()?
        .iter()
        .map(|header| {
            let (name, value) = (header.get("name")?, header.get("value")?);
            let text = name.line()?;
            if text.is_empty() || text.contains([':', ' ', '\t']) {
                return Err(name.wrong("is not the name of a header"));
            }
            Ok((text.to_owned(), value.line()?.to_owned()))
        })
        .collect()
}

fn response(response: &Member<'_>, values: &Values<'_>) -> Result<Response, ServerError> {
    let status = response.get("status")?;
    let code = u16::try_from(status.number()?)
        .ok()
        .filter(|code| (200..=599).contains(code))
        .ok_or_else(|| status.wrong("must be a final status, 200 to 599"))?;
    let list = response.get("headers")?;
    let mut headers = headers(&list)?;
    headers.retain(|(name, value)| !is_framing(name, value));
    for (_, value) in &mut headers {
        *value = values.fill(value).map_err(|why| list.wrong(why))?;
    }
    Ok(Response {
        status: code,
        reason: response.get("statusText")?.line()?.to_owned(),
        headers,
        body: content(&response.get("content")?, values)?,
    })
}

/// Headers that describe the recorded framing; the server has its own.
fn is_framing(name: &str, value: &str) -> bool {
    ["content-length", "transfer-encoding", "connection"]
        .iter()
        .any(|framing| name.eq_ignore_ascii_case(framing))
        || (name.eq_ignore_ascii_case("content-encoding") && value.eq_ignore_ascii_case("identity"))
}

fn content(content: &Member<'_>, values: &Values<'_>) -> Result<Vec<u8>, ServerError> {
    let Some(text) = content.optional("text")? else {
        return Ok(Vec::new());
    };
    match content.optional("encoding")? {
        None => values
            .fill(text.text()?)
            .map(String::into_bytes)
            .map_err(|why| text.wrong(why)),
        Some(encoding) if encoding.text()? == "base64" => STANDARD
            .decode(text.text()?)
            .map_err(|error| text.wrong(format!("is not base64: {error}"))),
        Some(encoding) => Err(encoding.wrong("must be base64, or absent")),
    }
}

fn token(matching: Option<Member<'_>>, tokens: usize) -> Result<usize, ServerError> {
    let position = match &matching {
        None => None,
        Some(matching) => {
            matching.only(&["token"])?;
            matching.optional("token")?
        }
    };
    let Some(position) = position else {
        return Ok(1);
    };
    usize::try_from(position.number()?)
        .ok()
        .filter(|number| *number <= tokens)
        .ok_or_else(|| position.wrong(format!("must be 0 to {tokens}: the case has {tokens}")))
}

#[cfg(test)]
mod tests;
