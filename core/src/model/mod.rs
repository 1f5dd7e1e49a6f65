//! The nouns of the service.

mod cloud;
mod customer_id;
mod qualification;
mod validation_code;

pub use cloud::Cloud;
pub(crate) use customer_id::CustomerId;
pub use qualification::Qualification;
pub(crate) use validation_code::ValidationCode;

/// A rule that an argument breaks, in words for the caller.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) String);
