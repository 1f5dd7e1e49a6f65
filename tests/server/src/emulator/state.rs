//! What the emulator knows of customers and codes, now and before.

use super::history::History;
use super::model::{Customer, Decision, ValidationCode};
use super::rules::{Refusal, Write, spend};
use super::seed::{self, Seed};
use std::collections::HashMap;
use std::time::{Duration, SystemTime};
use uuid::Uuid;

/// Some customers in order, and where the rest begins.
pub(super) struct Page<'a> {
    pub(super) customers: Vec<&'a Customer>,
    pub(super) next: Option<usize>,
}

/// A moment: since the start, and what a calendar says.
pub(super) type Moment = (Duration, SystemTime);

/// What a write makes of things.
pub(super) struct Effect {
    pub(super) customer: Customer,
    codes: Vec<ValidationCode>,
    /// `false`: everything was so already.
    pub(super) changes: bool,
}

/// All that the emulator knows of customers and codes.
pub(super) struct World {
    /// Another one at each start: what one emulator gave out is unknown to the next.
    id: String,
    customers: Vec<Customer>,
    by_id: HashMap<Uuid, usize>,
    codes: Vec<ValidationCode>,
    earlier_customers: History<Uuid, Customer>,
    earlier_codes: History<(), Vec<ValidationCode>>,
}

impl World {
    /// The seed and `more` generated customers.
    pub(super) fn new(seed: &Seed, more: usize) -> Self {
        let customers: Vec<Customer> = seed
            .customers
            .iter()
            .cloned()
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
            codes: seed.codes.clone(),
            earlier_customers: History::new(),
            earlier_codes: History::new(),
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

    /// The codes at that moment since the start; `None` is before it.
    pub(super) fn codes_as_of(&self, moment: Option<Duration>) -> &[ValidationCode] {
        let earlier = self.earlier_codes.as_of(&(), moment);
        earlier.unwrap_or(&self.codes)
    }

    pub(super) fn customer(&self, id: Uuid) -> Result<&Customer, Refusal> {
        let index = self.by_id.get(&id);
        index
            .and_then(|index| self.customers.get(*index))
            .ok_or(Refusal::Stranger)
    }

    /// The customer at that moment since the start; `None` is before it.
    pub(super) fn customer_as_of(
        &self,
        id: Uuid,
        moment: Option<Duration>,
    ) -> Result<&Customer, Refusal> {
        let now = self.customer(id)?;
        Ok(self.earlier_customers.as_of(&id, moment).unwrap_or(now))
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

    /// What a write would do now. `pays` says whether it spends its code, too.
    pub(super) fn effect(
        &self,
        write: &Write,
        pays: bool,
        now: SystemTime,
    ) -> Result<Effect, Refusal> {
        let mut customer = self.customer(write.customer)?.clone();
        let mut codes = self.codes.clone();
        let changes = write.apply(&mut customer, &mut codes, pays, now)?;
        Ok(Effect {
            customer,
            codes,
            changes,
        })
    }

    /// Makes it true.
    pub(super) fn take(&mut self, id: Uuid, effect: Effect, at: Duration) {
        self.replace(id, effect.customer, at);
        self.replace_codes(effect.codes, at);
    }

    /// Spends a code, whatever it is spent for.
    pub(super) fn spend(&mut self, code: &str, now: Moment) -> Result<(), Refusal> {
        let mut codes = self.codes.clone();
        spend(&mut codes, code, now.1)?;
        self.replace_codes(codes, now.0);
        Ok(())
    }

    /// Ends a vetting; `false` when there is none in review, or no such customer.
    pub(super) fn decide(&mut self, id: Uuid, decision: Decision, at: Duration) -> bool {
        let Ok(mut customer) = self.customer(id).cloned() else {
            return false;
        };
        let is_settled = customer.settle(decision);
        self.replace(id, customer, at);
        is_settled
    }

    fn replace(&mut self, id: Uuid, customer: Customer, at: Duration) {
        let index = self.by_id.get(&id);
        let have = index.and_then(|index| self.customers.get_mut(*index));
        if let Some(have) = have.filter(|have| **have != customer) {
            let earlier = std::mem::replace(have, customer);
            self.earlier_customers.keep(id, at, earlier);
        }
    }

    fn replace_codes(&mut self, codes: Vec<ValidationCode>, at: Duration) {
        if self.codes != codes {
            let earlier = std::mem::replace(&mut self.codes, codes);
            self.earlier_codes.keep((), at, earlier);
        }
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
