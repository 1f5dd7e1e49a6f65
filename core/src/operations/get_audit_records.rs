//! `GET /v1/auditrecords`: what the service itself wrote down of a change.
//!
//! Source: Learn, "Get a record of Partner Center activity".

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::page::{NextPage, Page};
use super::{Operation, read};
use crate::error::{Outcome, Reason};
use crate::http::{Request, Response};
use crate::model::PendingOperation;

const PATH: &str = "/v1/auditrecords";
const DAY: Duration = Duration::from_secs(24 * 3600);

pub(crate) struct GetAuditRecords {
    /// Days as `2026-11-23`, both included.
    from: String,
    to: String,
    next: Option<NextPage>,
}

/// What was written down of one change.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditRecord {
    operation_type: Option<String>,
    operation_status: Option<String>,
    original_correlation_id: Option<String>,
    customer_id: Option<String>,
}

impl GetAuditRecords {
    /// The records from the day before the change to the day after now: clocks differ.
    pub(crate) fn since(change: &PendingOperation) -> Self {
        Self {
            from: day(change.first_sent_at().checked_sub(DAY)),
            to: day(SystemTime::now().checked_add(DAY)),
            next: None,
        }
    }

    pub(crate) fn then(self, next: NextPage) -> Self {
        Self {
            next: Some(next),
            ..self
        }
    }
}

fn day(at: Option<SystemTime>) -> String {
    let at = at.and_then(|at| Timestamp::try_from(at).ok());
    let at = at.unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::UTC).date().to_string()
}

impl Operation for GetAuditRecords {
    const NAME: &'static str = "get_audit_records";
    type Proof = (Vec<AuditRecord>, Option<NextPage>);

    fn request(&self) -> Request {
        let mut request = Request::get(PATH);
        match &self.next {
            Some(next) => next.continue_with(&mut request),
            None => {
                request.query = vec![
                    ("startDate".into(), self.from.clone()),
                    ("endDate".into(), self.to.clone()),
                    ("size".into(), "500".to_owned()),
                ];
            }
        }
        request
    }

    fn proof(&self, response: &Response) -> Result<Self::Proof, Reason> {
        let page: Page<AuditRecord> = read(response)?;
        let next = page.next(PATH, self.next.as_ref())?;
        Ok((page.items, next))
    }
}

impl AuditRecord {
    /// Whether it is about a request of that change.
    pub(crate) fn is_of(&self, change: &PendingOperation) -> bool {
        let same = |text: &Option<String>, wanted: &str| {
            text.as_deref()
                .is_some_and(|text| text.eq_ignore_ascii_case(wanted))
        };
        let mut ids = change.correlation_ids.iter();
        same(&self.operation_type, "update_customer_qualification")
            && same(&self.customer_id, &change.customer)
            && ids.any(|id| same(&self.original_correlation_id, id))
    }

    /// What it says of its request.
    pub(crate) fn outcome(&self) -> Outcome {
        match self
            .operation_status
            .as_deref()
            .map(str::to_ascii_lowercase)
        {
            Some(status) if status == "succeeded" => Outcome::Applied,
            Some(status) if status == "failed" => Outcome::NotApplied,
            _ => Outcome::Unknown,
        }
    }
}
