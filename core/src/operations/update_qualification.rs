//! `PUT /v1/customers/{id}/qualification`, of the synchronous contract that the service deprecated.
//!
//! Source: Learn, "Update a customer's qualification via synchronous validation" (2020-12-07).

use super::{Change, GetQualification, Operation, Trace, read};
use crate::engine::write::Observed;
use crate::error::{Evidence, Outcome, Reason};
use crate::http::{Method, Request, Response};
use crate::model::{CustomerId, GivenCode, PendingOperation, Qualification, Refusal};

/// The customer is in the asked state.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdatedQualification {
    /// The customer's tenant id, lower case with hyphens.
    pub customer: String,
    /// What was asked, and is now set.
    pub qualification: Qualification,
    /// [`Outcome::Applied`], or [`Outcome::AlreadySet`]: any other end is an error.
    pub outcome: Outcome,
    /// How that is known.
    pub evidence: Evidence,
    /// Ids and attempts.
    pub trace: Trace,
}

pub(crate) struct UpdateQualification {
    customer: CustomerId,
    qualification: Qualification,
    validation_code: Option<GivenCode>,
}

impl UpdateQualification {
    pub(crate) fn new(
        customer: &str,
        qualification: &Qualification,
        validation_code: Option<&str>,
    ) -> Result<Self, Refusal> {
        let customer = CustomerId::parse(customer)?;
        let validation_code = validation_code.map(GivenCode::parse).transpose()?;
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
    const NAME: &'static str = "update_qualification";
    type Proof = ();

    fn request(&self) -> Request {
        let number = Qualification::KNOWN
            .iter()
            .position(|known| *known == self.qualification)
            .unwrap_or_default();
        let path = format!("/v1/customers/{}/qualification", self.customer);
        let code = self.validation_code.iter();
        Request {
            query: code
                .map(|code| ("code".into(), code.expose().to_owned()))
                .collect(),
            ..Request::write(Method::Put, path, number.to_string().into_bytes())
        }
    }

    fn secret(&self) -> Option<&str> {
        self.validation_code.as_ref().map(GivenCode::expose)
    }

    fn proof(&self, response: &Response) -> Result<(), Reason> {
        let set: Qualification = read(response)?;
        if set == self.qualification {
            Ok(())
        } else {
            Err(Reason::OtherValue)
        }
    }
}

impl Change for UpdateQualification {
    type Read = GetQualification;
    type Output = UpdatedQualification;

    fn reading(&self) -> GetQualification {
        GetQualification(self.customer)
    }

    fn observe(&mut self, seen: &Qualification, _before: bool) -> (Observed, Option<()>) {
        match seen {
            seen if *seen == self.qualification => (Observed::Target, Some(())),
            Qualification::None => (Observed::Old, None),
            _ => (Observed::Conflicting, None),
        }
    }

    fn shown(seen: &Qualification) -> String {
        seen.to_string()
    }

    fn pending(&self) -> PendingOperation {
        PendingOperation::new(Self::NAME, &self.customer.to_string(), &self.qualification)
    }

    fn may_resend(&self) -> bool {
        true
    }

    fn result(
        &self,
        (): (),
        outcome: Outcome,
        evidence: Evidence,
        trace: Trace,
    ) -> UpdatedQualification {
        UpdatedQualification {
            customer: self.customer.to_string(),
            qualification: self.qualification.clone(),
            outcome,
            evidence,
            trace,
        }
    }

    fn outcome(updated: &UpdatedQualification) -> Outcome {
        updated.outcome
    }
}
