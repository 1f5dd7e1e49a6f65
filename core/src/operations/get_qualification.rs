//! `GET /v1/customers/{id}/qualification`, of the synchronous contract that the service deprecated.
//!
//! Source: Learn, "Get a customer's qualification via synchronous validation" (2020-12).

use super::{Operation, Single, Trace, read};
use crate::error::Reason;
use crate::http::{Request, Response};
use crate::model::{CustomerId, Qualification};

/// What a read saw. It has no outcome: a read asks for no change.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CurrentQualification {
    /// The customer's tenant id, lower case with hyphens.
    pub customer: String,
    /// What the customer is qualified as.
    pub qualification: Qualification,
    /// Ids and attempts.
    pub trace: Trace,
}

pub(crate) struct GetQualification(pub(crate) CustomerId);

impl Operation for GetQualification {
    const NAME: &'static str = "get_qualification";
    type Proof = Qualification;

    fn request(&self) -> Request {
        Request::get(format!("/v1/customers/{}/qualification", self.0))
    }

    fn proof(&self, response: &Response) -> Result<Qualification, Reason> {
        read(response)
    }
}

impl Single for GetQualification {
    type Output = CurrentQualification;

    fn output(self, qualification: Qualification, trace: Trace) -> CurrentQualification {
        CurrentQualification {
            customer: self.0.to_string(),
            qualification,
            trace,
        }
    }
}
