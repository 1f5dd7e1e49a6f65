use partner_center as core;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use super::fields::{Member, html, repr};
use crate::arguments::{customer, text};

/// One change of many.
///
/// A validation code is given by a name, so that no plan and no journal holds it; the codes
/// themselves go to the run.
///
/// Args:
///     customer: The customer, or its tenant id.
///     qualification: What is asked for.
///     education_segment: K12 or HigherEducation; create_qualification needs it for Education.
///     website: The institution's web address, for create_qualification of Education.
///     code_name: What the validation code is called, as the organization it was issued to. Never
///         the code itself: the name is shown, and written down.
#[pyclass(frozen, eq, hash, get_all, from_py_object, module = "partner_center")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Change {
    /// The customer's tenant id, as it was given.
    customer: String,
    /// What is asked for.
    qualification: Member<core::Qualification>,
    /// The segment that is asked for.
    education_segment: Option<Member<core::EducationSegment>>,
    /// The web address that goes with it.
    website: Option<String>,
    /// What the validation code is called.
    code_name: Option<String>,
}

impl From<Change> for core::Change {
    fn from(given: Change) -> Self {
        let mut change = Self::new(given.customer, given.qualification.0);
        if let Some(Member(segment)) = given.education_segment {
            change = change.education_segment(segment);
        }
        if let Some(website) = given.website {
            change = change.website(website);
        }
        if let Some(name) = given.code_name {
            change = change.code_name(name);
        }
        change
    }
}

#[pymethods]
impl Change {
    #[classattr]
    fn __match_args__(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
        PyTuple::new(py, ["customer", "qualification"])
    }

    #[new]
    #[pyo3(signature = (
        customer, qualification, *, education_segment = None, website = None, code_name = None
    ))]
    fn new(
        customer: &Bound<'_, PyAny>,
        qualification: Member<core::Qualification>,
        education_segment: Option<Member<core::EducationSegment>>,
        website: Option<&Bound<'_, PyString>>,
        code_name: Option<&Bound<'_, PyString>>,
    ) -> PyResult<Self> {
        Ok(Self {
            customer: self::customer(customer)?,
            qualification,
            education_segment,
            website: text("website", website)?,
            code_name: text("code_name", code_name)?,
        })
    }

    fn __getnewargs_ex__<'py>(
        this: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let given = PyTuple::new(
            this.py(),
            [this.getattr("customer")?, this.getattr("qualification")?],
        )?;
        let fields = PyDict::new(this.py());
        for name in ["education_segment", "website", "code_name"] {
            fields.set_item(name, this.getattr(name)?)?;
        }
        Ok((given, fields))
    }

    fn __repr__(this: &Bound<'_, Self>) -> PyResult<String> {
        let shown = [
            "customer",
            "qualification",
            "education_segment",
            "website",
            "code_name",
        ];
        repr(this.as_any(), "Change", &shown)
    }

    /// A table, for a notebook.
    fn _repr_html_(this: &Bound<'_, Self>) -> PyResult<String> {
        html(this.as_any())
    }
}
