//! One file an operation, pure: arguments to [`Request`], [`Response`] to answer.

mod create_qualification;
mod find_customer;
mod get_customer;
mod get_qualification;
mod get_qualifications;
mod get_validation_codes;
mod list_customers;
mod update_qualification;
mod wait_for_vetting;

pub use create_qualification::CreatedQualification;
pub(crate) use create_qualification::{Before, CreateQualification};
pub(crate) use find_customer::{FindTenant, Wanted};
pub use get_customer::FoundCustomer;
pub(crate) use get_customer::GetCustomer;
pub use get_qualification::CurrentQualification;
pub(crate) use get_qualification::GetQualification;
pub use get_qualifications::CurrentQualifications;
pub(crate) use get_qualifications::GetQualifications;
pub use get_validation_codes::{FoundValidationCode, ValidationCodes};
pub(crate) use get_validation_codes::{GetValidationCodes, choose};
pub(crate) use list_customers::ListCustomers;
pub use list_customers::{CustomerPage, NextPage};
pub(crate) use update_qualification::UpdateQualification;
pub use update_qualification::UpdatedQualification;
pub(crate) use wait_for_vetting::{Poll, Polled, pause};
pub use wait_for_vetting::{Vetting, VettingEnd};

use serde::de::DeserializeOwned;

use crate::error::{Attempt, Outcome, Reason};
use crate::http::{Effect, Request, Response};

/// Arguments that obey the rules, and what to do with them.
pub(crate) trait Operation: Send + 'static {
    /// Its name in every language.
    const NAME: &'static str;
    /// Whether a success holds secrets: then nothing of a body is kept.
    const SECRET_ANSWER: bool = false;
    /// What a success proves.
    type Proof: Send + 'static;

    /// The request, without what every request carries.
    fn request(&self) -> Request;

    /// The validation code, where one is in the request.
    fn secret(&self) -> Option<&str> {
        None
    }

    /// Takes the proof out of a whole 2xx answer, or says why it holds none.
    fn proof(&self, response: &Response) -> Result<Self::Proof, Reason>;

    /// What a refusal with that status means for this operation alone.
    fn refusal(&self, _status: u16) -> Option<Reason> {
        None
    }
}

/// An operation that is a call by itself.
pub(crate) trait Single: Operation {
    const EFFECT: Effect = Effect::Read;
    type Output: Send + 'static;

    fn output(self, proof: Self::Proof, trace: Trace) -> Self::Output;

    /// What a result says of the customer; a read says nothing.
    fn outcome(_: &Self::Output) -> Option<Outcome> {
        None
    }
}

/// What a result says of its making.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trace {
    /// `MS-RequestId`: the answer's, else the one sent.
    pub request_id: String,
    /// `MS-CorrelationId`: the answer's, else the one sent.
    pub correlation_id: String,
    /// `MS-CV`, the service's own trace, where it sent one.
    pub ms_cv: Option<String>,
    /// Whether the service found multifactor authentication in the token, where
    /// [`validate_mfa`](crate::ClientBuilder::validate_mfa) asked for it.
    pub mfa_compliant: Option<bool>,
    /// Every request that was made for the call, in order.
    pub attempts: Vec<Attempt>,
}

/// Reads a JSON body. The value proves itself, whatever the content type says.
fn read<T: DeserializeOwned>(response: &Response) -> Result<T, Reason> {
    serde_json::from_slice(response.json()).map_err(|_| {
        if response.text().trim().is_empty() {
            Reason::EmptyBody
        } else if response.is_html() {
            Reason::UnexpectedHtml
        } else {
            Reason::UnreadableBody
        }
    })
}
