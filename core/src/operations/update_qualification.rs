//! `PUT /v1/customers/{id}/qualification`, of the synchronous contract that the service deprecated.
//!
//! Source: Learn, "Update a customer's qualification via synchronous validation" (2020-12-07).

use super::{Operation, Trace, scalar};
use crate::error::{Attempt, Evidence, Outcome, Reason};
use crate::http::{Effect, Method, Request, Response};
use crate::model::{CustomerId, Qualification, Refusal, ValidationCode};

/// The customer is in the asked state.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdatedQualification {
    /// The customer's tenant id, lower case with hyphens.
    pub customer: String,
    /// What was asked, and is now set.
    pub qualification: Qualification,
    /// Always [`Outcome::Applied`]: any other end is an error.
    pub outcome: Outcome,
    /// How that is known.
    pub evidence: Evidence,
    /// `MS-RequestId` of the operation: the answer's, else the one sent.
    pub request_id: String,
    /// `MS-CorrelationId`: the answer's, else the one sent.
    pub correlation_id: String,
    /// `MS-CV`, the service's own trace, where it sent one.
    pub ms_cv: Option<String>,
    /// Every request that was made, in order.
    pub attempts: Vec<Attempt>,
}

pub(crate) struct UpdateQualification {
    customer: CustomerId,
    qualification: Qualification,
    validation_code: Option<ValidationCode>,
}

impl UpdateQualification {
    pub(crate) fn new(
        customer: &str,
        qualification: &Qualification,
        validation_code: Option<&str>,
    ) -> Result<Self, Refusal> {
        let customer = CustomerId::parse(customer)?;
        let validation_code = validation_code.map(ValidationCode::parse).transpose()?;
        let rule = match (qualification, &validation_code) {
            (Qualification::Education, None)
            | (Qualification::GovernmentCommunityCloud, Some(_)) => {
                return Ok(Self {
                    customer,
                    qualification: qualification.clone(),
                    validation_code,
                });
            }
            (Qualification::GovernmentCommunityCloud, None) => {
                "GovernmentCommunityCloud needs a validation_code".to_owned()
            }
            (Qualification::Education, Some(_)) => {
                "a validation_code belongs to GovernmentCommunityCloud, not to Education".to_owned()
            }
            (Qualification::None | Qualification::Nonprofit, _) => {
                format!("{qualification} cannot be set by a partner")
            }
            (Qualification::StateOwnedEntity, _) => {
                "StateOwnedEntity cannot be set through the synchronous contract".to_owned()
            }
            (Qualification::Unknown(_), _) => {
                "qualification must be Education or GovernmentCommunityCloud".to_owned()
            }
        };
        Err(Refusal(rule))
    }
}

impl Operation for UpdateQualification {
    const EFFECT: Effect = Effect::Write;
    type Proof = ();
    type Output = UpdatedQualification;

    fn request(&self) -> Request {
        let number = Qualification::KNOWN
            .iter()
            .position(|known| *known == self.qualification)
            .unwrap_or_default();
        Request {
            method: Method::Put,
            path: format!("/v1/customers/{}/qualification", self.customer),
            query: self
                .validation_code
                .iter()
                .map(|code| ("code", code.expose().to_owned()))
                .collect(),
            headers: vec![("Content-Type", "application/json".to_owned())],
            body: Some(number.to_string().into_bytes()),
        }
    }

    fn secret(&self) -> Option<&str> {
        self.validation_code.as_ref().map(ValidationCode::expose)
    }

    fn proof(&self, response: &Response) -> Result<(), Reason> {
        if scalar(response)? == self.qualification {
            Ok(())
        } else {
            Err(Reason::OtherValue)
        }
    }

    fn output(self, (): (), trace: Trace) -> UpdatedQualification {
        UpdatedQualification {
            customer: self.customer.to_string(),
            qualification: self.qualification,
            outcome: Outcome::Applied,
            evidence: Evidence::Answer,
            request_id: trace.request_id,
            correlation_id: trace.correlation_id,
            ms_cv: trace.ms_cv,
            attempts: trace.attempts,
        }
    }
}
