//! What calls return: frozen, comparable, picklable, and usable in `match`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use partner_center as core;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::enums::{member, named, qualification};

/// One request that was made for a call.
#[pyclass(frozen, eq, hash, from_py_object, module = "partner_center")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Attempt {
    /// When it was begun, by this machine's clock, in UTC.
    #[pyo3(get)]
    at: SystemTime,
    class: core::AttemptClass,
    /// The HTTP status, where one arrived.
    #[pyo3(get)]
    status: Option<u16>,
    /// The MS-RequestId that was sent: one value for the whole call.
    #[pyo3(get)]
    request_id: String,
    /// The MS-CorrelationId that was sent.
    #[pyo3(get)]
    correlation_id: String,
}

impl From<&core::Attempt> for Attempt {
    fn from(attempt: &core::Attempt) -> Self {
        Self {
            at: to_microseconds(attempt.at),
            class: attempt.class,
            status: attempt.status,
            request_id: attempt.request_id.clone(),
            correlation_id: attempt.correlation_id.clone(),
        }
    }
}

/// As fine as a datetime: equal values stay equal on their way through Python.
fn to_microseconds(at: SystemTime) -> SystemTime {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    UNIX_EPOCH + since - Duration::from_nanos(u64::from(since.subsec_nanos() % 1_000))
}

#[pymethods]
impl Attempt {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str) {
        ("class_", "status")
    }

    #[new]
    #[pyo3(signature = (*, at, class_, status, request_id, correlation_id))]
    fn new(
        at: SystemTime,
        class_: &str,
        status: Option<u16>,
        request_id: String,
        correlation_id: String,
    ) -> PyResult<Self> {
        Ok(Self {
            at,
            class: named(class_)?,
            status,
            request_id,
            correlation_id,
        })
    }

    /// What it came to.
    #[getter]
    fn class_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        member(py, self.class)
    }

    fn __getnewargs_ex__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let fields = PyDict::new(py);
        fields.set_item("at", self.at)?;
        fields.set_item("class_", self.class.as_str())?;
        fields.set_item("status", self.status)?;
        fields.set_item("request_id", &self.request_id)?;
        fields.set_item("correlation_id", &self.correlation_id)?;
        Ok((PyTuple::empty(py), fields))
    }

    fn __repr__(&self) -> String {
        let status = self.status.map_or("None".to_owned(), |s| s.to_string());
        format!("Attempt(class_={:?}, status={status})", self.class.as_str())
    }
}

/// The two results differ in what they say of the change, and in nothing else.
macro_rules! result_class {
    (
        $(#[$doc:meta])* $name:ident,
        $({ $($(#[$about:meta])* $field:ident : $kind:ident),* },)?
        match_args: $match_args:expr
    ) => {
        $(#[$doc])*
        #[pyclass(frozen, eq, hash, module = "partner_center")]
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name {
            /// The customer's tenant id, lower case with hyphens.
            #[pyo3(get)]
            customer: String,
            qualification: core::Qualification,
            $($($field: core::$kind,)*)?
            /// MS-RequestId: the answer's, else the one sent.
            #[pyo3(get)]
            request_id: String,
            /// MS-CorrelationId: the answer's, else the one sent.
            #[pyo3(get)]
            correlation_id: String,
            /// MS-CV, the service's own trace, where it sent one.
            #[pyo3(get)]
            ms_cv: Option<String>,
            attempts: Vec<Attempt>,
        }

        impl From<core::$name> for $name {
            fn from(result: core::$name) -> Self {
                Self {
                    customer: result.customer,
                    qualification: result.qualification,
                    $($($field: result.$field,)*)?
                    request_id: result.request_id,
                    correlation_id: result.correlation_id,
                    ms_cv: result.ms_cv,
                    attempts: result.attempts.iter().map(Attempt::from).collect(),
                }
            }
        }

        #[pymethods]
        impl $name {
            #[classattr]
            fn __match_args__() -> (&'static str, &'static str) {
                $match_args
            }

            #[new]
            #[pyo3(signature = (
                *, customer, qualification, $($($field,)*)? request_id, correlation_id,
                ms_cv = None, attempts = Vec::new()
            ))]
            #[allow(clippy::too_many_arguments)] // keywords, in Python
            fn new(
                customer: String,
                qualification: &str,
                $($($field: &str,)*)?
                request_id: String,
                correlation_id: String,
                ms_cv: Option<String>,
                attempts: Vec<Attempt>,
            ) -> PyResult<Self> {
                Ok(Self {
                    customer,
                    qualification: qualification.into(),
                    $($($field: named($field)?,)*)?
                    request_id,
                    correlation_id,
                    ms_cv,
                    attempts,
                })
            }

            /// A Qualification, or the service's own text where this version does not know it.
            #[getter]
            fn qualification<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                qualification(py, &self.qualification)
            }

            /// Every request that was made, in order.
            #[getter]
            fn attempts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
                PyTuple::new(py, self.attempts.clone())
            }

            $($(
                $(#[$about])*
                #[getter]
                fn $field<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                    member(py, self.$field)
                }
            )*)?

            fn __getnewargs_ex__<'py>(
                &self,
                py: Python<'py>,
            ) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
                let fields = PyDict::new(py);
                fields.set_item("customer", &self.customer)?;
                fields.set_item("qualification", self.qualification.as_str())?;
                $($(fields.set_item(stringify!($field), self.$field.as_str())?;)*)?
                fields.set_item("request_id", &self.request_id)?;
                fields.set_item("correlation_id", &self.correlation_id)?;
                fields.set_item("ms_cv", &self.ms_cv)?;
                fields.set_item("attempts", self.attempts(py)?)?;
                Ok((PyTuple::empty(py), fields))
            }

            fn __repr__(&self) -> String {
                let mut shown = format!(
                    "{}(customer={:?}, qualification={:?}",
                    stringify!($name), self.customer, self.qualification.as_str()
                );
                $($(shown.push_str(&format!(", {}={:?}", stringify!($field), self.$field.as_str()));)*)?
                shown.push_str(&format!(", request_id={:?})", self.request_id));
                shown
            }
        }
    };
}

result_class! {
    /// The customer is in the asked state: any other end is an exception.
    UpdatedQualification,
    {
        /// What is known about the asked change: applied.
        outcome: Outcome,
        /// How that is known.
        evidence: Evidence
    },
    match_args: ("qualification", "outcome")
}

result_class! {
    /// What a read saw. It has no outcome: a read asks for no change.
    CurrentQualification,
    match_args: ("customer", "qualification")
}
