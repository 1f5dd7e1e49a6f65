//! Core errors as the Python exceptions of `partner_center.errors`.

use partner_center as core;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple, PyType};

use crate::enums::member;
use crate::models::{Attempt, Observation, PendingOperation};

/// The exception for an error.
pub fn exception(py: Python<'_>, error: &core::Error) -> PyErr {
    build(py, error).unwrap_or_else(|failure| failure)
}

fn build(py: Python<'_>, error: &core::Error) -> PyResult<PyErr> {
    static BASE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let base = BASE.import(py, "partner_center.errors", "PartnerCenterError")?;
    let fields = PyDict::new(py);
    fields.set_item("kind", member(py, &error.kind())?)?;
    let reason = error
        .reason()
        .map(|reason| member(py, &reason))
        .transpose()?;
    fields.set_item("reason", reason)?;
    fields.set_item("outcome", member(py, &error.outcome())?)?;
    fields.set_item("status", error.status())?;
    fields.set_item("code", error.code())?;
    fields.set_item("description", error.description())?;
    fields.set_item("request_id", error.request_id())?;
    fields.set_item("correlation_id", error.correlation_id())?;
    fields.set_item("ms_cv", error.ms_cv())?;
    fields.set_item("mfa_compliant", error.mfa_compliant())?;
    fields.set_item("meaning", error.meaning())?;
    fields.set_item("next_step", error.next_step())?;
    fields.set_item("retryable", error.retryable())?;
    let wait = error.retry_after().map(|wait| wait.as_secs_f64());
    fields.set_item("retry_after", wait)?;
    fields.set_item("body", error.body())?;
    let attempts = error.attempts().iter().map(Attempt::from);
    fields.set_item("attempts", PyTuple::new(py, attempts.collect::<Vec<_>>())?)?;
    fields.set_item("observed", error.observed().map(Observation::from))?;
    fields.set_item("pending", error.pending().cloned().map(PendingOperation))?;
    let made = base.call_method1("of", (error.to_string(), fields))?;
    Ok(PyErr::from_value(made))
}

/// `InvalidArgumentError` for what the binding itself cannot pass on.
pub fn invalid(py: Python<'_>, rule: &str) -> PyErr {
    let made = || {
        py.import("partner_center.errors")?
            .getattr("InvalidArgumentError")?
            .call1((format!("{rule}. Nothing was sent."),))
    };
    made().map_or_else(|failure| failure, PyErr::from_value)
}
