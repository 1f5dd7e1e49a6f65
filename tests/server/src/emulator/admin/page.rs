//! The page and its files, which are part of the program.

use crate::emulator::answer::reason;
use crate::http::Response;

pub(super) const JSON: &str = "application/json";

/// Nothing but what is served here, and nobody's frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// The name of the page's file that a call asks for.
pub(super) fn file(call: &str) -> Option<&'static str> {
    ["page.js", "page.css", "icon.svg"]
        .into_iter()
        .find(|file| *file == call)
}

/// One of those, or the page.
pub(super) fn answer(file: &str) -> Response {
    let (kind, text) = match file {
        "page.js" => (
            "text/javascript; charset=utf-8",
            include_str!("page/page.js"),
        ),
        "page.css" => ("text/css; charset=utf-8", include_str!("page/page.css")),
        "icon.svg" => ("image/svg+xml", include_str!("page/icon.svg")),
        _ => ("text/html; charset=utf-8", include_str!("page/page.html")),
    };
    response(200, kind, text.as_bytes().to_vec())
}

pub(super) fn response(status: u16, kind: &str, body: Vec<u8>) -> Response {
    let headers = [
        ("Content-Type", kind),
        ("Content-Security-Policy", POLICY),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "no-referrer"),
    ];
    Response {
        status,
        reason: reason(status).to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        body,
    }
}
