//! Python's arguments as the core takes them. What is a rule is the core's.

use std::time::Duration;

use partner_center as core;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::enums::named;
use crate::errors::invalid;
use crate::models::{Customer, ValidationCode};

/// An argument that may be left out, or be None.
pub type Given<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// Seconds, as a number or a timedelta.
pub fn seconds(name: &str, given: Given<'_, '_>) -> PyResult<Option<Duration>> {
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

/// A function that the call is to call.
pub fn callable(name: &str, given: Given<'_, '_>) -> PyResult<Option<Py<PyAny>>> {
    let Some(given) = given else { return Ok(None) };
    if !given.is_callable() {
        return Err(PyTypeError::new_err(format!("{name} must be callable")));
    }
    Ok(Some(given.clone().unbind()))
}

/// Text that may be a secret: Python's own error for what is not valid would hold all of it.
pub fn text(name: &str, given: Option<&Bound<'_, PyString>>) -> PyResult<Option<String>> {
    let Some(given) = given else { return Ok(None) };
    match given.to_cow() {
        Ok(text) => Ok(Some(text.into_owned())),
        Err(_) => Err(invalid(given.py(), &format!("{name} is not valid text"))),
    }
}

/// Text, or a code that was listed.
pub fn validation_code(given: Given<'_, '_>) -> PyResult<Option<String>> {
    let Some(given) = given else { return Ok(None) };
    if let Ok(code) = given.cast::<ValidationCode>() {
        return Ok(Some(code.get().value.clone()));
    }
    match given.cast::<PyString>() {
        Ok(given) => text("validation_code", Some(given)),
        Err(_) => Err(wrong_type(
            "validation_code must be str or ValidationCode",
            given,
        )),
    }
}

pub fn known_cloud(py: Python<'_>, name: &str) -> PyResult<core::Cloud> {
    named(name).map_err(|_| invalid(py, &format!("{name:?} is not a cloud")))
}

pub fn known_way(py: Python<'_>, name: &str) -> PyResult<core::OnAmbiguous> {
    named(name).map_err(|_| invalid(py, &format!("{name:?} is not a value of on_ambiguous")))
}

/// What names a customer: its tenant id, or the customer that was listed or read.
pub fn customer(given: &Bound<'_, PyAny>) -> PyResult<String> {
    match given.cast::<Customer>() {
        Ok(customer) => Ok(customer.get().id.clone()),
        Err(_) => id(given, "customer must be str, uuid.UUID or Customer"),
    }
}

/// Text, or a uuid.UUID.
fn id(given: &Bound<'_, PyAny>, rule: &str) -> PyResult<String> {
    if given.is_instance_of::<PyString>() {
        return given.extract();
    }
    if given.get_type().fully_qualified_name()? == "uuid.UUID" {
        return given.str()?.extract();
    }
    Err(wrong_type(rule, given))
}

fn wrong_type(rule: &str, given: &Bound<'_, PyAny>) -> PyErr {
    match given.get_type().name() {
        Ok(name) => PyTypeError::new_err(format!("{rule}, not {name}")),
        Err(error) => error,
    }
}

pub fn request_id(given: &Bound<'_, PyAny>) -> PyResult<String> {
    id(given, "request_id must be str or uuid.UUID")
}

pub fn call_options(
    request_id: Given<'_, '_>,
    correlation_id: Given<'_, '_>,
    deadline: Given<'_, '_>,
) -> PyResult<core::CallOptions> {
    let mut options = core::CallOptions::default();
    options.request_id = request_id.map(self::request_id).transpose()?;
    options.correlation_id = correlation_id
        .map(|given| id(given, "correlation_id must be str or uuid.UUID"))
        .transpose()?;
    options.deadline = seconds("deadline", deadline)?;
    Ok(options)
}
