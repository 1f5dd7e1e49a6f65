//! `POST /v1/customers/{id}/qualifications`, of the current contract.
//!
//! Source: Learn, "Update a customer's qualifications" (2022-06-28).

use super::get_qualifications::items;
use super::{Operation, Trace};
use crate::error::{Evidence, Outcome, Reason};
use crate::http::{Method, Request, Response};
use crate::model::Body;
use crate::model::{
    CustomerId, CustomerQualification, GivenCode, Qualification, QualificationRequest, Refusal,
    VettingStatus,
};

/// The asked qualification is on record. Whether it is granted, its vetting says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreatedQualification {
    /// The customer's tenant id, lower case with hyphens.
    pub customer: String,
    /// The qualification, and how its vetting stands.
    pub qualification: CustomerQualification,
    /// [`Outcome::Applied`], or [`Outcome::AlreadySet`] where nothing had to be sent.
    pub outcome: Outcome,
    /// How that is known.
    pub evidence: Evidence,
    /// Ids and attempts, the reads before the change among them.
    pub trace: Trace,
}

/// What the customer's record says before anything is sent.
pub(crate) enum Before {
    /// The asked qualification is there: there is nothing to send.
    Set(CustomerQualification),
    /// Another one that excludes it is there: the service would refuse.
    Excluded,
    /// It may be asked for. The denied items of earlier requests are no proof of this one.
    Open(Vec<CustomerQualification>),
}

pub(crate) struct CreateQualification {
    pub(crate) customer: CustomerId,
    body: Body,
    denied: Vec<CustomerQualification>,
}

impl CreateQualification {
    pub(crate) fn new(customer: &str, request: &QualificationRequest) -> Result<Self, Refusal> {
        Ok(Self {
            customer: CustomerId::parse(customer)?,
            body: request.checked()?,
            denied: Vec::new(),
        })
    }

    /// What the items of a read say of this request.
    pub(crate) fn before(&self, items: Vec<CustomerQualification>) -> Before {
        let asked = &self.body.qualification;
        if items.iter().any(|item| exclude(asked, &item.qualification)) {
            return Before::Excluded;
        }
        // Only Education is vetted, and a denied customer may be asked for again.
        let (denied, standing): (Vec<_>, Vec<_>) = items
            .into_iter()
            .filter(|item| item.qualification == *asked)
            .partition(|item| item.vetting_status == Some(VettingStatus::Denied));
        match standing.into_iter().next() {
            Some(item) => Before::Set(item),
            None => Before::Open(denied),
        }
    }

    /// Items of earlier requests are no proof of this one.
    pub(crate) fn expect_other_than(&mut self, denied: Vec<CustomerQualification>) {
        self.denied = denied;
    }
}

/// Education and the government cloud exclude each other; a state-owned entity may be either.
fn exclude(one: &Qualification, other: &Qualification) -> bool {
    use Qualification::{Education, GovernmentCommunityCloud};
    matches!(
        (one, other),
        (Education, GovernmentCommunityCloud) | (GovernmentCommunityCloud, Education)
    )
}

impl Operation for CreateQualification {
    const NAME: &'static str = "create_qualification";
    type Proof = CustomerQualification;

    fn request(&self) -> Request {
        let path = format!("/v1/customers/{}/qualifications", self.customer);
        Request::write(Method::Post, path, self.body.json())
    }

    fn secret(&self) -> Option<&str> {
        self.body.validation_code.as_ref().map(GivenCode::expose)
    }

    fn proof(&self, response: &Response) -> Result<CustomerQualification, Reason> {
        let is_old = |item: &CustomerQualification| {
            self.denied.iter().any(|denied| {
                denied.vetting_status == item.vetting_status
                    && denied.vetting_created_text == item.vetting_created_text
            })
        };
        items(response)?
            .into_iter()
            .find(|item| item.qualification == self.body.qualification && !is_old(item))
            .ok_or(Reason::OtherValue)
    }
}
