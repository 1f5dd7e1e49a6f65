//! What a call tells those who trace it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use partner_center as core;

use crate::enums::{ErrorKind, EventName, Outcome};
use crate::models::{Attempt, CustomerQualification};

/// One step of a call. It holds no secret, no address, no body and no header.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Event {
    /// What happened.
    pub name: EventName,
    /// The operation, as `update_qualification`.
    pub operation: String,
    /// One value for all events of a call: the `MS-RequestId` of its operation.
    pub call: String,
    /// When, by this machine's clock.
    pub at: SystemTime,
    /// Since the call's start; of an attempt, since its own begin.
    pub elapsed: Duration,
    /// The request that was made; of an attempt.
    pub attempt: Option<Attempt>,
    /// How long the call waits; of a wait.
    pub wait: Option<Duration>,
    /// Whether the service asked for that wait.
    pub asked: bool,
    /// What the call did to the customer; of an end, and not of a read that was answered.
    pub outcome: Option<Outcome>,
    /// Why the call failed; of an end.
    pub error: Option<ErrorKind>,
    /// Whether the caller had left before.
    pub late: bool,
    /// Whether somebody should know of it: what became of a change is unknown, or was learned only
    /// after its caller had left.
    pub grave: bool,
    /// The line of a log.
    pub text: String,
}

impl From<&core::Event> for Event {
    fn from(event: &core::Event) -> Self {
        Self {
            name: event.name.into(),
            operation: event.operation.to_owned(),
            call: event.call.clone(),
            at: event.at,
            elapsed: event.elapsed,
            attempt: event.attempt.as_ref().map(Into::into),
            wait: event.wait,
            asked: event.asked,
            outcome: event.outcome.map(Into::into),
            error: event.error.map(Into::into),
            late: event.late,
            grave: event.is_grave(),
            text: event.to_string(),
        }
    }
}

/// A listener's failure. It stops nothing.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum ListenerError {
    /// The listener threw.
    #[error("{reason}")]
    Failed {
        /// What it says.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ListenerError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed {
            reason: error.reason,
        }
    }
}

/// Hears every event of every call of a client, on a thread of the client's. Must be quick.
#[uniffi::export(foreign)]
pub trait EventListener: Send + Sync {
    /// A call came a step further. What it throws stops nothing.
    fn on_event(&self, event: Event) -> Result<(), ListenerError>;
}

/// Hears how a vetting stands after each poll, on a thread of the client's.
#[uniffi::export(foreign)]
pub trait VettingListener: Send + Sync {
    /// The qualification as the poll saw it. What it throws stops nothing.
    fn on_progress(&self, qualification: CustomerQualification) -> Result<(), ListenerError>;
}

type Hearing<T> = Arc<dyn Fn(&T) + Send + Sync>;

/// What the core calls for a listener, where there is one. What the listener throws stops nothing.
pub(crate) fn hearing<L, T>(
    listener: Option<Arc<L>>,
    tell: fn(&L, &T) -> Result<(), ListenerError>,
) -> Option<Hearing<T>>
where
    L: ?Sized + Send + Sync + 'static,
    T: 'static,
{
    listener.map(|listener| Arc::new(move |news: &T| drop(tell(&listener, news))) as _)
}

/// Tells a listener. Nothing grave is lost, even where the listener fails.
pub(crate) fn telling(
    listener: Arc<dyn EventListener>,
) -> impl Fn(&core::Event) + Send + Sync + 'static {
    move |event| {
        if listener.on_event(event.into()).is_err() {
            warn(event);
        }
    }
}

/// Standard error hears what somebody should know of.
pub(crate) fn warn(event: &core::Event) {
    if event.is_grave() {
        eprintln!("partner-center: {event}");
    }
}
