//! Python's arguments as the core takes them. What is a rule is the core's.

use std::time::Duration;

use partner_center as core;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::enums::named;
use crate::errors::invalid;

/// Seconds, as a number or a timedelta.
pub fn seconds(name: &str, given: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Duration>> {
    let Some(given) = given else { return Ok(None) };
    let number: f64 = if given.hasattr("total_seconds")? {
        given.call_method0("total_seconds")?.extract()?
    } else {
        given.extract()?
    };
    Duration::try_from_secs_f64(number).map(Some).map_err(|_| {
        invalid(
            given.py(),
            &format!("{name} must be a positive number of seconds"),
        )
    })
}

/// Text that may be a secret: Python's own error for what is not valid would hold all of it.
pub fn text(name: &str, given: Option<&Bound<'_, PyString>>) -> PyResult<Option<String>> {
    let Some(given) = given else { return Ok(None) };
    match given.to_cow() {
        Ok(text) => Ok(Some(text.into_owned())),
        Err(_) => Err(invalid(given.py(), &format!("{name} is not valid text"))),
    }
}

pub fn known_cloud(py: Python<'_>, name: &str) -> PyResult<core::Cloud> {
    named(name).map_err(|_| invalid(py, &format!("{name:?} is not a cloud")))
}

/// Text, or a uuid.UUID.
pub fn id(name: &str, given: &Bound<'_, PyAny>) -> PyResult<String> {
    if given.is_instance_of::<PyString>() {
        return given.extract();
    }
    if given.get_type().fully_qualified_name()? == "uuid.UUID" {
        return given.str()?.extract();
    }
    Err(PyTypeError::new_err(format!(
        "{name} must be str or uuid.UUID, not {}",
        given.get_type().name()?
    )))
}

pub fn call_options(
    request_id: Option<&Bound<'_, PyAny>>,
    correlation_id: Option<&Bound<'_, PyAny>>,
    deadline: Option<&Bound<'_, PyAny>>,
) -> PyResult<core::CallOptions> {
    let mut options = core::CallOptions::default();
    options.request_id = request_id
        .map(|given| id("request_id", given))
        .transpose()?;
    options.correlation_id = correlation_id
        .map(|given| id("correlation_id", given))
        .transpose()?;
    options.deadline = seconds("deadline", deadline)?;
    Ok(options)
}
