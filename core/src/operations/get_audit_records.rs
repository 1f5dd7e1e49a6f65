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
use crate::model::{PendingOperation, Qualification, instant};

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
    operation_date: Option<String>,
    /// JSON as text.
    resource_new_value: Option<String>,
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

/// By so much a record may be older than the request by this machine's clock.
const SKEW: Duration = Duration::from_secs(300);

impl AuditRecord {
    /// Whether it is about a request of that change. A correlation id may have served other calls,
    /// too: a record without a date, of an earlier one, or of another qualification proves nothing.
    pub(crate) fn is_of(&self, change: &PendingOperation) -> bool {
        let same = |text: &Option<String>, wanted: &str| {
            let text = text.as_deref();
            text.is_some_and(|text| text.eq_ignore_ascii_case(wanted))
        };
        let at = self.operation_date.as_deref().and_then(instant);
        let from = change.first_sent_at().checked_sub(SKEW);
        same(&self.operation_type, "update_customer_qualification")
            && same(&self.customer_id, &change.customer)
            && change.correlation_ids.iter().any(|id| self.is_about(id))
            && at.is_some_and(|at| from.is_some_and(|from| at >= from))
            && self.names().is_none_or(|named| named == change.asked())
    }

    /// Whether it is about the request with that correlation id.
    pub(crate) fn is_about(&self, correlation_id: &str) -> bool {
        let id = self.original_correlation_id.as_deref();
        id.is_some_and(|id| id.eq_ignore_ascii_case(correlation_id))
    }

    /// The qualification that it names, if any.
    fn names(&self) -> Option<Qualification> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Value {
            Scalar(Qualification),
            Object {
                #[serde(alias = "Qualification")]
                qualification: Qualification,
            },
        }
        match serde_json::from_str(self.resource_new_value.as_deref()?).ok()? {
            Value::Scalar(named)
            | Value::Object {
                qualification: named,
            } => Some(named),
        }
    }

    /// What it says of its request.
    pub(crate) fn outcome(&self) -> Outcome {
        let status = self.operation_status.as_deref().unwrap_or_default();
        match status.to_ascii_lowercase().as_str() {
            "succeeded" => Outcome::Applied,
            "failed" => Outcome::NotApplied,
            _ => Outcome::Unknown,
        }
    }
}
