//! What became of the changes of a run.

use partner_center as core;

use crate::FilePath;
use crate::enums::{ErrorKind, Evidence, Outcome, Qualification, Reason, mirrored};
use crate::models::PendingOperation;

mirrored! {
    /// How one change of a run ended. Each has one: planned is the sum of these.
    ChangeEnd, else Unknown {
        /// The customer is in the asked state, and the run has sent something for it.
        Applied,
        /// The customer was in the asked state before.
        AlreadySet,
        /// The service or a rule refused; the customer is as before.
        Refused,
        /// The customer's state excludes the change, which was not made.
        Conflict,
        /// The change may or may not have been applied.
        Unknown,
        /// Nothing was sent that can have changed anything: the run stopped before it, or got no
        /// connection, no token or no turn for it. A resumed run takes it up.
        NotStarted,
    }
}

mirrored! {
    /// Why a run stopped before its end. What was open was left to end.
    StopReason, else Unknowns {
        /// Five changes in a row ended unknown.
        Unknowns,
        /// Three changes were refused for the same cause, which they share.
        Refusals,
        /// Of the first change, or of the ten after it, none ended well.
        FirstChanges,
        /// The journal could not be written.
        Journal,
    }
}

/// What became of one change.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ChangeResult {
    /// Its place among the given changes, from 0.
    pub row: i64,
    /// The customer's tenant id.
    pub customer: String,
    /// What was asked for.
    pub qualification: Qualification,
    /// How it ended.
    pub end: ChangeEnd,
    /// What is known about the asked change.
    pub outcome: Outcome,
    /// How that is known.
    pub evidence: Option<Evidence>,
    /// Who has to act, where it failed.
    pub kind: Option<ErrorKind>,
    /// Refines the kind.
    pub reason: Option<Reason>,
    /// The HTTP status of the last answer, where it failed.
    pub status: Option<i32>,
    /// The service's own code.
    pub code: Option<String>,
    /// What failed, what state the customer is in, and what to do next.
    pub detail: Option<String>,
    /// `MS-RequestId` of the change.
    pub request_id: Option<String>,
    /// `MS-CorrelationId` of its last request.
    pub correlation_id: Option<String>,
    /// How many requests were made for it, reads among them.
    pub attempts: i64,
    /// What settles it, while it is unknown.
    pub pending: Option<PendingOperation>,
}

impl From<&core::ChangeResult> for ChangeResult {
    fn from(result: &core::ChangeResult) -> Self {
        Self {
            row: result.row.into(),
            customer: result.customer.clone(),
            qualification: result.qualification.clone().into(),
            end: result.end.into(),
            outcome: result.outcome.into(),
            evidence: result.evidence.map(Into::into),
            kind: result.kind.map(Into::into),
            reason: result.reason.map(Into::into),
            status: result.status.map(i32::from),
            code: result.code.clone(),
            detail: result.detail.clone(),
            request_id: result.request_id.clone(),
            correlation_id: result.correlation_id.clone(),
            attempts: result.attempts.into(),
            pending: result.pending.as_ref().map(Into::into),
        }
    }
}

/// What became of a run: the sum of the six ends is what was planned.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Report {
    /// How many changes the plan has.
    pub planned: i64,
    /// How many were applied.
    pub applied: i64,
    /// How many were set before.
    pub already_set: i64,
    /// How many were refused.
    pub refused: i64,
    /// How many the customer's state excludes.
    pub conflict: i64,
    /// Of how many it is not known.
    pub unknown: i64,
    /// How many were not started.
    pub not_started: i64,
    /// Each change's end, in the plan's order.
    pub results: Vec<ChangeResult>,
    /// Why it stopped early, if it did.
    pub stopped: Option<StopReason>,
    /// The same in words, and what to do next.
    pub detail: Option<String>,
    /// Whether the journal's last line was torn, as a crash leaves it; it was left out.
    pub torn: bool,
    /// The journal.
    pub journal: FilePath,
    /// The plan's.
    pub fingerprint: String,
}

impl From<core::Report> for Report {
    fn from(report: core::Report) -> Self {
        let results = report.results.iter();
        Self {
            planned: report.planned.into(),
            applied: report.applied.into(),
            already_set: report.already_set.into(),
            refused: report.refused.into(),
            conflict: report.conflict.into(),
            unknown: report.unknown.into(),
            not_started: report.not_started.into(),
            results: results.map(|result| result.as_ref().into()).collect(),
            stopped: report.stopped.map(Into::into),
            detail: report.detail,
            torn: report.torn,
            journal: report.journal.into(),
            fingerprint: report.fingerprint,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_member_of_the_core_is_missing() {
        assert!(ChangeEnd::is_whole());
        assert!(StopReason::is_whole());
    }
}
