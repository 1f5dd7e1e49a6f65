//! The nouns of the service.

mod cloud;
mod customer;
mod customer_id;
mod pending_operation;
mod qualification;
mod qualification_request;
mod validation_code;
mod vetting;

pub use cloud::Cloud;
pub use customer::Customer;
pub(crate) use customer_id::CustomerId;
pub(crate) use pending_operation::{Denied, milliseconds};
pub use pending_operation::{Observation, PendingOperation};
pub use qualification::Qualification;
pub(crate) use qualification_request::Body;
pub use qualification_request::{EducationSegment, QualificationRequest};
pub(crate) use validation_code::GivenCode;
pub use validation_code::ValidationCode;
pub(crate) use vetting::instant;
pub use vetting::{CustomerQualification, VettingReason, VettingStatus};

/// A rule that an argument breaks, in words for the caller.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) String);
