//! The one way in which every method waits: detached, in ticks, with an eye on Python's signals.

use std::time::Duration;

use partner_center::{Error, ErrorKind, Pending, Step};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

use crate::credential::Credential;
use crate::errors::exception;

/// How long a signal may stay unseen. Nobody else looks: the interpreter's handler only sets a flag.
const TICK: Duration = Duration::from_millis(50);

/// Waits for the end of a call; asks the credential on this thread when the call wants a token.
pub fn wait<T: Send>(py: Python<'_>, pending: Pending<T>, credential: &Credential) -> PyResult<T> {
    let mut raised: Option<PyErr> = None;
    loop {
        match py.detach(|| pending.step(TICK)) {
            Step::Done(Ok(value)) => return Ok(value),
            Step::Done(Err(error)) => {
                let made = exception(py, &error);
                if error.kind() == ErrorKind::Authentication {
                    made.set_cause(py, raised);
                }
                return Err(made);
            }
            Step::TokenWanted(request) => {
                pending.answer(|| credential.ask(py, &request, &mut raised));
                if let Some(stop) =
                    raised.take_if(|raised| !raised.is_instance_of::<PyException>(py))
                {
                    return Err(left(py, stop, &pending.cancel()));
                }
            }
            _ => {
                if let Err(stop) = py.check_signals() {
                    return Err(left(py, stop, &pending.cancel()));
                }
            }
        }
    }
}

/// The interrupt itself, with what is known of the call as its cause and as a note.
fn left(py: Python<'_>, stop: PyErr, error: &Error) -> PyErr {
    // `add_note` came with 3.11; before it, the cause alone tells.
    let _ = stop
        .value(py)
        .call_method1("add_note", (format!("partner_center: {error}"),));
    stop.set_cause(py, Some(exception(py, error)));
    stop
}
