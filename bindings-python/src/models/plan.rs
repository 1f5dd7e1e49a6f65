use std::time::{Duration, UNIX_EPOCH};

use partner_center as core;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyIterator, PyTuple};

use super::fields::{At, Member, html, repr};
use super::{Model, model, table};
use crate::arguments::Whole;
use crate::enums::{member, named};
use crate::errors::exception;

model! {
    /// One change of a plan, and what a run would do about it.
    PlannedChange("customer", "decision")
    shown {
        /// Its place among the given changes, from 0; of doubles the first one's.
        row: u32,
        /// The customer's tenant id, lower case with hyphens; empty where none was given.
        customer: String,
        /// What is asked for.
        qualification: Member<core::Qualification>,
        /// What a run would do.
        decision: Member<core::Decision>,
        /// What the customer is now, where it was read.
        current: Option<String> = None,
        /// Why it is refused or unread.
        detail: Option<String> = None,
    }
    more {
        /// The segment that is asked for.
        education_segment: Option<Member<core::EducationSegment>> = None,
        /// The web address that goes with it.
        website: Option<String> = None,
        /// What the validation code is called.
        code_name: Option<String> = None,
    }
}

impl From<&core::PlannedChange> for PlannedChange {
    fn from(change: &core::PlannedChange) -> Self {
        Self {
            row: change.row,
            customer: change.customer.clone(),
            qualification: Member(change.qualification.clone()),
            decision: Member(change.decision),
            current: change.current.clone(),
            detail: change.detail.clone(),
            education_segment: change.education_segment.clone().map(Member),
            website: change.website.clone(),
            code_name: change.code_name.clone(),
        }
    }
}

model! {
    /// A validation code by its name, and how many changes would spend it.
    PlannedCode("name", "sends")
    shown {
        /// Its name.
        name: String,
        /// How many changes would be sent with it.
        sends: u32,
    }
    more {}
}

/// What plan found. Nothing was sent for it but reads. Iterable; it holds no secret.
///
/// A run needs it unaltered: its fingerprint says so.
#[pyclass(frozen, eq, hash, module = "partner_center")]
pub struct Plan {
    pub plan: core::Plan,
    changes: PyOnceLock<Py<PyTuple>>,
}

impl PartialEq for Plan {
    fn eq(&self, other: &Self) -> bool {
        self.plan == other.plan
    }
}

impl std::hash::Hash for Plan {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.plan.fingerprint.hash(state);
    }
}

impl From<core::Plan> for Plan {
    fn from(plan: core::Plan) -> Self {
        Self {
            plan,
            changes: PyOnceLock::new(),
        }
    }
}

impl Model for core::Plan {
    fn model(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(Py::new(py, Plan::from(self))?.into_any())
    }
}

#[pymethods]
impl Plan {
    #[classattr]
    fn __match_args__(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
        PyTuple::new(py, ["operation", "changes"])
    }

    /// What to_json wrote.
    ///
    /// Raises:
    ///     InvalidArgumentError: It is something else, or was altered.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        core::Plan::from_json(text)
            .map(Self::from)
            .map_err(|error| exception(py, &error))
    }

    /// A JSON object in one line, for a file.
    fn to_json(&self) -> String {
        self.plan.to_json()
    }

    /// By which contract the changes are made.
    #[getter]
    fn operation<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        member(py, &self.plan.operation)
    }

    /// Where.
    #[getter]
    fn base_url(&self) -> &str {
        &self.plan.base_url
    }

    /// When it was made, by this machine's clock, in UTC.
    #[getter]
    fn made<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let made = UNIX_EPOCH.checked_add(Duration::from_millis(self.plan.made));
        (&At::from(made.unwrap_or(UNIX_EPOCH))).into_pyobject(py)
    }

    /// How many of the given changes were the same as an earlier one.
    #[getter]
    fn doubles(&self) -> u32 {
        self.plan.doubles
    }

    /// What is planned, by row; doubles left out.
    #[getter]
    fn changes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let make = || {
            let changes = self.plan.changes.iter().map(PlannedChange::from);
            PyTuple::new(py, changes).map(Bound::unbind)
        };
        Ok(self.changes.get_or_try_init(py, make)?.bind(py).clone())
    }

    /// Names exactly this plan.
    #[getter]
    fn fingerprint(&self) -> &str {
        &self.plan.fingerprint
    }

    /// How many changes a run would ask for: what an operator confirms.
    #[getter]
    fn sends(&self) -> u32 {
        self.plan.sends()
    }

    /// The validation codes that a run would spend, by name.
    #[getter]
    fn codes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let codes = self.plan.codes().into_iter().map(|code| PlannedCode {
            name: code.name,
            sends: code.sends,
        });
        PyTuple::new(py, codes.collect::<Vec<_>>())
    }

    /// How many changes a run would decide so.
    fn count(&self, decision: &str) -> PyResult<u32> {
        Ok(self.plan.count(named(decision)?))
    }

    /// As many plans, or as there are changes, whose changes together are this one's.
    ///
    /// To be run elsewhere: each has a fingerprint of its own and needs a journal of its own; rows
    /// stay as they are.
    ///
    /// Raises:
    ///     InvalidArgumentError: count is 0, or the plan was altered.
    fn shards<'py>(&self, py: Python<'py>, count: Whole) -> PyResult<Bound<'py, PyTuple>> {
        let shards = self.plan.shards(count.count());
        let shards = shards.map_err(|error| exception(py, &error))?;
        PyTuple::new(py, shards.into_iter().map(Self::from).collect::<Vec<_>>())
    }

    /// A dict of plain values for each change, for DataFrame; polars' needs
    /// infer_schema_length=None, since many columns begin with None.
    fn rows<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        table::rows(this.as_any())
    }

    /// Writes the rows to a file, in UTF-8, below their names.
    fn to_csv(this: &Bound<'_, Self>, path: Bound<'_, PyAny>) -> PyResult<()> {
        table::to_csv(this.as_any(), PlannedChange::FIELDS, path)
    }

    fn __len__(&self) -> usize {
        self.plan.changes.len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.changes(py)?.try_iter()
    }

    fn __getitem__<'py>(
        &self,
        py: Python<'py>,
        key: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.changes(py)?.as_any().get_item(key)
    }

    fn __reduce__<'py>(this: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((this.getattr("from_json")?, (this.get().to_json(),)))
    }

    fn __repr__(this: &Bound<'_, Self>) -> PyResult<String> {
        let shown = ["operation", "sends", "codes", "doubles", "fingerprint"];
        repr(this.as_any(), "Plan", &shown)
    }

    /// A table, for a notebook.
    fn _repr_html_(this: &Bound<'_, Self>) -> PyResult<String> {
        html(this.as_any())
    }
}
