//! `POST /v1/customers/{id}/qualifications`, of the current contract.
//!
//! Source: Learn, "Update a customer's qualifications" (2022-06-28).

use super::get_qualifications::items;
use super::{Change, GetQualifications, Operation, Trace};
use crate::engine::write::Observed;
use crate::error::{Evidence, Outcome, Reason};
use crate::http::{Method, Request, Response};
use crate::model::{
    Body, CustomerId, CustomerQualification, Denied, GivenCode, PendingOperation, Qualification,
    QualificationRequest, Refusal, VettingStatus,
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

pub(crate) struct CreateQualification {
    pub(crate) customer: CustomerId,
    body: Body,
    /// What an earlier request left behind.
    denied: Vec<Denied>,
}

impl CreateQualification {
    pub(crate) fn new(customer: &str, request: &QualificationRequest) -> Result<Self, Refusal> {
        Ok(Self {
            customer: CustomerId::parse(customer)?,
            body: request.checked()?,
            denied: Vec::new(),
        })
    }

    fn own<'a>(&self, items: &'a [CustomerQualification]) -> Option<&'a CustomerQualification> {
        Denied::other_than(&self.denied, &self.body.qualification, items)
    }
}

/// Education and the government cloud exclude each other; a state-owned entity may be either. What
/// was denied is no qualification.
fn exclude(asked: &Qualification, item: &CustomerQualification) -> bool {
    use Qualification::{Education, GovernmentCommunityCloud};
    let apart = matches!(
        (asked, &item.qualification),
        (Education, GovernmentCommunityCloud) | (GovernmentCommunityCloud, Education)
    );
    apart && item.vetting_status != Some(VettingStatus::Denied)
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
        let items = items(response)?;
        self.own(&items).cloned().ok_or(Reason::OtherValue)
    }
}

impl Change for CreateQualification {
    type Read = GetQualifications;
    type Output = CreatedQualification;

    fn reading(&self) -> GetQualifications {
        GetQualifications(self.customer)
    }

    fn observe(
        &mut self,
        items: &Vec<CustomerQualification>,
        before: bool,
    ) -> (Observed, Option<CustomerQualification>) {
        let asked = &self.body.qualification;
        if before {
            // Only Education is vetted, and a denied customer may be asked for again.
            let denied = items.iter().filter(|item| {
                item.qualification == *asked && item.vetting_status == Some(VettingStatus::Denied)
            });
            self.denied = denied.map(Denied::of).collect();
        }
        observe(asked, self.own(items), items)
    }

    fn shown(items: &Vec<CustomerQualification>) -> String {
        shown(items)
    }

    fn pending(&self) -> PendingOperation {
        let asked = &self.body.qualification;
        let mut pending = PendingOperation::new(Self::NAME, &self.customer.to_string(), asked);
        pending.denied = Some(self.denied.clone());
        pending
    }

    fn resume(&mut self, earlier: &PendingOperation) {
        self.denied = earlier.denied.clone().unwrap_or_default();
    }

    /// A repeat for Education would spend one of three requests.
    fn may_resend(&self) -> bool {
        self.body.qualification != Qualification::Education
    }

    fn result(
        &self,
        qualification: CustomerQualification,
        outcome: Outcome,
        evidence: Evidence,
        trace: Trace,
    ) -> CreatedQualification {
        CreatedQualification {
            customer: self.customer.to_string(),
            qualification,
            outcome,
            evidence,
            trace,
        }
    }

    fn outcome(created: &CreatedQualification) -> Outcome {
        created.outcome
    }
}

/// What a customer's items say of an asked qualification, whose own item is `own`.
pub(crate) fn observe(
    asked: &Qualification,
    own: Option<&CustomerQualification>,
    items: &[CustomerQualification],
) -> (Observed, Option<CustomerQualification>) {
    match own {
        Some(item) => (Observed::Target, Some(item.clone())),
        None if items.iter().any(|item| exclude(asked, item)) => (Observed::Conflicting, None),
        None => (Observed::Old, None),
    }
}

/// The items in one line.
pub(crate) fn shown(items: &[CustomerQualification]) -> String {
    let each = items.iter().map(|item| match &item.vetting_status {
        Some(status) => format!("{} ({status})", item.qualification),
        None => item.qualification.to_string(),
    });
    let all: Vec<String> = each.collect();
    if all.is_empty() {
        "None".to_owned()
    } else {
        all.join(", ")
    }
}
