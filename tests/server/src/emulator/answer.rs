//! The forms of the service's answers.

use crate::http::{Request, Response};
use serde_json::{Value, json};
use uuid::Uuid;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// An answer before it gets the headers that every answer has.
pub(super) struct Answer {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
}

/// 200 with a bare JSON string behind a byte order mark.
pub(super) fn value(text: &str) -> Answer {
    let mut body = BYTE_ORDER_MARK.to_vec();
    body.extend(json!(text).to_string().into_bytes());
    Answer {
        status: 200,
        headers: Vec::new(),
        body,
    }
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

fn json_answer(status: u16, body: &Value) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        body: body.to_string().into_bytes(),
    }
}

impl Answer {
    /// Adds a header of this answer alone.
    pub(super) fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds what every answer carries; the ids are the request's, or made up.
    pub(super) fn into_response(self, request: &Request) -> Response {
        let echo = |name: &str| match request.header(name) {
            Some(id) if !id.is_empty() => id.to_owned(),
            _ => Uuid::new_v4().to_string(),
        };
        let vector: String = Uuid::new_v4()
            .simple()
            .to_string()
            .chars()
            .take(16)
            .collect();
        let mut headers = vec![
            ("Content-Type", "application/json; charset=utf-8".to_owned()),
            ("MS-RequestId", echo("MS-RequestId")),
            ("MS-CorrelationId", echo("MS-CorrelationId")),
            ("MS-CV", format!("{vector}.0")),
            ("MS-ServerId", "EMULATOR".to_owned()),
        ];
        headers.extend(
            self.headers
                .into_iter()
                .map(|(name, value)| (name, value.to_owned())),
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

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        _ => "",
    }
}
