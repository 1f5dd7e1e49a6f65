//! Changes a customer's *qualification* in Microsoft Partner Center, and says what happened.
//!
//! The change is irreversible, so every change and every error states its [`Outcome`]: the change
//! was applied, was not applied, or is unknown. Nothing is ever sent twice blindly.
//!
//! ```no_run
//! use partner_center::{CallOptions, Client, Qualification, StaticToken};
//!
//! # fn main() -> Result<(), partner_center::Error> {
//! let token = std::env::var("PARTNER_CENTER_TOKEN").unwrap_or_default();
//! let client = Client::builder(StaticToken::new(token)).build()?;
//! let updated = client
//!     .update_qualification(
//!         "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04",
//!         &Qualification::Education,
//!         None,
//!         &CallOptions::default(),
//!     )
//!     .wait()?;
//! println!("{} {}", updated.qualification, updated.outcome);
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]
// What only TLS needs.
#![cfg_attr(not(feature = "tls"), allow(dead_code))]

mod alarm;
mod builder;
mod bulk;
mod caller;
mod calls;
mod client;
mod clock;
mod control;
mod credential;
mod engine;
mod error;
mod event;
mod exchange;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzz;
mod http;
mod model;
mod names;
mod operations;
mod pending;
mod process;
mod redaction;
mod service_error;
mod transport;

pub use builder::ClientBuilder;
pub use bulk::{
    Change, ChangeEnd, ChangeOperation, ChangeResult, Decision, Pace, Plan, PlanOptions,
    PlannedChange, PlannedCode, Report, RunOptions, StopReason,
};
pub use calls::{Reconciled, WaitOptions};
pub use client::{CallOptions, Client};
pub use credential::{
    AccessToken, Asked, ClientCredentials, Credential, RefreshTokenCredential, StaticToken,
    TokenProvider, TokenProviderError, TokenRequest,
};
pub use error::{Attempt, AttemptClass, Error, ErrorKind, Evidence, OnAmbiguous, Outcome, Reason};
pub use event::{Event, EventName};
pub use http::Method;
#[cfg(feature = "fuzzing")]
use model::CustomerId;
pub use model::{
    Cloud, Customer, CustomerQualification, EducationSegment, Observation, PendingOperation,
    Qualification, QualificationRequest, ValidationCode, VettingReason, VettingStatus,
};
pub use operations::{
    CreatedQualification, CurrentQualification, CurrentQualifications, CustomerPage, FoundCustomer,
    FoundValidationCode, NextPage, Trace, UpdatedQualification, ValidationCodes, Vetting,
    VettingEnd,
};
pub use pending::{Pending, RefreshToken, Step};
