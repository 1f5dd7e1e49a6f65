//! The rules by which a write changes a customer.

use super::clock;
use super::model::{Customer, Qualification, ValidationCode, Vetting, VettingStatus};
use std::time::SystemTime;
use uuid::Uuid;

/// How often Education may be asked for.
const EDUCATION_REQUESTS: u32 = 3;

/// Why something was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Stranger,
    NotSettable,
    Denied,
    CodeMissing,
    CodeUnknown,
    CodeSpent,
    TooManyRequests,
}

/// Through which resource something is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Through {
    /// `PUT`: sets one value at once.
    Singular,
    /// `POST`: asks for one more qualification.
    Plural,
}

/// What a write asks for.
pub(super) struct Write {
    pub(super) customer: Uuid,
    pub(super) asked: Qualification,
    pub(super) code: Option<String>,
    pub(super) through: Through,
}

impl Write {
    /// The code that it spends, if it needs one.
    pub(super) fn spends(&self) -> Result<Option<&str>, Refusal> {
        match (self.asked, self.through) {
            (Qualification::Education, _) | (Qualification::StateOwnedEntity, Through::Plural) => {
                Ok(None)
            }
            (Qualification::GovernmentCommunityCloud, _) => {
                let code = self.code.as_deref().filter(|code| !code.is_empty());
                code.map(Some).ok_or(Refusal::CodeMissing)
            }
            _ => Err(Refusal::NotSettable),
        }
    }

    fn is_education_request(&self) -> bool {
        self.asked == Qualification::Education && self.through == Through::Plural
    }

    /// Whether there is nothing left to do. That comes before the code's budget, so that a repeat
    /// with the last use of a code succeeds.
    fn is_settled(&self, customer: &Customer) -> bool {
        match self.through {
            Through::Singular => customer.qualification == self.asked,
            Through::Plural => {
                customer.item(self.asked).is_some()
                    && (self.asked != Qualification::Education
                        || customer.status(self.asked) == Some(VettingStatus::Approved))
            }
        }
    }

    /// Education and GovernmentCommunityCloud exclude each other, except where Education was
    /// denied.
    fn is_excluded(&self, customer: &Customer) -> bool {
        match self.asked {
            Qualification::Education => customer
                .item(Qualification::GovernmentCommunityCloud)
                .is_some(),
            Qualification::GovernmentCommunityCloud => customer
                .status(Qualification::Education)
                .is_some_and(|status| status != VettingStatus::Denied),
            _ => false,
        }
    }

    fn vetting(&self, now: SystemTime) -> Option<Vetting> {
        let status = match self.asked {
            Qualification::StateOwnedEntity => return None,
            _ if self.is_education_request() => VettingStatus::InReview,
            _ => VettingStatus::Approved,
        };
        Some(Vetting {
            status,
            reason: None,
            created: (self.through == Through::Plural).then(|| clock::rfc3339(now)),
        })
    }

    /// Does it; `false` when there was nothing left to do. `pays` says whether the code is spent
    /// by that.
    pub(super) fn apply(
        &self,
        customer: &mut Customer,
        codes: &mut [ValidationCode],
        pays: bool,
        now: SystemTime,
    ) -> Result<bool, Refusal> {
        let code = self.spends()?;
        if self.is_settled(customer) {
            return Ok(false);
        }
        if self.is_excluded(customer) {
            return Err(Refusal::Denied);
        }
        if self.is_education_request() && customer.education_requests >= EDUCATION_REQUESTS {
            return Err(Refusal::TooManyRequests);
        }
        if let Some(code) = code.filter(|_| pays) {
            spend(codes, code, now)?;
        }
        customer.hold(self.asked, self.vetting(now));
        if self.is_education_request() {
            customer.education_requests += 1;
        }
        Ok(true)
    }
}

pub(super) fn spend(
    codes: &mut [ValidationCode],
    code: &str,
    now: SystemTime,
) -> Result<(), Refusal> {
    let found = codes.iter_mut().find(|have| have.validation_id == code);
    let code = found.ok_or(Refusal::CodeUnknown)?;
    code.remaining_creates = code
        .remaining_creates
        .checked_sub(1)
        .ok_or(Refusal::CodeSpent)?;
    code.changed = now;
    Ok(())
}
