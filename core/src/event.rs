//! What a call does, told to those who trace it. Its fields are all that a log may hold: no
//! address, no body, no header.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::error::{Attempt, ErrorKind, Outcome};
use crate::names::names;

names! {
    /// What happened.
    EventName {
        /// The call begins; its arguments kept the rules.
        Start = "start",
        /// A request was answered, or failed.
        Attempt = "attempt",
        /// The call waits before its next request.
        Wait = "wait",
        /// The call ended.
        End = "end",
    }
}

/// One step of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// What happened.
    pub name: EventName,
    /// The operation, as `update_qualification`.
    pub operation: &'static str,
    /// One value for all events of a call: the `MS-RequestId` of its operation.
    pub call: String,
    /// When, by this machine's clock.
    pub at: SystemTime,
    /// Since the call's start; of an attempt, since its own begin.
    pub elapsed: Duration,
    /// The request that was made; of an `attempt`.
    pub attempt: Option<Attempt>,
    /// How long the call waits; of a `wait`.
    pub wait: Option<Duration>,
    /// Whether the service asked for that wait.
    pub asked: bool,
    /// What the call did to the customer; of an `end`, and not of a read that was answered.
    pub outcome: Option<Outcome>,
    /// Why the call failed; of an `end`.
    pub error: Option<ErrorKind>,
    /// Whether the caller has left before it could hear of it.
    pub late: bool,
}

impl Event {
    /// Whether somebody should know of it: what became of a change is unknown, or was learned only
    /// after its caller had left.
    pub fn is_grave(&self) -> bool {
        let changed = self
            .outcome
            .is_some_and(|outcome| outcome != Outcome::NotApplied);
        changed && (self.late || self.outcome == Some(Outcome::Unknown))
    }
}

/// The line of a log.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.operation, self.name)?;
        if let Some(attempt) = &self.attempt {
            write!(f, ": {} {}", attempt.method, attempt.class)?;
            if let Some(status) = attempt.status {
                write!(f, ", status {status}")?;
            }
            write!(f, ", correlation id {}", attempt.correlation_id)?;
        }
        if let Some(wait) = self.wait {
            let asked = if self.asked { ", as asked" } else { "" };
            write!(f, ": {:.1} s{asked}", wait.as_secs_f64())?;
        }
        if let Some(error) = self.error {
            write!(f, ": {error}")?;
        }
        if let Some(outcome) = self.outcome {
            write!(f, ", outcome {outcome}")?;
        }
        let late = if self.late {
            ", after its caller had left"
        } else {
            ""
        };
        write!(f, ", request id {}{late}", self.call)
    }
}

/// Hears of events.
pub(crate) type Listener = dyn Fn(&Event) + Send + Sync;

/// Who hears of events.
#[derive(Clone, Default)]
pub(crate) enum Observer {
    #[default]
    Nobody,
    /// Called by the thread that works.
    Function(Arc<Listener>),
    /// The thread that waits takes them; once it has left, this is called instead.
    Waiter(Arc<Listener>),
    /// Called for what happens once the waiting thread has left, and for an unknown outcome.
    Late(Arc<Listener>),
}
