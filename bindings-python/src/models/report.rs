use partner_center as core;
use pyo3::prelude::*;
use pyo3::types::PyIterator;

use super::fields::{Many, Member};
use super::{Model, PendingOperation, model, table};

model! {
    /// What became of one change.
    ChangeResult("customer", "end")
    shown {
        /// Its place among the given changes, from 0.
        row: u32,
        /// The customer's tenant id.
        customer: String,
        /// What was asked for.
        qualification: Member<core::Qualification>,
        /// How it ended.
        end: Member<core::ChangeEnd>,
        /// What is known about the asked change.
        outcome: Member<core::Outcome>,
        /// How that is known.
        evidence: Option<Member<core::Evidence>> = None,
        /// What failed, what state the customer is in, and what to do next.
        detail: Option<String> = None,
    }
    more {
        /// Who has to act, where it failed.
        kind: Option<Member<core::ErrorKind>> = None,
        /// Refines the kind.
        reason: Option<Member<core::Reason>> = None,
        /// The HTTP status of the last answer, where it failed.
        status: Option<u16> = None,
        /// The service's own code.
        code: Option<String> = None,
        /// MS-RequestId of the change.
        request_id: Option<String> = None,
        /// MS-CorrelationId of its last request.
        correlation_id: Option<String> = None,
        /// How many requests were made for it, reads among them.
        attempts: u32 = 0,
        /// What settles it, while it is unknown.
        pending: Option<PendingOperation> = None,
    }
}

impl From<&core::ChangeResult> for ChangeResult {
    fn from(result: &core::ChangeResult) -> Self {
        Self {
            row: result.row,
            customer: result.customer.clone(),
            qualification: Member(result.qualification.clone()),
            end: Member(result.end),
            outcome: Member(result.outcome),
            evidence: result.evidence.map(Member),
            detail: result.detail.clone(),
            kind: result.kind.map(Member),
            reason: result.reason.map(Member),
            status: result.status,
            code: result.code.clone(),
            request_id: result.request_id.clone(),
            correlation_id: result.correlation_id.clone(),
            attempts: result.attempts,
            pending: result.pending.clone().map(PendingOperation),
        }
    }
}

model! {
    /// What became of a run: the sum of the six ends is what was planned. Iterable.
    Report("results", "stopped")
    shown {
        /// How many changes the plan has.
        planned: u32,
        /// How many were applied.
        applied: u32,
        /// How many were set before.
        already_set: u32,
        /// How many were refused.
        refused: u32,
        /// How many the customer's state excludes.
        conflict: u32,
        /// Of how many it is not known.
        unknown: u32,
        /// How many were not started.
        not_started: u32,
        /// Why it stopped early, if it did.
        stopped: Option<Member<core::StopReason>> = None,
        /// The same in words, and what to do next.
        detail: Option<String> = None,
    }
    more {
        /// Each change's end, in the plan's order.
        results: Many<ChangeResult>,
        /// Whether the journal's last line was torn, as a crash leaves it; it was left out.
        torn: bool = false,
        /// The journal.
        journal: String,
        /// The plan's.
        fingerprint: String,
    }
}

impl Model for core::Report {
    fn model(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let results = self.results.iter().map(|result| (&**result).into());
        let made = Report {
            planned: self.planned,
            applied: self.applied,
            already_set: self.already_set,
            refused: self.refused,
            conflict: self.conflict,
            unknown: self.unknown,
            not_started: self.not_started,
            stopped: self.stopped.map(Member),
            detail: self.detail,
            results: results.collect(),
            torn: self.torn,
            journal: self.journal,
            fingerprint: self.fingerprint,
        };
        Ok(Py::new(py, made)?.into_any())
    }
}

#[pymethods]
impl Report {
    /// A dict of plain values for each change, for DataFrame; polars' needs
    /// infer_schema_length=None, since many columns begin with None.
    fn rows<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        table::rows(this.as_any())
    }

    /// Writes the rows to a file, in UTF-8, below their names.
    fn to_csv(this: &Bound<'_, Self>, path: Bound<'_, PyAny>) -> PyResult<()> {
        table::to_csv(this.as_any(), ChangeResult::FIELDS, path)
    }

    fn __len__(&self) -> usize {
        self.results.items().len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.results.tuple(py)?.try_iter()
    }

    fn __getitem__<'py>(
        &self,
        py: Python<'py>,
        key: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.results.tuple(py)?.as_any().get_item(key)
    }
}
