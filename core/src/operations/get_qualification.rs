//! `GET /v1/customers/{id}/qualification`, of the synchronous contract that the service deprecated.
//!
//! Source: Learn, "Get a customer's qualification via synchronous validation" (2020-12).

use super::{Operation, Trace, scalar};
use crate::error::{Attempt, Reason};
use crate::http::{Effect, Method, Request, Response};
use crate::model::{CustomerId, Qualification};

/// What a read saw. It has no outcome: a read asks for no change.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CurrentQualification {
    /// The customer's tenant id, lower case with hyphens.
    pub customer: String,
    /// What the customer is qualified as.
    pub qualification: Qualification,
    /// `MS-RequestId`: the answer's, else the one sent.
    pub request_id: String,
    /// `MS-CorrelationId`: the answer's, else the one sent.
    pub correlation_id: String,
    /// `MS-CV`, the service's own trace, where it sent one.
    pub ms_cv: Option<String>,
    /// Every request that was made, in order.
    pub attempts: Vec<Attempt>,
}

pub(crate) struct GetQualification(pub(crate) CustomerId);

impl Operation for GetQualification {
    const EFFECT: Effect = Effect::Read;
    type Proof = Qualification;
    type Output = CurrentQualification;

    fn request(&self) -> Request {
        Request {
            method: Method::Get,
            path: format!("/v1/customers/{}/qualification", self.0),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
        }
    }

    fn proof(&self, response: &Response) -> Result<Qualification, Reason> {
        scalar(response)
    }

    fn output(self, qualification: Qualification, trace: Trace) -> CurrentQualification {
        CurrentQualification {
            customer: self.0.to_string(),
            qualification,
            request_id: trace.request_id,
            correlation_id: trace.correlation_id,
            ms_cv: trace.ms_cv,
            attempts: trace.attempts,
        }
    }
}
