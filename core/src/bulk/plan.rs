//! What a run would do to each customer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::change::{Change, ChangeOperation};
use crate::error::Error;
use crate::model::{EducationSegment, Qualification};
use crate::names::names;

names! {
    /// What a run would do to a customer.
    Decision {
        /// Ask for the change.
        Set = "set",
        /// Nothing: the customer is in the asked state.
        AlreadySet = "already_set",
        /// Nothing: the customer is in a state that excludes the asked one.
        Conflict = "conflict",
        /// Nothing: the change breaks a rule, or the service does not let the customer be read.
        Refused = "refused",
        /// Read it again, and then decide: it could not be read in passing.
        Unread = "unread",
    }
}

/// One change of a plan, and what a run would do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlannedChange {
    /// Its place among the given changes, from 0; of doubles the first one's.
    pub row: u32,
    /// The customer's tenant id, lower case with hyphens; empty where none was given.
    pub customer: String,
    /// What is asked for.
    pub qualification: Qualification,
    /// The segment that is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub education_segment: Option<EducationSegment>,
    /// The web address that goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// What the validation code is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_name: Option<String>,
    /// What a run would do.
    pub decision: Decision,
    /// What the customer is now, where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// Why it is refused or unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl PlannedChange {
    pub(super) fn change(&self) -> Change {
        Change {
            customer: self.customer.clone(),
            qualification: self.qualification.clone(),
            education_segment: self.education_segment.clone(),
            website: self.website.clone(),
            code_name: self.code_name.clone(),
        }
    }

    /// Whether a run sends something for it.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.decision, Decision::Set | Decision::Unread)
    }
}

/// A validation code by its name, and how many changes would spend it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlannedCode {
    /// Its name.
    pub name: String,
    /// How many changes would be sent with it.
    pub sends: u32,
}

/// What [`Client::plan`](crate::Client::plan) found. Nothing was sent for it but reads. A run needs
/// it unaltered: its fingerprint says so. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Plan {
    /// By which contract the changes are made.
    pub operation: ChangeOperation,
    /// Where.
    pub base_url: String,
    /// When it was made, in milliseconds since 1970, by this machine's clock.
    pub made: u64,
    /// How many of the given changes were the same as an earlier one.
    pub doubles: u32,
    /// What is planned, by row; doubles left out.
    pub changes: Vec<PlannedChange>,
    /// Names exactly this plan.
    pub fingerprint: String,
}

impl Plan {
    pub(super) fn new(
        operation: ChangeOperation,
        base_url: String,
        made: u64,
        doubles: u32,
        changes: Vec<PlannedChange>,
    ) -> Self {
        let mut plan = Self {
            operation,
            base_url,
            made,
            doubles,
            changes,
            fingerprint: String::new(),
        };
        plan.fingerprint = plan.own_fingerprint();
        plan
    }

    /// How many changes a run would decide so.
    pub fn count(&self, decision: Decision) -> u32 {
        let of_it = self.changes.iter().filter(|one| one.decision == decision);
        u32::try_from(of_it.count()).unwrap_or(u32::MAX)
    }

    /// How many changes a run would ask for: what an operator confirms.
    pub fn sends(&self) -> u32 {
        self.count(Decision::Set) + self.count(Decision::Unread)
    }

    /// The validation codes that a run would spend, by name.
    pub fn codes(&self) -> Vec<PlannedCode> {
        let mut sends = BTreeMap::<&str, u32>::new();
        for one in self.changes.iter().filter(|one| one.is_open()) {
            if let Some(name) = &one.code_name {
                *sends.entry(name).or_default() += 1;
            }
        }
        let code = |(name, sends): (&str, u32)| PlannedCode {
            name: name.to_owned(),
            sends,
        };
        sends.into_iter().map(code).collect()
    }

    /// As many plans, or as there are changes, whose changes together are this one's, to be run
    /// elsewhere. Each has a fingerprint of its own and needs a journal of its own; rows stay as they
    /// are.
    ///
    /// # Errors
    /// `InvalidArgument` where `count` is 0, or this plan was altered.
    pub fn shards(&self, count: u32) -> Result<Vec<Self>, Error> {
        // A shard of what was altered would pass for a plan that was made so.
        self.checked()?;
        if count == 0 {
            return Err(Error::invalid("count must be 1 or more"));
        }
        let count = self.changes.len().clamp(1, count as usize);
        // Every so-manyth: what comes in groups, as the customers of one code, is spread.
        let shard = |number: usize| {
            let changes = self.changes.iter().skip(number).step_by(count);
            let doubles = if number == 0 { self.doubles } else { 0 };
            let base_url = self.base_url.clone();
            let changes = changes.cloned().collect();
            Self::new(self.operation, base_url, self.made, doubles, changes)
        };
        Ok((0..count).map(shard).collect())
    }

    /// A JSON object, for a file.
    pub fn to_json(&self) -> String {
        // Texts, numbers and names always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What [`Plan::to_json`] wrote.
    ///
    /// # Errors
    /// `InvalidArgument` where it is something else, or was altered.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let plan: Self = serde_json::from_str(text)
            .map_err(|error| Error::invalid(format!("this is no plan: {error}")))?;
        plan.checked()?;
        Ok(plan)
    }

    /// Whether it is as it was made.
    pub(super) fn checked(&self) -> Result<(), Error> {
        if self.own_fingerprint() == self.fingerprint {
            return Ok(());
        }
        Err(Error::invalid(
            "the plan was altered after it was made: its fingerprint differs; plan again",
        ))
    }

    /// Over everything else of it. Against mistakes; it is no signature.
    fn own_fingerprint(&self) -> String {
        let bare = Self {
            fingerprint: String::new(),
            ..self.clone()
        };
        Uuid::new_v5(&Uuid::NAMESPACE_OID, bare.to_json().as_bytes()).to_string()
    }
}
