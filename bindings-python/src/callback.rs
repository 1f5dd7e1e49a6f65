//! Python callables that a call runs: credentials and listeners.

use pyo3::exceptions::{PyException, PyTypeError};
use pyo3::prelude::*;

/// Refuses a result that somebody would have to await: the synchronous client cannot.
pub fn settled<'py>(given: Bound<'py, PyAny>, whose: &str) -> PyResult<Bound<'py, PyAny>> {
    if !given.hasattr("__await__")? {
        return Ok(given);
    }
    // Else Python warns that it was never awaited.
    if given.hasattr("close")? {
        given.call_method0("close")?;
    }
    Err(PyTypeError::new_err(format!(
        "{whose} returned an awaitable: await the calls of partner_center.aio.Client, or pass \
         what is synchronous, for azure-identity the credential from azure.identity"
    )))
}

/// Whether it ends the program rather than the work at hand, as Ctrl-C.
pub fn stops(py: Python<'_>, raised: &PyErr) -> bool {
    !raised.is_instance_of::<PyException>(py)
}

/// Lets an error of a listener be seen without stopping anything but the program.
pub fn shown(py: Python<'_>, raised: PyErr, listener: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
    if stops(py, &raised) {
        return Err(raised);
    }
    raised.write_unraisable(py, listener);
    Ok(())
}

/// Hands an error of a listener to sys.unraisablehook.
#[pyfunction]
pub fn unraisable(raised: Bound<'_, PyAny>, listener: Bound<'_, PyAny>) {
    PyErr::from_value(raised).write_unraisable(listener.py(), Some(&listener));
}
