//! What became of the changes of a run.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::plan::{Decision, PlannedChange};
use crate::error::{Error, ErrorKind, Evidence, Outcome, Reason};
use crate::model::{PendingOperation, Qualification};
use crate::names::names;

names! {
    /// How one change of a run ended. Each has one: planned is the sum of these.
    ChangeEnd {
        /// The customer is in the asked state, and the run has sent something for it.
        Applied = "applied",
        /// The customer was in the asked state before.
        AlreadySet = "already_set",
        /// The service or a rule refused; the customer is as before.
        Refused = "refused",
        /// The customer's state excludes the change, which was not made.
        Conflict = "conflict",
        /// The change may or may not have been applied.
        Unknown = "unknown",
        /// Nothing was sent that can have changed anything: the run stopped before it, or got no
        /// connection, no token or no turn for it. A resumed run takes it up.
        NotStarted = "not_started",
    }
}

names! {
    /// Why a run stopped before its end. What was open was left to end.
    StopReason {
        /// Five changes in a row ended unknown.
        Unknowns = "unknowns",
        /// Three changes were refused for the same cause, which they share.
        Refusals = "refusals",
        /// Of the first change, or of the ten after it, none ended well.
        FirstChanges = "first_changes",
        /// The journal could not be written.
        Journal = "journal",
    }
}

/// What became of one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChangeResult {
    /// Its place among the given changes, from 0.
    pub row: u32,
    /// The customer's tenant id.
    pub customer: String,
    /// What was asked for.
    pub qualification: Qualification,
    /// How it ended.
    pub end: ChangeEnd,
    /// What is known about the asked change.
    pub outcome: Outcome,
    /// How that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// Who has to act, where it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ErrorKind>,
    /// Refines the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The HTTP status of the last answer, where it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The service's own code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What failed, what state the customer is in, and what to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// `MS-RequestId` of the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// `MS-CorrelationId` of its last request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    /// How many requests were made for it, reads among them.
    pub attempts: u32,
    /// What settles it, while it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<PendingOperation>,
}

impl ChangeResult {
    /// One that a run does nothing about, as planned; or has not begun.
    pub(super) fn planned(change: &PlannedChange) -> Self {
        let (end, outcome) = match change.decision {
            Decision::AlreadySet => (ChangeEnd::AlreadySet, Outcome::AlreadySet),
            Decision::Conflict => (ChangeEnd::Conflict, Outcome::NotApplied),
            Decision::Refused => (ChangeEnd::Refused, Outcome::NotApplied),
            Decision::Set | Decision::Unread => (ChangeEnd::NotStarted, Outcome::NotApplied),
        };
        let seen = matches!(end, ChangeEnd::AlreadySet | ChangeEnd::Conflict);
        Self {
            row: change.row,
            customer: change.customer.clone(),
            qualification: change.qualification.clone(),
            end,
            outcome,
            evidence: seen.then_some(Evidence::Read),
            kind: None,
            reason: None,
            status: None,
            code: None,
            detail: change.detail.clone(),
            request_id: None,
            correlation_id: None,
            attempts: 0,
            pending: None,
        }
    }

    /// One that an earlier run has sent, and not seen the end of.
    pub(super) fn open(change: &PlannedChange, sent: &PendingOperation) -> Self {
        Self {
            end: ChangeEnd::Unknown,
            outcome: Outcome::Unknown,
            detail: Some("The run that sent it ended before its answer came.".to_owned()),
            request_id: Some(sent.request_id.clone()),
            correlation_id: sent.correlation_ids.last().cloned(),
            pending: Some(sent.clone()),
            ..Self::planned(change)
        }
    }

