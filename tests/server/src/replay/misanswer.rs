//! Answers that are wrong below HTTP, or not quite HTTP.

use super::account::Account;
use super::bomb;
use crate::authority::Tls;
use crate::har::{Ending, Fault};
use crate::http::Response;
use std::io::{self, Write};
use std::time::Duration;

/// What comes after an answer.
pub(super) enum Then {
    /// The next request.
    GoOn,
    /// The end that is part of the fault.
    End(Ending),
    /// Nothing: the client has had enough, or the case is over.
    Gone,
}

/// Between two bytes of a drip, and between two interim answers.
const DRIP: Duration = Duration::from_millis(50);
/// The announced length of a body that drips: hours, and yet no body that is too long.
const DRIPPED: usize = 1_000_000;
/// More than a client may keep of a body.
const OVERSIZE: usize = 2 * 1024 * 1024;
const GARBAGE: &[u8] = b"\0\xFFthis is no status line\r\n\r\n";
const INTERIM: &[u8] = b"HTTP/1.1 103 Early Hints\r\nLink: </>; rel=preload\r\n\r\n";

impl Account {
    /// Plays a fault that comes after the whole request. An error says that the client saw nothing
    /// of it; one that leaves midway has seen enough.
    pub(super) fn misanswer(
        &self,
        fault: Fault,
        stream: &mut Tls,
        response: &Response,
    ) -> io::Result<Then> {
        let body = response.body.as_slice();
        let half = body.get(..body.len() / 2).unwrap_or_default();
        match fault {
            Fault::Unread(_) | Fault::HeadOnly(_) => {
                return Err(io::Error::other("the whole request was read"));
            }
            Fault::Idle => return Err(io::Error::other("the answer itself is good")),
            Fault::Unanswered(ending) => return Ok(Then::End(ending)),
            Fault::Garbage => send(stream, GARBAGE)?,
            Fault::OversizeHead => {
                let head = response.head(&(filler() + &length(body.len())));
                let (first, rest) = head.split_at_checked(1024).unwrap_or((&head, &[]));
                send(stream, first)?;
                if send(stream, rest)
                    .and_then(|()| send(stream, body))
                    .is_err()
                {
                    return Ok(Then::Gone);
                }
            }
            Fault::ConflictingLengths => {
                let two = length(body.len()) + &length(body.len() + 1);
                send(stream, &[&response.head(&two), body].concat())?;
            }
            Fault::EndlessInterim => {
                send(stream, INTERIM)?;
                return Ok(self.drip(stream, std::iter::repeat(INTERIM)));
            }
            Fault::HalfHead(ending) => {
                let head = response.head(&length(body.len()));
                send(stream, head.get(..head.len() / 2).unwrap_or_default())?;
                return Ok(Then::End(ending));
            }
            Fault::HalfBody(ending) => {
                send(
                    stream,
                    &[&response.head(&length(body.len())), half].concat(),
                )?;
                return Ok(Then::End(ending));
            }
            Fault::Drip => {
                send(stream, &response.head(&length(DRIPPED)))?;
                let blanks = std::iter::repeat(b" ".as_slice());
                return Ok(self.drip(stream, body.chunks(1).chain(blanks)));
            }
            Fault::CutChunk => {
                let begun = format!("{:x}\r\n", body.len()).into_bytes();
                send(stream, &[&response.head(CHUNKED), &begun, half].concat())?;
            }
            Fault::EndlessBody => {
                send(
                    stream,
                    &[&response.head(CHUNKED), &chunk(body)[..]].concat(),
                )?;
                let blanks = chunk(&[b' '; 16 * 1024]);
                while send(stream, &blanks).is_ok() {}
                return Ok(Then::Gone);
            }
            Fault::OversizeBody => {
                send(stream, &response.head(&length(OVERSIZE)))?;
                let mut body = body.to_vec();
                body.resize(OVERSIZE, b' ');
                return Ok(pour(stream, &body));
            }
            Fault::GzipBomb => {
                let bomb = bomb::gzip();
                let framing = "Content-Encoding: gzip\r\n".to_owned() + &length(bomb.len());
                send(stream, &response.head(&framing))?;
                return Ok(pour(stream, &bomb));
            }
        }
        Ok(Then::End(Ending::Close))
    }

    /// Sends piece by piece until the client leaves or the case ends.
    fn drip<'a>(&self, stream: &mut Tls, pieces: impl Iterator<Item = &'a [u8]>) -> Then {
        for piece in pieces {
            if !self.pause(DRIP) || send(stream, piece).is_err() {
                break;
            }
        }
        Then::Gone
    }
}

const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";

fn length(length: usize) -> String {
    format!("Content-Length: {length}\r\n")
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// A megabyte in few headers: the length must be what is too much, not the number.
fn filler() -> String {
    let value = "x".repeat(16 * 1024);
    (0..64)
        .map(|number| format!("X-Filler-{number}: {value}\r\n"))
        .collect()
}

fn send(stream: &mut Tls, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes)?;
    stream.flush()
}

/// A body that a client need not read to its end.
fn pour(stream: &mut Tls, body: &[u8]) -> Then {
    match send(stream, body) {
        Ok(()) => Then::GoOn,
        Err(_) => Then::Gone,
    }
}
