use partner_center as core;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyIterator;

use super::fields::{Many, html, repr};
use super::{Attempt, Model, found};

/// A government validation code, with what is left of its budget.
///
/// The code itself is a secret: only value shows it, and it is never pickled. Calls that take a
/// validation code take this, too.
#[pyclass(frozen, eq, hash, subclass, module = "partner_center")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ValidationCode {
    /// The code itself.
    #[pyo3(get)]
    pub value: String,
    /// The name given when the organization was validated.
    #[pyo3(get)]
    organization: Option<String>,
    /// How many customers may be created with it.
    #[pyo3(get)]
    max_creates: Option<i64>,
    /// How many are left.
    #[pyo3(get)]
    remaining_creates: Option<i64>,
    /// The partner that it was issued to.
    #[pyo3(get)]
    partner_id: Option<String>,
    /// The service's version of this record.
    #[pyo3(get)]
    etag: Option<String>,
}

impl From<core::ValidationCode> for ValidationCode {
    fn from(code: core::ValidationCode) -> Self {
        Self {
            value: code.value().to_owned(),
            organization: code.organization,
            max_creates: code.max_creates,
            remaining_creates: code.remaining_creates,
            partner_id: code.partner_id,
            etag: code.etag,
        }
    }
}

#[pymethods]
impl ValidationCode {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str) {
        ("organization", "remaining_creates")
    }

    fn __reduce__(this: &Bound<'_, Self>) -> PyResult<()> {
        Err(PyTypeError::new_err(format!(
            "{} cannot be pickled: the validation code would be written out",
            this.get_type().name()?
        )))
    }

    /// Itself: nothing of it changes.
    fn __copy__(this: Bound<'_, Self>) -> Bound<'_, Self> {
        this
    }

    /// Itself: nothing of it changes.
    fn __deepcopy__<'py>(this: Bound<'py, Self>, _memo: &Bound<'py, PyAny>) -> Bound<'py, Self> {
        this
    }

    fn __repr__(this: &Bound<'_, Self>) -> PyResult<String> {
        let shown = ["organization", "max_creates", "remaining_creates"];
        let class = this.get_type().name()?;
        repr(this.as_any(), &class.to_cow()?, &shown)
    }

    /// A table, for a notebook.
    fn _repr_html_(this: &Bound<'_, Self>) -> PyResult<String> {
        html(this.as_any())
    }
}

found! {
    /// The one code of an organization that can be spent, and how it was found.
    FoundValidationCode: ValidationCode
}

impl Model for core::FoundValidationCode {
    fn model(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let base = PyClassInitializer::from(ValidationCode::from(self.code));
        let found = base.add_subclass(FoundValidationCode::from(self.trace));
        Ok(Py::new(py, found)?.into_any())
    }
}

/// The partner's government validation codes. Iterable; never pickled, as the codes.
#[pyclass(frozen, eq, hash, get_all, module = "partner_center")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ValidationCodes {
    /// Each code, in the service's order.
    codes: Many<ValidationCode>,
    /// MS-RequestId: the answer's, else the one sent.
    request_id: String,
    /// MS-CorrelationId: the answer's, else the one sent.
    correlation_id: String,
    /// MS-CV, the service's own trace, where it sent one.
    ms_cv: Option<String>,
    /// Whether the token's sign-in had multifactor authentication; asked by validate_mfa.
    mfa_compliant: Option<bool>,
    /// Every request that was made, in order.
    attempts: Many<Attempt>,
}
super::from_core!(ValidationCodes {
    codes: listed.codes.into_iter().map(Into::into).collect(),
} of listed);

#[pymethods]
impl ValidationCodes {
    #[classattr]
    fn __match_args__() -> (&'static str,) {
        ("codes",)
    }

    fn __len__(&self) -> usize {
        self.codes.items().len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.codes.tuple(py)?.try_iter()
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "ValidationCodes cannot be pickled: the validation codes would be written out",
        ))
    }

    fn __repr__(this: &Bound<'_, Self>) -> PyResult<String> {
        repr(this.as_any(), "ValidationCodes", &["codes", "request_id"])
    }

    /// A table, for a notebook.
    fn _repr_html_(this: &Bound<'_, Self>) -> PyResult<String> {
        html(this.as_any())
    }
}
