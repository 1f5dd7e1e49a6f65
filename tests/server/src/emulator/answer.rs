//! The forms of the service's answers.

use crate::http::{Request, Response};
use serde::Serialize;
use serde_json::{Value, json};
use std::borrow::Cow;
use uuid::Uuid;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The ids of an exchange: the request's, or made up.
#[derive(Clone)]
pub(super) struct Ids {
    pub(super) request: String,
    pub(super) correlation: String,
}

impl Ids {
    pub(super) fn of(request: &Request) -> Self {
        let id = |name: &str| match request.header(name) {
            Some(id) if !id.is_empty() => id.to_owned(),
            _ => Uuid::new_v4().to_string(),
        };
        Self {
            request: id("MS-RequestId"),
            correlation: id("MS-CorrelationId"),
        }
    }
}

/// Who answers: each has headers of its own.
#[derive(Clone, Copy)]
enum Origin {
    Service,
    SignIn,
}

/// An answer before it gets the headers that every answer has.
#[derive(Clone)]
pub(super) struct Answer {
    status: u16,
    headers: Vec<(&'static str, Cow<'static, str>)>,
    body: Vec<u8>,
    origin: Origin,
}

/// A success: JSON behind a byte order mark.
pub(super) fn success(status: u16, body: &impl Serialize) -> Answer {
    let mut bytes = BYTE_ORDER_MARK.to_vec();
    match serde_json::to_writer(&mut bytes, body) {
        Ok(()) => Answer {
            status,
            headers: Vec::new(),
            body: bytes,
            origin: Origin::Service,
        },
        Err(_) => fault(500, 800_003, "An unexpected error occurred."),
    }
}

/// A success without a body.
pub(super) fn empty(status: u16) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        body: Vec::new(),
        origin: Origin::Service,
    }
}

/// The error object of the gateway in front of the services.
pub(super) fn gateway(status: u16, message: &str) -> Answer {
    json_answer(status, &json!({"statusCode": status, "message": message}))
}

/// The error object of most services. `code` is a number there, and `data` is empty.
pub(super) fn fault(status: u16, code: u32, description: &str) -> Answer {
    json_answer(
        status,
        &json!({"code": code, "description": description, "data": [], "source": "PartnerFD"}),
    )
}

/// 400 for a body or a request that makes no sense.
pub(super) fn bad_input(description: &str) -> Answer {
    fault(400, 800_002, description)
}

/// The error object of the newer customer services.
pub(super) fn extended_fault(code: u32, name: &str, description: &str) -> Answer {
    json_answer(
        400,
        &json!({
            "code": code,
            "message": description,
            "description": description,
            "errorName": name,
            "isRetryable": false,
            "parameters": {},
            "errorMessageExtended": format!("InternalErrorCode={code}"),
        }),
    )
}

/// 400 whose whole body is a JSON string.
pub(super) fn bare(text: &str) -> Answer {
    json_answer(400, &json!(text))
}

/// An answer of the sign-in authority, which nobody may store.
pub(super) fn sign_in(status: u16, body: &Value) -> Answer {
    Answer {
        origin: Origin::SignIn,
        ..json_answer(status, body)
    }
    .with("Cache-Control", "no-store, no-cache")
    .with("Pragma", "no-cache")
}

fn json_answer(status: u16, body: &Value) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        body: body.to_string().into_bytes(),
        origin: Origin::Service,
    }
}

impl Answer {
    /// Adds a header of this answer alone.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn status(&self) -> u16 {
        self.status
    }

    /// Adds what every answer carries.
    pub(super) fn into_response(self, ids: Ids) -> Response {
        let mut headers = vec![("Content-Type", "application/json; charset=utf-8".to_owned())];
        match self.origin {
            Origin::Service => headers.extend([
                ("MS-RequestId", ids.request),
                ("MS-CorrelationId", ids.correlation),
                ("MS-CV", vector()),
                ("MS-ServerId", "EMULATOR".to_owned()),
            ]),
            Origin::SignIn => headers.push(("x-ms-request-id", Uuid::new_v4().to_string())),
        }
        headers.extend(
            self.headers
                .into_iter()
                .map(|(name, value)| (name, value.into_owned())),
        );
        Response {
            status: self.status,
            reason: reason(self.status).to_owned(),
            headers: headers
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            body: self.body,
        }
    }
}

fn vector() -> String {
    let random: String = Uuid::new_v4()
        .simple()
        .to_string()
        .chars()
        .take(16)
        .collect();
    random + ".0"
}

pub(super) fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "",
    }
}
