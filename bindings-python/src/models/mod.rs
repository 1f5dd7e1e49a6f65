//! What calls return: frozen, comparable, picklable, and usable in `match`.

mod attempt;
mod change;
mod customer;
mod event;
mod fields;
mod pending_operation;
mod plan;
mod qualification;
mod report;
mod table;
mod token_request;
mod validation_code;

pub use attempt::Attempt;
pub use change::Change;
pub use customer::{Customer, CustomerPage, FoundCustomer};
pub use event::Event;
pub use pending_operation::{Observation, PendingOperation, Reconciled};
pub use plan::{Plan, PlannedChange, PlannedCode};
pub use qualification::{
    CreatedQualification, CurrentQualification, CurrentQualifications, CustomerQualification,
    UpdatedQualification, Vetting,
};
pub use report::{ChangeResult, Report};
pub use token_request::TokenRequest;
pub use validation_code::{FoundValidationCode, ValidationCode, ValidationCodes};

use pyo3::prelude::*;

/// What a call of the core returns.
pub trait Model {
    /// The same as a Python object.
    fn model(self, py: Python<'_>) -> PyResult<Py<PyAny>>;
}

/// Declares a model by its fields; those that are `shown` stand in its repr.
macro_rules! model {
    (
        $(#[$doc:meta])*
        $name:ident($($match:literal),+) $([$($option:ident),+])?
        shown { $($(#[$about:meta])* $field:ident: $type:ty $(= $default:tt)?,)* }
        more { $($(#[$beside:meta])* $more:ident: $kind:ty $(= $absent:tt)?,)* }
    ) => {
        $(#[$doc])*
        #[pyclass(
            frozen, eq, hash, get_all, from_py_object, module = "partner_center" $($(, $option)+)?
        )]
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name {
            $($(#[$about])* pub $field: $type,)*
            $($(#[$beside])* pub $more: $kind,)*
        }

        impl $name {
            /// The names of all its fields.
            pub const FIELDS: &[&str] = &[$(stringify!($field),)* $(stringify!($more),)*];
        }

        #[pymethods]
        impl $name {
            #[classattr]
            fn __match_args__(py: Python<'_>) -> PyResult<Bound<'_, pyo3::types::PyTuple>> {
                pyo3::types::PyTuple::new(py, [$($match),+])
            }

            #[new]
            #[pyo3(signature = (*, $($field $(= $default)?,)* $($more $(= $absent)?,)*))]
            #[allow(clippy::too_many_arguments)] // keywords, in Python
            fn new($($field: $type,)* $($more: $kind,)*) -> Self {
                Self { $($field,)* $($more,)* }
            }

            fn __getnewargs_ex__<'py>(
                this: &Bound<'py, Self>,
            ) -> PyResult<(Bound<'py, pyo3::types::PyTuple>, Bound<'py, pyo3::types::PyDict>)> {
                let fields = pyo3::types::PyDict::new(this.py());
                for name in Self::FIELDS {
                    fields.set_item(name, this.getattr(name)?)?;
                }
                Ok((pyo3::types::PyTuple::empty(this.py()), fields))
            }

            fn __repr__(this: &Bound<'_, Self>) -> PyResult<String> {
                let shown = [$(stringify!($field)),*];
                crate::models::fields::repr(this.as_any(), stringify!($name), &shown)
            }

            /// A table, for a notebook.
            fn _repr_html_(this: &Bound<'_, Self>) -> PyResult<String> {
                crate::models::fields::html(this.as_any())
            }
        }
    };
}
use model;

/// Declares a model that also says how it came about.
macro_rules! result {
    ($(#[$doc:meta])* $name:ident($($match:literal),+) { $($fields:tt)* }) => {
        crate::models::model! {
            $(#[$doc])*
            $name($($match),+)
            shown {
                $($fields)*
                /// MS-RequestId: the answer's, else the one sent.
                request_id: String,
            }
            more {
                /// MS-CorrelationId: the answer's, else the one sent.
                correlation_id: String,
                /// MS-CV, the service's own trace, where it sent one.
                ms_cv: Option<String> = None,
                /// Whether the token's sign-in had multifactor authentication; asked by validate_mfa.
                mfa_compliant: Option<bool> = None,
                /// Every request that was made, in order.
                attempts: crate::models::fields::Many<crate::models::Attempt> = { Default::default() },
            }
        }
    };
}
use result;

/// How a model came about, on top of a model that says nothing of it.
macro_rules! found {
    ($(#[$doc:meta])* $name:ident: $base:ident) => {
        $(#[$doc])*
        #[pyclass(frozen, extends = $base, get_all, module = "partner_center")]
        #[derive(Clone)]
        pub struct $name {
            /// MS-RequestId: the answer's, else the one sent.
            request_id: String,
            /// MS-CorrelationId: the answer's, else the one sent.
            correlation_id: String,
            /// MS-CV, the service's own trace, where it sent one.
            ms_cv: Option<String>,
            /// Whether the token's sign-in had multifactor authentication; asked by validate_mfa.
            mfa_compliant: Option<bool>,
            /// Every request that was made, in order.
            attempts: crate::models::fields::Many<crate::models::Attempt>,
        }

        impl From<partner_center::Trace> for $name {
            fn from(trace: partner_center::Trace) -> Self {
                Self {
                    request_id: trace.request_id,
                    correlation_id: trace.correlation_id,
                    ms_cv: trace.ms_cv,
                    mfa_compliant: trace.mfa_compliant,
                    attempts: trace.attempts.iter().map(Into::into).collect(),
                }
            }
        }
    };
}
use found;

/// A core result becomes the model of the same name, field by field.
macro_rules! from_core {
    ($name:ident { $($field:ident: $value:expr),* $(,)? } of $result:ident) => {
        impl crate::models::Model for partner_center::$name {
            fn model(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                let $result = self;
                let made = $name {
                    $($field: $value,)*
                    request_id: $result.trace.request_id,
                    correlation_id: $result.trace.correlation_id,
                    ms_cv: $result.trace.ms_cv,
                    mfa_compliant: $result.trace.mfa_compliant,
                    attempts: $result.trace.attempts.iter().map(Into::into).collect(),
                };
                Ok(Py::new(py, made)?.into_any())
            }
        }
    };
}
use from_core;
