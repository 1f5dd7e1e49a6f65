//! What a call does from one request to the next. Each goes on until it ends or has time to wait.

mod change;
mod find_customer;
mod find_validation_code;
mod reconcile;
mod wait_for_vetting;

pub(crate) use change::Changing;
pub(crate) use find_customer::Find;
pub(crate) use find_validation_code::FindCode;
pub(crate) use reconcile::Reconcile;
pub use reconcile::Reconciled;
pub(crate) use wait_for_vetting::Wait;
pub use wait_for_vetting::WaitOptions;

use std::time::Instant;

use crate::error::{Details, Error, ErrorKind, Outcome, Reason};
use crate::exchange::{Context, Exchange, Flow};
use crate::http::Effect;
use crate::model::PendingOperation;
use crate::operations::{Single, Trace};

/// A call, from its first request to its end.
pub(crate) trait Call: Send + 'static {
    /// Its name in every language.
    const NAME: &'static str;
    const EFFECT: Effect;
    /// Whether other calls wake it, and it waits for them.
    const IS_WOKEN: bool = false;
    type Output: Send + 'static;

    fn advance(&mut self, context: Context<'_>) -> Flow<Result<Self::Output, Error>>;

    /// When it must have ended, where that is not the caller's deadline.
    fn must_end(&self) -> Option<Instant> {
        None
    }

    /// The change that it is about: as unknown as before, should the call be left.
    fn about(&self) -> Option<&PendingOperation> {
        None
    }

    /// What a result says of the customer; a read says nothing.
    fn outcome(_: &Self::Output) -> Option<Outcome> {
        None
    }
}

/// A read of one request.
pub(crate) struct One<O>(Option<Exchange<O>>);

impl<O> One<O> {
    pub(crate) fn new(exchange: Exchange<O>) -> Self {
        Self(Some(exchange))
    }
}

impl<O: Single> Call for One<O> {
    const NAME: &'static str = O::NAME;
    const EFFECT: Effect = Effect::Read;
    type Output = O::Output;

    fn advance(&mut self, context: Context<'_>) -> Flow<Result<O::Output, Error>> {
        let Some(exchange) = &mut self.0 else {
            return Flow::Done(Err(gone_on()));
        };
        match exchange.advance(context) {
            Flow::Wait(wait) => Flow::Wait(wait),
            Flow::Done(result) => {
                let operation = self.0.take().map(|exchange| exchange.operation);
                Flow::Done(result.and_then(|(proof, trace)| {
                    let operation = operation.ok_or_else(gone_on)?;
                    Ok(operation.output(proof, trace))
                }))
            }
        }
    }
}

/// A call that is gone on with after its end.
fn gone_on() -> Error {
    Details::new(
        ErrorKind::Internal,
        "The call had ended.",
        "Report this as a bug.",
    )
    .into()
}

/// An end that the library decides by what the service answered.
fn decided(
    kind: ErrorKind,
    reason: Reason,
    failed: String,
    state: &'static str,
    next: &str,
    trace: Trace,
) -> Error {
    let mut details = Details::new(kind, failed, next);
    details.reason = Some(reason);
    details.state = state;
    details.request_id = Some(trace.request_id);
    details.correlation_id = Some(trace.correlation_id);
    details.ms_cv = trace.ms_cv;
    details.mfa_compliant = trace.mfa_compliant;
    details.attempts = trace.attempts;
    details.into()
}
