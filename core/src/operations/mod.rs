//! One file an operation, pure: arguments to [`Request`], [`Response`] to answer.

mod create_qualification;
mod find_customer;
mod get_audit_records;
mod get_customer;
mod get_qualification;
mod get_qualifications;
mod get_validation_codes;
mod list_customers;
mod page;
mod update_qualification;
mod wait_for_vetting;

pub use create_qualification::CreatedQualification;
pub(crate) use create_qualification::{
    CreateQualification, observe as observe_items, shown as shown_items,
};
pub(crate) use find_customer::{FindTenant, Wanted};
pub(crate) use get_audit_records::{AuditRecord, GetAuditRecords};
pub use get_customer::FoundCustomer;
pub(crate) use get_customer::GetCustomer;
pub use get_qualification::CurrentQualification;
pub(crate) use get_qualification::GetQualification;
pub use get_qualifications::CurrentQualifications;
pub(crate) use get_qualifications::GetQualifications;
pub use get_validation_codes::{FoundValidationCode, ValidationCodes};
pub(crate) use get_validation_codes::{GetValidationCodes, choose};
pub use list_customers::CustomerPage;
pub(crate) use list_customers::ListCustomers;
pub use page::NextPage;
pub(crate) use update_qualification::UpdateQualification;
pub use update_qualification::UpdatedQualification;
pub(crate) use wait_for_vetting::{Poll, Polled, pause};
pub use wait_for_vetting::{Vetting, VettingEnd};

use serde::de::DeserializeOwned;

use crate::engine::write::Observed;
use crate::error::{Attempt, Evidence, Outcome, Reason};
use crate::http::{Request, Response};
use crate::model::PendingOperation;

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

/// A read that is a call by itself.
pub(crate) trait Single: Operation {
    type Output: Send + 'static;

    fn output(self, proof: Self::Proof, trace: Trace) -> Self::Output;
}

/// An operation that changes a customer, and the read that settles it.
pub(crate) trait Change: Operation {
    type Read: Operation;
    type Output: Send + 'static;

    fn reading(&self) -> Self::Read;

    /// What a read says of the asked change. `before`: nothing was sent yet, so what is seen now
    /// is what a later read is held against.
    fn observe(
        &mut self,
        seen: &<Self::Read as Operation>::Proof,
        before: bool,
    ) -> (Observed, Option<Self::Proof>);

    /// What a read saw, in one line.
    fn shown(seen: &<Self::Read as Operation>::Proof) -> String;

    /// Takes over what an earlier process saw before it sent.
    fn resume(&mut self, _earlier: &PendingOperation) {}

    /// Everything but ids, address and time.
    fn pending(&self) -> PendingOperation;

    /// Whether a second request is harmless, once the first has left no trace.
    fn may_resend(&self) -> bool;

    fn result(
        &self,
        proof: Self::Proof,
        outcome: Outcome,
        evidence: Evidence,
        trace: Trace,
    ) -> Self::Output;

    fn outcome(output: &Self::Output) -> Outcome;
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
