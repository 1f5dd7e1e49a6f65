use partner_center as core;
use pyo3::prelude::*;

use super::Attempt;
use super::fields::{At, Member, Seconds};

super::model! {
    /// One step of a call. It holds all that a log may: no address, no body, no header.
    Event("name", "operation")
    shown {
        /// What happened.
        name: Member<core::EventName>,
        /// The operation, as update_qualification.
        operation: String,
        /// One value for all events of a call: the MS-RequestId of its operation.
        call: String,
        /// The request that was made; of an attempt.
        attempt: Option<Attempt> = None,
        /// How many seconds the call waits; of a wait.
        wait: Option<Seconds> = None,
        /// Whether the service asked for that wait.
        asked: bool = false,
        /// What the call did to the customer; of an end, and not of a read that was answered.
        outcome: Option<Member<core::Outcome>> = None,
        /// Why the call failed; of an end.
        error: Option<Member<core::ErrorKind>> = None,
        /// Whether the caller had left before.
        late: bool = false,
    }
    more {
        /// When, by this machine's clock, in UTC.
        at: At,
        /// Seconds since the call's start; of an attempt, since its own begin.
        elapsed: Seconds,
    }
}

impl From<&core::Event> for Event {
    fn from(event: &core::Event) -> Self {
        Self {
            name: Member(event.name),
            operation: event.operation.to_owned(),
            call: event.call.clone(),
            at: event.at.into(),
            elapsed: Seconds(event.elapsed),
            attempt: event.attempt.as_ref().map(Attempt::from),
            wait: event.wait.map(Seconds),
            asked: event.asked,
            outcome: event.outcome.map(Member),
            error: event.error.map(Member),
            late: event.late,
        }
    }
}
