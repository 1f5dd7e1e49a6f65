//! What the emulator does, and how much of it is known of the real service.

mod audit;
mod authority;
mod common;
mod customers;
mod fidelity;
mod qualification;
mod qualifications;
mod switched;

pub use fidelity::fidelity;

use serde::Serialize;

/// How much is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The service's documentation says so.
    Documented,
    /// Recorded traffic, a public report or an official client shows it.
    Observed,
    /// Nobody says so; it is the emulator's choice.
    Assumed,
}

/// One behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Behaviour {
    /// What the emulator does.
    pub what: &'static str,
    /// How much is known.
    pub basis: Basis,
    /// Where it is known from, or why it was chosen.
    pub source: &'static str,
    /// The members of [`Switches`](super::Switches) that make it another one.
    pub switches: &'static [&'static str],
}

impl Behaviour {
    const fn switched_by(self, switches: &'static [&'static str]) -> Self {
        Self { switches, ..self }
    }
}

const fn behaviour(basis: Basis, what: &'static str, source: &'static str) -> Behaviour {
    Behaviour {
        what,
        basis,
        source,
        switches: &[],
    }
}

const ERROR_PAGE: &str = "Learn: Partner Center REST error codes (2023-10)";
const CUSTOMER_SWAGGER: &str = "CustomerService.json in MicrosoftDocs/partner-center-sdk";
const SEVERAL_SPELLINGS: &str =
    "Partner-Center-Java and Partner-Center-PowerShell sent different spellings";
const OWN_CHOICE: &str = "no source; the likeliest answer";

/// Behaviours of one part of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Area {
    /// The part.
    pub title: &'static str,
    /// What the emulator does there.
    pub behaviours: &'static [Behaviour],
}

const fn area(title: &'static str, behaviours: &'static [Behaviour]) -> Area {
    Area { title, behaviours }
}

/// Every behaviour of the emulator.
pub const BEHAVIOURS: &[Area] = &[
    area("All requests", common::TABLE),
    area("Faults, and what nobody documents", switched::TABLE),
    area("`/qualification`, one value", qualification::TABLE),
    area("`/qualifications`, with vetting", qualifications::TABLE),
    area("Customers and validation codes", customers::TABLE),
    area("Audit records", audit::TABLE),
    area("The sign-in authority", authority::TABLE),
];
