//! `_fault`: what goes wrong on purpose, and at which point of a connection's life.

use crate::error::ServerError;
use crate::http::Response;
use crate::member::Member;
use std::fmt;

/// A fault below HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection ends after the handshake; nothing of the request is read.
    Unread(Ending),
    /// It ends after the request's head; the body is not read.
    HeadOnly(Ending),
    /// It ends after the whole request.
    Unanswered(Ending),
    /// In place of the answer come bytes that are no status line.
    Garbage,
    /// The answer's head is longer than 1 MB.
    OversizeHead,
    /// The answer has two lengths.
    ConflictingLengths,
    /// Interim answers come without end.
    EndlessInterim,
    /// It ends after half of the answer's head.
    HalfHead(Ending),
    /// It ends after half of the answer's body.
    HalfBody(Ending),
    /// The body comes byte by byte and is never done.
    Drip,
    /// It is closed within a chunk of the body.
    CutChunk,
    /// The body comes in chunks without end.
    EndlessBody,
    /// The body is filled up to 2 MiB.
    OversizeBody,
    /// The body is a small gzip that expands to 64 MiB.
    GzipBomb,
    /// The answer is good; the connection is closed as the next request's first byte arrives.
    Idle,
}

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// In good order for TCP (FIN), without a word of TLS.
    Close,
    /// At once (RST).
    Reset,
    /// Nothing more comes until the case ends.
    Stall,
}

const NAMES: [(&str, &str, Fault); 23] = [
    ("connection", "close", Fault::Unread(Ending::Close)),
    ("connection", "reset", Fault::Unread(Ending::Reset)),
    ("connection", "stall", Fault::Unread(Ending::Stall)),
    ("head", "close", Fault::HeadOnly(Ending::Close)),
    ("head", "reset", Fault::HeadOnly(Ending::Reset)),
    ("head", "stall", Fault::HeadOnly(Ending::Stall)),
    ("request", "close", Fault::Unanswered(Ending::Close)),
    ("request", "reset", Fault::Unanswered(Ending::Reset)),
    ("answer", "stall", Fault::Unanswered(Ending::Stall)),
    ("status", "garbage", Fault::Garbage),
    ("status", "oversize", Fault::OversizeHead),
    ("status", "conflicting_lengths", Fault::ConflictingLengths),
    ("status", "endless_1xx", Fault::EndlessInterim),
    ("headers", "close", Fault::HalfHead(Ending::Close)),
    ("headers", "stall", Fault::HalfHead(Ending::Stall)),
    ("body", "close", Fault::HalfBody(Ending::Close)),
    ("body", "stall", Fault::HalfBody(Ending::Stall)),
    ("body", "drip", Fault::Drip),
    ("body", "cut_chunk", Fault::CutChunk),
    ("body", "endless", Fault::EndlessBody),
    ("body", "oversize", Fault::OversizeBody),
    ("body", "gzip", Fault::GzipBomb),
    ("idle", "close", Fault::Idle),
];

impl Fault {
    /// Whether something of an answer, good or bad, comes before the end.
    pub fn is_of_answer(self) -> bool {
        !matches!(
            self,
            Self::Unread(_) | Self::HeadOnly(_) | Self::Unanswered(_) | Self::Idle
        )
    }

    /// Whether it begins with the recorded body, which must then be there.
    fn uses_body(self) -> bool {
        matches!(
            self,
            Self::HalfBody(_)
                | Self::Drip
                | Self::CutChunk
                | Self::EndlessBody
                | Self::OversizeBody
        )
    }

    /// Whether the answer must be one that has a body.
    fn needs_body(self) -> bool {
        self.uses_body() || matches!(self, Self::ConflictingLengths | Self::GzipBomb)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match NAMES.iter().find(|(_, _, fault)| fault == self) {
            Some((point, action, _)) => write!(f, "{point}/{action}"),
            None => fmt::Debug::fmt(self, f),
        }
    }
}

pub(super) fn read(member: &Member<'_>, response: &Response) -> Result<Fault, ServerError> {
    member.only(&["point", "action"])?;
    let (point, action) = (member.get("point")?, member.get("action")?);
    let (at, what) = (point.text()?, action.text()?);
    let actions = NAMES.iter().filter(|(point, _, _)| *point == at);
    let Some((_, _, fault)) = actions.clone().find(|(_, action, _)| *action == what) else {
        let known: Vec<&str> = actions.map(|(_, action, _)| *action).collect();
        return Err(if known.is_empty() {
            let mut points: Vec<&str> = NAMES.iter().map(|(point, _, _)| *point).collect();
            points.dedup();
            point.wrong(format!("must be one of {}", points.join(", ")))
        } else {
            action.wrong(format!("must be one of {}", known.join(", ")))
        });
    };
    if fault.needs_body() && !response.has_body() {
        return Err(member.wrong("needs an answer whose status has a body"));
    }
    if fault.uses_body() && response.body.is_empty() {
        return Err(member.wrong("needs an answer with a body"));
    }
    Ok(*fault)
}
