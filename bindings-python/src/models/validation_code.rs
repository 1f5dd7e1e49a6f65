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
pub struct ValidationCode(core::ValidationCode);

impl From<core::ValidationCode> for ValidationCode {
    fn from(code: core::ValidationCode) -> Self {
        Self(code)
    }
}

#[pymethods]
impl ValidationCode {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str) {
        ("organization", "remaining_creates")
    }

    /// The code itself.
    #[getter]
    pub fn value(&self) -> &str {
        self.0.value()
    }

    /// The name given when the organization was validated.
    #[getter]
    fn organization(&self) -> Option<&str> {
        self.0.organization.as_deref()
    }

    /// How many customers may be created with it.
    #[getter]
    fn max_creates(&self) -> Option<i64> {
        self.0.max_creates
    }

    /// How many are left.
    #[getter]
    fn remaining_creates(&self) -> Option<i64> {
        self.0.remaining_creates
    }

    /// The partner that it was issued to.
    #[getter]
    fn partner_id(&self) -> Option<&str> {
        self.0.partner_id.as_deref()
    }

    /// The service's version of this record.
    #[getter]
    fn etag(&self) -> Option<&str> {
        self.0.etag.as_deref()
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

    /// The organization's only code with budget left, as find_validation_code chooses it.
    fn _only_of(&self, organization: &str) -> Option<ValidationCode> {
        let codes = self.codes.items().iter().map(|code| &code.0);
        core::ValidationCode::only_of(codes, organization)
            .cloned()
            .map(Into::into)
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
