//! Recordings: HAR 1.2 with the extensions `_match` and `_fault`.

use crate::error::ServerError;
use crate::http::Response;
use crate::member::{Document, Member};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::path::Path;

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
    /// The position of the token that the request must carry, counted from 1.
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
    pub body: Option<Value>,
}

/// A fault below HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The request is read and matched, and never answered.
    StallAnswer,
}

impl Recording {
    /// Reads `recordings/NAME.har` below `fixtures`. `tokens` is how many tokens the case has.
    pub fn load(fixtures: &Path, name: &str, tokens: usize) -> Result<Self, ServerError> {
        let document = Document::read(fixtures, "recordings", name, "har")?;
        let log = document.root().get("log")?;
        let version = log.get("version")?;
        if version.text()? != "1.2" {
            return Err(version.wrong("must be 1.2"));
        }
        let entries = log
            .get("entries")?
            .items()?
            .iter()
            .map(|item| entry(item, tokens))
            .collect::<Result<_, _>>()?;
        Ok(Self { entries })
    }
}

fn entry(item: &Member<'_>, tokens: usize) -> Result<Entry, ServerError> {
    Ok(Entry {
        request: expected(&item.get("request")?)?,
        response: response(&item.get("response")?)?,
        token: token(item.optional("_match")?, tokens)?,
        fault: item.optional("_fault")?.map(fault).transpose()?,
    })
}

fn expected(request: &Member<'_>) -> Result<Expected, ServerError> {
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
    let body = match request.optional("postData")? {
        None => None,
        Some(data) => {
            let text = data.get("text")?;
            let value = serde_json::from_str(text.text()?)
                .map_err(|error| text.wrong(format!("is not JSON: {error}")))?;
            Some(value)
        }
    };
    Ok(Expected {
        method: request.get("method")?.line()?.to_owned(),
        path,
        query,
        headers,
        body,
    })
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

fn response(response: &Member<'_>) -> Result<Response, ServerError> {
    let status = response.get("status")?;
    let code = u16::try_from(status.number()?)
        .ok()
        .filter(|code| (200..=599).contains(code))
        .ok_or_else(|| status.wrong("must be a final status, 200 to 599"))?;
    let mut headers = headers(&response.get("headers")?)?;
    headers.retain(|(name, value)| !is_framing(name, value));
    Ok(Response {
        status: code,
        reason: response.get("statusText")?.line()?.to_owned(),
        headers,
        body: content(&response.get("content")?)?,
    })
}

/// Headers that describe the recorded framing; the server has its own.
fn is_framing(name: &str, value: &str) -> bool {
    ["content-length", "transfer-encoding", "connection"]
        .iter()
        .any(|framing| name.eq_ignore_ascii_case(framing))
        || (name.eq_ignore_ascii_case("content-encoding") && value.eq_ignore_ascii_case("identity"))
}

fn content(content: &Member<'_>) -> Result<Vec<u8>, ServerError> {
    let Some(text) = content.optional("text")? else {
        return Ok(Vec::new());
    };
    match content.optional("encoding")? {
        None => Ok(text.text()?.as_bytes().to_vec()),
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
        .filter(|number| (1..=tokens).contains(number))
        .ok_or_else(|| position.wrong(format!("must be 1 to {tokens}: the case has {tokens}")))
}

fn fault(fault: Member<'_>) -> Result<Fault, ServerError> {
    fault.only(&["point", "action"])?;
    let (point, action) = (fault.get("point")?, fault.get("action")?);
    match (point.text()?, action.text()?) {
        ("answer", "stall") => Ok(Fault::StallAnswer),
        ("answer", _) => Err(action.wrong("must be stall")),
        _ => Err(point.wrong("must be answer")),
    }
}

#[cfg(test)]
mod tests;
