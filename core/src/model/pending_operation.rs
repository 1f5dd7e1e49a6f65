use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::{CustomerQualification, Qualification, VettingStatus, instant};
use crate::error::Error;

/// A change whose effect is not known, with all that is needed to settle it by reads: later, or in
/// another process. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PendingOperation {
    /// `update_qualification` or `create_qualification`.
    pub operation: String,
    /// The customer's tenant id.
    pub customer: String,
    /// What was asked for, by the service's name.
    pub qualification: String,
    /// `MS-RequestId` of the operation.
    pub request_id: String,
    /// `MS-CorrelationId` of each request that was made.
    pub correlation_ids: Vec<String>,
    /// Where it was sent.
    pub base_url: String,
    /// When the first request was made, in milliseconds since 1970, by this machine's clock.
    pub first_sent: u64,
    /// Earlier requests that were denied; they prove nothing of this one. None: nobody has looked.
    pub(crate) denied: Option<Vec<Denied>>,
}

/// What tells an earlier denied request from a later one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Denied {
    status: Option<String>,
    created: Option<String>,
}

impl Denied {
    pub(crate) fn of(item: &CustomerQualification) -> Self {
        let status = item.vetting_status.as_ref();
        Self {
            status: status.map(|status| status.as_str().to_owned()),
            created: item.vetting_created_text.clone(),
        }
    }

    /// Whether it is that item. The service writes one date in several forms.
    fn is(&self, item: &CustomerQualification) -> bool {
        let now = Self::of(item);
        let dates = (self.created.as_deref(), now.created.as_deref());
        let same = match (dates.0.and_then(instant), dates.1.and_then(instant)) {
            (Some(then), Some(now)) => then == now,
            _ => dates.0 == dates.1,
        };
        same && self.status == now.status
    }

    /// The item of a qualification that is none of those denied before.
    pub(crate) fn other_than<'a>(
        before: &[Self],
        asked: &Qualification,
        items: &'a [CustomerQualification],
    ) -> Option<&'a CustomerQualification> {
        items
            .iter()
            .find(|item| item.qualification == *asked && !before.iter().any(|old| old.is(item)))
    }
}

impl PendingOperation {
    pub(crate) fn new(operation: &str, customer: &str, asked: &Qualification) -> Self {
        Self {
            operation: operation.to_owned(),
            customer: customer.to_owned(),
            qualification: asked.to_string(),
            request_id: String::new(),
            correlation_ids: Vec::new(),
            base_url: String::new(),
            first_sent: 0,
            denied: Some(Vec::new()),
        }
    }

    /// A JSON object in one line, for a file or a ticket.
    pub fn to_json(&self) -> String {
        // Texts and numbers always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What [`PendingOperation::to_json`] wrote.
    ///
    /// # Errors
    /// `InvalidArgument` where it is something else.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text)
            .map_err(|error| Error::invalid(format!("pending is no operation: {error}")))
    }

    /// What was asked for.
    pub(crate) fn asked(&self) -> Qualification {
        self.qualification.as_str().into()
    }

    /// The item that it made, if it is among these.
    pub(crate) fn own<'a>(
        &self,
        asked: &Qualification,
        items: &'a [CustomerQualification],
    ) -> Option<&'a CustomerQualification> {
        match &self.denied {
            Some(denied) => Denied::other_than(denied, asked, items),
            None => items.iter().find(|item| {
                item.qualification == *asked && item.vetting_status != Some(VettingStatus::Denied)
            }),
        }
    }

    /// When the first request was made.
    pub fn first_sent_at(&self) -> SystemTime {
        let since = Duration::from_millis(self.first_sent);
        UNIX_EPOCH.checked_add(since).unwrap_or(UNIX_EPOCH)
    }
}

/// In milliseconds since 1970.
pub(crate) fn milliseconds(at: SystemTime) -> u64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// What a read saw of a customer, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Observation {
    /// When it was answered, by this machine's clock.
    pub at: SystemTime,
    /// The qualification, or each of them with the status of its vetting.
    pub value: String,
}
