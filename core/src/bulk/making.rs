//! One change of a run: the call that makes or settles it, and what that came to.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::change::{ChangeOperation, NO_CODE, Target};
use super::flight::{Open, open};
use super::opening::Work;
use super::pacing::Pace;
use super::plan::PlannedChange;
use super::report::{ChangeEnd, ChangeResult};
use crate::caller::refused;
use crate::calls::Reconciled;
use crate::client::{CallOptions, Client};
use crate::engine::write::{Before, RESEND_WITHIN};
use crate::error::{Error, Evidence, Outcome};
use crate::model::PendingOperation;
use crate::operations::{CreatedQualification, Trace, UpdatedQualification};

type OnResult = dyn Fn(&ChangeResult) + Send + Sync;

/// How a run goes.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct RunOptions {
    /// The validation codes by the names that the plan has for them. They are secrets: nothing of
    /// the run shows them or writes them down.
    pub codes: HashMap<String, String>,
    /// How fast changes are begun.
    pub pace: Pace,
    /// Of a resumed run: whether a change that an earlier process has sent more than five minutes
    /// ago, and that reads see no trace of, is sent once more. By then the service may not know the
    /// first request any more; never for Education by `create_qualification`.
    pub resend_older: bool,
    /// Of a resumed run: whether the audit log is read where a customer's state does not tell.
    pub audit: bool,
    /// Hears of each change once it ended. Else the thread that waits does, by
    /// [`Step::Settled`](crate::Step).
    pub on_result: Option<Arc<OnResult>>,
}

/// Does not show the codes.
impl fmt::Debug for RunOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunOptions")
            .field("codes", &self.codes.keys())
            .field("pace", &self.pace)
            .field("resend_older", &self.resend_older)
            .field("audit", &self.audit)
            .finish_non_exhaustive()
    }
}

/// What a change came to.
pub(super) struct Settled {
    outcome: Outcome,
    evidence: Option<Evidence>,
    trace: Trace,
    /// What a read saw, where that did not tell.
    seen: Option<String>,
}

impl From<UpdatedQualification> for Settled {
    fn from(end: UpdatedQualification) -> Self {
        Self {
            outcome: end.outcome,
            evidence: Some(end.evidence),
            trace: end.trace,
            seen: None,
        }
    }
}

impl From<CreatedQualification> for Settled {
    fn from(end: CreatedQualification) -> Self {
        Self {
            outcome: end.outcome,
            evidence: Some(end.evidence),
            trace: end.trace,
            seen: None,
        }
    }
}

impl From<Reconciled> for Settled {
    fn from(read: Reconciled) -> Self {
        Self {
            outcome: read.outcome,
            evidence: read.evidence,
            trace: read.trace,
            seen: Some(read.observed.value),
        }
    }
}

/// A change of a plan, and who makes it.
pub(super) struct Making<'a> {
    pub(super) client: &'a Client,
    pub(super) run: &'a RunOptions,
    pub(super) options: CallOptions,
    pub(super) operation: ChangeOperation,
    pub(super) planned: &'a PlannedChange,
}

impl Making<'_> {
    /// The call that does it.
    pub(super) fn call(mut self, work: Work) -> Result<Box<dyn Open<Settled>>, Error> {
        let name = self.planned.code_name.as_ref();
        let code = name.and_then(|name| self.run.codes.get(name));
        match work {
            Work::Start(_) => {
                self.options.skip_if_set = true;
                let (client, options) = (self.client, &self.options);
                Ok(match self.target(code.map(String::as_str))? {
                    Target::Update(target) => {
                        open(client.change(Ok(target), true, options), Settled::from)
                    }
                    Target::Create(target) => {
                        open(client.change(Ok(target), true, options), Settled::from)
                    }
                })
            }
            Work::Settle { change, before, .. } => {
                let before = Before {
                    // Without its code it is only read.
                    said_done: before.said_done || name.is_some() && code.is_none(),
                    ..before
                };
                let code = code.map(String::as_str).or(name.map(|_| NO_CODE));
                self.settle(self.target(code)?, change, before)
            }
            Work::Reread { change, .. } => {
                let read = self
                    .client
                    .reconcile(&change, self.run.audit, &self.options);
                Ok(open(read, Settled::from))
            }
        }
    }

    fn target(&self, code: Option<&str>) -> Result<Target, Error> {
        Target::new(self.operation, &self.planned.change(), code).map_err(refused)
    }

    fn settle(
        &self,
        target: Target,
        change: PendingOperation,
        before: Before,
    ) -> Result<Box<dyn Open<Settled>>, Error> {
        let within = if self.run.resend_older {
            Duration::MAX
        } else {
            RESEND_WITHIN
        };
        let (client, options) = (self.client, &self.options);
        Ok(match target {
            Target::Update(target) => open(
                client.resume_change(target, change, before, within, options),
                Settled::from,
            ),
            Target::Create(target) => open(
                client.resume_change(target, change, before, within, options),
                Settled::from,
            ),
        })
    }
}

/// What became of a change that was settled, by the call for it or by reads; `pending` is what an
/// earlier run had left of it.
pub(super) fn settled(
    planned: &PlannedChange,
    settled: Settled,
    pending: Option<PendingOperation>,
) -> ChangeResult {
    let (end, detail) = match (settled.outcome, &settled.seen) {
        (Outcome::Applied, _) => (ChangeEnd::Applied, None),
        (Outcome::AlreadySet, _) => (ChangeEnd::AlreadySet, None),
        (Outcome::NotApplied, _) => {
            let failed = "The audit log says that each request for it failed.";
            (ChangeEnd::Refused, Some(failed.to_owned()))
        }
        (Outcome::Unknown, seen) => {
            let seen = seen.as_deref().unwrap_or_default();
            let why = format!("The customer reads {seen}, which does not tell what became of it.");
            (ChangeEnd::Unknown, Some(why))
        }
    };
    let attempts = settled.trace.attempts.len();
    // Of the change, not of the read that settled it.
    let id = pending.as_ref().filter(|_| settled.seen.is_some());
    let id = id.map(|change| change.request_id.clone());
    ChangeResult {
        end,
        outcome: settled.outcome,
        evidence: settled.evidence,
        detail,
        request_id: Some(id.unwrap_or(settled.trace.request_id)),
        correlation_id: Some(settled.trace.correlation_id),
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        pending: pending.filter(|_| end == ChangeEnd::Unknown),
        ..ChangeResult::planned(planned)
    }
}
