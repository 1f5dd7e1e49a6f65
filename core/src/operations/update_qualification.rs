//! `PUT /v1/customers/{id}/qualification`, of the synchronous contract that the service deprecated.
//!
//! Source: Learn, "Update a customer's qualification via synchronous validation" (2020-12-07).

use crate::error::Reason;
use crate::http::{Method, Request, Response};
use crate::model::{CustomerId, Qualification, Refusal, ValidationCode};

/// The arguments, once they obey the rules.
#[derive(Clone)]
pub(crate) struct Arguments {
    pub(crate) customer: CustomerId,
    pub(crate) qualification: Qualification,
    pub(crate) validation_code: Option<ValidationCode>,
}

impl Arguments {
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

    pub(crate) fn request(&self) -> Request {
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

    pub(crate) fn answer(&self, response: &Response) -> Result<(), Reason> {
        let named = super::scalar(response)?;
        if named == self.qualification {
            Ok(())
        } else {
            Err(Reason::OtherValue)
        }
    }
}
