//! What a replay expects and what it has seen, shared by all its connections.

use super::compare;
use super::secrets::Secrets;
use super::{NO_MATCH, Verdict};
use crate::har::{Ending, Entry, Fault};
use crate::http::{Head, Request, Response};
use crate::listener::lock;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

pub(super) struct Account {
    pub(super) tokens: Vec<String>,
    /// `None` when nothing may reach the server.
    entries: Option<Vec<Entry>>,
    secrets: Secrets,
    state: Mutex<State>,
    /// Wakes what stalls or drips when the case ends.
    ended: Condvar,
}

#[derive(Default)]
struct State {
    next: usize,
    requests: u64,
    redirected: u64,
    met: bool,
    failures: Vec<String>,
    ended: bool,
}

/// A fault whose turn has come, and the number of its entry counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Met {
    pub(super) number: usize,
    pub(super) fault: Fault,
}

impl Account {
    pub(super) fn new(tokens: Vec<String>, entries: Option<Vec<Entry>>) -> Self {
        Self {
            secrets: Secrets::new(&tokens, entries.as_deref().unwrap_or_default()),
            tokens,
            entries,
            state: Mutex::default(),
            ended: Condvar::new(),
        }
    }

    /// What was seen, once no connection is left; entries that nobody asked for are failures.
    pub(super) fn close(&self) -> Verdict {
        let mut state = lock(&self.state);
        let mut failures = std::mem::take(&mut state.failures);
        let entries = self.entries.as_deref().unwrap_or_default();
        for (index, entry) in entries.iter().enumerate().skip(state.next) {
            let mut left = format!(
                "entry {}: never requested: {} {}",
                index + 1,
                entry.request.method,
                entry.request.path
            );
            if let Some(fault) = entry.fault {
                left.push_str(&format!("; its fault {fault} could not be played"));
            }
            failures.push(self.secrets.scrub(&left));
        }
        Verdict {
            requests: state.requests,
            redirected: state.redirected,
            failures,
        }
    }

    /// The fault of the entry that is due, if it is played before the request is read. The entry
    /// is used up with it.
    pub(super) fn meet_unread(&self) -> Option<(Met, Ending)> {
        let mut state = lock(&self.state);
        let (number, entry) = self.due(state.next).ok()?;
        let fault = entry.fault?;
        let Fault::Unread(ending) = fault else {
            return None;
        };
        state.next += 1;
        Some((Met { number, fault }, ending))
    }

    /// Whether the next connection, and not this one, must meet the entry that is due.
    pub(super) fn awaits_a_connection(&self) -> bool {
        let state = lock(&self.state);
        let due = self.due(state.next);
        due.is_ok_and(|(_, entry)| matches!(entry.fault, Some(Fault::Unread(_))))
    }

    /// The fault of the entry that is due, if it is played when no more than the head is read and
    /// this is the head. A head without a body is a whole request and counts.
    pub(super) fn meet_head(&self, head: &Head) -> Option<(Met, Ending)> {
        let mut state = lock(&self.state);
        let (number, entry) = self.due(state.next).ok()?;
        let fault = entry.fault?;
        let Fault::HeadOnly(ending) = fault else {
            return None;
        };
        let request = &head.request;
        if !compare::head_differences(&entry.request, request).is_empty()
            || compare::token_difference(entry.token, request, &self.tokens).is_some()
        {
            return None;
        }
        state.next += 1;
        if !head.has_body() {
            state.requests += 1;
        }
        Some((Met { number, fault }, ending))
    }

    /// The answer to a whole request, and what goes wrong with it.
    pub(super) fn reply(&self, request: &Request) -> (Response, Option<Met>) {
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
                    let met = entry.fault.map(|fault| Met { number, fault });
                    return (entry.response.clone(), met);
                }
                format!(
                    "{}{}",
                    differences.join("; "),
                    self.hint(state.next, request)
                )
            }
            Err(problem) => format!("{problem}: {} {}", request.method, request.path),
        };
        let problem = format!("request {}: {problem}", state.requests);
        drop(state);
        (self.refusal(&problem), None)
    }

    /// Records a failure, and is the answer that says so.
    pub(super) fn refusal(&self, problem: &str) -> Response {
        let failure = self.record(problem);
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

    /// A request that followed a redirect has begun to arrive.
    pub(super) fn count_redirected(&self) {
        lock(&self.state).redirected += 1;
    }

    /// A connection has got to where the case's `server` shows what is wrong with it.
    pub(super) fn meet(&self) {
        lock(&self.state).met = true;
    }

    /// How many entries are used up, and how many redirected requests have begun.
    #[cfg(test)]
    pub(super) fn progress(&self) -> (usize, u64) {
        let state = lock(&self.state);
        (state.next, state.redirected)
    }

    pub(super) fn was_met(&self) -> bool {
        lock(&self.state).met
    }

    pub(super) fn fail(&self, problem: impl AsRef<str>) {
        self.record(problem.as_ref());
    }

    /// Records a failure and returns it as it may be shown.
    fn record(&self, problem: &str) -> String {
        let failure = self.secrets.scrub(problem);
        lock(&self.state).failures.push(failure.clone());
        failure
    }

    pub(super) fn not_played(&self, met: Met, problem: &str) {
        let Met { number, fault } = met;
        self.fail(format!(
            "entry {number}: its fault {fault} could not be played: {problem}"
        ));
    }

    /// Ends every stall and every drip.
    pub(super) fn end(&self) {
        lock(&self.state).ended = true;
        self.ended.notify_all();
    }

    pub(super) fn wait_for_the_end(&self) {
        let state = lock(&self.state);
        let _state = self
            .ended
            .wait_while(state, |state| !state.ended)
            .unwrap_or_else(PoisonError::into_inner);
    }

    /// Waits as long, and says whether the case still goes on.
    pub(super) fn pause(&self, time: Duration) -> bool {
        let state = lock(&self.state);
        let (state, _) = self
            .ended
            .wait_timeout_while(state, time, |state| !state.ended)
            .unwrap_or_else(PoisonError::into_inner);
        !state.ended
    }
}
