//! The truth: what really happened, whatever was answered.

use super::answer::Ids;
use super::model::{Customer, Qualification};
use super::recent::Recent;
use super::state::Moment;
use serde::Serialize;
use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

/// How many request ids and records are kept; the oldest go first.
const MOST: usize = 100_000;

/// A change that really happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// The customer's tenant id.
    pub customer: String,
    /// What was set or asked for.
    pub qualification: Qualification,
    /// The write's `MS-RequestId`; made up, if it had none.
    pub request_id: String,
    /// The write's `MS-CorrelationId`; made up, if it had none.
    pub correlation_id: String,
    /// The place among all changes, beginning with 1.
    pub at_order: u64,
}

/// What became of the writes with one `MS-RequestId`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Writes {
    /// How many arrived as a whole, those below included.
    pub arrived: u64,
    /// How many were answered 401 or 429: nobody has looked at them any further.
    pub refused: u64,
    /// How many were answered with another 4xx, or would have been, had the answer not been lost.
    pub rejected: u64,
}

/// What the audit log has on a write that changed something or was rejected.
pub(super) struct Record {
    /// The place among all records, beginning with 1.
    pub(super) number: usize,
    /// When it was written, since the start.
    pub(super) at: Duration,
    pub(super) date: SystemTime,
    pub(super) customer: String,
    pub(super) company_name: String,
    pub(super) qualification: Qualification,
    pub(super) correlation_id: String,
    pub(super) succeeded: bool,
}

pub(super) struct Ledger {
    truth: Vec<Applied>,
    writes: Recent<Writes>,
    records: VecDeque<Record>,
    recorded: usize,
}

impl Ledger {
    pub(super) fn new() -> Self {
        Self {
            truth: Vec::new(),
            writes: Recent::new(MOST),
            records: VecDeque::new(),
            recorded: 0,
        }
    }

    /// Every change, in order.
    pub(super) fn truth(&self) -> &[Applied] {
        &self.truth
    }

    pub(super) fn changes(&self) -> u64 {
        u64::try_from(self.truth.len()).unwrap_or(u64::MAX)
    }

    /// By request id, oldest first.
    pub(super) fn writes(&self) -> impl Iterator<Item = (&str, &Writes)> {
        self.writes.iter()
    }

    pub(super) fn writes_of(&self, request_id: &str) -> Writes {
        self.writes.get(request_id).copied().unwrap_or_default()
    }

    /// The records, newest first.
    pub(super) fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().rev()
    }

    /// A whole write, whatever becomes of it.
    pub(super) fn arrived(&mut self, ids: &Ids) {
        self.writes_with(ids).arrived += 1;
    }

    /// The status of a write's answer, or of the answer that is lost.
    pub(super) fn answered(&mut self, ids: &Ids, status: u16) {
        match status {
            401 | 429 => self.writes_with(ids).refused += 1,
            400..=499 => self.writes_with(ids).rejected += 1,
            _ => {}
        }
    }

    fn writes_with(&mut self, ids: &Ids) -> &mut Writes {
        self.writes.get_or_keep(&ids.request, Writes::default())
    }

    pub(super) fn applied(&mut self, customer: &Customer, asked: Qualification, ids: &Ids) {
        self.truth.push(Applied {
            customer: customer.id.clone(),
            qualification: asked,
            request_id: ids.request.clone(),
            correlation_id: ids.correlation.clone(),
            at_order: self.changes() + 1,
        });
    }

    pub(super) fn record(
        &mut self,
        customer: &Customer,
        asked: Qualification,
        ids: &Ids,
        succeeded: bool,
        (at, date): Moment,
    ) {
        if self.records.len() == MOST {
            self.records.pop_front();
        }
        self.recorded += 1;
        self.records.push_back(Record {
            number: self.recorded,
            at,
            date,
            customer: customer.id.clone(),
            company_name: customer.company_name.clone(),
            qualification: asked,
            correlation_id: ids.correlation.clone(),
            succeeded,
        });
    }
}
