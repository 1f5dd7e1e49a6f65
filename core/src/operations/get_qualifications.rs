//! `GET /v1/customers/{id}/qualifications`, of the current contract.
//!
//! Source: Learn, "Get a customer's qualifications" (2022-06-28).

use serde::Deserialize;

use super::{Operation, Single, Trace, read};
use crate::error::Reason;
use crate::http::{Request, Response};
use crate::model::{CustomerId, CustomerQualification};

/// A customer's qualifications, by the current contract. Empty: none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CurrentQualifications {
    /// The customer's tenant id, lower case with hyphens.
    pub customer: String,
    /// Each qualification, in the service's order.
    pub qualifications: Vec<CustomerQualification>,
    /// Ids and attempts.
    pub trace: Trace,
}

pub(crate) struct GetQualifications(pub(crate) CustomerId);

impl Operation for GetQualifications {
    const NAME: &'static str = "get_qualifications";
    type Proof = Vec<CustomerQualification>;

    fn request(&self) -> Request {
        Request::get(format!("/v1/customers/{}/qualifications", self.0))
    }

    fn proof(&self, response: &Response) -> Result<Self::Proof, Reason> {
        items(response)
    }
}

impl Single for GetQualifications {
    type Output = CurrentQualifications;

    fn output(self, qualifications: Self::Proof, trace: Trace) -> CurrentQualifications {
        CurrentQualifications {
            customer: self.0.to_string(),
            qualifications,
            trace,
        }
    }
}

/// One object (the how-to page of the POST), a bare array (that of the GET), or the array wrapped
/// in an object (the generated reference): all three are documented.
pub(super) fn items(response: &Response) -> Result<Vec<CustomerQualification>, Reason> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Body {
        List(Vec<CustomerQualification>),
        Wrapped {
            qualifications: Vec<CustomerQualification>,
        },
        One(CustomerQualification),
    }
    Ok(match read(response)? {
        Body::List(items)
        | Body::Wrapped {
            qualifications: items,
        } => items,
        Body::One(item) => vec![item],
    })
}
