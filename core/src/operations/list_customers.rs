//! `GET /v1/customers`, page by page.
//!
//! Source: Learn, "Get a list of customers" and "Get a list of customers filtered by a search
//! field" (2023-10); the form of the next link, "Get invoice line items".

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;
use url::form_urlencoded;

use super::{Operation, Single, Trace, read};
use crate::error::Reason;
use crate::http::{Request, Response};
use crate::model::{Customer, Refusal};

const PATH: &str = "/v1/customers";
const CONTINUATION: &str = "MS-ContinuationToken";
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

/// Where the next page is, as the service said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextPage {
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    /// The links that led here: a service that repeats itself must not be followed for ever.
    seen: HashSet<u64>,
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
            Self::Next(page) => {
                let owned = |(name, value): &(String, String)| (name.clone().into(), value.clone());
                request.query = page.query.iter().map(owned).collect();
                request.headers = page.headers.iter().map(owned).collect();
            }
        }
        request
    }

    fn proof(&self, response: &Response) -> Result<Self::Proof, Reason> {
        let page: Page = read(response)?;
        let mut next = page.next()?;
        if let Some(next) = &mut next {
            if let Self::Next(this) = self {
                next.seen.clone_from(&this.seen);
            }
            let mut link = DefaultHasher::new();
            (&next.query, &next.headers).hash(&mut link);
            if !next.seen.insert(link.finish()) {
                return Err(Reason::RepeatedPage);
            }
        }
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    items: Vec<Customer>,
    continuation_token: Option<String>,
    links: Option<Links>,
}

#[derive(Deserialize)]
struct Links {
    next: Option<Link>,
}

#[derive(Deserialize)]
struct Link {
    uri: String,
    headers: Option<Vec<Header>>,
}

#[derive(Deserialize)]
struct Header {
    key: String,
    value: String,
}

impl Page {
    fn next(&self) -> Result<Option<NextPage>, Reason> {
        if let Some(link) = self.links.as_ref().and_then(|links| links.next.as_ref()) {
            return link.page().map(Some);
        }
        // Without a link the token alone says that there is more, as the official client read it.
        let token = self
            .continuation_token
            .iter()
            .filter(|token| !token.is_empty());
        Ok(token
            .map(|token| NextPage {
                query: vec![("seekOperation".into(), "Next".into())],
                headers: vec![(CONTINUATION.into(), token.clone())],
                seen: HashSet::new(),
            })
            .next())
    }
}

impl Link {
    /// The link is relative, with or without the version. Of its headers those of the service are
    /// copied, and none that the library sends itself.
    fn page(&self) -> Result<NextPage, Reason> {
        let (path, query) = self.uri.split_once('?').unwrap_or((&self.uri, ""));
        let path = path.strip_prefix("/v1").unwrap_or(path);
        if !path.eq_ignore_ascii_case("/customers") {
            return Err(Reason::ForeignLink);
        }
        let copied = |header: &&Header| {
            let name = header.key.to_ascii_lowercase();
            let own = ["ms-requestid", "ms-correlationid", "ms-contract-version"];
            let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
            name.starts_with("ms-")
                && name.bytes().all(plain)
                && !own.contains(&name.as_str())
                && name != "ms-partnercenter-application"
        };
        let headers = self.headers.iter().flatten().filter(copied);
        let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        // What no header holds, and what was no text: neither can be sent as it came.
        let visible = |text: &str| text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
        let lost = |(name, value): &(String, String)| (name.clone() + value).contains('\u{fffd}');
        if !headers.clone().all(|header| visible(&header.value)) || query.iter().any(lost) {
            return Err(Reason::ForeignLink);
        }
        Ok(NextPage {
            query,
            headers: headers
                .map(|header| (header.key.clone(), header.value.clone()))
                .collect(),
            seen: HashSet::new(),
        })
    }
}
