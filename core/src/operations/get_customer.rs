//! `GET /v1/customers/{id}`.
//!
//! Source: Learn, "Get a customer by ID" (2023-10).

use super::{Operation, Single, Trace, read};
use crate::error::Reason;
use crate::http::{Request, Response};
use crate::model::{Customer, CustomerId};

/// A customer that was read or found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundCustomer {
    /// The customer.
    pub customer: Customer,
    /// Ids and attempts.
    pub trace: Trace,
}

/// For calls that take a customer.
impl AsRef<str> for FoundCustomer {
    fn as_ref(&self) -> &str {
        &self.customer.id
    }
}

pub(crate) struct GetCustomer(pub(crate) CustomerId);

impl Operation for GetCustomer {
    const NAME: &'static str = "get_customer";
    type Proof = Customer;

    fn request(&self) -> Request {
        Request::get(format!("/v1/customers/{}", self.0))
    }

    fn proof(&self, response: &Response) -> Result<Customer, Reason> {
        read(response)
    }
}

impl Single for GetCustomer {
    type Output = FoundCustomer;

    fn output(self, customer: Customer, trace: Trace) -> FoundCustomer {
        FoundCustomer { customer, trace }
    }
}
