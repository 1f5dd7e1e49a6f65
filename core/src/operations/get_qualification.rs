//! `GET /v1/customers/{id}/qualification`, of the synchronous contract that the service deprecated.
//!
//! Source: Learn, "Get a customer's qualification via synchronous validation" (2020-12).

use crate::error::Reason;
use crate::http::{Method, Request, Response};
use crate::model::{CustomerId, Qualification};

pub(crate) fn request(customer: CustomerId) -> Request {
    Request {
        method: Method::Get,
        path: format!("/v1/customers/{customer}/qualification"),
        query: Vec::new(),
        headers: Vec::new(),
        body: None,
    }
}

pub(crate) fn answer(response: &Response) -> Result<Qualification, Reason> {
    super::scalar(response)
}
