use partner_center as core;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::fields::{At, Member};
use super::{from_core, model, result};
use crate::enums::member;
use crate::errors::exception;

/// A change whose effect is not known, with all that settles it by reads: later, or in another
/// process. It holds no secret.
#[pyclass(frozen, eq, hash, from_py_object, module = "partner_center")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PendingOperation(pub core::PendingOperation);

#[pymethods]
impl PendingOperation {
    #[classattr]
    fn __match_args__(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
        PyTuple::new(py, ["operation", "customer"])
    }

    /// What to_json wrote.
    ///
    /// Raises:
    ///     InvalidArgumentError: It is something else.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        core::PendingOperation::from_json(text)
            .map(Self)
            .map_err(|error| exception(py, &error))
    }

    /// A JSON object in one line, for a file or a ticket.
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// update_qualification or create_qualification.
    #[getter]
    fn operation(&self) -> &str {
        &self.0.operation
    }

    /// The customer's tenant id.
    #[getter]
    fn customer(&self) -> &str {
        &self.0.customer
    }

    /// What was asked for.
    #[getter]
    fn qualification<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let asked: core::Qualification = self.0.qualification.as_str().into();
        member(py, &asked)
    }

    /// MS-RequestId of the operation.
    #[getter]
    fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// MS-CorrelationId of each request that was made.
    #[getter]
    fn correlation_ids<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.0.correlation_ids)
    }

    /// Where it was sent.
    #[getter]
    fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// When the first request was made, in UTC.
    #[getter]
    fn first_sent<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        (&At::from(self.0.first_sent_at())).into_pyobject(py)
    }

    fn __reduce__<'py>(this: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((this.getattr("from_json")?, (this.get().to_json(),)))
    }

    fn __repr__(this: &Bound<'_, Self>) -> PyResult<String> {
        let shown = ["operation", "customer", "qualification", "request_id"];
        super::fields::repr(this.as_any(), "PendingOperation", &shown)
    }

    /// A table, for a notebook.
    fn _repr_html_(this: &Bound<'_, Self>) -> PyResult<String> {
        super::fields::html(this.as_any())
    }
}

model! {
    /// What a read saw of a customer, and when.
    Observation("value", "at")
    shown {
        /// The qualification, or each of them with the status of its vetting.
        value: String,
        /// When it was answered, by this machine's clock, in UTC.
        at: At,
    }
    more {}
}

impl From<&core::Observation> for Observation {
    fn from(seen: &core::Observation) -> Self {
        Self {
            value: seen.value.clone(),
            at: seen.at.into(),
        }
    }
}

result! {
    /// What became of a change whose answer was lost, as far as reads can tell.
    Reconciled("outcome", "observed") {
        /// The customer's tenant id, lower case with hyphens.
        customer: String,
        /// What was asked for.
        qualification: Member<core::Qualification>,
        /// applied, not_applied (the audit log says that each request failed) or still unknown.
        outcome: Member<core::Outcome>,
        /// How that is known; None while it is unknown.
        evidence: Option<Member<core::Evidence>>,
        /// What the customer is now.
        observed: Observation,
    }
}
from_core!(Reconciled {
    customer: reconciled.customer,
    qualification: Member(reconciled.qualification),
    outcome: Member(reconciled.outcome),
    evidence: reconciled.evidence.map(Member),
    observed: Observation::from(&reconciled.observed),
} of reconciled);