    pub(super) fn failed(change: &PlannedChange, error: &Error) -> Self {
        let end = match (error.outcome(), error.kind()) {
            (Outcome::Unknown, _) => ChangeEnd::Unknown,
            // Applied, and not told in time.
            (Outcome::Applied, _) => ChangeEnd::Applied,
            (_, ErrorKind::Conflict) => match error.reason() {
                Some(Reason::OtherQualification) => ChangeEnd::Conflict,
                _ => ChangeEnd::Refused,
            },
            (_, kind) if is_final(kind, error.reason()) => ChangeEnd::Refused,
            _ => ChangeEnd::NotStarted,
        };
        Self {
            end,
            outcome: error.outcome(),
            evidence: None,
            kind: Some(error.kind()),
            reason: error.reason(),
            status: error.status(),
            code: error.code().map(str::to_owned),
            detail: Some(error.to_string()),
            request_id: error.request_id().map(str::to_owned),
            correlation_id: error.correlation_id().map(str::to_owned),
            attempts: u32::try_from(error.attempts().len()).unwrap_or(u32::MAX),
            pending: error.pending().cloned(),
            ..Self::planned(change)
        }
    }

    pub(super) fn has_ended(&self) -> bool {
        self.end != ChangeEnd::NotStarted
    }

    pub(super) fn is_well(&self) -> bool {
        matches!(self.end, ChangeEnd::Applied | ChangeEnd::AlreadySet)
    }
}

/// Whether such a refusal is the service's last word on a customer, and not one on the caller or
/// on the moment.
pub(super) fn is_final(kind: ErrorKind, reason: Option<Reason>) -> bool {
    match kind {
        ErrorKind::Rejected => reason != Some(Reason::ServerError),
        ErrorKind::InvalidArgument | ErrorKind::Forbidden | ErrorKind::NotFound => true,
        _ => false,
    }
}

/// What became of a run: the sum of the six ends is what was planned.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// How many changes the plan has.
    pub planned: u32,
    /// How many were applied.
    pub applied: u32,
    /// How many were set before.
    pub already_set: u32,
    /// How many were refused.
    pub refused: u32,
    /// How many the customer's state excludes.
    pub conflict: u32,
    /// Of how many it is not known.
    pub unknown: u32,
    /// How many were not started.
    pub not_started: u32,
    /// Each change's end, in the plan's order.
    pub results: Vec<Arc<ChangeResult>>,
    /// Why it stopped early, if it did.
    pub stopped: Option<StopReason>,
    /// The same in words, and what to do next.
    pub detail: Option<String>,
    /// Whether the journal's last line was torn, as a crash leaves it; it was left out.
    pub torn: bool,
    /// The journal.
    pub journal: String,
    /// The plan's.
    pub fingerprint: String,
}

impl Report {
    pub(super) fn new(
        results: Vec<Arc<ChangeResult>>,
        journal: String,
        fingerprint: String,
    ) -> Self {
        let count = |end| {
            let of_it = results.iter().filter(|result| result.end == end);
            u32::try_from(of_it.count()).unwrap_or(u32::MAX)
        };
        Self {
            planned: u32::try_from(results.len()).unwrap_or(u32::MAX),
            applied: count(ChangeEnd::Applied),
            already_set: count(ChangeEnd::AlreadySet),
            refused: count(ChangeEnd::Refused),
            conflict: count(ChangeEnd::Conflict),
            unknown: count(ChangeEnd::Unknown),
            not_started: count(ChangeEnd::NotStarted),
            results,
            stopped: None,
            detail: None,
            torn: false,
            journal,
            fingerprint,
        }
    }
}

impl StopReason {
    /// In words, with what to do next.
    pub(super) fn text(self, why: &str) -> String {
        let (stopped, next) = match self {
            Self::Unknowns => (
                "Five changes in a row ended unknown, so no more were begun.",
                "Find out what is wrong between here and the service, then resume the journal.",
            ),
            Self::Refusals => (
                "Three changes were refused for one cause, so no more were begun.",
                "Cure the cause, then resume the journal.",
            ),
            Self::FirstChanges => (
                "Of the first changes none ended well, so no more were begun.",
                "Look at them; resuming the journal begins with one change again.",
            ),
            Self::Journal => (
                "The journal could not be written, so no more were begun.",
                "Cure what the file is on, then resume it.",
            ),
        };
        let last = if why.is_empty() {
            ""
        } else {
            " The last one: "
        };
        format!("{stopped} {next}{last}{why}")
    }
}
