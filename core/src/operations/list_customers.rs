//! `GET /v1/customers`, page by page.
//!
//! Source: Learn, "Get a list of customers" and "Get a list of customers filtered by a search
//! field" (2023-10); the form of the next link, "Get invoice line items".

use super::page::{NextPage, Page};
use super::{Operation, Single, Trace, read};
use crate::error::Reason;
use crate::http::{Request, Response};
use crate::model::{Customer, Refusal};

const PATH: &str = "/v1/customers";
/// Documented nowhere; the service's own portals stay at or below it.
const MAX_PAGE: u32 = 500;

/// One page of the partner's customers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CustomerPage {
    /// The customers of this page, in the service's order.
    pub customers: Vec<Customer>,
    /// What [`Client::next_customers`](crate::Client::next_customers) takes; none after the last.
    pub next: Option<NextPage>,
    /// Ids and attempts.
    pub trace: Trace,
}

pub(crate) enum ListCustomers {
    First { size: u32, filter: Option<String> },
    Next(NextPage),
}

impl ListCustomers {
    pub(crate) fn first(company_name: Option<&str>, size: Option<u32>) -> Result<Self, Refusal> {
        let size = size.unwrap_or(MAX_PAGE);
        if !(1..=MAX_PAGE).contains(&size) {
            return Err(Refusal("page_size must be 1 to 500".into()));
        }
        if company_name.is_some_and(|name| name.trim().is_empty()) {
            return Err(Refusal("company_name is empty".into()));
        }
        // The order of the members is that of the documented example.
        let filter = company_name.map(|name| {
            let name = serde_json::Value::from(name);
            format!(r#"{{"Field":"CompanyName","Value":{name},"Operator":"starts_with"}}"#)
        });
        Ok(Self::First { size, filter })
    }
}

impl Operation for ListCustomers {
    const NAME: &'static str = "list_customers";
    type Proof = (Vec<Customer>, Option<NextPage>);

    fn request(&self) -> Request {
        let mut request = Request::get(PATH);
        match self {
            Self::First { size, filter } => {
                request.query.push(("size".into(), size.to_string()));
                let filter = filter.iter().map(|text| ("filter".into(), text.clone()));
                request.query.extend(filter);
            }
            Self::Next(page) => page.continue_with(&mut request),
        }
        request
    }

    fn proof(&self, response: &Response) -> Result<Self::Proof, Reason> {
        let page: Page<Customer> = read(response)?;
        let this = match self {
            Self::First { .. } => None,
            Self::Next(this) => Some(this),
        };
        let next = page.next(PATH, this)?;
        Ok((page.items, next))
    }

    fn refusal(&self, status: u16) -> Option<Reason> {
        (status == 404 && matches!(self, Self::Next(_))).then_some(Reason::PageNotFound)
    }
}

impl Single for ListCustomers {
    type Output = CustomerPage;

    fn output(self, (customers, next): Self::Proof, trace: Trace) -> CustomerPage {
        CustomerPage {
            customers,
            next,
            trace,
        }
    }
}
