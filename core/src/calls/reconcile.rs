//! Settles a change by reads alone.

use std::time::SystemTime;

use super::{Call, gone_on};
use crate::caller::Caller;
use crate::engine::state;
use crate::engine::write::Observed;
use crate::error::{Error, Evidence, Outcome};
use crate::exchange::{Context, Exchange, Flow};
use crate::http::Effect;
use crate::model::{
    CustomerId, CustomerQualification, Observation, PendingOperation, Qualification,
};
use crate::operations::{
    AuditRecord, GetAuditRecords, GetQualification, GetQualifications, Operation, Trace,
    UpdateQualification, observe_items, shown_items,
};

/// What became of a change whose answer was lost, as far as reads can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reconciled {
    /// The customer's tenant id.
    pub customer: String,
    /// What was asked for.
    pub qualification: Qualification,
    /// `Applied`: the customer is in the asked state, or the audit log says that a request succeeded.
    /// `NotApplied`: the audit log says that each request failed. `Unknown`: neither can be told
    /// yet, see `observed`.
    pub outcome: Outcome,
    /// How that is known; none while it is unknown.
    pub evidence: Option<Evidence>,
    /// What the customer is now.
    pub observed: Observation,
    /// Ids and attempts.
    pub trace: Trace,
}

pub(crate) struct Reconcile {
    caller: Caller,
    change: PendingOperation,
    customer: CustomerId,
    /// Whether the audit log is read where the customer's state does not tell.
    audit: bool,
    step: Option<Step>,
    observed: Option<Observation>,
    records: Vec<AuditRecord>,
}

enum Step {
    Singular(Exchange<GetQualification>),
    Plural(Exchange<GetQualifications>),
    Audit(Exchange<GetAuditRecords>),
}

impl Reconcile {
    pub(crate) fn new(
        caller: Caller,
        change: PendingOperation,
        customer: CustomerId,
        audit: bool,
    ) -> Result<Self, Error> {
        let step = if change.operation == UpdateQualification::NAME {
            Step::Singular(caller.first(GetQualification(customer))?)
        } else {
            Step::Plural(caller.first(GetQualifications(customer))?)
        };
        Ok(Self {
            caller,
            change,
            customer,
            audit,
            step: Some(step),
            observed: None,
            records: Vec::new(),
        })
    }

    /// What the customer's state says, and the next step where it does not tell.
    fn see(
        &mut self,
        seen: Observed,
        value: String,
        trace: Trace,
    ) -> Result<Option<Reconciled>, Error> {
        let at = SystemTime::now();
        self.observed = Some(Observation { at, value });
        if seen == Observed::Target {
            return self
                .end(Outcome::Applied, Some(Evidence::Read), trace)
                .map(Some);
        }
        if !self.audit {
            return self.end(Outcome::Unknown, None, trace).map(Some);
        }
        let records = GetAuditRecords::since(&self.change);
        self.step = Some(Step::Audit(self.caller.other(records)?));
        Ok(None)
    }

    fn singular(&mut self, seen: Qualification, trace: Trace) -> Result<Option<Reconciled>, Error> {
        let asked = self.change.asked();
        let is = if seen == asked {
            Observed::Target
        } else {
            Observed::Old
        };
        self.see(is, seen.to_string(), trace)
    }

    fn plural(
        &mut self,
        items: &[CustomerQualification],
        trace: Trace,
    ) -> Result<Option<Reconciled>, Error> {
        let asked = self.change.asked();
        let own = self.change.own(&asked, items);
        let (seen, _) = observe_items(&asked, own, items);
        self.see(seen, shown_items(items), trace)
    }

    /// What the audit log says: applied by any request, or not by each single one.
    fn judged(&mut self, trace: Trace) -> Result<Reconciled, Error> {
        let is = |outcome| move |record: &AuditRecord| record.outcome() == outcome;
        let ids = &self.change.correlation_ids;
        if self.records.iter().any(is(Outcome::Applied)) {
            return self.end(Outcome::Applied, Some(Evidence::Audit), trace);
        }
        let failed = |id: &String| {
            let once = ids.iter().filter(|other| *other == id).count() == 1;
            once && self.records.iter().any(|record| record.is_about(id))
        };
        let all = !ids.is_empty() && ids.iter().all(failed);
        if all && self.records.iter().all(is(Outcome::NotApplied)) {
            return self.end(Outcome::NotApplied, Some(Evidence::Audit), trace);
        }
        self.end(Outcome::Unknown, None, trace)
    }

    /// A read that failed says nothing of the change: it is as unknown as before.
    fn failed(&mut self, error: Error) -> Error {
        let mut details = error.details();
        details.outcome = Outcome::Unknown;
        details.state = state(Effect::Write, Outcome::Unknown);
        details.retryable = false;
        details.observed = self.observed.take();
        details.pending = Some(self.change.clone());
        details.into()
    }

    fn end(
        &mut self,
        outcome: Outcome,
        evidence: Option<Evidence>,
        trace: Trace,
    ) -> Result<Reconciled, Error> {
        Ok(Reconciled {
            customer: self.customer.to_string(),
            qualification: self.change.asked(),
            outcome,
            evidence,
            observed: self.observed.take().ok_or_else(gone_on)?,
            trace,
        })
    }
}

impl Call for Reconcile {
    const NAME: &'static str = "reconcile";
    const EFFECT: Effect = Effect::Read;
    type Output = Reconciled;

    fn about(&self) -> Option<&PendingOperation> {
        Some(&self.change)
    }

    fn advance(&mut self, context: Context<'_>) -> Flow<Result<Reconciled, Error>> {
        loop {
            let Some(mut step) = self.step.take() else {
                return Flow::Done(Err(gone_on()));
            };
            let ended = match &mut step {
                Step::Singular(exchange) => exchange
                    .advance(context)
                    .and_then(|(seen, trace)| self.singular(seen, trace)),
                Step::Plural(exchange) => exchange
                    .advance(context)
                    .and_then(|(items, trace)| self.plural(&items, trace)),
                Step::Audit(exchange) => exchange.advance(context).and_then(|(page, trace)| {
                    let (records, next) = page;
                    let of_it = records
                        .into_iter()
                        .filter(|record| record.is_of(&self.change));
                    self.records.extend(of_it);
                    let Some(next) = next else {
                        return self.judged(trace).map(Some);
                    };
                    let further = GetAuditRecords::since(&self.change).then(next);
                    self.step = Some(Step::Audit(self.caller.other(further)?));
                    Ok(None)
                }),
            };
            match ended {
                Flow::Wait(wait) => {
                    self.step = Some(step);
                    return Flow::Wait(wait);
                }
                Flow::Done(Err(error)) => return Flow::Done(Err(self.failed(error))),
                Flow::Done(Ok(Some(end))) => return Flow::Done(Ok(end)),
                Flow::Done(Ok(None)) => {}
            }
        }
    }
}
