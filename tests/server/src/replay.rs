//! Answers one case from its recording and keeps account of every difference.
//!
//! Requests must come in the order of the entries, and each entry answers once. A request that is
//! not the one due gets status 599, which no service sends, and becomes a failure; so does an entry
//! that nobody asked for. A connection that ends before its request is complete is no request.

use crate::authority::{Authority, over_tls};
use crate::case::Case;
use crate::error::ServerError;
use crate::har::{Entry, Fault, Recording, Values};
use crate::http::{Connection, HttpError, Request, Response};
use crate::listener::{Listener, Port, lock};
use secrets::Secrets;
use serde::Serialize;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

mod compare;
mod forms;
mod secrets;

/// The status of a request that is not the one due.
pub const NO_MATCH: u16 = 599;

/// A running replay of one case on its own port, with TLS.
pub struct Replay {
    port: u16,
    listener: Listener,
    shared: Arc<Shared>,
}

/// What a replay saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The complete requests that were read.
    pub requests: u64,
    /// What differed, for a person to read; empty when all is well. Never contains a token or a
    /// secret of a form.
    pub failures: Vec<String>,
}

struct Shared {
    tokens: Vec<String>,
    /// `None` when nothing may reach the server.
    entries: Option<Vec<Entry>>,
    secrets: Secrets,
    state: Mutex<State>,
    /// Wakes the stalled answers when the case ends.
    ended: Condvar,
}

#[derive(Default)]
struct State {
    next: usize,
    requests: u64,
    failures: Vec<String>,
    ended: bool,
}

enum Reply {
    Answer(Response),
    Stall,
}

impl Replay {
    /// Loads `cases/ID.json` and its recording below `fixtures` and starts to answer.
    pub fn start(
        authority: &Authority,
        fixtures: &Path,
        case_id: &str,
    ) -> Result<Self, ServerError> {
        let case = Case::load(fixtures, case_id)?;
        let socket = Port::take(0).map_err(ServerError::Socket)?;
        let port = socket.number();
        let values = Values {
            tokens: &case.tokens,
            api: &format!("https://127.0.0.1:{port}"),
        };
        let recording = case
            .recording
            .as_deref()
            .map(|name| Recording::load(fixtures, name, &values))
            .transpose()?;
        let entries = recording.map(|recording| recording.entries);
        let shared = Arc::new(Shared {
            secrets: Secrets::new(&case.tokens, entries.as_deref().unwrap_or_default()),
            tokens: case.tokens,
            entries,
            state: Mutex::default(),
            ended: Condvar::new(),
        });
        let serving = Arc::clone(&shared);
        let config = authority.config();
        let listener = socket
            .serve(move |socket| over_tls(&config, socket, |open| serving.converse(open)))
            .map_err(ServerError::Socket)?;
        Ok(Self {
            port,
            listener,
            shared,
        })
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends the case: closes every connection, stalled ones too, and says what was seen.
    pub fn finish(self) -> Verdict {
        self.close();
        let mut state = lock(&self.shared.state);
        let mut failures = std::mem::take(&mut state.failures);
        let entries = self.shared.entries.as_deref().unwrap_or_default();
        for (index, entry) in entries.iter().enumerate().skip(state.next) {
            let left = format!(
                "entry {}: never requested: {} {}",
                index + 1,
                entry.request.method,
                entry.request.path
            );
            failures.push(self.shared.secrets.scrub(&left));
        }
        Verdict {
            requests: state.requests,
            failures,
        }
    }

    fn close(&self) {
        lock(&self.shared.state).ended = true;
        self.shared.ended.notify_all();
        self.listener.stop();
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    /// Answers request after request until one side has enough.
    fn converse(&self, connection: &mut Connection<impl Read + Write>) {
        loop {
            let request = match connection.read_request() {
                Ok(Some(request)) => request,
                Ok(None) | Err(HttpError::Io(_)) => return,
                Err(HttpError::Malformed(problem)) => {
                    self.fail(format!("not a readable request: {problem}"));
                    return;
                }
            };
            match self.reply(&request) {
                Reply::Answer(response) => {
                    if connection.write_response(&request, &response).is_err()
                        || !request.keep_alive
                    {
                        return;
                    }
                }
                Reply::Stall => return self.wait_for_the_end(),
            }
        }
    }

    fn reply(&self, request: &Request) -> Reply {
        let mut state = lock(&self.state);
        state.requests += 1;
        let problem = match self.due(state.next) {
            Ok((number, entry)) => {
                let differences = compare::differences(&entry.request, request)
                    .into_iter()
                    .chain(compare::token_difference(
                        entry.token,
                        request,
                        &self.tokens,
                    ))
                    .map(|difference| format!("entry {number}: {difference}"))
                    .collect::<Vec<_>>();
                if differences.is_empty() {
                    state.next += 1;
                    return match entry.fault {
                        None => Reply::Answer(entry.response.clone()),
                        Some(Fault::StallAnswer) => Reply::Stall,
                    };
                }
                format!(
                    "{}{}",
                    differences.join("; "),
                    self.hint(state.next, request)
                )
            }
            Err(problem) => format!("{problem}: {} {}", request.method, request.path),
        };
        let number = state.requests;
        let failure = self.secrets.scrub(&format!("request {number}: {problem}"));
        state.failures.push(failure.clone());
        Reply::Answer(no_match(failure))
    }

    /// The entry that the next request must match, and its number counted from 1.
    fn due(&self, next: usize) -> Result<(usize, &Entry), &'static str> {
        match &self.entries {
            None => Err("the case has no recording, nothing may be sent"),
            Some(entries) => match entries.get(next) {
                Some(entry) => Ok((next + 1, entry)),
                None => Err("no entry is left"),
            },
        }
    }

    /// Says so when the request belongs to another entry: then only the order is wrong.
    fn hint(&self, next: usize, request: &Request) -> String {
        let entries = self.entries.as_deref().unwrap_or_default();
        let other = entries.iter().enumerate().find(|(index, entry)| {
            *index != next
                && compare::differences(&entry.request, request).is_empty()
                && compare::token_difference(entry.token, request, &self.tokens).is_none()
        });
        match other {
            Some((index, _)) if index < next => {
                format!("; it repeats entry {}, which is used up", index + 1)
            }
            Some((index, _)) => format!("; it is entry {}, whose turn has not come", index + 1),
            None => String::new(),
        }
    }

    fn fail(&self, problem: String) {
        let failure = self.secrets.scrub(&problem);
        lock(&self.state).failures.push(failure);
    }

    fn wait_for_the_end(&self) {
        let state = lock(&self.state);
        let _state = self
            .ended
            .wait_while(state, |state| !state.ended)
            .unwrap_or_else(PoisonError::into_inner);
    }
}

fn no_match(failure: String) -> Response {
    Response {
        status: NO_MATCH,
        reason: "Not The Request Due".to_owned(),
        headers: vec![(
            "Content-Type".to_owned(),
            "text/plain; charset=utf-8".to_owned(),
        )],
        body: failure.into_bytes(),
    }
}

#[cfg(test)]
mod tests;
