//! What the emulator knows, and the rules by which it changes.

use super::clock;
use super::model::{
    Customer, Decision, Qualification, QualificationItem, ValidationCode, Vetting, VettingStatus,
};
use super::seed;
use std::collections::HashMap;
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

/// Some customers in order, and where the rest begins.
pub(super) struct Page<'a> {
    pub(super) customers: Vec<&'a Customer>,
    pub(super) next: Option<usize>,
}

/// All that the emulator knows of customers and codes.
pub(super) struct World {
    /// Another one at each start: what one emulator gave out is unknown to the next.
    id: String,
    customers: Vec<Customer>,
    by_id: HashMap<Uuid, usize>,
    codes: Vec<ValidationCode>,
    applied: u64,
}

impl World {
    /// The seeds and `more` generated customers.
    pub(super) fn new(more: usize, now: SystemTime) -> Self {
        let customers: Vec<Customer> = seed::customers()
            .into_iter()
            .chain((1..=more).map(seed::generated))
            .collect();
        let by_id = customers
            .iter()
            .enumerate()
            .filter_map(|(index, customer)| Some((Uuid::try_parse(&customer.id).ok()?, index)))
            .collect();
        Self {
            id: Uuid::new_v4().to_string(),
            customers,
            by_id,
            codes: seed::codes(now),
            applied: 0,
        }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
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

    pub(super) fn customer(&self, id: Uuid) -> Result<&Customer, Refusal> {
        let index = self.by_id.get(&id);
        index
            .and_then(|index| self.customers.get(*index))
            .ok_or(Refusal::Stranger)
    }

    fn customer_mut(&mut self, id: Uuid) -> Result<&mut Customer, Refusal> {
        let index = self.by_id.get(&id);
        index
            .and_then(|index| self.customers.get_mut(*index))
            .ok_or(Refusal::Stranger)
    }

    /// The customer whose default or own domain it is.
    pub(super) fn customer_of_domain(&self, domain: &str) -> Option<&Customer> {
        self.customers.iter().find(|customer| {
            customer
                .custom_domains
                .iter()
                .chain([&customer.domain])
                .any(|have| have.eq_ignore_ascii_case(domain))
        })
    }

    /// At most `size` customers, beginning with the one at `from`, whose names begin so.
    pub(super) fn page(&self, from: usize, size: usize, prefix: &str) -> Page<'_> {
        let mut found = self
            .customers
            .iter()
            .enumerate()
            .skip(from)
            .filter(|(_, customer)| begins_with(&customer.company_name, prefix));
        Page {
            customers: found
                .by_ref()
                .take(size)
                .map(|(_, customer)| customer)
                .collect(),
            next: found.next().map(|(index, _)| index),
        }
    }

    /// `PUT`: sets one value at once. What is set already comes before the code's budget, so that
    /// a repeat with the last use of a code succeeds.
    pub(super) fn set(
        &mut self,
        id: Uuid,
        asked: Qualification,
        code: Option<&str>,
        now: SystemTime,
    ) -> Result<Qualification, Refusal> {
        let customer = self.customer(id)?;
        let spends = match asked {
            Qualification::Education => None,
            Qualification::GovernmentCommunityCloud => Some(given(code)?),
            _ => return Err(Refusal::NotSettable),
        };
        if customer.qualification == asked {
            return Ok(asked);
        }
        if excluded(customer, asked) {
            return Err(Refusal::Denied);
        }
        self.change(id, asked, spends, Some(approved(None)), now)?;
        Ok(asked)
    }

    /// `POST`: asks for one more qualification and gives the item as it is then.
    pub(super) fn request(
        &mut self,
        id: Uuid,
        asked: Qualification,
        code: Option<&str>,
        now: SystemTime,
    ) -> Result<&QualificationItem, Refusal> {
        let customer = self.customer(id)?;
        let created = Some(clock::rfc3339(now));
        let (spends, vetting) = match asked {
            Qualification::Education => (None, Some(in_review(created))),
            Qualification::GovernmentCommunityCloud => {
                (Some(given(code)?), Some(approved(created)))
            }
            Qualification::StateOwnedEntity => (None, None),
            _ => return Err(Refusal::NotSettable),
        };
        let is_education = asked == Qualification::Education;
        let is_settled = customer.item(asked).is_some()
            && (!is_education || customer.status(asked) == Some(VettingStatus::Approved));
        if !is_settled {
            if excluded(customer, asked) {
                return Err(Refusal::Denied);
            }
            if is_education && customer.education_requests >= EDUCATION_REQUESTS {
                return Err(Refusal::TooManyRequests);
            }
            self.change(id, asked, spends, vetting, now)?;
            if is_education {
                self.customer_mut(id)?.education_requests += 1;
            }
        }
        self.customer(id)?.item(asked).ok_or(Refusal::NotSettable)
    }

    /// The change itself, unless the code forbids it.
    fn change(
        &mut self,
        id: Uuid,
        asked: Qualification,
        code: Option<&str>,
        vetting: Option<Vetting>,
        now: SystemTime,
    ) -> Result<(), Refusal> {
        if let Some(code) = code {
            self.spend(code, now)?;
        }
        self.customer_mut(id)?.hold(asked, vetting);
        self.applied += 1;
        Ok(())
    }

    fn spend(&mut self, code: &str, now: SystemTime) -> Result<(), Refusal> {
        let found = self
            .codes
            .iter_mut()
            .find(|have| have.validation_id == code);
        let code = found.ok_or(Refusal::CodeUnknown)?;
        code.remaining_creates = code
            .remaining_creates
            .checked_sub(1)
            .ok_or(Refusal::CodeSpent)?;
        code.changed = now;
        Ok(())
    }

    /// Ends a vetting; `false` when there is none in review, or no such customer.
    pub(super) fn decide(&mut self, id: Uuid, decision: Decision) -> bool {
        self.customer_mut(id)
            .is_ok_and(|customer| customer.settle(decision))
    }
}

fn in_review(created: Option<String>) -> Vetting {
    Vetting {
        status: VettingStatus::InReview,
        reason: None,
        created,
    }
}

fn approved(created: Option<String>) -> Vetting {
    Vetting {
        status: VettingStatus::Approved,
        reason: None,
        created,
    }
}

fn given(code: Option<&str>) -> Result<&str, Refusal> {
    code.filter(|code| !code.is_empty())
        .ok_or(Refusal::CodeMissing)
}

/// Education and GovernmentCommunityCloud exclude each other, except where Education was denied.
fn excluded(customer: &Customer, asked: Qualification) -> bool {
    match asked {
        Qualification::Education => customer
            .item(Qualification::GovernmentCommunityCloud)
            .is_some(),
        Qualification::GovernmentCommunityCloud => customer
            .status(Qualification::Education)
            .is_some_and(|status| status != VettingStatus::Denied),
        _ => false,
    }
}

/// Without regard to case.
fn begins_with(name: &str, prefix: &str) -> bool {
    let mut have = name.chars().flat_map(char::to_lowercase);
    prefix
        .chars()
        .flat_map(char::to_lowercase)
        .all(|due| have.next() == Some(due))
}
