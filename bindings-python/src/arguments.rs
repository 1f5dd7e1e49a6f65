//! Python's arguments as the core takes them. What is a rule is the core's.

use std::time::Duration;

use partner_center as core;
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::enums::{Named, named};
use crate::errors::invalid;
use crate::models::{Customer, ValidationCode};

/// An argument that may be left out, or be None.
pub type Given<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// Seconds, as a number or a timedelta.
pub fn seconds(name: &str, given: Given<'_, '_>) -> PyResult<Option<Duration>> {
    let Some(given) = given else { return Ok(None) };
    let number: PyResult<f64> = if given.hasattr("total_seconds")? {
        given.call_method0("total_seconds")?.extract()
    } else {
        given.extract()
    };
    let number = match number {
        Ok(number) => number,
        Err(error) if error.is_instance_of::<PyOverflowError>(given.py()) => f64::INFINITY,
        Err(_) => {
            let rule = format!("{name} must be a number of seconds or a timedelta");
            return Err(wrong_type(&rule, given));
        }
    };
    Duration::try_from_secs_f64(number).map(Some).map_err(|_| {
        invalid(
            given.py(),
            &format!("{name} must be a positive number of seconds"),
        )
    })
}

/// A whole number, however large: which ones are good is said by whoever takes it.
#[derive(Clone, Copy)]
pub struct Whole(i64);

impl Whole {
    pub const fn new(value: i64) -> Self {
        Self(value)
    }

    /// The nearest that the core's type has; its rules allow neither end.
    pub fn count(self) -> u32 {
        u32::try_from(self.0.max(0)).unwrap_or(u32::MAX)
    }

    pub fn within<T: TryFrom<i64>>(self, name: &str) -> PyResult<T> {
        T::try_from(self.0).map_err(|_| PyValueError::new_err(format!("{name} is out of range")))
    }
}

impl FromPyObject<'_, '_> for Whole {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        given.extract().map(Self).or_else(|error| {
            if !error.is_instance_of::<PyOverflowError>(given.py()) {
                return Err(error);
            }
            Ok(Self(if given.lt(0)? { i64::MIN } else { i64::MAX }))
        })
    }
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
    given.map(|given| valid(name, given)).transpose()
}

fn valid(name: &str, given: &Bound<'_, PyString>) -> PyResult<String> {
    match given.to_cow() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(invalid(given.py(), &format!("{name} is not valid text"))),
    }
}

/// Text, or a code that was listed.
pub fn validation_code(given: Given<'_, '_>) -> PyResult<Option<String>> {
    let Some(given) = given else { return Ok(None) };
    if let Ok(code) = given.cast::<ValidationCode>() {
        return Ok(Some(code.get().value().to_owned()));
    }
    match given.cast::<PyString>() {
        Ok(given) => text("validation_code", Some(given)),
        Err(_) => Err(wrong_type(
            "validation_code must be str or ValidationCode",
            given,
        )),
    }
}

/// A value of a closed list.
pub fn one_of<N: Named>(py: Python<'_>, name: &str, given: &str) -> PyResult<N> {
    named(given).map_err(|_| {
        let known: Vec<_> = N::KNOWN.iter().map(N::name).collect();
        invalid(py, &format!("{name} must be {}", known.join(" or ")))
    })
}

/// What names a customer: its tenant id, or the customer that was listed or read.
pub fn customer(given: &Bound<'_, PyAny>) -> PyResult<String> {
    match given.cast::<Customer>() {
        Ok(customer) => Ok(customer.get().id.clone()),
        Err(_) => id("customer", given, "str, uuid.UUID or Customer"),
    }
}

/// Text, or a uuid.UUID.
fn id(name: &str, given: &Bound<'_, PyAny>, types: &str) -> PyResult<String> {
    if let Ok(given) = given.cast::<PyString>() {
        return valid(name, given);
    }
    if given.get_type().fully_qualified_name()? == "uuid.UUID" {
        return given.str()?.extract();
    }
    Err(wrong_type(&format!("{name} must be {types}"), given))
}

fn wrong_type(rule: &str, given: &Bound<'_, PyAny>) -> PyErr {
    match given.get_type().name() {
        Ok(name) => PyTypeError::new_err(format!("{rule}, not {name}")),
        Err(error) => error,
    }
}

pub fn request_id(given: &Bound<'_, PyAny>) -> PyResult<String> {
    id("request_id", given, "str or uuid.UUID")
}

pub fn call_options(
    request_id: Given<'_, '_>,
    correlation_id: Given<'_, '_>,
    deadline: Given<'_, '_>,
) -> PyResult<core::CallOptions> {
    let mut options = core::CallOptions::default();
    options.request_id = request_id.map(self::request_id).transpose()?;
    options.correlation_id = correlation_id
        .map(|given| id("correlation_id", given, "str or uuid.UUID"))
        .transpose()?;
    options.deadline = seconds("deadline", deadline)?;
    Ok(options)
}
