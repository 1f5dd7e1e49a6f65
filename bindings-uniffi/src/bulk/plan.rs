//! What is asked of many customers, and what a run would do about it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use partner_center as core;

use crate::client::Ended;
use crate::enums::{EducationSegment, Qualification, mirrored};
use crate::models::each;

mirrored! {
    /// Which contract a plan's changes are made by; they have different side effects.
    ChangeOperation, else CreateQualification {
        /// `updateQualification`: the synchronous contract, which the service deprecated.
        UpdateQualification,
        /// `createQualification`: the current one.
        CreateQualification,
    }
}

mirrored! {
    /// What a run would do to a customer.
    Decision, else Unread {
        /// Ask for the change.
        Set,
        /// Nothing: the customer is in the asked state.
        AlreadySet,
        /// Nothing: the customer is in a state that excludes the asked one.
        Conflict,
        /// Nothing: the change breaks a rule, or the service does not let the customer be read.
        Refused,
        /// Read it again, and then decide: it could not be read in passing.
        Unread,
    }
}

/// One change of many. A validation code is given by a name, so that no plan and no journal holds
/// it; the codes themselves go to the run.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Change {
    /// The customer's tenant id, in any written form of a GUID. What is none is planned as refused.
    pub customer: String,
    /// What is asked for.
    pub qualification: Qualification,
    /// The segment; `createQualification` needs it for Education.
    #[uniffi(default = None)]
    pub education_segment: Option<EducationSegment>,
    /// The institution's web address, for `createQualification` of Education.
    #[uniffi(default = None)]
    pub website: Option<String>,
    /// What the validation code is called here, as the organization it was issued to. Never the
    /// code itself: the name is shown, and written down.
    #[uniffi(default = None)]
    pub code_name: Option<String>,
}

impl From<Change> for core::Change {
    fn from(change: Change) -> Self {
        let qualification = core::Qualification::from(change.qualification);
        let mut same = Self::new(change.customer, qualification);
        if let Some(segment) = change.education_segment {
            same = same.education_segment(core::EducationSegment::from(segment));
        }
        if let Some(address) = change.website {
            same = same.website(address);
        }
        if let Some(name) = change.code_name {
            same = same.code_name(name);
        }
        same
    }
}

/// One change of a plan, and what a run would do about it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PlannedChange {
    /// Its place among the given changes, from 0; of doubles the first one's.
    pub row: i64,
    /// The customer's tenant id, lower case with hyphens; empty where none was given.
    pub customer: String,
    /// What is asked for.
    pub qualification: Qualification,
    /// The segment that is asked for.
    pub education_segment: Option<EducationSegment>,
    /// The web address that goes with it.
    pub website: Option<String>,
    /// What the validation code is called.
    pub code_name: Option<String>,
    /// What a run would do.
    pub decision: Decision,
    /// What the customer is now, where it was read.
    pub current: Option<String>,
    /// Why it is refused or unread.
    pub detail: Option<String>,
}

impl From<core::PlannedChange> for PlannedChange {
    fn from(planned: core::PlannedChange) -> Self {
        Self {
            row: planned.row.into(),
            customer: planned.customer,
            qualification: planned.qualification.into(),
            education_segment: planned.education_segment.map(Into::into),
            website: planned.website,
            code_name: planned.code_name,
            decision: planned.decision.into(),
            current: planned.current,
            detail: planned.detail,
        }
    }
}

/// A validation code by its name, and how many changes would spend it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PlannedCode {
    /// Its name.
    pub name: String,
    /// How many changes would be sent with it.
    pub sends: i64,
}

impl From<core::PlannedCode> for PlannedCode {
    fn from(code: core::PlannedCode) -> Self {
        Self {
            name: code.name,
            sends: code.sends.into(),
        }
    }
}

/// What `plan` found. Nothing was sent for it but reads. A run needs it unaltered. It holds no
/// secret.
#[derive(Debug, uniffi::Object)]
pub struct Plan(pub(super) core::Plan);

#[uniffi::export]
impl Plan {
    /// What `toJson` wrote: of this process or of another. What is something else, or was altered,
    /// is an `InvalidArgument`.
    #[uniffi::constructor]
    pub fn from_json(json: String) -> Ended<Arc<Self>> {
        Ok(Arc::new(Self(core::Plan::from_json(&json)?)))
    }

    /// All of it in one line, for a file.
    pub fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// By which contract the changes are made.
    pub fn operation(&self) -> ChangeOperation {
        self.0.operation.into()
    }

    /// Where.
    pub fn base_url(&self) -> String {
        self.0.base_url.clone()
    }

    /// When it was made, by that machine's clock.
    pub fn made(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(self.0.made)
    }

    /// What is planned, by row; doubles left out.
    pub fn changes(&self) -> Vec<PlannedChange> {
        each(self.0.changes.clone())
    }

    /// How many of the given changes were the same as an earlier one.
    pub fn doubles(&self) -> i64 {
        self.0.doubles.into()
    }

    /// How many changes a run would decide so.
    pub fn count(&self, decision: Decision) -> i64 {
        self.0.count(decision.into()).into()
    }

    /// How many changes a run would ask for: what an operator confirms.
    pub fn sends(&self) -> i64 {
        self.0.sends().into()
    }

    /// The validation codes that a run would spend, by name.
    pub fn codes(&self) -> Vec<PlannedCode> {
        each(self.0.codes())
    }

    /// Names exactly this plan.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_member_of_the_core_is_missing() {
        assert!(ChangeOperation::is_whole());
        assert!(Decision::is_whole());
    }
}
