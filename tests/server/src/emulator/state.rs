//! Customers, validation codes, and the rules by which they change.

use super::seed;
use serde::Serialize;

/// A customer's qualification. Serialised in snake_case, as the service writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Qualification {
    /// None.
    None,
    /// Education.
    Education,
    /// Nonprofit, which nobody can set here.
    Nonprofit,
    /// GovernmentCommunityCloud.
    GovernmentCommunityCloud,
    /// StateOwnedEntity, which this contract cannot set.
    StateOwnedEntity,
}

impl Qualification {
    /// Every value, in the order of the service's numbers.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Education,
        Self::Nonprofit,
        Self::GovernmentCommunityCloud,
        Self::StateOwnedEntity,
    ];

    /// The text on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Education => "education",
            Self::Nonprofit => "nonprofit",
            Self::GovernmentCommunityCloud => "government_community_cloud",
            Self::StateOwnedEntity => "state_owned_entity",
        }
    }

    pub(super) fn from_number(number: u64) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }

    /// Any spelling: case and underscores do not count.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let plain = |text: &str| text.replace('_', "").to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|value| plain(value.as_str()) == plain(text))
    }
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Customer {
    /// The tenant id.
    pub id: String,
    /// The company's name.
    pub company_name: String,
    /// The tenant's domain.
    pub domain: String,
    /// The qualification now.
    pub qualification: Qualification,
}

/// A code that allows GovernmentCommunityCloud a number of times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValidationCode {
    /// The code itself.
    pub validation_id: String,
    /// Whom it was given to.
    pub organization_name: String,
    /// How often it can be spent in all.
    pub max_creates: u32,
    /// How often it can still be spent.
    pub remaining_creates: u32,
}

/// Why a qualification was not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    NotSettable,
    Denied,
    CodeMissing,
    CodeUnknown,
    CodeSpent,
}

/// All that the emulator knows.
pub(super) struct World {
    customers: Vec<Customer>,
    codes: Vec<ValidationCode>,
    applied: u64,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            customers: seed::customers(),
            codes: seed::codes(),
            applied: 0,
        }
    }

    pub(super) fn customers(&self) -> &[Customer] {
        &self.customers
    }

    pub(super) fn codes(&self) -> &[ValidationCode] {
        &self.codes
    }

    pub(super) fn applied(&self) -> u64 {
        self.applied
    }

    pub(super) fn customer_mut(&mut self, id: &str) -> Option<&mut Customer> {
        self.customers
            .iter_mut()
            .find(|customer| customer.id.eq_ignore_ascii_case(id))
    }

    /// Sets the qualification; `None` when there is no such customer. What is set already comes
    /// before the code's budget, so that a repeated request with the last use of a code succeeds.
    pub(super) fn set(
        &mut self,
        id: &str,
        asked: Qualification,
        code: Option<&str>,
    ) -> Option<Result<Qualification, Refusal>> {
        let current = self.customer_mut(id)?.qualification;
        let outcome = match self.allow(current, asked, code) {
            Err(refusal) => Err(refusal),
            Ok(()) => {
                if current != asked {
                    self.apply(id, asked, code);
                }
                Ok(asked)
            }
        };
        Some(outcome)
    }

    fn allow(
        &self,
        current: Qualification,
        asked: Qualification,
        code: Option<&str>,
    ) -> Result<(), Refusal> {
        let needs_code = match asked {
            Qualification::Education => false,
            Qualification::GovernmentCommunityCloud => true,
            _ => return Err(Refusal::NotSettable),
        };
        if needs_code && code.is_none_or(str::is_empty) {
            return Err(Refusal::CodeMissing);
        }
        if current == asked {
            return Ok(());
        }
        if current != Qualification::None {
            return Err(Refusal::Denied);
        }
        if !needs_code {
            return Ok(());
        }
        match self
            .codes
            .iter()
            .find(|have| Some(have.validation_id.as_str()) == code)
        {
            None => Err(Refusal::CodeUnknown),
            Some(have) if have.remaining_creates == 0 => Err(Refusal::CodeSpent),
            Some(_) => Ok(()),
        }
    }

    fn apply(&mut self, id: &str, asked: Qualification, code: Option<&str>) {
        if let Some(customer) = self.customer_mut(id) {
            customer.qualification = asked;
        }
        let spends = asked == Qualification::GovernmentCommunityCloud;
        for have in &mut self.codes {
            if spends && Some(have.validation_id.as_str()) == code {
                have.remaining_creates = have.remaining_creates.saturating_sub(1);
            }
        }
        self.applied += 1;
    }
}
